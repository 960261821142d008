"""Signed bulletins, byte for byte."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change, guard_rows
from contest.db import Moment, db
from contest.results.row_guards import GUARDS


class Bulletin(db.Model):
    """The bulletin of one published revision, with its signature."""

    __tablename__ = "bulletin"
    __table_args__ = (UniqueConstraint("result_sheet_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    # Exactly what was signed.
    data: Mapped[bytes] = mapped_column(LargeBinary)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(Bulletin.__table__)
guard_rows(GUARDS)
