"""Craftsmen and their honours as tables."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.people.models import Human, Organisation


class Craftsman(db.Model):
    """A person on the register."""

    __tablename__ = "craftsman"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The word in the public address of the page; random, so that nobody counts or guesses.
    token: Mapped[str] = mapped_column(unique=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), unique=True)
    trade: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    # The region, city or county by which the register is searched.
    place: Mapped[str] = mapped_column(default="", server_default="")
    words: Mapped[str] = mapped_column(default="")  # a line of life
    listed_at: Mapped[datetime | None] = mapped_column(Moment)

    human: Mapped[Human] = relationship()
    honours: Mapped[list["Honour"]] = relationship(back_populates="craftsman")


class Honour(db.Model):
    """One honour with its date, its authority and the evidence behind it.

    It is a craftsman's, or an organisation's; with a name of a team, that team's of the organisation.
    """

    __tablename__ = "honour"
    __table_args__ = (
        CheckConstraint("(craftsman_id IS NULL) <> (organisation_id IS NULL)", name="one_holder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    craftsman_id: Mapped[int | None] = mapped_column(ForeignKey("craftsman.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_name: Mapped[str] = mapped_column(default="", server_default="")
    # The holder's unit under the name that it had when the honour was granted.
    unit: Mapped[str] = mapped_column(default="", server_default="")
    # ladder_rules.CONTEST_LEVELS, of a prize of a contest that was not held here.
    contest_level: Mapped[str] = mapped_column(default="", server_default="")
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    is_title: Mapped[bool] = mapped_column(default=False)
    authority: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str] = mapped_column(default="")
    granted_on: Mapped[date]
    place: Mapped[int | None]
    # What the honour rests on: total, result sheet's revision and hash, contest's name.
    evidence: Mapped[dict] = mapped_column(Document)
    state: Mapped[str] = mapped_column(default="listed")  # granted, listed, revoked
    state_reason: Mapped[str] = mapped_column(default="")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Moment)

    craftsman: Mapped[Craftsman | None] = relationship(back_populates="honours")
    organisation: Mapped[Organisation | None] = relationship()


class HonourFile(db.Model):
    """The document behind an honour, in the database, so that a backup has it; for the curator alone."""

    __tablename__ = "honour_file"
    __table_args__ = (UniqueConstraint("honour_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    honour_id: Mapped[int] = mapped_column(ForeignKey("honour.id"))
    number: Mapped[int]
    name: Mapped[str]  # as the sender called it; shown, never used as a path
    ending: Mapped[str]
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(HonourFile.__table__)
