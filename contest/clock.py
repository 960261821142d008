"""The only place that asks the time, and what day it is here."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_still = None
_zone = ZoneInfo("Asia/Shanghai")


def now():
    """The present moment in UTC, with its time zone."""
    return _still or datetime.now(UTC)


def stand_still(moment):
    """Hold the clock at `moment` (None lets it run again); for tests."""
    global _still
    _still = moment


def set_zone(name):
    """Take the installation's time zone; called once, when the program is made."""
    global _zone
    _zone = ZoneInfo(name)


def zone():
    """The time zone in which days begin and end here."""
    return _zone


def day_of(moment):
    """The day on which a moment falls here."""
    return moment.astimezone(_zone).date()


def today():
    """The day that it is here."""
    return day_of(now())
