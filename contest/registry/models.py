"""Craftsmen and their honours as tables."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Document, Moment, db
from contest.people.models import Human


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
    words: Mapped[str] = mapped_column(default="")  # a line of life
    listed_at: Mapped[datetime | None] = mapped_column(Moment)

    human: Mapped[Human] = relationship()
    honours: Mapped[list["Honour"]] = relationship(back_populates="craftsman")


class Honour(db.Model):
    """One honour with its date, its authority and the evidence behind it."""

    __tablename__ = "honour"

    id: Mapped[int] = mapped_column(primary_key=True)
    craftsman_id: Mapped[int] = mapped_column(ForeignKey("craftsman.id"), index=True)
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
    state: Mapped[str] = mapped_column(default="listed")  # listed, revoked
    state_reason: Mapped[str] = mapped_column(default="")
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime] = mapped_column(Moment)

    craftsman: Mapped[Craftsman] = relationship(back_populates="honours")
