"""The catalogue of question banks, without a question, and which banks a module's papers were drawn from."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Moment, db


class QuestionBank(db.Model):
    """One version of one bank; its questions lie elsewhere and are told by their SHA-256."""

    __tablename__ = "question_bank"
    __table_args__ = (UniqueConstraint("trade", "grade", "title", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trade: Mapped[str]
    grade: Mapped[str]  # people.rules.SKILL_LEVELS
    title: Mapped[str]
    version: Mapped[str]
    questions: Mapped[int]
    from_on: Mapped[date]
    until_on: Mapped[date | None]  # the last day on which it is in force
    keeper: Mapped[str]  # who keeps the file, and where
    sha256: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ModuleBank(db.Model):
    """A module's papers were drawn from a bank, or were not after all; the latest row of a bank stands."""

    __tablename__ = "module_bank"
    __table_args__ = (Index("ix_module_bank_contest_id_module_key", "contest_id", "module_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    module_key: Mapped[str]
    bank_id: Mapped[int] = mapped_column(ForeignKey("question_bank.id"))
    is_drawn: Mapped[bool]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    bank: Mapped[QuestionBank] = relationship()


forbid_change(ModuleBank.__table__)
