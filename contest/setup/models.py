"""A contest and the versions of its plan as tables."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Document, Moment, db


class Contest(db.Model):
    """One contest, from its set-up to the archive."""

    __tablename__ = "contest"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The word in public addresses, such as cement-2023.
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    host: Mapped[str] = mapped_column(default="")  # who holds it
    place: Mapped[str] = mapped_column(default="")
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # setup.rules.STATES in order: setup, registration, scoring, provisional, final, archived.
    state: Mapped[str] = mapped_column(default="setup")
    # The stage that is being held now: a key of the plan.
    stage: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    # Grows in the same transaction as anything a standing depends on.
    marks_version: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))


class PlanVersion(db.Model):
    """One version of a contest's rules: written once, then only approved, put in force, frozen."""

    __tablename__ = "plan_version"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]
    # The plan as scoring.scheme reads it; numbers are decimal strings.
    document: Mapped[dict] = mapped_column(Document)
    document_hash: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    # Before the first submitted sheet a version is in force at once; afterwards a second
    # person approves it.
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    in_force_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_at: Mapped[datetime | None] = mapped_column(Moment)
    frozen_at: Mapped[datetime | None] = mapped_column(Moment)


class PlanDraft(db.Model):
    """The plan as it is being written: every field can be read, but the sums may not add up yet."""

    __tablename__ = "plan_draft"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    document: Mapped[dict] = mapped_column(Document)
    # Grows with every change, so that nobody writes over what he has not seen.
    rev: Mapped[int]
    based_on: Mapped[int]  # the number of the version it started from
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)
