"""Stated moments, appeals with their files, public notices, objections and corrections."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_all_but_erasing, forbid_change, guard_rows
from contest.db import Document, Moment, db
from contest.people.models import Entrant
from contest.people.sealing import SealedText
from contest.review.row_guards import GUARDS


class StatedMoment(db.Model):
    """An official said that something happened: the server's clock from which time is counted."""

    __tablename__ = "stated_moment"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    stage: Mapped[str]
    kind: Mapped[str]  # results, ceremony
    module_key: Mapped[str] = mapped_column(default="")  # empty: the results of the whole stage
    # Until when appeals are taken; of a ceremony its own moment.
    ends_at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Appeal(db.Model):
    """An appeal of one contestant in one matter and instance, about results as they were announced."""

    __tablename__ = "appeal"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        UniqueConstraint("entrant_id", "stage", "module_key", "ground", "instance", "revision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    number: Mapped[int]
    # The code by which both sides ask how things stand; random.
    receipt: Mapped[str] = mapped_column(unique=True)
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    module_key: Mapped[str] = mapped_column(default="")
    ground: Mapped[str]  # appeal_rules.GROUNDS
    text: Mapped[str]
    instance: Mapped[int] = mapped_column(default=1)
    first_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"))
    # The published revision that was announced when it was filed, and the database's own guard of "one for
    # each matter"; 0: none was. It follows from other rows, so the chain does not attest it.
    revision: Mapped[int] = mapped_column(default=0)
    door: Mapped[str]  # appeal_rules.DOORS
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment)
    # When the paper was handed in that a clerk typed; empty otherwise.
    handed_in_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(default="")  # upheld, rejected
    decision: Mapped[str] = mapped_column(default="")
    # What had changed for whom when it was decided: {"revision", "changes": [{number, old, new}]}.
    effect: Mapped[dict | None] = mapped_column(Document)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    entrant: Mapped[Entrant] = db.relationship()


class AppealFile(db.Model):
    """A file that came with an appeal, in the database, so that a backup holds it."""

    __tablename__ = "appeal_file"
    __table_args__ = (UniqueConstraint("appeal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"))
    number: Mapped[int]
    name: Mapped[str]  # as the sender called it; shown, never used as a path
    ending: Mapped[str]  # file_rules.KINDS
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # None: erased


class LatePaper(db.Model):
    """An appeal that came on paper in time and was typed in late: who took the paper, and why only now."""

    __tablename__ = "late_paper"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("appeal.id"), primary_key=True)
    taken_by: Mapped[str]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class LatePaperWord(db.Model):
    """A second person's word that the paper was there in time."""

    __tablename__ = "late_paper_word"

    appeal_id: Mapped[int] = mapped_column(ForeignKey("late_paper.appeal_id"), primary_key=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Notice(db.Model):
    """The list that was put before the public, as it was, and when its time began and ends."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    number: Mapped[int]
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    days: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(Moment)
    rows: Mapped[list] = mapped_column("list_rows", Document)
    list_hash: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class NoticeChange(db.Model):
    """A notice goes on for longer, or was broken off because the results are corrected.

    Longer because an official said so, or because days of its time turned out to be days off.
    """

    __tablename__ = "notice_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"), index=True)
    kind: Mapped[str]  # extended, calendar, broken_off
    days: Mapped[int] = mapped_column(default=0)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Objection(db.Model):
    """An objection to a notice; name and contact are for those who answer it."""

    __tablename__ = "objection"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    number: Mapped[int]
    receipt: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    contact: Mapped[str] = mapped_column(SealedText("objection.contact"))
    text: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # the clerk, if any
    at: Mapped[datetime] = mapped_column(Moment)
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[str] = mapped_column(default="")  # founded, unfounded
    decision: Mapped[str] = mapped_column(default="")
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class UnchangedReason(db.Model):
    """Why an appeal that was upheld, or an objection that was founded, changes no published figure."""

    __tablename__ = "unchanged_reason"
    __table_args__ = (
        CheckConstraint("(appeal_id IS NULL) <> (objection_id IS NULL)", name="one_decision"),
        UniqueConstraint("appeal_id"),
        UniqueConstraint("objection_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    appeal_id: Mapped[int | None] = mapped_column(ForeignKey("appeal.id"))
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"))
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Correction(db.Model):
    """Somebody asked that final results be corrected: in time, or late with three signatures."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    kind: Mapped[str]  # correction_rules.KINDS
    words: Mapped[str]
    is_late: Mapped[bool]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class CorrectionSignature(db.Model):
    """One of the three who agree in writing to a late correction."""

    __tablename__ = "correction_signature"
    __table_args__ = (UniqueConstraint("correction_id", "by_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey("correction.id"))
    words: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


APPEND_ONLY = (
    StatedMoment, LatePaper, LatePaperWord, Notice, NoticeChange, UnchangedReason, Correction,
    CorrectionSignature,
)
for table in APPEND_ONLY:
    forbid_change(table.__table__)
# A file never changes and never goes; when its time is over its content and its sender's name for it do.
forbid_all_but_erasing(AppealFile.__table__, {"name": "''", "content": "NULL"})


guard_rows(GUARDS)
