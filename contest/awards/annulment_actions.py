"""Annulling a result or an award after the grant, and letting the next one move up."""

from contest import clock, signals
from contest.audit.work import work
from contest.awards import (
    annulment_queries,
    annulment_rules,
    decision_rules,
    queries,
    trail_words,  # noqa: F401
    vacancy_queries,
)
from contest.awards.basis_queries import final_sheet
from contest.awards.models import Annulment, Award, CommitteeDecision
from contest.awards.nomination_models import NominationEvent
from contest.awards.nomination_queries import list_cases
from contest.awards.nomination_rules import OVER
from contest.awards.revoking import revoke_certificates
from contest.awards.sharing import shares_of, with_shares
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import joined
from contest.judging.ledger import count_marks
from contest.people.models import StateEvent
from contest.results.queries import lock_contest
from contest.results.revising import publish_revision
from contest.review.public_rules import check_public_words
from contest.setup.proposal_queries import CONFIRMED_AT, SEEN_AT, get_open
from contest.setup.proposals import decide, facts_of, first_of, propose, standing_first
from contest.setup.rules import Note
from contest.setup.step_rules import ANNULLING
from contest.setup.stepping import check_person, check_proposer

CONFIRMED_AT["annul"] = "awards.confirm_annulment"
SEEN_AT["annul"] = "awards.show_annulments"


def propose_annulment(actor, contest_id, whom, typed):
    """Propose to annul a result with its awards, or an award; a second organiser confirms it.

    whom: {"whom": a key of annulment_queries.holders, or "number": an entry number, "with_team"}. typed:
    reason, minutes and day of the decision. Invalid names the fields; Conflict before the grant and where
    nothing of theirs stands.
    """
    contest = lock_contest(contest_id)
    annulment_rules.check_annullable(contest.state, queries.count_awards(contest_id))
    check_proposer(actor, contest, ANNULLING)
    values, target = _read(contest_id, whom, typed)
    words = annulment_rules.RESULT if target.entrant_ids else annulment_rules.AWARDS
    awards = joined([one.name for one in target.awards] or ["–"], most=20)
    propose(
        actor, contest_id, "annul", target.key, values["reason"],
        Note(words, {"who": target.who, "awards": awards}), minutes=values["minutes"],
        decided_on=values["decided_on"].isoformat(), with_team=bool(whom.get("with_team")),
    )


def _read(contest_id, whom, typed):
    """(the decision's values, the Target); Invalid for both together."""
    wrong, values, target = {}, {}, None
    try:
        values = decision_rules.read_decision(typed, clock.now())
        check_public_words("reason", values["reason"])
    except Invalid as refused:
        wrong |= refused.fields
    try:
        target = _target(contest_id, whom)
    except Invalid as refused:
        wrong |= refused.fields
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    return values, target


def _target(contest_id, whom):
    return annulment_queries.find_target(
        contest_id, (whom.get("whom") or "").strip(), (whom.get("number") or "").strip(),
        bool(whom.get("with_team")),
    )


def confirm_annulment(actor, contest_id, proposal_id):
    """Annul what was proposed, as the second person; True when a new revision of the results is due.

    Certificates and honours are revoked, open nominations withdrawn, within the same work.
    """
    contest = lock_contest(contest_id)
    proposal = get_open(contest_id, proposal_id, "annul")
    check_person(actor, contest, ANNULLING, standing_first(proposal, ANNULLING.roles))
    annulment_rules.check_annullable(contest.state, queries.count_awards(contest_id))
    said = proposal.details
    target = _target(contest_id, {"whom": proposal.subject, "with_team": said["with_team"]})
    values = decision_rules.read_decision(said | {"reason": proposal.reason}, clock.now())
    with work(
        actor, "award.annul", contest_id=contest_id, subject=target.who, person=target.who,
        tell=signals.marks_changed if target.entrant_ids else signals.board_changed, reason=proposal.reason,
        minutes=values["minutes"], named=[one.name for one in target.awards],
        has_result=bool(target.entrant_ids), **facts_of(proposal),
    ):
        common = {"kind": "annulled", "proposed_by_id": first_of(proposal).user_id, **values}
        for entrant_id in target.entrant_ids:
            _annul(actor, contest_id, entrant_id=entrant_id, **common)
            db.session.add(StateEvent(
                contest_id=contest_id, entrant_id=entrant_id, module_key="", state="disqualified",
                reason=proposal.reason, by_id=actor.user_id, at=clock.now(),
            ))
        for award in target.awards:
            _annul_award(actor, award, **common)
        if target.entrant_ids:
            count_marks(contest_id)
            db.session.flush()
            signals.result_annulled.send("award.annul", contest_id=contest_id, reason=proposal.reason)
        decide(actor, proposal, is_confirmed=True)
    return bool(target.entrant_ids)


def _annul(actor, contest_id, **values):
    db.session.add(Annulment(contest_id=contest_id, by_id=actor.user_id, at=clock.now(), **values))


def _annul_award(actor, award, reason, **values):
    """One award, with everything that rests on it, within the caller's work."""
    _annul(actor, award.contest_id, award_id=award.id, reason=reason, **values)
    db.session.flush()
    signals.award_annulled.send("award.annul", award_id=award.id, reason=reason)
    revoke_certificates(db.session, award.id, reason)
    for case in list_cases(award.contest_id):
        if case.nomination.award_id == award.id and case.state not in OVER:
            case.nomination.events.append(NominationEvent(
                state="withdrawn", on=clock.today(), note=reason, by_id=actor.user_id, at=clock.now(),
            ))


def publish_without_annulled(actor, contest_id):
    """Publish the results without those that were annulled, as a further final revision; its number.

    The second scorer counts first. Conflict when nothing is due, or while the results cannot be published.
    """
    gone = vacancy_queries.still_placed(contest_id)
    if not gone:
        raise Conflict("The published results hold nobody whose result was annulled.")
    stage, reasons = final_sheet(contest_id).stage, annulment_queries.reasons_of(gone)
    return publish_revision(actor, contest_id, stage, "results.annul", "; ".join(reasons))


def move_up(actor, contest_id, annulment_id, key, typed):
    """Write down that the committee gives an annulled award to one of those who come next.

    A lower award that nobody holds beside it gives way, and its place is empty in turn. Invalid names the
    fields that cannot be taken; Conflict when somebody moved up into this place already.
    """
    contest = lock_contest(contest_id)
    annulment_rules.check_annullable(contest.state, queries.count_awards(contest_id))
    vacancy = vacancy_queries.get_vacancy(contest_id, annulment_id)
    values, wrong = {}, {}
    try:
        values = decision_rules.read_decision(typed, clock.now())
        check_public_words("reason", values["reason"])
    except Invalid as refused:
        wrong |= refused.fields
    offer = next((one for one in vacancy.offers if one.key == key), None)
    if offer is None:
        wrong["who"] = Invalid("Choose one of those who come next.")
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    return _move_up(actor, vacancy, offer, values)


def _move_up(actor, vacancy, offer, values):
    old, holder = vacancy.annulment.award, {
        "entrant_id": offer.entrant_id, "team_id": offer.team_id, "organisation_id": offer.organisation_id,
    }
    made = Award(
        contest_id=old.contest_id, result_sheet_id=final_sheet(old.contest_id).id, award_key=old.award_key,
        name=old.name, name_en=old.name_en, is_title=old.is_title, level=old.level, place=offer.place,
        total=offer.total, granted_at=clock.now(), **holder,
        why={"message": annulment_rules.MOVED_UP, "after": old.id,
             "params": {"reason": values["reason"], "minutes": values["minutes"]}},
    )
    with work(
        actor, "award.move_up", contest_id=old.contest_id, subject=old.award_key, person=offer.name,
        reason=values["reason"], minutes=values["minutes"], decided_on=values["decided_on"].isoformat(),
        tell=signals.board_changed, named=[old.name, *(one.name for one in offer.gives_up)],
    ):
        db.session.add(CommitteeDecision(
            contest_id=old.contest_id, award_key=old.award_key, kind="move_up", by_id=actor.user_id,
            at=clock.now(), **holder, **values,
        ))
        standing = annulment_queries.standing_awards(old.contest_id)
        for lower in with_shares(offer.gives_up, standing):
            _annul_award(actor, lower, kind="moved_up", proposed_by_id=None, **values)
        db.session.add(made)
        db.session.flush()
        if offer.team_id:
            members = queries.competing_members(old.contest_id)
            db.session.add_all(shares_of(made, offer.name, members[offer.team_id]))
    return made
