"""What every act on a case has in common: the revision, the clock of a step, the history, the signal."""

from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from contest import clock, signals, working_days
from contest.accounts.queries import find_roles
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.member_services import case_queries as queries
from contest.member_services import (
    case_rules,
    deadline_rules,
    duty_queries,
    duty_rules,
    limit_rules,
    place_queries,
)
from contest.member_services.entitlement_queries import hold_people
from contest.member_services.models import Case, CaseEvent
from contest.people.models import Human, Organisation
from contest.setup.calendar_queries import calendar


@contextmanager
def moving(actor, case, did, revision=None, **facts):
    """One act on a case, saved with its row in the trail; Conflict when somebody else was faster.

    revision: the one that was seen; None where it does not matter (the applicant's own acts).
    """
    if revision is not None:
        case_rules.check_revision(case, revision)
    was = case.state
    try:
        with work(actor, did, subject=f"case {case.id}", was=was, **facts) as noted:
            _hold_in_order(case)
            yield noted
            noted["now"] = case.state
            db.session.flush()
            if case.state != was:
                signals.case_moved.send(did, case_id=case.id, was=was, now=case.state)
    except StaleDataError:
        raise Conflict(
            "Somebody else has moved this case meanwhile. Look at it again, then decide."
        ) from None


def _hold_in_order(case):
    """Hold the person, then the case; registers and their lines come after. Conflict when it was moved.

    Whatever moves cases holds in this order, or two that meet would wait for each other for ever: an
    honour that is revoked comes from its person, a line that is moved from its case (line_actions.hold).
    """
    if case.human_id is not None:
        hold_people([case.human_id])
    asked = select(Case.revision).filter_by(id=case.id).with_for_update()
    case_rules.check_revision(case, db.session.scalar(asked))


def log(case, actor, kind, was="", now="", words="", facts=None, is_late=False):
    """One line of the history."""
    db.session.add(CaseEvent(
        case_id=case.id, at=clock.now(), who=actor.name, user_id=actor.user_id, kind=kind, was=was,
        now=now, step_key=case.step_key, words=words, is_inner=kind in case_rules.INNER,
        is_late=is_late, facts=facts or {},
    ))


def put(case, state):
    """Another state; where the office does not wait for itself no clock runs."""
    now = clock.now()
    case.state = state
    if state in ("returned", "done", *case_rules.OVER):
        case.step_key, case.step_at, case.due_at = "", None, None
    if state == "done":
        case.done_at = now
    if state in case_rules.OVER:
        case.over_at = now
    if state == "feedback":
        case.due_at = _after_days(case_rules.FOLLOW_UP_DAYS)


def _after_days(days):
    return working_days.end_of_working_days(calendar(), clock.now(), days, clock.zone())


def begin_step(case, service, step_key):
    """The clock of a step begins, and whoever answers for it gets the case."""
    step = service.step(step_key)
    case.step_key, case.step_at = step_key, clock.now()
    case.due_at = deadline_rules.due(
        step, clock.now(), queries.complete_since(case), calendar(), place_queries.met_at(case.slot_id)
    )
    case.assignee_id = _answers_for(case, service, step)


def _answers_for(case, service, step):
    if service.first_asked and case.assignee_id is not None:
        return case.assignee_id
    if step.who == duty_rules.KEEPER:
        return place_queries.keeper_of(case.station_id) or case.assignee_id
    if step.who in duty_rules.ROLES:
        return case.assignee_id
    held = list(duty_queries.holders(step.who))
    return case.assignee_id if case.assignee_id in held else duty_queries.least_loaded(held)


def check_answers(actor, case, step, for_assignee=True):
    """A step that duty holders answer for is done by one of them, or by an organiser; else NotAllowed.

    Whoever was given the case may stand in, and anybody where nobody is named; but not to decide. Nor to say
    that it was paid where somebody is named for it: any officer gives a case to any other, also to himself.
    for_assignee: whoever has the case may do it too; not so for steps that are still to come.
    """
    if step is None or step.who == "service_officer" or "organiser" in find_roles(actor.user_id, None):
        return
    held = duty_queries.holders(step.who)
    if step.who == duty_rules.KEEPER:
        keeper = place_queries.keeper_of(case.station_id)
        held = {keeper: ""} if keeper else {}
    if actor.user_id in held:
        return
    is_given = for_assignee and step.does != "pay" and actor.user_id == case.assignee_id
    stands_in = not held or is_given
    if stands_in and step.kind != "decide" and step.who not in duty_rules.ROLES:
        return
    raise _somebody_elses(step.who)


def check_duty(actor, duty):
    """What holders of a duty do outside of a case; an organiser too, and anybody where nobody is named.

    For “organiser” nobody is ever named: it is a role, and nobody else's.
    """
    held = duty_queries.holders(duty)
    if "organiser" in find_roles(actor.user_id, None) or actor.user_id in held:
        return
    if held or duty == "organiser":
        raise _somebody_elses(duty)


def _somebody_elses(duty):
    return NotAllowed("This step is answered for by: %(duty)s.", duty=duty_rules.DUTIES.get(duty, duty))


def hold(case):
    """Nobody decides for the same person or unit at the same moment: limits of a year hold for both."""
    for table, row_id in ((Human, case.human_id), (Organisation, case.organisation_id)):
        if row_id is not None:
            # Rows that name the person or unit (applications) are added meanwhile: they wait for nobody.
            db.session.execute(select(table.id).filter_by(id=row_id).with_for_update(key_share=True))


def check_limit(case, service):
    """What a year gives is not given once more; counted for a person, so the case needs one."""
    limits = limit_rules.limits_of(service, case.answers)
    if not limits:
        return
    if case.entitlement is not None and case.human_id is None:
        case.human_id = case.entitlement.human_id
    limit_rules.check_known(case.human_id)
    hold(case)
    year = place_queries.year_of(case)
    for limit in limits:
        times = place_queries.times_of(case.human_id, service.key, limit, year, case.id, accepted=True)
        limit_rules.check_left(limit, times, year)


def get_open_case(actor, case_id):
    """The case, for somebody who may read and move it; Missing, NotAllowed."""
    return queries.get_case_for(actor.user_id, case_id)
