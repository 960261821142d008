"""Nominations for a title of another authority, their papers and what became of them, as tables."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change
from contest.awards.models import Award
from contest.db import Document, Moment, db
from contest.people.models import Human, Organisation


class Nomination(db.Model):
    """A winner, or the crew or organisation of one, put forward for a title that another authority grants."""

    __tablename__ = "nomination"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    kind: Mapped[str]  # nomination_rules.KINDS
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), index=True)  # what it rests on
    human_id: Mapped[int | None] = mapped_column(ForeignKey("human.id"))  # None: of a crew, an organisation
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    crew: Mapped[str] = mapped_column(default="")
    title: Mapped[str]  # the honour's name
    authority: Mapped[str]  # who grants it
    deeds: Mapped[str] = mapped_column(default="")  # what the form says of the nominee
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    award: Mapped[Award] = db.relationship()
    human: Mapped[Human | None] = db.relationship()
    organisation: Mapped[Organisation] = db.relationship()
    events: Mapped[list["NominationEvent"]] = db.relationship(order_by="NominationEvent.id")
    files: Mapped[list["NominationFile"]] = db.relationship(order_by="NominationFile.id")


class NominationEvent(db.Model):
    """One step of a nomination; the latest one is its state."""

    __tablename__ = "nomination_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    state: Mapped[str]  # nomination_rules.STATES
    document_number: Mapped[str] = mapped_column(default="")
    on: Mapped[date] = mapped_column("on_day")  # of the letter that went out or came back
    note: Mapped[str] = mapped_column(default="")
    # Of "sent": what went out, piece by piece, and the SHA-256 of the whole archive.
    pieces: Mapped[list] = mapped_column(Document, default=list)
    pack_sha256: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class NominationFile(db.Model):
    """A scan that belongs to the pack: the newest of its slot goes out. Kept here, so a backup holds it."""

    __tablename__ = "nomination_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey("nomination.id"), index=True)
    slot: Mapped[str]  # nomination_rules.SLOTS
    ending: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class SentPack(db.Model):
    """The archive that went out with a nomination, byte for byte."""

    __tablename__ = "sent_pack"

    event_id: Mapped[int] = mapped_column(ForeignKey("nomination_event.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


for table in (NominationEvent, NominationFile, SentPack):
    forbid_change(table.__table__)
