"""Rules in force, entries of the ledger, and people as other systems name them."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import aliased, joinedload

from contest import clock
from contest.db import db
from contest.errors import Missing
from contest.people.models import Human
from contest.people.person_queries import get_person, rows_of
from contest.points import rules
from contest.points.models import PointsEntry, PointsRule

SHOWN = 200


def rule_on(kind, day):
    """(per_unit, most_a_day or None) of a kind on a day: the latest row that had begun, else as shipped."""
    row = db.session.scalar(
        select(PointsRule).filter_by(kind=kind).where(PointsRule.valid_from <= day)
        .order_by(PointsRule.valid_from.desc(), PointsRule.id.desc()).limit(1)
    )
    if row is not None:
        return row.per_unit, row.most_a_day
    shipped = rules.KINDS[kind]
    return shipped.per_unit, shipped.most_a_day or None


def rules_now():
    """[(Kind, per_unit, most_a_day or None)] as they are today."""
    return [(kind, *rule_on(kind.key, clock.today())) for kind in rules.KINDS.values()]


def coming_rules():
    """PointsRules that begin later, the next one first."""
    return db.session.scalars(
        select(PointsRule).where(PointsRule.valid_from > clock.today())
        .order_by(PointsRule.valid_from, PointsRule.id)
    ).all()


def hold_ledger():
    """Keep the ledger from other writers until the commit: two systems tell, one after the other.

    SQLite has one writer anyway. Else a person or a unit that two tell at once would be made twice.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text(f"LOCK TABLE {PointsEntry.__tablename__} IN SHARE ROW EXCLUSIVE MODE"))


def find_told(source, references):
    """{reference: PointsEntry} of what this system told before."""
    rows = db.session.scalars(
        select(PointsEntry).where(PointsEntry.source == source, PointsEntry.reference.in_(references))
    )
    return {row.reference: row for row in rows}


def people_named(name, organisation_id):
    """Everybody of this name in an organisation, locked until the commit, so that limits a day hold.

    A row that was found to be somebody else's leads to the person, whatever name is kept.
    """
    rows = db.session.scalars(
        select(Human.id).filter_by(name=name, organisation_id=organisation_id).order_by(Human.id)
    ).all()
    ids = {get_person(each).id for each in rows}
    return db.session.scalars(
        select(Human).where(Human.id.in_(ids)).order_by(Human.id).with_for_update()
    ).all()


def points_on(human_id, kind, day):
    """Points of a person for one kind on one day, of all rows that are the person, reversals included."""
    return db.session.scalar(
        select(func.coalesce(func.sum(PointsEntry.points), 0)).filter_by(kind=kind, earned_on=day)
        .where(PointsEntry.human_id.in_(rows_of(human_id)))
    )


def get_entry(entry_id):
    """(PointsEntry, whether it was taken back), or Missing."""
    entry = db.session.get(PointsEntry, entry_id)
    if entry is None:
        raise Missing("There is no such entry.")
    is_reversed = db.session.scalar(select(PointsEntry.id).filter_by(reverses_id=entry_id)) is not None
    return entry, is_reversed


def latest_entries(named=""):
    """[(PointsEntry, id of its reversal or None)], the latest first; of people whose name holds `named`."""
    taken = aliased(PointsEntry)
    statement = (
        select(PointsEntry, taken.id).outerjoin(taken, taken.reverses_id == PointsEntry.id)
        .join(PointsEntry.human).order_by(PointsEntry.id.desc()).limit(SHOWN)
        .options(joinedload(PointsEntry.human), joinedload(PointsEntry.organisation))
    )
    if named:
        statement = statement.where(Human.name.contains(named, autoescape=True))
    return db.session.execute(statement).all()


def span():
    """(first, last) day on which points were earned; today's for an empty ledger."""
    first, last = db.session.execute(
        select(func.min(PointsEntry.earned_on), func.max(PointsEntry.earned_on))
    ).one()
    return first or clock.today(), max(last or clock.today(), clock.today())
