"""People found to be one person, pictures, contact asked for, and registers that were sent in."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Document, Moment, db
from contest.people.models import Human


class PersonMerge(db.Model):
    """Two rows of one person became one, and which rows of other tables moved with it; it can be parted."""

    __tablename__ = "person_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    keep_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    reason: Mapped[str]
    moved: Mapped[dict] = mapped_column(Document)  # table: ids
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    split_at: Mapped[datetime | None] = mapped_column(Moment)
    split_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    split_reason: Mapped[str] = mapped_column(default="")

    keep: Mapped[Human] = relationship(foreign_keys=[keep_id])
    gone: Mapped[Human] = relationship(foreign_keys=[gone_id])


class PersonApart(db.Model):
    """Two rows that were looked at and are two people; they are not proposed as one again."""

    __tablename__ = "person_apart"

    one_id: Mapped[int] = mapped_column(ForeignKey("human.id"), primary_key=True)  # the lower number
    other_id: Mapped[int] = mapped_column(ForeignKey("human.id"), primary_key=True)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class CraftsmanPicture(db.Model):
    """The picture on a craftsman's page, and who said that it may be shown."""

    __tablename__ = "craftsman_picture"

    craftsman_id: Mapped[int] = mapped_column(ForeignKey("craftsman.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    ending: Mapped[str]
    sha256: Mapped[str]
    consent: Mapped[str]  # how the person agreed
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ContactRequest(db.Model):
    """An employer asks for contact with a craftsman; the person, or the officer for him, decides."""

    __tablename__ = "contact_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    craftsman_id: Mapped[int] = mapped_column(ForeignKey("craftsman.id"), index=True)
    receipt: Mapped[str] = mapped_column(unique=True)
    employer: Mapped[str]
    asker: Mapped[str]
    contact: Mapped[str]  # how to reach the employer
    purpose: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="waiting")  # contact_rules.STATES
    answer: Mapped[str] = mapped_column(default="")  # what the employer is told
    asked_how: Mapped[str] = mapped_column(default="")  # when the officer answers: how the person was asked
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class RegisterImport(db.Model):
    """A register that was read from a file and not yet confirmed; gone after confirming or a day."""

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str]
    file_hash: Mapped[str]
    rows: Mapped[list] = mapped_column(Document)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
