"""Memberships of people, and how large a share of those who could have joined."""

from dataclasses import dataclass

from sqlalchemy import func, select

from contest.db import db
from contest.member_services.case_rules import UNDER_WAY
from contest.member_services.catalogue_queries import service_of
from contest.member_services.membership_models import JoiningGoal, Membership
from contest.member_services.models import Case, CaseEvent
from contest.names import by_title
from contest.people.models import Human, Organisation


@dataclass(frozen=True)
class Share:
    """How many work in a unit's field and how many of them are members. per_mille: rounded down."""

    organisation: Organisation
    workers: int
    members: int

    @property
    def per_mille(self):
        """Members in a thousand workers."""
        return self.members * 1000 // self.workers if self.workers else 0


def membership_of(human_id):
    """The membership of a person that is not ended, or None."""
    return db.session.scalar(
        select(Membership).where(Membership.human_id == human_id, Membership.state != "ended")
    )


def has_done(case_id, step_key):
    """True when a step of a case was done."""
    return db.session.scalar(
        select(CaseEvent.id).where(
            CaseEvent.case_id == case_id, CaseEvent.step_key == step_key,
            CaseEvent.kind.in_(("accepted", "step")),
        ).limit(1)
    ) is not None


def has_placed(case):
    """True when a case placed its person in a unit."""
    return any(
        step.does == "place_member" and has_done(case.id, step.key) for step in service_of(case.version).steps
    )


def joining_cases(human_id):
    """The cases under way that placed a person in a unit."""
    rows = db.session.scalars(
        select(Case).where(Case.human_id == human_id, Case.state.in_(UNDER_WAY)).order_by(Case.id)
    )
    return [case for case in rows if has_placed(case)]


def memberships_of(human_id):
    """Every membership of a person, the latest first."""
    return db.session.scalars(
        select(Membership).filter_by(human_id=human_id).order_by(Membership.id.desc())
    ).all()


def units():
    """The organisations in which members can be placed, in the order of a register."""
    return by_title(db.session.scalars(select(Organisation)))


def shares():
    """The Share of each unit that has a goal."""
    newest = select(func.max(JoiningGoal.id)).group_by(JoiningGoal.organisation_id)
    goals = db.session.execute(
        select(Organisation, JoiningGoal.workers)
        .join(JoiningGoal, JoiningGoal.organisation_id == Organisation.id)
        .where(JoiningGoal.id.in_(newest)).order_by(Organisation.id)
    ).all()
    members = dict(db.session.execute(
        select(Membership.organisation_id, func.count()).filter_by(state="active")
        .group_by(Membership.organisation_id)
    ).all())
    return [Share(unit, workers, members.get(unit.id, 0)) for unit, workers in goals]


def find_members(text, limit=100):
    """Members whose name or number holds a text, the latest first; all of them for no text."""
    statement = select(Membership).join(Membership.human).where(Membership.state != "ended")
    if text:
        statement = statement.where(
            Human.name.contains(text, autoescape=True) | Membership.number.contains(text, autoescape=True)
        )
    return db.session.scalars(statement.order_by(Membership.id.desc()).limit(limit)).all()
