"""Until when a step is to be done, and how a clock is read: working days, hours, calendar days."""

from datetime import datetime, timedelta

from contest import clock, working_days
from contest.errors import Invalid


def due(step, begins_at, applied_at, calendar, met_at=None):
    """The moment (UTC) at which a step that begins now is late. met_at: the end of the booked time, if any.

    Working days are counted as working_days does; 0 is the same day, or the next working day when it
    is none. Calendar days whose last is no working day end with the next one (Civil Code, article 203).
    """
    since = applied_at if step.since == "application" else begins_at
    if step.since == "slot" and met_at is not None:
        since = max(begins_at, met_at)  # nobody is late with a meeting that is still to come
    if step.hours is not None:
        return working_days.end_of_hours(since, step.hours)
    day = clock.day_of(since)
    if step.calendar_days is not None:
        day += timedelta(days=step.calendar_days)
    if step.calendar_days is not None or step.days == 0:
        return working_days.end_of_day(_worked(day, calendar), clock.zone())
    return working_days.end_of_working_days(calendar, since, step.days, clock.zone())


def _worked(day, calendar):
    while not calendar.is_working(day):
        day += timedelta(days=1)
    return day


def first_of_next_month(day):
    """The first day of the month after a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def read_month(text):
    """The first day of a month written as 2026-11; None for no text, Invalid for anything else."""
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2100:  # no clock knows days before the year 1
        raise Invalid("Write the year and the month, for example 2019-05.")
    return day


def begin_of(day):
    """The moment at which a day begins here."""
    return datetime(day.year, day.month, day.day, tzinfo=clock.zone())


def start_of_year(now):
    """The moment at which the year of a moment began here."""
    return datetime(clock.day_of(now).year, 1, 1, tzinfo=clock.zone())
