"""Working days of China: weekends, holidays, and the weekend days that are worked for them (调休).

A span is counted as the Civil Code counts it (articles 201 and 203): the day on which it begins is
not counted, and it ends with the end of its last working day.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

SHIPPED = Path(__file__).with_name("working_days.toml")
MOST_DAYS = 250  # a year of working days: longer spans are a slip of the finger
SATURDAY = 5


@dataclass(frozen=True)
class WorkingDays:
    """Which days are worked. announced: {year: document number}; off, on: {day: the reason}."""

    announced: Mapping[int, str]
    off: Mapping[date, str]
    on: Mapping[date, str]

    def is_working(self, day):
        """True when offices work on this day; a year not announced yet has its weekends only."""
        if day in self.on:
            return True
        return day not in self.off and day.weekday() < SATURDAY

    def reason(self, day):
        """Why the day is not what the weekday says; empty for an ordinary one."""
        return self.on.get(day) or self.off.get(day) or ""

    def unannounced(self, first, last):
        """The years from one day to another of which the holidays are not announced yet."""
        return tuple(
            year for year in range(first.year, last.year + 1) if year not in self.announced
        )


def read_calendar(text):
    """The WorkingDays of a calendar file; ValueError names the year that is wrong."""
    announced, off, on = {}, {}, {}
    for year, entry in tomllib.loads(text).items():
        announced[int(year)] = entry["source"]
        for reason, first, last in entry["off"]:
            for day in days_from(first, last):
                off[day] = reason
        on |= {day: reason for reason, day in entry["on"]}
    wrong = {day.year for day in (*off, *on)} - announced.keys()
    idle = {day for day in on if day.weekday() < SATURDAY or day in off}
    if wrong or idle:
        raise ValueError(f"the calendar is wrong in {sorted(wrong | {day.year for day in idle})}")
    return WorkingDays(*(MappingProxyType(each) for each in (announced, off, on)))


@cache
def shipped():
    """The years that were announced when this program was released."""
    return read_calendar(SHIPPED.read_text(encoding="utf-8"))


def with_days(calendar, days, announced=()):
    """The calendar with days that organisers entered: (day, is it off, reason), (year, document)."""
    off = {day: reason for day, is_off, reason in days if is_off}
    on = {day: reason for day, is_off, reason in days if not is_off}
    return replace(
        calendar,
        announced=MappingProxyType({**calendar.announced, **dict(announced)}),
        off=MappingProxyType({**calendar.off, **off}), on=MappingProxyType({**calendar.on, **on}),
    )


def days_from(first, last):
    """Every day from the first to the last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def last_day(calendar, begins_on, count):
    """The last of `count` working days after a day; ValueError for no such count."""
    if not 1 <= count <= MOST_DAYS:
        raise ValueError(f"{count} is no number of working days")
    day = begins_on
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working(day)
    return day


def end_of_working_days(calendar, begins_at, count, zone):
    """The moment (UTC) at which `count` working days after a moment are over, midnight in `zone`."""
    day = last_day(calendar, begins_at.astimezone(zone).date(), count)
    return end_of_day(day, zone)


def end_of_day(day, zone):
    """The moment (UTC) at which a day ends in `zone`."""
    return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC)


def end_of_hours(begins_at, hours):
    """The moment at which so many hours are over: they run through nights and weekends."""
    return begins_at + timedelta(hours=float(hours))


def working_days_left(calendar, now, ends_at, zone):
    """How many working days are left until a moment, today counted while it lasts; 0 when over."""
    if now >= ends_at:
        return 0
    today = now.astimezone(zone).date()
    until = (ends_at.astimezone(zone) - timedelta(microseconds=1)).date()
    return sum(calendar.is_working(day) for day in days_from(today, until))
