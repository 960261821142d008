"""Sheets and the append-only ledger of their revisions."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from contest.audit.models import forbid_change, guard, guard_rows
from contest.db import Document, Moment, db
from contest.judging import ledger_guards, row_guards
from contest.people.models import Entrant, Judge

# One order number of a tablet stands for one operation; old tablets and plain pages give none.
_GIVEN = text("device_seq IS NOT NULL")
NUMBERED = {"sqlite_where": _GIVEN, "postgresql_where": _GIVEN}


class Sheet(db.Model):
    """What one judge has to mark: one entrant in one module, in one seat of the panel."""

    __tablename__ = "sheet"
    __table_args__ = (
        UniqueConstraint("contest_id", "module_key", "entrant_id", "seat"),
        UniqueConstraint("contest_id", "module_key", "entrant_id", "judge_id"),
        Index("ix_sheet_judge_id", "judge_id"),
        # A tablet may still hold marks for a sheet that was taken back: its number never comes again.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    module_key: Mapped[str]
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    seat: Mapped[int]  # 1 … size of the panel
    # The latest revision's number, kind and marks, copied for the pages. The ledger is the truth.
    rev: Mapped[int] = mapped_column(default=0)
    # empty, draft, submitted, reopened, excused
    state: Mapped[str] = mapped_column(default="empty")
    marks: Mapped[dict] = mapped_column(Document, default=dict)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)

    entrant: Mapped[Entrant] = relationship()
    judge: Mapped[Judge] = relationship()

    def become(self, values):
        """Take in what was just written to its row in the database."""
        for name, value in values.items():
            set_committed_value(self, name, value)


class SheetRevision(db.Model):
    """One accepted operation on a sheet. Never changed: a correction is a later revision."""

    __tablename__ = "sheet_revision"
    __table_args__ = (
        UniqueConstraint("sheet_id", "rev"),
        CheckConstraint("rev > 0", name="rev_positive"),
        CheckConstraint("base_rev = rev - 1", name="rev_follows_base"),
        Index("ix_sheet_revision_contest_id_id", "contest_id", "id"),
        Index("ux_sheet_revision_number", "device_id", "device_seq", unique=True, **NUMBERED),
    )

    # Arrival order decides, not the tablet's clock.
    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    # Made on the tablet, so that a resent operation is recognised and not counted twice.
    op_id: Mapped[str] = mapped_column(unique=True)
    fingerprint: Mapped[str]  # hash of what was sent: the same id with other content is refused
    rev: Mapped[int]
    base_rev: Mapped[int]
    kind: Mapped[str]  # draft, submit, reopen, excuse
    marks: Mapped[dict] = mapped_column(Document)
    # Sum of the sheet in units of 1/10000 point, for submitted sheets.
    units: Mapped[int | None] = mapped_column(BigInteger)
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    reason: Mapped[str] = mapped_column(default="")
    device: Mapped[str] = mapped_column(default="")
    # Which tablet, and its how manieth operation (1, 2, …); old tablets and plain pages say neither.
    device_id: Mapped[str] = mapped_column(default="", server_default="")
    device_seq: Mapped[int | None]
    # What the tablet signed, its signature and the public half of its key; "" for what is not signed.
    signed: Mapped[str] = mapped_column(default="", server_default="")
    signature: Mapped[str] = mapped_column(default="", server_default="")
    signer: Mapped[str] = mapped_column(default="", server_default="")
    # Who did it: the judge, or the chief judge who reopened or struck it out.
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime | None] = mapped_column(Moment)  # as the tablet says
    at: Mapped[datetime] = mapped_column(Moment)  # as the server says


class Handover(db.Model):
    """A sheet that went from one judge to another, and why; a later handover is a later row."""

    __tablename__ = "handover"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    # Not a foreign key: an untouched sheet that goes on once more is taken away under this number.
    sheet_id: Mapped[int] = mapped_column(index=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))
    kind: Mapped[str]  # recusal, substitute, report
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Penalty(db.Model):
    """Points taken off by the chief judge; lifting one is a later row that names it."""

    __tablename__ = "penalty"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    scope: Mapped[str]  # a module's, part's or stage's key
    units: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str]
    lifts_id: Mapped[int | None] = mapped_column(ForeignKey("penalty.id"), unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


guard(SheetRevision.__table__, *ledger_guards.ORDER)
guard(SheetRevision.__table__, *ledger_guards.NO_GAP)
guard(Sheet.__table__, *ledger_guards.PLACE)
forbid_change(SheetRevision.__table__)
forbid_change(Penalty.__table__)
forbid_change(Handover.__table__)
guard_rows(row_guards.GUARDS)
