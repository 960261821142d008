"""Stations, the slots that are booked there or anywhere, and who came."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db


class Station(db.Model):
    """A service station: where it is, when it is open, what it has, who is in charge."""

    __tablename__ = "service_station"
    __table_args__ = (UniqueConstraint("district", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    district: Mapped[str] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(default="")
    latitude: Mapped[int | None]  # micro-degrees
    longitude: Mapped[int | None]
    hours: Mapped[str] = mapped_column(default="")
    equipment: Mapped[list] = mapped_column(Document, default=list)
    keeper: Mapped[str] = mapped_column(default="")
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    phone: Mapped[str] = mapped_column(default="")
    is_open: Mapped[bool] = mapped_column(default=True)


class Slot(db.Model):
    """A time with places for one service; sessions: how often one meets (a course)."""

    __tablename__ = "service_slot"
    __table_args__ = (CheckConstraint("capacity > 0 AND sessions > 0", name="sizes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_key: Mapped[str] = mapped_column(index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("service_station.id"), index=True)
    occasion: Mapped[str] = mapped_column(default="")  # the fair or term it belongs to
    topic: Mapped[str] = mapped_column(default="")  # what is offered: a subject, a trade
    place: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    capacity: Mapped[int]
    sessions: Mapped[int] = mapped_column(default=1)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    station: Mapped[Station | None] = relationship()


class Attendance(db.Model):
    """Somebody came to one meeting of a slot."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("case_id", "slot_id", "session"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("service_case.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("service_slot.id"), index=True)
    session: Mapped[int] = mapped_column(default=1)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(Attendance.__table__)
