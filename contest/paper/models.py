"""Sheets that came in on paper, what two clerks read on each, and what came of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from contest.accounts.models import User
from contest.audit.models import forbid_all_but_erasing, forbid_change
from contest.db import Document, Moment, db
from contest.judging.models import Sheet


class PaperSheet(db.Model):
    """A sheet that was marked on paper and has to be typed in; `number` counts those of one sheet."""

    __tablename__ = "paper_sheet"
    __table_args__ = (
        UniqueConstraint("sheet_id", "number"),
        Index("ix_paper_sheet_contest_id", "contest_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    # Without a key into the table: an untouched sheet may be taken back while its paper is on the way.
    sheet_id: Mapped[int]
    number: Mapped[int]
    # The sheet's revision when the paper came in: what a tablet stores later is never overwritten.
    base_rev: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    sheet: Mapped[Sheet | None] = relationship(
        primaryjoin=lambda: foreign(PaperSheet.sheet_id) == Sheet.id, viewonly=True
    )
    entries: Mapped[list["PaperEntry"]] = relationship(order_by="PaperEntry.place")
    outcome: Mapped["PaperOutcome | None"] = relationship(uselist=False)


class PaperEntry(db.Model):
    """What one clerk read on a paper; the first and the second are by two people."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        UniqueConstraint("paper_id", "place"),
        UniqueConstraint("paper_id", "by_id"),
        CheckConstraint("place IN (1, 2)", name="first_or_second"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"))
    place: Mapped[int]
    marks: Mapped[dict] = mapped_column(Document)
    unclear: Mapped[list] = mapped_column(Document)  # keys of aspects that could not be read
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[User] = relationship()


class PaperOutcome(db.Model):
    """How a paper ended: both clerks agreed, a third person decided, or it was withdrawn."""

    __tablename__ = "paper_outcome"
    __table_args__ = (
        UniqueConstraint("paper_id"),
        CheckConstraint("kind IN ('agreed', 'decided', 'withdrawn')", name="known_kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"))
    kind: Mapped[str]
    rev: Mapped[int | None]  # the revision in the ledger of sheets
    # {aspect: {"took": first, second, tablet or typed; "reason": …}}
    choices: Mapped[dict] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[User | None] = relationship()


class PaperPhoto(db.Model):
    """A photograph or scan of a paper, in the database, so that a backup holds it; it decides nothing."""

    __tablename__ = "paper_photo"
    __table_args__ = (UniqueConstraint("paper_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper_sheet.id"))
    number: Mapped[int]
    name: Mapped[str]  # as the sender called it; shown, never used as a path
    ending: Mapped[str]  # attached.KINDS
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # None: erased
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    paper: Mapped[PaperSheet] = relationship()


for _table in (PaperSheet, PaperEntry, PaperOutcome):
    forbid_change(_table.__table__)
# A photograph stays as it is; when its time is over its content and its sender's name for it go.
forbid_all_but_erasing(PaperPhoto.__table__, {"name": "''", "content": "NULL"})
