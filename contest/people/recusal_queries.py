"""From whom judges keep away."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.people.models import Entrant, Judge, Recusal
from contest.setup.models import Contest

# Later areas say here whether a judge has sheets already: fn(contest_id, judge_id) -> bool.
HAS_SHEETS = []


def avoided(contest_id):
    """{judge id: keys of whom the judge keeps away from}, as rules.avoid_keys() makes them."""
    found = {}
    for row in db.session.scalars(select(Recusal).filter_by(contest_id=contest_id)):
        key = ("entrant", row.entrant_id) if row.entrant_id else ("organisation", row.organisation_id)
        found.setdefault(row.judge_id, set()).add(key)
    return {judge_id: frozenset(keys) for judge_id, keys in found.items()}


def list_recusals(contest_id, judge_id=None):
    """Every Recusal (of one judge), the latest first."""
    statement = (
        select(Recusal).filter_by(contest_id=contest_id).order_by(Recusal.id.desc())
        .options(joinedload(Recusal.judge), joinedload(Recusal.organisation),
                 joinedload(Recusal.entrant).joinedload(Entrant.human))
    )
    if judge_id is not None:
        statement = statement.filter_by(judge_id=judge_id)
    return db.session.scalars(statement).all()


def find_judge_of(contest_id, user_id):
    """The Judge whom an account is in a contest, or None."""
    return db.session.scalar(select(Judge).filter_by(contest_id=contest_id, user_id=user_id))


def has_sheets(contest_id, judge_id):
    """True once sheets were handed out to a judge."""
    return any(has(contest_id, judge_id) for has in HAS_SHEETS)


def contests_to_declare_in(user_id):
    """Ids of the contests in which a judge has no sheets yet and may still declare."""
    rows = db.session.execute(
        select(Judge.contest_id, Judge.id).join(Contest, Contest.id == Judge.contest_id)
        .where(Judge.user_id == user_id, Contest.state.in_(("setup", "registration", "scoring")))
        .order_by(Judge.contest_id.desc())
    )
    return [contest_id for contest_id, judge_id in rows if not has_sheets(contest_id, judge_id)]
