"""Times as they are typed and shown; a stopwatch's hundredths."""

import re

from contest.i18n import N_
from contest.quiz.rules import at_field
from contest.scoring.marks import FULL_WIDTH

TIME = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,5})(?:\.([0-9]{1,3}))?")
LONGEST = 24 * 3600 * 1000
MOST_FAULTS = 99
# A device's clock may drift; more than this beside the server's is told.
TOLERANCE_MS = 300
SOURCES = {"typed": N_("Typed in"), "stopwatch": N_("Stopwatch")}


def read_time(typed):
    """Milliseconds in a typed time; Invalid at `time` says how it is written.

    >>> read_time("1:23.45"), read_time("83.45"), read_time("１：０５")
    (83450, 83450, 65000)
    """
    text = (typed or "").strip().replace("：", ":").translate(FULL_WIDTH)
    found = TIME.fullmatch(text)
    if found:
        minutes, seconds, parts = found.groups()
        ms = int(seconds) * 1000 + int((parts or "").ljust(3, "0"))
        if minutes is None or int(seconds) < 60:
            ms += int(minutes or 0) * 60_000
            if 0 < ms <= LONGEST:
                return ms
    raise at_field("time", "Write a time as minutes:seconds.hundredths, such as 1:23.45.")


def time_text(ms):
    """Milliseconds as minutes, seconds and hundredths; thousandths only where there are some.

    >>> time_text(83_450), time_text(5_000), time_text(83_456)
    ('1:23.45', '0:05.00', '1:23.456')
    """
    seconds, rest = divmod(ms, 1000)
    parts = f"{rest:03d}" if rest % 10 else f"{rest // 10:02d}"
    return f"{seconds // 60}:{seconds % 60:02d}.{parts}"


def source_of(time, device_ms):
    """Was the stopwatch's reading taken as it stood, to the hundredth, or typed?"""
    if device_ms is None:
        return "typed"
    return "stopwatch" if (device_ms + 5) // 10 * 10 == time else "typed"


def clocks_differ(device_ms, server_ms):
    """Milliseconds between what the device and the server measured, if that is too much; else None."""
    if device_ms is None or server_ms is None or abs(device_ms - server_ms) <= TOLERANCE_MS:
        return None
    return abs(device_ms - server_ms)
