"""The database handle, its naming rules, and how each connection is prepared."""

import json
import re
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from threading import Lock
from time import monotonic

from flask import has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator

from contest.errors import Invalid
from contest.i18n import N_


class Base(DeclarativeBase):
    """Every table; constraints have predictable names so that migrations can alter them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Moment(TypeDecorator):
    """A moment in UTC that comes back with its time zone, also from SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value, dialect):
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value, dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Document = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

db = SQLAlchemy(model_class=Base)
migrate = Migrate(db=db, render_as_batch=True)

# Seconds that a transaction waits for other writers. Before a page somebody sits who has to hear within 5 s
# that nothing was stored (reliability.md, figure 15); a command rather waits.
PATIENCE_OF_PAGES, PATIENCE = 3.5, 10.0
# Whoever stood before a thread for a while (gate.py) has waited then; so long is still tried.
LEAST_PATIENCE = 0.5
# Where the gate says in a request's environment when all of it was here, on the clock of `monotonic`.
CAME = "contest.came"

# True while a request or command is going to write. SQLite then takes its write lock at BEGIN:
# a read that is upgraded later fails at once when another writer was faster (reliability.md, 0.4).
_writing = ContextVar("writing", default=False)


def about_to_write(yes=True):
    """Say that transactions begun from here on in this context will write."""
    _writing.set(yes)


@contextmanager
def writing(yes=True):
    """Within the block transactions begin as writing ones (or not); end an earlier one first."""
    token = _writing.set(yes)
    try:
        yield
    finally:
        _writing.reset(token)


def prepare_engine():
    """Make every SQLite connection durable and well behaved; call once, before any engine is used."""
    if not event.contains(Engine, "connect", _on_connect):
        event.listen(Engine, "connect", _on_connect)
        event.listen(Engine, "begin", _on_begin)
        event.listen(Engine, "before_cursor_execute", _on_statement)
        event.listen(Pool, "checkin", _on_checkin)


def _on_connect(connection, _record):
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None  # We say BEGIN ourselves, see _on_begin.
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # What was erased is overwritten, not left in free pages; some builds of SQLite do not do so unasked.
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _on_begin(connection):
    is_asked, will_write = has_request_context(), _writing.get()
    patience = _left_of_patience() if is_asked else PATIENCE
    if connection.dialect.name != "sqlite":
        if is_asked and will_write:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience * 1000:.0f}")
        return
    if will_write:
        patience = _take_turn(connection, patience)
    _wait_at_most(connection, patience)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if will_write else "BEGIN")


def _left_of_patience():
    now = monotonic()
    # To the half second: the connection is told only when it changes.
    waited = (now - request.environ.get(CAME, now)) // 0.5 / 2
    return max(PATIENCE_OF_PAGES - waited, min(LEAST_PATIENCE, PATIENCE_OF_PAGES))


def _wait_at_most(connection, seconds):
    if connection.info.get("patience") != seconds:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {seconds * 1000:.0f}")
        connection.info["patience"] = seconds


# PostgreSQL keeps no NUL in a text, and nobody keeps half of a character that takes two (JSON may bring one).
# Asked here, of every text on its way to the database, so that no page, file or program brings one past
# it, and SQLite holds nothing that could not move to PostgreSQL.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Unstorable(Invalid, DontWrapMixin):
    """A text with a character that no database can keep."""

    def __init__(self, text):
        found = _UNSTORABLE.search(text)
        super().__init__(
            N_("After “%(before)s” stands a character that cannot be stored (NUL, or half of a character). "
               "Take it out; nothing was stored."),
            before=text[max(0, found.start() - 20):found.start()],
        )


def _check_text(text):
    if "\x00" in text or (not text.isascii() and _UNSTORABLE.search(text)):
        raise Unstorable(text)


def _on_statement(_connection, _cursor, _statement, parameters, _context, _is_many):
    # Many rows are a list; rows that go in one statement with the ids coming back are one row here.
    for row in parameters if isinstance(parameters, list) else (parameters,):
        for value in row.values() if isinstance(row, dict) else row or ():
            if isinstance(value, str):
                _check_text(value)


def as_json(document):
    """A document as both databases take it; Unstorable names the text that none of them can keep."""
    text = json.dumps(document)
    if "\\u0000" in text or "\\ud" in text:  # as escapes; the second also begins half of all emoji
        check_texts(document)
    return text


def check_texts(document):
    """Unstorable when a text within a document, also the name of a field, cannot be stored."""
    if isinstance(document, str):
        _check_text(document)
    elif isinstance(document, dict):
        for name, value in document.items():
            check_texts(name)
            check_texts(value)
    elif isinstance(document, list | tuple):
        for value in document:
            check_texts(value)


# SQLite lets writers wait by sleeping, ever longer, and whoever comes at the right moment goes
# first: with 60 tablets some wait for seconds. Within a process writers therefore stand in line.
_turns = defaultdict(Lock)


def _take_turn(connection, patience):
    """Stand in line; returns how many seconds are left to wait for other processes."""
    if "turn" in connection.info:
        return patience  # The same connection goes on with another transaction.
    turn = _turns[connection.engine.url]
    if turn.acquire(blocking=False):
        connection.info["turn"] = turn
        return patience
    began = monotonic()
    # Whose patience is at an end goes on and hears from SQLite itself.
    if turn.acquire(timeout=patience):
        connection.info["turn"] = turn
    return max(patience - (monotonic() - began), 0)


def _on_checkin(_connection, record):
    turn = record.info.pop("turn", None)
    if turn is not None:
        turn.release()


@contextmanager
def snapshot():
    """Within the block everything is read as of one moment, and no writer waits for it.

    What was begun before is rolled back, and what the block reads ends with it.
    """
    db.session.rollback()
    token = _writing.set(False)
    try:
        if db.engine.dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield
    finally:
        db.session.rollback()
        _writing.reset(token)
