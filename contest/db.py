"""The database handle, its naming rules, and how each connection is prepared."""

from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC
from threading import Lock

from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import Pool
from sqlalchemy.types import TypeDecorator


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
        event.listen(Pool, "checkin", _on_checkin)


def _on_connect(connection, _record):
    if "sqlite3" not in type(connection).__module__:
        return
    connection.isolation_level = None  # We say BEGIN ourselves, see _on_begin.
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _on_begin(connection):
    if connection.dialect.name != "sqlite":
        return
    if not _writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    _take_turn(connection)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


# SQLite lets writers wait by sleeping, ever longer, and whoever comes at the right moment goes
# first: with 60 tablets some wait for seconds. Within a process writers therefore stand in line.
_turns = defaultdict(Lock)


def _take_turn(connection):
    if "turn" in connection.info:
        return  # The same connection goes on with another transaction.
    turn = _turns[connection.engine.url]
    # Who has waited as long as SQLite would let them wait goes on and hears from SQLite itself.
    if turn.acquire(timeout=10):
        connection.info["turn"] = turn


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
