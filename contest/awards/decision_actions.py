"""What the organiser writes down of the committee: whom it chose, whom it passed over, what it took back."""

from contest import clock
from contest.audit.work import work
from contest.awards import (
    decision_queries,
    decision_rules,
    queries,
    rules,
    trail_words,  # noqa: F401
)
from contest.awards.models import CommitteeDecision
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.people import queries as people
from contest.results.queries import lock_contest


def choose(actor, contest_id, award_key, whom, typed):
    """Write down that the committee gives an award to somebody.

    whom: {"number"} of an entrant, {"team_id"}, {"judge_id"}, or {"name", "organisation_id"} of a coach, as
    the award asks. Invalid names the fields that cannot be taken; Conflict when it cannot be given so, or
    when one person would have two awards where the plan gives each one at most.
    """
    award = _open_award(contest_id, award_key)
    decision_rules.check_choosable(award)
    values, holder = _read(contest_id, award, whom, typed)
    before = decision_queries.chosen(contest_id, award_key)
    decision_rules.check_room(award, len(before))
    if any(_same(row, holder) for row in before):
        raise Conflict("The committee has chosen them for this award already.")
    decision = CommitteeDecision(
        contest_id=contest_id, award_key=award_key, kind="choose", by_id=actor.user_id, at=clock.now(),
        **holder, **values,
    )
    return _write(actor, "award.choose", decision, check=queries.check_prizes)


def pass_over(actor, contest_id, award_key, whom, typed):
    """Write down that the committee does not give an award to somebody; the next ones move up."""
    award = _open_award(contest_id, award_key)
    decision_rules.check_rule_given(award)
    values, holder = _read(contest_id, award, whom, typed)
    standing = [
        row for row in decision_queries.standing(contest_id)
        if row.kind == "pass_over" and row.award_key == award_key
    ]
    if any(_same(row, holder) for row in standing):
        raise Conflict("The committee has passed over them for this award already.")
    decision = CommitteeDecision(
        contest_id=contest_id, award_key=award_key, kind="pass_over", by_id=actor.user_id, at=clock.now(),
        **holder, **values,
    )
    return _write(actor, "award.pass_over", decision)


def take_back(actor, contest_id, award_key, decision_id, typed):
    """Write down that the committee took a decision back; both stay in the list."""
    rules.check_not_archived(lock_contest(contest_id).state)
    old = decision_queries.get_standing(contest_id, award_key, decision_id)
    rules.check_not_granted(queries.count_awards(contest_id))
    values = decision_rules.read_decision(typed, clock.now())
    decision = CommitteeDecision(
        contest_id=contest_id, award_key=old.award_key, kind="take_back", about_id=old.id,
        by_id=actor.user_id, at=clock.now(), **values,
    )
    return _write(actor, "award.take_back", decision, decision_queries.whom_of(old))


def _open_award(contest_id, award_key):
    rules.check_not_archived(lock_contest(contest_id).state)
    award = decision_queries.get_award(contest_id, award_key)
    rules.check_not_granted(queries.count_awards(contest_id))
    return award


def _read(contest_id, award, whom, typed):
    """(the decision's values, the columns that say whom it is about); Invalid for both together."""
    values, holder, wrong = {}, {}, {}
    try:
        values = decision_rules.read_decision(typed, clock.now())
    except Invalid as refused:
        wrong |= refused.fields
    try:
        holder = HOLDERS[award.to](contest_id, whom)
    except Invalid as refused:
        wrong |= refused.fields
    if wrong:
        raise Invalid("Some of the fields cannot be taken; nothing was saved.", fields=wrong)
    return values, holder


def _entrant(contest_id, whom):
    found = people.find_entrant_by_number(contest_id, (whom.get("number") or "").strip())
    if found is None:
        raise _unknown("number", N_("No contestant has this entry number."))
    return {"entrant_id": found.id}


def _team(contest_id, whom):
    found = _one_of(people.list_teams(contest_id), whom, "team_id", N_("Choose one of the teams."))
    return {"team_id": found.id}


def _judge(contest_id, whom):
    found = _one_of(people.list_judges(contest_id), whom, "judge_id", N_("Choose one of the judges."))
    return {"judge_id": found.id}


def _coach(contest_id, whom):
    sentence = N_("Choose one of the units of the contest.")
    unit = _one_of(people.list_organisations(contest_id), whom, "organisation_id", sentence)
    return {"name": decision_rules.read_coach(whom.get("name")), "organisation_id": unit.id}


HOLDERS = {"entrant": _entrant, "team": _team, "judge": _judge, "coach": _coach}


def _one_of(things, whom, name, sentence):
    found = next((one for one in things if str(one.id) == str(whom.get(name) or "")), None)
    if found is None:
        raise _unknown(name, sentence)
    return found


def _unknown(field, sentence):
    return Invalid(sentence, fields={field: Invalid(sentence)})


def _same(row, holder):
    return all(getattr(row, name) == value for name, value in holder.items())


def _write(actor, did, decision, whom="", check=None):
    """One decision with its row of the trail, after `check` has seen it stand."""
    with work(
        actor, did, contest_id=decision.contest_id, subject=decision.award_key, reason=decision.reason,
        minutes=decision.minutes, decided_on=decision.decided_on.isoformat(),
    ) as facts:
        db.session.add(decision)
        db.session.flush()
        facts["person"] = whom or decision_queries.whom_of(decision)
        if check is not None:
            check(decision.contest_id)
    return decision
