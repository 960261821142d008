"""Letters to persons, what was said outside that there are some, and every try to say it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Moment, db
from contest.draw.sealing import Sealed


class PersonLetter(db.Model):
    """One thing that a person is told on the own page; what it is about is looked up when it is read."""

    __tablename__ = "person_letter"
    __table_args__ = (Index("ix_person_letter_said_at_at", "said_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    kind: Mapped[str]  # rules.KINDS
    # Plain numbers: of the case, or of the honour or entitlement, as the kind says.
    case_id: Mapped[int | None]
    about_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    said_at: Mapped[datetime | None] = mapped_column(Moment)  # when the ways outside were looked at


class LetterNotice(db.Model):
    """Word outside that there is something to read, or an invitation; by one way, to one person."""

    __tablename__ = "letter_notice"
    __table_args__ = (Index("ix_letter_notice_state_next_at", "state", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    way: Mapped[str]  # rules.WAYS
    kind: Mapped[str]  # rules.NOTICES
    # The same with every try, so that a gateway takes it once.
    message_id: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[str] = mapped_column(Sealed, default="")  # an invitation's link, until it is sent
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="waiting")  # rules.STATES
    tries: Mapped[int] = mapped_column(default=0)  # that failed
    next_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)

    attempts: Mapped[list["LetterTry"]] = relationship(order_by="LetterTry.id")


class LetterTry(db.Model):
    """One try: when, and why it failed; neither what was sent nor to which address."""

    __tablename__ = "letter_try"

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("letter_notice.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(default="")  # rules.PROBLEMS; "" when it was taken
