"""The calendar of working days: what the program brings along, and what organisers entered."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import extract, select

from contest import working_days
from contest.accounts.models import User
from contest.db import db
from contest.setup.calendar_models import CalendarDay, CalendarYear


@dataclass(frozen=True)
class DayLine:
    """One day of the calendar that is not what its weekday says; by: "" when the program knew it."""

    day: date
    is_off: bool
    reason: str
    by: str = ""
    at: datetime | None = None


def calendar():
    """The WorkingDays that hold in this installation."""
    days = db.session.execute(select(CalendarDay.day, CalendarDay.is_off, CalendarDay.reason)).all()
    years = db.session.execute(select(CalendarYear.year, CalendarYear.source)).all()
    return working_days.with_days(
        working_days.shipped(), [tuple(row) for row in days], [tuple(row) for row in years]
    )


def days_of(year):
    """The DayLines of a year, in order."""
    brought = working_days.shipped()
    lines = [DayLine(day, True, why) for day, why in brought.off.items() if day.year == year]
    lines += [DayLine(day, False, why) for day, why in brought.on.items() if day.year == year]
    statement = (
        select(CalendarDay, User.name).outerjoin(User, User.id == CalendarDay.by_id)
        .where(extract("year", CalendarDay.day) == year)
    )
    lines += [
        DayLine(row.day, row.is_off, row.reason, by or "–", row.at)
        for row, by in db.session.execute(statement)
    ]
    return sorted(lines, key=lambda line: line.day)


def find_days(days):
    """{day: the CalendarDay that was entered for it} of some days."""
    rows = db.session.scalars(select(CalendarDay).where(CalendarDay.day.in_(days)))
    return {row.day: row for row in rows}


def find_year(year):
    """The CalendarYear that was entered, or None."""
    return db.session.get(CalendarYear, year)
