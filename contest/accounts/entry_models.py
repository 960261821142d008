"""Other ways in: one-time codes, and the sign-in of a union's own system."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Moment, db


class OneTimeCode(db.Model):
    """A code that opens one session of one account within minutes; only its hash is kept."""

    __tablename__ = "one_time_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    code_hash: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    # When it was used, or when a newer one took its place.
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # who handed it out


class EntrySetting(db.Model):
    """How long a contest's people may leave a screen alone, and on how many tablets a judge may be."""

    __tablename__ = "entry_setting"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True, autoincrement=False)
    judge_minutes: Mapped[int]  # 0: a tablet never asks again
    staff_minutes: Mapped[int]
    judge_sessions: Mapped[int]


class OutsideIdentity(db.Model):
    """An account of another system (issuer and subject of OpenID Connect) that opens an account here."""

    __tablename__ = "outside_identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
