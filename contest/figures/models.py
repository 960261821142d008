"""Numbers of an entrant that come with the marks; a correction is a later row."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change, guard_rows
from contest.db import Moment, db
from contest.figures.row_guards import GUARDS


class RecordedFigure(db.Model):
    """One recorded number of one entrant; of equal entrant, kind and key the latest row stands."""

    __tablename__ = "recorded_figure"
    __table_args__ = (
        CheckConstraint("kind IN ('data', 'difficulty', 'adjustment')", name="kind_known"),
        Index("ix_recorded_figure_contest_id_id", "contest_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    kind: Mapped[str]  # data, difficulty, adjustment
    key: Mapped[str]  # the name of the data (draw, time, …), else a module's key
    # In units of 1/10000; empty when the row takes the figure back.
    units: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(RecordedFigure.__table__)
guard_rows(GUARDS)
