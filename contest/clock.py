"""The only place that asks the time."""

from datetime import UTC, datetime

_still = None


def now():
    """The present moment in UTC, with its time zone."""
    return _still or datetime.now(UTC)


def stand_still(moment):
    """Hold the clock at `moment` (None lets it run again); for tests."""
    global _still
    _still = moment
