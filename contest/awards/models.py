"""Awards that were granted, the committee's votes behind some of them, and that none are given."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.people.models import Entrant, Judge, Organisation, Team


class CommitteeVote(db.Model):
    """The committee's count of votes for one organisation and one prize; the latest entry stands."""

    __tablename__ = "committee_vote"
    __table_args__ = (UniqueConstraint("contest_id", "award_key", "organisation_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    award_key: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    votes: Mapped[int]
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    organisation: Mapped[Organisation] = db.relationship()


class CommitteeDecision(db.Model):
    """What the committee decided about one prize, by which minutes; never changed, only taken back."""

    __tablename__ = "committee_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    award_key: Mapped[str]
    kind: Mapped[str]  # decision_rules.KINDS
    # Whom it is about: one of these, or of a coach the organisation and the name.
    entrant_id: Mapped[int | None] = mapped_column(ForeignKey("entrant.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("judge.id"))
    name: Mapped[str] = mapped_column(default="")
    votes: Mapped[dict] = mapped_column(Document, default=dict)  # of organisations, by name
    # The decision that this one takes back.
    about_id: Mapped[int | None] = mapped_column(ForeignKey("committee_decision.id"), unique=True)
    reason: Mapped[str]
    minutes: Mapped[str]  # which minutes hold it, as the office files them
    decided_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    entrant: Mapped[Entrant | None] = db.relationship()
    team: Mapped[Team | None] = db.relationship()
    organisation: Mapped[Organisation | None] = db.relationship()
    judge: Mapped[Judge | None] = db.relationship()


forbid_change(CommitteeDecision.__table__)


class Award(db.Model):
    """One award to one entrant, team, organisation, judge or coach, taken from a final result sheet.

    Each member of a team has the team's award once more, as an entrant: certificate and honour are personal.
    """

    __tablename__ = "award"
    __table_args__ = (
        UniqueConstraint("contest_id", "award_key", "entrant_id"),
        UniqueConstraint("contest_id", "award_key", "team_id"),
        UniqueConstraint("contest_id", "award_key", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    award_key: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    is_title: Mapped[bool] = mapped_column(default=False)
    level: Mapped[str] = mapped_column(default="")
    entrant_id: Mapped[int | None] = mapped_column(ForeignKey("entrant.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    place: Mapped[int | None]
    total: Mapped[str] = mapped_column(default="")  # as published, a decimal string
    # The reason for this line: {"message": English sentence, "params": its parameters}, or {}; under
    # "moved" more such sentences, when places of others passed down to it; "after" the id of the award
    # whose place it took. Of a member's: "team", its name, and "share_of", the id of the team's award.
    why: Mapped[dict] = mapped_column(Document, default=dict)
    granted_at: Mapped[datetime] = mapped_column(Moment)

    entrant: Mapped[Entrant | None] = db.relationship()
    team: Mapped[Team | None] = db.relationship()
    organisation: Mapped[Organisation | None] = db.relationship()
    helper: Mapped["AwardHelper | None"] = db.relationship(back_populates="award")

    @property
    def shared_team(self):
        """The team whose award a member has for himself, by name; "" for every other award."""
        return self.why.get("team", "")


class AwardHelper(db.Model):
    """The judge or the coach to whom an award goes: neither competed."""

    __tablename__ = "award_helper"

    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    judge_id: Mapped[int | None] = mapped_column(ForeignKey("judge.id"))  # None: a coach
    name: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    award: Mapped[Award] = db.relationship(back_populates="helper")
    organisation: Mapped[Organisation | None] = db.relationship()


forbid_change(AwardHelper.__table__)


class Annulment(db.Model):
    """What was taken away after the awards were granted, and why: an entrant's result, or one award.

    Two people did it; or, where the committee let a winner move up, the lower award gave way by its minutes.
    """

    __tablename__ = "annulment"
    __table_args__ = (
        UniqueConstraint("award_id"), UniqueConstraint("entrant_id"),
        CheckConstraint("(entrant_id IS NULL) <> (award_id IS NULL)", name="one_thing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    kind: Mapped[str]  # annulment_rules.KINDS
    entrant_id: Mapped[int | None] = mapped_column(ForeignKey("entrant.id"))  # whose result
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"))
    reason: Mapped[str]
    minutes: Mapped[str]  # which minutes hold the decision, as the office files them
    decided_on: Mapped[date]
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    entrant: Mapped[Entrant | None] = db.relationship()
    award: Mapped[Award | None] = db.relationship()


forbid_change(Annulment.__table__)


class AwardsLeftOut(db.Model):
    """An organiser stated that no prizes are given on a final result sheet, and why."""

    __tablename__ = "awards_left_out"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"), unique=True)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(AwardsLeftOut.__table__)
