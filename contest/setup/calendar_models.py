"""What organisers entered into the calendar of working days."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Moment, db


class CalendarDay(db.Model):
    """A holiday, or a weekend day that is worked, in a year that the program does not bring along."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_off: Mapped[bool]
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class CalendarYear(db.Model):
    """A year of which the holidays were announced and have been entered here."""

    __tablename__ = "calendar_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]  # the number of the document that announced them
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
