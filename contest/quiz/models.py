"""The quiz ledger and what a question is worth; both only grow."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change, guard, guard_rows
from contest.db import Document, Moment, db
from contest.quiz import ledger_guards, row_guards


class QuizEntry(db.Model):
    """One entry of one entrant in a module that is led at the quiz desk."""

    __tablename__ = "quiz_entry"
    __table_args__ = (
        # Two who saw the same last entry cannot both write the next one.
        UniqueConstraint("contest_id", "module_key", "seq"),
        CheckConstraint("seq > 0", name="seq_positive"),
        CheckConstraint(
            "kind IN ('base', 'must', 'buzz', 'stake', 'risk', 'other', 'time', 'fault', 'void', 'undo')",
            name="kind_known",
        ),
        CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name="undo_names_entry"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    module_key: Mapped[str]
    seq: Mapped[int]  # 1, 2, … in its module
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    kind: Mapped[str]  # rules.KINDS
    # Units of 1/10000 point with their sign; milliseconds for time and fault.
    amount: Mapped[int] = mapped_column(BigInteger)
    question: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_entry.id"), unique=True)
    # Of a risk entry: the wager that was chosen before the question.
    stake_id: Mapped[int | None] = mapped_column(ForeignKey("quiz_entry.id"))
    # Made with the page's form, so that a press that comes twice is entered once.
    op_id: Mapped[str | None] = mapped_column(unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class QuizSetting(db.Model):
    """What questions are worth in one module; the latest row stands."""

    __tablename__ = "quiz_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    module_key: Mapped[str]
    values: Mapped[dict] = mapped_column(Document)  # setting_rules.Settings
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


guard(QuizEntry.__table__, *ledger_guards.UNDO)
forbid_change(QuizEntry.__table__)
forbid_change(QuizSetting.__table__)
guard_rows(row_guards.GUARDS)
