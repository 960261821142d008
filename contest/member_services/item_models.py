"""Registers of grouped items: suggestions and topics, wishes, problems, wants, proposals."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db


class ItemRegister(db.Model):
    """One list of a service: a council's week, a company's month, a congress, a ceremony."""

    __tablename__ = "item_register"

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    service_key: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    head_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    officers: Mapped[list] = mapped_column(Document, default=list)  # user ids besides the head
    speakers: Mapped[list] = mapped_column(Document, default=list)  # names of those elected to speak
    asked: Mapped[int | None]  # how many people were asked, where it is a survey
    opened_on: Mapped[date]
    meets_on: Mapped[date | None]  # the meeting, or the ceremony
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    __mapper_args__ = {"version_id_col": revision}


class Item(db.Model):
    """One line of a register; a topic draws items of the same register together."""

    __tablename__ = "register_item"
    __table_args__ = (UniqueConstraint("register_id", "is_topic", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(default=1)
    register_id: Mapped[int] = mapped_column(ForeignKey("item_register.id"), index=True)
    number: Mapped[int]
    is_topic: Mapped[bool] = mapped_column(default=False)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("register_item.id"), index=True)
    group: Mapped[str] = mapped_column("group_name", default="")
    text: Mapped[str]
    source: Mapped[str] = mapped_column(default="")  # who said it, in which role or team
    cost: Mapped[int | None] = mapped_column(BigInteger)  # in fen, where the register says what lines cost
    case_id: Mapped[int | None] = mapped_column(ForeignKey("service_case.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="open")  # item_rules.STATES
    giver: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)

    register: Mapped[ItemRegister] = relationship()

    __mapper_args__ = {"version_id_col": revision}


class ItemEvent(db.Model):
    """What happened to an item."""

    __tablename__ = "item_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("register_item.id"), index=True)
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    who: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(ItemEvent.__table__)
