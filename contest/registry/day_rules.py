"""Which day it is here, and how a day is typed."""

from datetime import date
from zoneinfo import ZoneInfo

from contest.errors import Invalid

_zone = ZoneInfo("Asia/Shanghai")


def set_zone(name):
    """Take the installation's time zone; called once, when the area's pages are registered."""
    global _zone
    _zone = ZoneInfo(name)


def today(now):
    """The day on which a moment falls here."""
    return now.astimezone(_zone).date()


def read_day(text):
    """A date written year-month-day; Invalid otherwise."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        raise Invalid("Write the date as year-month-day, for example 2026-11-23.") from None


def read_past_day(text, now):
    """The same, of a day that is not in the future."""
    day = read_day(text)
    if day > today(now):
        raise Invalid("This day lies in the future.")
    return day
