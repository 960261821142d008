"""Joining: placed in a unit, confirmed with a number, welcomed; leaving."""

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing
from contest.member_services import (
    case_rules,
    catalogue_queries,
    course_rules,
    entitlement_actions,
    entitlement_queries,
    number_actions,
    number_queries,
)
from contest.member_services import membership_queries as queries
from contest.member_services.case_queries import find_people
from contest.member_services.membership_models import JoiningGoal, Membership
from contest.member_services.moving_actions import hold
from contest.names import name_key
from contest.numbers import read_whole
from contest.people.models import Human, Organisation


def place(actor, case, organisation_id, is_another=False):
    """Place the applicant of a case in a unit, within the case's work; makes the person where needed.

    is_another: the officer looked at the people of this name and says that the applicant is none of them.
    Nobody is taken for somebody by the name alone: by name and identity number, or the officer links them.
    """
    unit = db.session.get(Organisation, read_whole(str(organisation_id or ""), 0))
    if unit is None:
        sentence = Invalid("Choose the unit in which the applicant is placed.")
        raise Invalid(sentence.message, fields={"organisation_id": sentence})
    catalogue_queries.hold_catalogue()  # two cases of one person, who may be nobody's row yet
    if case.human_id is None:
        case.human_id = number_actions.find_same(case)
    if case.human_id is None:
        number = number_queries.number_of(case)
        known = [one for one, _ in find_people(case.name) if not number_queries.is_other(one.id, number)]
        case_rules.check_somebody_new(len(known), is_another)
        human = Human(name=case.name, name_key=name_key(case.name), organisation_id=unit.id)
        db.session.add(human)
        db.session.flush()
        case.human_id = human.id
    hold(case)
    if queries.membership_of(case.human_id) is not None:
        raise Conflict("This person is a member already, or placed in a unit.")
    number_actions.keep(actor, case)
    db.session.add(Membership(human_id=case.human_id, organisation_id=unit.id, state="placed"))
    case.organisation_id = unit.id
    db.session.flush()


def confirm(case):
    """Confirm the membership and give it a number; what membership opens is opened."""
    row = queries.membership_of(case.human_id) if case.human_id else None
    if row is None or row.state != "placed":
        raise Conflict("The applicant is not placed in a unit yet.")
    today = clock.today()
    row.state, row.since = "active", today
    row.number = course_rules.member_number(today.year, row.id)
    entitlement_actions.refresh(row.human_id, row.number)
    return row.number


def release(case, reason):
    """A case that ends without a membership takes back the place that it gave, within the case's work."""
    if case.human_id is None or not queries.has_placed(case):
        return
    row = queries.membership_of(case.human_id)
    if row is not None and row.state == "placed" and row.organisation_id == case.organisation_id:
        row.state, row.until, row.reason = "ended", clock.today(), reason
        entitlement_actions.refresh(row.human_id, reason)


def give_pack(case):
    """The welcome pack was handed over."""
    row = queries.membership_of(case.human_id) if case.human_id else None
    if row is None or row.state != "active":
        raise Conflict("The membership is not confirmed yet.")
    row.pack_given_at = clock.now()


def end_membership(actor, membership_id, reason):
    """Somebody leaves the union; what membership opened ends."""
    row = db.session.get(Membership, membership_id)
    reason = reason.strip()
    if row is None:
        raise Missing("There is no such membership.")
    if not reason:
        raise Invalid("Give the reason.")
    with work(actor, "member.end", subject=f"membership {row.id}", reason=reason):
        entitlement_queries.hold_people([row.human_id])  # of two who end it the second is told
        db.session.refresh(row)
        if row.state == "ended":
            raise Conflict("This membership is not in force.")
        row.state, row.until, row.reason = "ended", clock.today(), reason
        entitlement_actions.refresh(row.human_id, reason)
        for case in queries.joining_cases(row.human_id):
            entitlement_actions.tell_ended(case, reason)
    return row


def set_goal(actor, organisation_id, workers):
    """Say how many people work in a unit's field."""
    unit = db.session.get(Organisation, organisation_id)
    if unit is None or not 1 <= workers <= 10_000_000:
        raise Invalid("Choose a unit, and a number of people from 1 to 10,000,000.")
    with work(actor, "member.goal", subject=unit.name, count=workers):
        db.session.add(JoiningGoal(
            organisation_id=unit.id, workers=workers, by_id=actor.user_id, at=clock.now(),
        ))
