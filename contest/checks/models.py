"""What is drawn for a review or a paper check, what each check found, signatures: all append-only."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change, guard_rows
from contest.checks.row_guards import GUARDS
from contest.db import Document, Moment, db
from contest.draw.sealing import Sealed


class ReviewDraw(db.Model):
    """Which sheets of a stage are checked again: those of the best, and some drawn by a seed."""

    __tablename__ = "review_draw"
    __table_args__ = (UniqueConstraint("contest_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    seed: Mapped[str]
    # Ids of the best's and of those drawn from the rest: of a sheet, or as text of a score (StageSheet).
    top: Mapped[list] = mapped_column(Document)
    drawn: Mapped[list] = mapped_column(Document)
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


class ScoreCheck(db.Model):
    """One entry of a score compared with its paper; the latest check of a contestant's score stands."""

    __tablename__ = "score_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("theory_entry.id"))
    agrees: Mapped[bool]
    note: Mapped[str] = mapped_column(default="")  # what differs
    figure: Mapped[str] = mapped_column(default="")  # the score as it stands on paper
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    aspect_key = ""  # a score has no aspects

    @property
    def rev(self):
        """The entry is what a revision is of a sheet: a correction is another one."""
        return self.entry_id


class ScoreStatement(db.Model):
    """The chief judge's statement why a score stands although its paper differs."""

    __tablename__ = "score_statement"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("score_check.id"), unique=True)
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class SampleSeed(db.Model):
    """The secret half of a paper check's seed, made by the program when the scoring closed.

    Its fingerprint is in the trail from then on; nobody reads it before the sample is drawn.
    """

    __tablename__ = "sample_seed"
    __table_args__ = (UniqueConstraint("contest_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    seed: Mapped[str] = mapped_column(Sealed)
    commitment: Mapped[str]  # its SHA-256
    at: Mapped[datetime] = mapped_column(Moment)


class PaperSample(db.Model):
    """Which sheets of a stage are compared with their paper: some by lot, and those next to a line.

    seed: secret and public part, or what was typed whole before there were secret seeds. confidence,
    bad: in percent; bad and margin as decimal text. drawn, at_line: ids of the sheets at the moment of
    the draw; what comes later follows from the seed (sample_queries.comparison).
    """

    __tablename__ = "paper_sample"
    __table_args__ = (UniqueConstraint("contest_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    seed: Mapped[str]
    secret: Mapped[str] = mapped_column(default="", server_default="")
    public_part: Mapped[str] = mapped_column(default="", server_default="")
    commitment: Mapped[str] = mapped_column(default="", server_default="")
    committed_at: Mapped[datetime | None] = mapped_column(Moment)
    confidence: Mapped[int]
    bad: Mapped[str]
    margin: Mapped[str]
    drawn: Mapped[list] = mapped_column(Document)
    at_line: Mapped[list] = mapped_column(Document)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Signature(db.Model):
    """Somebody signed for sheets as they stood; void as soon as one of them has another revision.

    The chief judge and the supervisor sign for the results: void as soon as anything differs that they
    follow from (fingerprint_rules).
    """

    __tablename__ = "signature"
    __table_args__ = (Index("ix_signature_contest_id_stage", "contest_id", "stage"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    role: Mapped[str]  # judge, chief_judge, supervisor
    module_key: Mapped[str] = mapped_column(default="")  # of a judge's; empty: the whole stage
    # {sheet's id: revision} as it was shown and signed.
    sheets: Mapped[dict] = mapped_column(Document)
    # {part: SHA-256} of the stage's, and the version of their encoding; empty of a judge's, and of one
    # from before there were any.
    fingerprint: Mapped[dict] = mapped_column(Document, server_default="{}")
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(ReviewDraw.__table__)
forbid_change(ReviewAddition.__table__)
forbid_change(SheetCheck.__table__)
forbid_change(CheckStatement.__table__)
forbid_change(ScoreCheck.__table__)
forbid_change(ScoreStatement.__table__)
forbid_change(SampleSeed.__table__)
forbid_change(PaperSample.__table__)
forbid_change(Signature.__table__)
guard_rows(GUARDS)
