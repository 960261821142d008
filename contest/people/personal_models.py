"""Identity and telephone numbers, sealed, and who looked at whose personal data."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.people.sealing import SealedText


class IdNumber(db.Model):
    """The identity number of one person; bound to the person's row, matched by a keyed hash."""

    __tablename__ = "id_number"

    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), primary_key=True, autoincrement=False)
    sealed: Mapped[str]  # people.sealing, at the place place_of(human_id)
    match: Mapped[str] = mapped_column("match_hash", unique=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    @staticmethod
    def place_of(human_id):
        """To what the seal of a person's number is bound."""
        return f"id_number.sealed:{human_id}"


class PersonPhone(db.Model):
    """The telephone number of one person, as a roster or the desk gave it."""

    __tablename__ = "person_phone"

    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(SealedText("person_phone.number"))  # as phone_rules reads it
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PersonalAccess(db.Model):
    """Somebody saw, searched, took out or changed personal data: who, when, of whom, which, and why."""

    __tablename__ = "personal_access"
    __table_args__ = (Index("ix_personal_access_user_id_at", "user_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    who: Mapped[str]
    # Plain numbers: the row stays as it is when people are merged. None: of several.
    human_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str]  # members.personal_rules.KINDS
    fields: Mapped[list] = mapped_column("field_names", Document, default=list)
    reason: Mapped[str]
    subjects: Mapped[int] = mapped_column(default=1)  # how many people


forbid_change(PersonalAccess.__table__)
