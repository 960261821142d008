"""What the public may see, and until when."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Moment, db


class BoardSwitch(db.Model):
    """The freeze and the reveal of one contest's public board."""

    __tablename__ = "board_switch"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    freeze_from: Mapped[datetime | None] = mapped_column(Moment)
    revealed_at: Mapped[datetime | None] = mapped_column(Moment)
    # The module whose last mark begins the freeze; None once it has begun, or without one.
    freeze_after: Mapped[str | None]
    # Grows with every switch, so that readers know their copy is old.
    version: Mapped[int] = mapped_column(default=0)
