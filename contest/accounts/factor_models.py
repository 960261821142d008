"""A person's second factor, and the codes for the day when the phone is lost."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Moment, db


class SecondFactor(db.Model):
    """The secret that an account shares with an authenticator app; it counts once a code confirmed it."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id"), primary_key=True, autoincrement=False
    )
    sealed: Mapped[str]  # accounts.factor_sealing
    made_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    # The half minute whose code was accepted last: that code and every one before it is worth nothing.
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(db.Model):
    """A code that stands in for the app once; only its slow hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    number: Mapped[int]  # the code begins with it, so that one hash is compared and not ten
    code_hash: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
