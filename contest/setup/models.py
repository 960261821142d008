"""A contest and the versions of its plan as tables."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import guard_rows
from contest.db import Document, Moment, db
from contest.setup.procedure_rules import procedure_from
from contest.setup.row_guards import GUARDS
from contest.setup.rules import takes_marks


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
    # One of setup.rules.STATES; changed by setup.stepping alone.
    state: Mapped[str] = mapped_column(default="setup")
    # The stage that is being held now: a key of the plan.
    stage: Mapped[str] = mapped_column(default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    # Grows in the same transaction as anything a standing depends on.
    marks_version: Mapped[int] = mapped_column(default=0)
    # From the scores to final results: setup.procedure_rules.Procedure; empty is the short one.
    procedure: Mapped[dict] = mapped_column(Document, default=dict)
    created_at: Mapped[datetime] = mapped_column(Moment)
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))

    @property
    def takes_marks(self):
        """True while sheets, scores and whatever else counts may change."""
        return takes_marks(self.state, procedure_from(self.procedure).name)


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


class Proposal(db.Model):
    """An act that one person has proposed and another must confirm before it is done."""

    __tablename__ = "proposal"
    __table_args__ = (
        # One of a kind is open at a time, also when two browsers propose in the same moment.
        Index(
            "ux_proposal_open", "contest_id", "act", "subject", unique=True,
            sqlite_where=text("decided_at IS NULL"), postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    act: Mapped[str]  # of setup.step_rules.ACTS
    subject: Mapped[str]  # what it is about, such as "sheet 12"
    # What the act needs when it is done, and {"message", "params"} that says it to people.
    details: Mapped[dict] = mapped_column(Document)
    reason: Mapped[str]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    # A third person's act also needs this one; see results.actions about exceptions.
    seconded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    seconded_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    is_confirmed: Mapped[bool] = mapped_column(default=False)


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


guard_rows(GUARDS)
