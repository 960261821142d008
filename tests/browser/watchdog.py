"""Ending a browser that never answers, so that one stuck page does not hold up every test after it."""

import gc
import os
import signal
import sys
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Error

# What waits in Playwright for a page's own promise waits for ever; the soak of the tablets takes hours.
STUCK_SECONDS = int(os.environ.get("CONTEST_STUCK_SECONDS", "240"))
CLOSING_SECONDS = 20


@contextmanager
def alarm(seconds):
    """End this process's browser when the block takes longer; yields an Event that then is set."""
    from greenlet import greenlet

    rang = threading.Event()

    def ring():
        rang.set()
        _say_where(greenlet)
        end_browser()

    timer = threading.Timer(seconds, ring)
    timer.daemon = True
    timer.start()
    try:
        yield rang
    finally:
        timer.cancel()


def put_away(context):
    """Close a context whose test is over; Chromium now and then never answers, and is ended then."""
    with alarm(CLOSING_SECONDS) as rang:
        try:
            context.close()
        except Error:
            # Only after a browser of its own was ended does this tell nothing about the test.
            if not rang.is_set():
                raise


def _say_where(greenlet_type):
    # Playwright runs the test in a greenlet: no thread's traceback shows it.
    for one in gc.get_objects():
        if isinstance(one, greenlet_type) and one.gr_frame is not None:
            sys.stderr.write("".join(traceback.format_stack(one.gr_frame)[-12:]))


def end_browser():
    """Kill every Chromium that this process has started."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, parent = entry.read_text().rpartition(")")[::2]
        except OSError:
            continue  # It has ended meanwhile.
        if "chromium" in name and _is_below(int(parent.split()[1]), os.getpid()):
            os.kill(int(entry.parent.name), signal.SIGKILL)


def _is_below(process, ancestor):
    while process > 1 and process != ancestor:
        try:
            stat = Path(f"/proc/{process}/stat").read_text()
        except OSError:
            return False
        process = int(stat.rpartition(")")[2].split()[1])
    return process == ancestor
