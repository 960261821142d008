"""The process beside the servers that makes a copy whenever one is due."""

import logging
import os
import signal
import sqlite3
import sys
import time

from sqlalchemy.exc import SQLAlchemyError

from contest.backups.actions import try_copy
from contest.backups.place import place_here
from contest.backups.queries import is_due
from contest.db import db
from contest.errors import Refusal

LOOK_EVERY_S = 5
log = logging.getLogger(__name__)


def keep(app):
    """Make copies when they are due, for as long as the process lives; it never hurries the office."""
    os.nice(10)
    # Told to end, it clears away what it has begun: half a copy, a database to try one out in.
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: sys.exit(0))
    while True:
        with app.app_context():
            keep_once()
            db.session.remove()
        time.sleep(LOOK_EVERY_S)


def keep_once():
    """Make a copy if one is due; whatever fails is written down and tried again. True when one was made."""
    place = place_here()
    try:
        if not is_due(place):
            return False
        try_copy(place)
    except (Refusal, OSError, sqlite3.Error, SQLAlchemyError) as failed:
        # Where it can be, it is on the desk already; a full disk or a dead database leave only this.
        log.warning("no copy of the database was made: %s", failed)
        return False
    return True
