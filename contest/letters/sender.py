"""The process beside the servers that tells people outside that there is something to read."""

import logging
import os
import signal
import sqlite3
import sys
import time

from sqlalchemy.exc import SQLAlchemyError

from contest.db import db
from contest.errors import Refusal
from contest.letters import outbox_actions

LOOK_EVERY_S, DAY_S = 5, 86_400
log = logging.getLogger(__name__)


def keep(app):
    """Tell what is due for as long as the process lives."""
    os.nice(10)
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: sys.exit(0))
    next_day = 0.0
    while True:
        if time.monotonic() >= next_day:
            within(app, outbox_actions.forget_old)
            next_day = time.monotonic() + DAY_S
        within(app, outbox_actions.send_once)
        time.sleep(LOOK_EVERY_S)


def within(app, act):
    """Do something once; a database that is locked or away is asked again at the next look."""
    with app.app_context():
        try:
            act()
        except (OSError, sqlite3.Error, SQLAlchemyError, Refusal) as failed:
            # Neither an address nor a number stands in these.
            log.warning("news to people wait: %s", type(failed).__name__)
        finally:
            db.session.remove()
