"""The days of the points hall: quarters and years."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from contest.errors import Missing

_PERIOD = re.compile(r"(20[0-9]{2})(?:-Q([1-4]))?", re.ASCII)


@dataclass(frozen=True)
class Period:
    """A quarter or a year; quarter is 0 for the whole year.

    >>> Period(2026, 3).key, Period(2026, 3).first, Period(2026, 3).last, Period(2026).last
    ('2026-Q3', datetime.date(2026, 7, 1), datetime.date(2026, 9, 30), datetime.date(2026, 12, 31))
    """

    year: int
    quarter: int = 0

    @property
    def key(self):
        """The word in addresses: 2026 or 2026-Q3."""
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def first(self):
        """Its first day."""
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self):
        """Its last day."""
        if not self.quarter:
            return date(self.year, 12, 31)
        month = 3 * self.quarter
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def read_period(key):
    """The Period of a word in an address; Missing for any other word."""
    if (match := _PERIOD.fullmatch(key or "")) is None:
        raise Missing("There is no such quarter or year.")
    return Period(int(match[1]), int(match[2] or 0))


def period_of(day, is_year=False):
    """The quarter (or year) in which a day lies."""
    return Period(day.year, 0 if is_year else (day.month + 2) // 3)


def periods(first, last):
    """Every quarter and year from one day to another, the latest first, each year before its quarters."""
    found = []
    for year in range(last.year, first.year - 1, -1):
        found.append(Period(year))
        found += [
            one for quarter in (4, 3, 2, 1)
            if (one := Period(year, quarter)).first <= last and one.last >= first
        ]
    return found
