"""Whole contests of other installations, taken over with their archive, byte for byte."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Document, Moment, db


class WholeContest(db.Model):
    """A contest that was held elsewhere, closed: its archive as it came, and what is shown of it.

    Its rows stay in the archive under the numbers that its chain binds; here those belong to others.
    """

    __tablename__ = "whole_contest"
    __table_args__ = (
        Index(
            "uq_whole_contest_standing", "genesis", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]  # there; here it may be another contest's
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date | None]
    state: Mapped[str]  # final, archived
    genesis: Mapped[str]  # the hash of the first link: which contest it is, wherever it is read
    head_seq: Mapped[int] = mapped_column(BigInteger)
    head_hash: Mapped[str]
    shown: Mapped[dict] = mapped_column(Document)  # whole_rules.read; empty once withdrawn
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # the zip; as `shown`
    file_name: Mapped[str]
    file_hash: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_reason: Mapped[str] = mapped_column(default="")
