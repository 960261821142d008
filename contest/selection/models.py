"""A call, nominations with their papers and verdicts, the published list and its stories as tables."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_all_but_erasing, forbid_change
from contest.db import Document, Moment, db
from contest.people.models import Entrant, Human, Organisation


class Call(db.Model):
    """What a selection asks for; its contest reviews whoever is admitted."""

    __tablename__ = "selection_call"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    title: Mapped[str]  # the honour that the list gives
    title_en: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    terms: Mapped[dict] = mapped_column(Document)  # call_rules.Terms
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime] = mapped_column(Moment)


class UnitNomination(db.Model):
    """Somebody whom a unit puts forward, or who was taken in from a contest or a list of points."""

    __tablename__ = "unit_nomination"
    __table_args__ = (UniqueConstraint("contest_id", "human_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    # Known for whoever was taken in; of a unit's nomination once it is admitted.
    human_id: Mapped[int | None] = mapped_column(ForeignKey("human.id"), index=True)
    entrant_id: Mapped[int | None] = mapped_column(ForeignKey("entrant.id"), unique=True)
    values: Mapped[dict] = mapped_column("typed", Document)  # as typed, by nomination_rules.FIELDS
    # Where somebody taken in comes from: {"message": English sentence, "params"}; empty for a unit's own.
    source: Mapped[dict] = mapped_column(Document, default=dict)
    state: Mapped[str] = mapped_column(default="draft")  # nomination_rules.STATES
    words: Mapped[str] = mapped_column(default="")  # of the latest decision, for the unit
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    handed_in_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    # What was typed of the person went, on request or because its time was over.
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    organisation: Mapped[Organisation] = relationship()
    human: Mapped[Human | None] = relationship()
    entrant: Mapped[Entrant | None] = relationship()


class UnitNominationFile(db.Model):
    """A paper of a nomination, in the database, so that a backup holds it; a later one of a kind counts."""

    __tablename__ = "unit_nomination_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("unit_nomination.id"), index=True)
    kind: Mapped[str]  # one of the call's papers; empty: for the experts, without names
    name: Mapped[str]  # as the sender called it; shown, never used as a path
    ending: Mapped[str]  # documents.attached.KINDS
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # None: erased
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ConditionVerdict(db.Model):
    """What a person said of one condition, beside what the rule said then; the latest one stands."""

    __tablename__ = "condition_verdict"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("unit_nomination.id"), index=True)
    key: Mapped[str]  # condition_rules.CONDITIONS
    is_met: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    rule: Mapped[dict] = mapped_column("rule_said", Document)  # {"is_met", "message", "params"}
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class SelectedList(db.Model):
    """The published list of a selection, as it went out."""

    __tablename__ = "selected_list"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    document: Mapped[dict] = mapped_column(Document)
    document_hash: Mapped[str]
    authority: Mapped[str]
    document_number: Mapped[str]
    granted_on: Mapped[date]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ListChange(db.Model):
    """Somebody left the list, and who moved up by rule, as a person confirmed it."""

    __tablename__ = "selection_list_change"
    __table_args__ = (UniqueConstraint("contest_id", "number"), UniqueConstraint("contest_id", "entrant_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    number: Mapped[int]  # 1, 2, … within the selection
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    cause: Mapped[str]  # moving_rules.CAUSES
    reason: Mapped[str]  # for the office; the public reads the cause
    moved_up: Mapped[list] = mapped_column(Document)  # entrant ids
    # The list as it stood afterwards; {} before it was published.
    document: Mapped[dict] = mapped_column(Document)
    document_hash: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str] = mapped_column(default="")  # of the decision on who moved up
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    entrant: Mapped[Entrant] = relationship()


class Story(db.Model):
    """What is told of somebody on a published list; told again, the later one stands."""

    __tablename__ = "selection_story"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    title: Mapped[str]
    text: Mapped[str] = mapped_column("words")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    entrant: Mapped[Entrant] = relationship()


class StoryPicture(db.Model):
    """A picture of a story, without what a camera wrote into it; it is deleted when it is taken off."""

    __tablename__ = "story_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    # The person, not one telling of the story: told again, the pictures stay.
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"), index=True)
    kind: Mapped[str]  # picture_rules.KINDS
    width: Mapped[int]
    height: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    alternative: Mapped[str]  # what is seen on it, in words
    consent: Mapped[str]  # how whoever is seen on it agreed
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(SelectedList.__table__)
# These never change and never go; what they say of a person is erased, for good.
forbid_all_but_erasing(UnitNominationFile.__table__, {"name": "''", "content": "NULL"})
forbid_all_but_erasing(ConditionVerdict.__table__, {"reason": "''", "rule_said": "'{}'"})
forbid_all_but_erasing(ListChange.__table__, {"reason": "''"})
forbid_all_but_erasing(Story.__table__, {"title": "''", "words": "''"})
