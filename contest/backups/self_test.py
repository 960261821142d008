"""What this machine itself could spoil: no room, a clock that went back, a disk that promises nothing."""

import shutil
from datetime import timedelta

from flask import current_app
from sqlalchemy import select, text

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.i18n import N_
from contest.setup.rules import Note

LEAST_ROOM = 1_000_000_000
# A server of several machines has as many clocks.
WENT_BACK = timedelta(seconds=10)


def problems():
    """Notes, the worst first; asked when a server starts and by the desk (reliability.md, section 7)."""
    return [*_disk(), *_clock(), *_room()]


def _disk():
    """SQLite keeps every mark through a power cut only with its log beside it, written in full."""
    if db.engine.dialect.name != "sqlite":
        return
    mode = db.session.scalar(text("PRAGMA journal_mode"))
    synchronous = db.session.scalar(text("PRAGMA synchronous"))
    if (mode, synchronous) != ("wal", 2):
        yield Note(
            N_("The disk of the database takes no write-ahead log (%(mode)s): a power cut could lose marks. "
               "Put the data folder on a disk of this machine."),
            {"mode": mode}, kind="warn",
        )


def _clock():
    latest = db.session.scalar(select(TrailRow.at).order_by(TrailRow.id.desc()).limit(1))
    if latest is not None and latest - clock.now() > WENT_BACK:
        yield Note(
            N_("The clock of the server says %(now)s, but something was recorded at %(at)s already. Set the "
               "clock: deadlines go by it."),
            {"now": clock.now(), "at": latest}, kind="warn",
        )


def _room():
    folder = current_app.config["DATA_FOLDER"]
    # With PostgreSQL and keys from the environment nothing may ever have been put there.
    free = shutil.disk_usage(folder).free if folder.exists() else LEAST_ROOM
    if free < LEAST_ROOM:
        yield Note(
            N_("Only %(free)s MB are free on the server's disk. Make room before it is full: then nothing "
               "can be stored."),
            {"free": free // 1_000_000}, kind="warn",
        )
