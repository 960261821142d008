"""Blind codes as a table of their own, so that judging never touches names."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Moment, db


class Draw(db.Model):
    """One draw: the seed and who held it; the order can be recomputed from them."""

    __tablename__ = "draw"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    stage: Mapped[str]
    layer: Mapped[int] = mapped_column(default=1)
    seed: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class BlindCode(db.Model):
    """The code under which an entrant's work is judged in one stage."""

    __tablename__ = "blind_code"
    __table_args__ = (
        UniqueConstraint("contest_id", "stage", "layer", "entrant_id"),
        UniqueConstraint("contest_id", "stage", "layer", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    draw_id: Mapped[int] = mapped_column(ForeignKey("draw.id"))
    stage: Mapped[str]
    layer: Mapped[int] = mapped_column(default=1)
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    code: Mapped[str]
    start_order: Mapped[int]
