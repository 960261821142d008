"""Rules of points, the append-only ledger of points, and published lists as tables."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change, guard
from contest.db import Document, Moment, db
from contest.people.models import Human, Organisation
from contest.points.ledger_guards import REVERSAL


class PointsRule(db.Model):
    """What one kind of doing earns from a day on; the latest row of a kind for a day is in force."""

    __tablename__ = "points_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # rules.KINDS
    per_unit: Mapped[int]  # whole points for one of what is counted
    most_a_day: Mapped[int | None]  # points of one person on one day; None: no limit
    valid_from: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class PointsEntry(db.Model):
    """Points that somebody earned on a day, or the reversal of such a row; no row ever changes."""

    __tablename__ = "points_entry"
    __table_args__ = (
        UniqueConstraint("source", "reference"),
        Index(
            "ux_points_entry_reverses", "reverses_id", unique=True,
            sqlite_where=text("reverses_id IS NOT NULL"), postgresql_where=text("reverses_id IS NOT NULL"),
        ),
        CheckConstraint(
            "(reverses_id IS NULL AND points >= 0) OR (reverses_id IS NOT NULL AND points <= 0)",
            name="ck_points_entry_sign",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[str]  # rules.KINDS
    quantity: Mapped[int]  # how many of what the rule counts
    points: Mapped[int]  # whole points; of a reversal the opposite of what it takes back
    earned_on: Mapped[date] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(default="")
    # The system that tells it, and its own name for this doing: told twice, it counts once.
    source: Mapped[str]
    reference: Mapped[str]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("points_entry.id"))
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    human: Mapped[Human] = relationship()
    organisation: Mapped[Organisation] = relationship()


class PointsList(db.Model):
    """A published list of a quarter or a year, as it was.

    People stand in it by number and unit; names are looked up when it is shown (list_queries.named_lines).
    """

    __tablename__ = "points_list"
    __table_args__ = (UniqueConstraint("period", "by_what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str]  # day_rules.Period.key
    by_what: Mapped[str]  # list_rules.LISTS
    document: Mapped[dict] = mapped_column(Document)
    document_hash: Mapped[str]  # as it was published; before 0067 of the document with people's names
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


for table in (PointsRule, PointsEntry, PointsList):
    forbid_change(table.__table__)
guard(PointsEntry.__table__, *REVERSAL)
