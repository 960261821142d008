"""The committee's decisions on a contest's prizes, and what follows from those that stand."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.accounts.models import User
from contest.awards.models import CommitteeDecision
from contest.db import db
from contest.errors import Missing
from contest.people.models import Entrant, PersonAccount
from contest.setup.queries import plan_in_force


@dataclass(frozen=True)
class DecisionLine:
    """A decision as the page shows it: whom it is about, who wrote it down, and what took it back."""

    decision: CommitteeDecision
    whom: str
    unit: str
    by: str
    taken_back: CommitteeDecision | None


def get_award(contest_id, award_key):
    """An award of the plan in force; Missing."""
    found = next((one for one in plan_in_force(contest_id).plan.awards if one.key == award_key), None)
    if found is None:
        raise Missing("The plan has no such award.")
    return found


def _loaded(contest_id):
    return (
        select(CommitteeDecision).filter_by(contest_id=contest_id).order_by(CommitteeDecision.id).options(
            joinedload(CommitteeDecision.entrant).joinedload(Entrant.human),
            joinedload(CommitteeDecision.entrant).joinedload(Entrant.organisation),
            joinedload(CommitteeDecision.team), joinedload(CommitteeDecision.organisation),
            joinedload(CommitteeDecision.judge),
        )
    )


def standing(contest_id):
    """The decisions of a contest that were not taken back, oldest first."""
    rows = db.session.scalars(_loaded(contest_id)).all()
    gone = {row.about_id for row in rows}
    return [row for row in rows if row.id not in gone and row.kind != "take_back"]


def get_standing(contest_id, award_key, decision_id):
    """A decision on an award that stands and can be taken back; Missing."""
    found = next((row for row in standing(contest_id) if row.id == decision_id), None)
    if found is None or found.kind in ("votes", "move_up") or found.award_key != award_key:
        raise Missing("There is no such decision that stands.")
    return found


def list_decisions(contest_id, award_key):
    """The DecisionLines of one award, oldest first, with those that were taken back."""
    rows = [row for row in db.session.scalars(_loaded(contest_id)) if row.award_key == award_key]
    back = {row.about_id: row for row in rows if row.about_id}
    names = dict(db.session.execute(
        select(User.id, User.name).where(User.id.in_({row.by_id for row in rows} - {None}))
    ).all())
    return [
        DecisionLine(row, whom_of(row), unit_of(row), names.get(row.by_id, ""), back.get(row.id))
        for row in rows if row.kind != "take_back"
    ]


def counts(contest_id):
    """{award key: how many decisions stand}."""
    found = {}
    for row in standing(contest_id):
        found[row.award_key] = found.get(row.award_key, 0) + 1
    return found


def whom_of(row):
    """Whom a decision is about, by name."""
    if row.entrant is not None:
        return row.entrant.human.name
    if row.team is not None:
        return row.team.name
    if row.judge is not None:
        return row.judge.name
    return row.name or (row.organisation.name if row.organisation else "")


def unit_of(row):
    """The organisation of whom a decision is about; "" where none is known."""
    holder = row.entrant or row.team or row.judge or row
    return holder.organisation.name if holder.organisation else ""


def chosen(contest_id, award_key):
    """The decisions by which the committee named winners of one award, in their order."""
    return [row for row in standing(contest_id) if row.kind == "choose" and row.award_key == award_key]


def people_keys(contest_id, entrant_id=None, judge=None, coach=None):
    """The keys by which one person is known, as a competitor, as a judge or as a coach (name, unit's id)."""
    if entrant_id is not None:
        one = db.session.get(Entrant, entrant_id)
        return {("human", one.human_id), ("named", one.human.name, one.organisation_id)}
    if judge is None:
        return {("named", *coach)}
    account = db.session.get(PersonAccount, judge.user_id)
    keys = {("judge", judge.id), ("named", judge.name, judge.organisation_id)}
    return keys | ({("human", account.human_id)} if account else set())
