"""Rulings on ties, and published results that can no longer change."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db


class TieRuling(db.Model):
    """The chief judge's order among entrants whom the plan leaves tied; the latest ruling stands."""

    __tablename__ = "tie_ruling"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    stage: Mapped[str]
    about: Mapped[str] = mapped_column(default="entrants")  # entrants, teams
    # Entrants' (or teams') ids, best first; valid only while exactly these are tied.
    order: Mapped[list] = mapped_column("ruled_order", Document)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ResultSheet(db.Model):
    """A published, unchangeable copy of a contest's results; a correction is a later revision."""

    __tablename__ = "result_sheet"
    __table_args__ = (UniqueConstraint("contest_id", "stage", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    stage: Mapped[str]
    revision: Mapped[int]
    kind: Mapped[str]  # provisional, final
    plan_version_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    marks_version: Mapped[int]
    # Everything that was published: every entrant's and team's figures, places and what decided them.
    document: Mapped[dict] = mapped_column(Document)
    document_hash: Mapped[str]
    # How often the second scorer agreed, and on what: figures, plan_number, ledger (the digest of the
    # exported files), at. Empty on revisions from before there was one.
    second_count: Mapped[dict | None] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(default="")
    # What was still in the way when three people published all the same: {"message", "params"} each.
    exceptions: Mapped[list | None] = mapped_column(Document)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class StageOpening(db.Model):
    """The moment at which the contest went on from one stage to the next."""

    __tablename__ = "stage_opening"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    from_stage: Mapped[str]
    stage: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Reopening(db.Model):
    """A proposal to take a final revision back for a correction; a second person decides on it."""

    __tablename__ = "reopening"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    reason: Mapped[str]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    # Empty until somebody decided.
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    is_confirmed: Mapped[bool] = mapped_column(default=False)


forbid_change(TieRuling.__table__)
forbid_change(StageOpening.__table__)
forbid_change(ResultSheet.__table__)
