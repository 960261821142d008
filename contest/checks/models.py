"""The sheets drawn for a review or a paper check, what each check found, signatures: all append-only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db


class ReviewDraw(db.Model):
    """Which sheets of a stage are checked again: those of the best, and some drawn by a seed."""

    __tablename__ = "review_draw"
    __table_args__ = (UniqueConstraint("contest_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    seed: Mapped[str]
    top: Mapped[list] = mapped_column(Document)  # ids of the sheets of the best
    drawn: Mapped[list] = mapped_column(Document)  # ids of the sheets drawn from the rest
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ReviewAddition(db.Model):
    """More sheets of a stage, drawn when the first draw no longer reached its share of the rest."""

    __tablename__ = "review_addition"
    __table_args__ = (UniqueConstraint("contest_id", "stage", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    number: Mapped[int]  # 2, 3, …: the first draw is the ReviewDraw
    seed: Mapped[str]  # made from the seed before: see review_rules.next_seed
    drawn: Mapped[list] = mapped_column(Document)  # ids of the sheets that came to the drawn ones
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class SheetCheck(db.Model):
    """One revision of a sheet compared with paper or receipt; the latest check of a sheet stands."""

    __tablename__ = "sheet_check"
    __table_args__ = (Index("ix_sheet_check_contest_id_sheet_id", "contest_id", "sheet_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id"))
    rev: Mapped[int]
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")  # what differs
    # Of a difference found in the paper check: the aspect (empty: the sheet as a whole), and its figure
    # as it stands on paper.
    aspect_key: Mapped[str] = mapped_column(default="", server_default="")
    figure: Mapped[str] = mapped_column(default="", server_default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class CheckStatement(db.Model):
    """The chief judge's statement why the figures of a sheet stand although its paper differs."""

    __tablename__ = "check_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("sheet_check.id"), unique=True)
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class PaperSample(db.Model):
    """Which sheets of a stage are compared with their paper: some by lot, and those next to a line.

    confidence, bad: in percent; bad and margin as decimal text. drawn, at_line: ids of the sheets at
    the moment of the draw; what comes later follows from the seed (sample_queries.comparison).
    """

    __tablename__ = "paper_sample"
    __table_args__ = (UniqueConstraint("contest_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    seed: Mapped[str]
    confidence: Mapped[int]
    bad: Mapped[str]
    margin: Mapped[str]
    drawn: Mapped[list] = mapped_column(Document)
    at_line: Mapped[list] = mapped_column(Document)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Signature(db.Model):
    """Somebody signed for sheets as they stood; void as soon as one of them has another revision."""

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_contest_id_stage", "contest_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    role: Mapped[str]  # judge, chief_judge, supervisor
    module_key: Mapped[str] = mapped_column(default="")  # of a judge's; empty: the whole stage
    # {sheet's id: revision} as it was shown and signed.
    sheets: Mapped[dict] = mapped_column(Document)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(ReviewDraw.__table__)
forbid_change(ReviewAddition.__table__)
forbid_change(SheetCheck.__table__)
forbid_change(CheckStatement.__table__)
forbid_change(PaperSample.__table__)
forbid_change(Signature.__table__)
