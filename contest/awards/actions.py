"""What the organiser does about awards: enter the committee's votes, grant them, or leave them out."""

from contest import clock, signals
from contest.audit.chaining import note_record
from contest.audit.rules import DEEDS
from contest.audit.work import work
from contest.awards import closing_queries, decision_rules, queries, rules, vote_queries
from contest.awards.models import Award, AwardHelper, AwardsLeftOut, CommitteeDecision, CommitteeVote
from contest.awards.sharing import shares_of
from contest.db import db
from contest.errors import Invalid
from contest.i18n import N_
from contest.results.queries import find_latest_sheet, find_reopening, lock_contest, stage_of
from contest.results.rules import check_no_reopening

DEEDS["award.leave_out"] = N_("No prizes given")


def enter_votes(actor, contest_id, award_key, typed, decision):
    """Write down the committee's votes for one prize; `typed` maps organisation ids to text.

    decision: by which minutes, of which day, and why, as typed. Raises Invalid naming each organisation
    whose number cannot be taken, and each field of the decision.
    """
    award = vote_queries.get_vote_award(contest_id, award_key)
    rules.check_not_archived(lock_contest(contest_id).state)
    rules.check_not_granted(queries.count_awards(contest_id))
    known = {organisation.id: organisation for organisation in vote_queries.organisations(contest_id)}
    numbers, wrong, written = {}, {}, {}
    for organisation_id in known:
        try:
            numbers[organisation_id] = rules.read_votes(typed.get(organisation_id))
        except Invalid as refused:
            wrong[str(organisation_id)] = refused
    try:
        written = decision_rules.read_decision(decision, clock.now(), needs_reason=False)
    except Invalid as refused:
        wrong |= refused.fields
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    standing = {vote.organisation_id: vote for vote in vote_queries.votes(contest_id, award.key)}
    named = {known[i].name: number for i, number in numbers.items()}
    with work(
        actor, "award.vote", contest_id=contest_id, subject=award.key,
        old={known[i].name: vote.votes for i, vote in standing.items()}, new=named,
        minutes=written["minutes"], decided_on=written["decided_on"].isoformat(), reason=written["reason"],
    ):
        for organisation_id, number in numbers.items():
            vote = standing.get(organisation_id) or CommitteeVote(
                contest_id=contest_id, award_key=award.key, organisation_id=organisation_id
            )
            vote.votes, vote.note, vote.at = number, written["reason"], clock.now()
            vote.by_id = actor.user_id
            db.session.add(vote)
        db.session.add(CommitteeDecision(
            contest_id=contest_id, award_key=award.key, kind="votes", votes=named, by_id=actor.user_id,
            at=clock.now(), **written,
        ))


def grant_awards(actor, contest_id):
    """Grant every award that the final results and the committee's votes give; done once.

    Raises Conflict while the results are not final, when the marks no longer give the published
    totals, when equal votes leave a prize open, or while it is open whether the results hold.
    """
    contest = lock_contest(contest_id)
    rules.check_final(contest.state)
    rules.check_not_archived(contest.state)
    check_no_reopening(find_reopening(contest_id))
    rules.check_not_granted(queries.count_awards(contest_id))
    sheet, lines = queries.final_lines(contest_id)
    with work(
        actor, "award.grant", contest_id=contest_id, subject=f"{len(lines)} awards",
        tell=signals.board_changed, result_sheet=sheet.id, result_hash=sheet.document_hash,
    ):
        made = [_granted(contest_id, sheet, line) for line in lines]
        db.session.add_all(made)
        db.session.flush()
        members = queries.competing_members(contest_id)
        for award, line in zip(made, lines, strict=True):
            if line.team_id:
                db.session.add_all(shares_of(award, line.name, members[line.team_id]))
    return lines


def share_awards(actor, contest_id):
    """Give each member of a team that holds an award what members have of it since; how many were given.

    For contests granted before members had shares. Conflict where none is missing: done twice it gives
    nothing twice. They count as of the day of the team's grant, and wait for the curator as others do.
    """
    contest = lock_contest(contest_id)
    awards, members = queries.unshared_awards(contest_id)
    rules.check_shares_missing(awards)
    with work(
        actor, "award.share", contest_id=contest_id, named=[one.name for one in awards],
    ) as facts:
        made = [
            share for award in awards
            for share in shares_of(award, award.team.name, members[award.team_id])
        ]
        db.session.add_all(made)
        db.session.flush()
        facts["shares"] = len(made)
        if contest.state == "archived":  # else nothing would allow them behind the end of the chain
            note_record(contest_id, "share", {"awards": [one.id for one in made]})
    return len(made)


def _granted(contest_id, sheet, line):
    """The Award of a line; a judge or coach stands beside it."""
    is_helper = line.award.to in ("judge", "coach")
    award = Award(
        contest_id=contest_id, result_sheet_id=sheet.id, award_key=line.award.key,
        name=line.award.name, name_en=line.award.name_en, is_title=line.award.title,
        level=line.award.level, entrant_id=line.entrant_id, team_id=line.team_id,
        organisation_id=None if is_helper or line.entrant_id or line.team_id else line.organisation_id,
        place=line.place, total=line.total, why=line.why, granted_at=clock.now(),
    )
    if is_helper:
        award.helper = AwardHelper(
            judge_id=line.judge.id if line.judge else None, name=line.name,
            organisation_id=line.organisation_id,
        )
    return award


def leave_awards_out(actor, contest_id, reason):
    """State that no prizes are given on these final results, and why, so that the contest can be archived.

    They can still be granted while the contest is not archived. Conflict while the results are not
    final, once prizes are granted, and where there are none.
    """
    contest = lock_contest(contest_id)
    rules.check_left_out(
        contest.state, closing_queries.has_prizes(contest_id), closing_queries.find_left_out(contest_id)
    )
    check_no_reopening(find_reopening(contest_id))
    rules.check_not_granted(queries.count_awards(contest_id))
    words = rules.read_reason(reason)
    sheet = find_latest_sheet(contest_id, stage_of(contest_id))
    with work(
        actor, "award.leave_out", contest_id=contest_id, subject=f"stage {sheet.stage}", reason=words,
        result_sheet=sheet.id, result_hash=sheet.document_hash,
    ):
        db.session.add(AwardsLeftOut(
            contest_id=contest_id, result_sheet_id=sheet.id, reason=words, by_id=actor.user_id,
            at=clock.now(),
        ))
