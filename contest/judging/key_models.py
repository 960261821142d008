"""The keys that tablets have shown, and what chief judges ruled on them."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import User
from contest.audit.models import forbid_change, guard_rows
from contest.db import Moment, db
from contest.judging import key_row_guards


class DeviceKey(db.Model):
    """The public half of a key that a tablet made and keeps; never changed, never taken away."""

    __tablename__ = "device_key"
    __table_args__ = (UniqueConstraint("device_id", "short"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[str]
    public: Mapped[str]  # base64url of the point on the curve
    short: Mapped[str]  # device_signatures.print_of
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)  # who was signed in
    at: Mapped[datetime] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class DeviceRuling(db.Model):
    """A chief judge's word on keys in one contest; a later row replaces it. The contest's chain binds it."""

    __tablename__ = "device_ruling"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    kind: Mapped[str]  # key_rules: ask, ask_no_more, admit, withdraw
    device_id: Mapped[str]  # "" for the first two kinds
    public: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[User | None] = relationship()


guard_rows(key_row_guards.GUARDS)
forbid_change(DeviceKey.__table__)
forbid_change(DeviceRuling.__table__)
