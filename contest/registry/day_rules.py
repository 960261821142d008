"""How a day is typed."""

from datetime import date

from contest import clock
from contest.errors import Invalid


def read_day(text):
    """A date written year-month-day; Invalid otherwise."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        raise Invalid("Write the date as year-month-day, for example 2026-11-23.") from None


def read_past_day(text, now):
    """The same, of a day that is not in the future."""
    day = read_day(text)
    if day > clock.day_of(now):
        raise Invalid("This day lies in the future.")
    return day
