"""Statements that every operation of every tablet asks: written by SQLAlchemy once, run without it.

What SQLAlchemy does anew for each execution (finding the compiled form, a context, a result with its
metadata) took longer than the database. Types, connections, transactions and errors stay SQLAlchemy's.
"""

from collections import namedtuple
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from contest.db import db

# Where a session keeps the connection of the transaction that it is in: to ask it anew costs as much as the
# statement.
CONNECTION = "prepared.connection"


@event.listens_for(db.session, "after_begin")
def _keep(session, _transaction, connection):
    session.info[CONNECTION] = connection


@event.listens_for(db.session, "after_transaction_end")
def _let_go(session, transaction):
    if transaction.parent is None:
        session.info.pop(CONNECTION, None)


@dataclass(frozen=True)
class _Form:
    """A statement for one kind of database. binds: (name, default, processor or None), in their order."""

    text: str
    is_positional: bool
    binds: tuple
    row: Any
    processors: tuple  # (position, processor) of the columns that need one

    def values(self, given):
        found = [
            (name, given.get(name, default) if process is None else process(given.get(name, default)))
            for name, default, process in self.binds
        ]
        return tuple(value for _, value in found) if self.is_positional else dict(found)

    def read(self, raw):
        if self.processors:
            raw = list(raw)
            for at, process in self.processors:
                raw[at] = process(raw[at])
        return self.row._make(raw)


class Prepared:
    """One statement on plain columns. columns: of an insert or update, those that are given.

    It runs within the session's transaction; what is read is read after what waits in the session.
    """

    def __init__(self, statement, columns=None):
        self.statement, self.columns = statement, columns
        self._forms = {}

    def all(self, **given):
        """Its rows as named tuples."""
        cursor, form = self._run(given)
        try:
            return [form.read(raw) for raw in cursor.fetchall()]
        finally:
            cursor.close()

    def first(self, **given):
        """Its first row as a named tuple, or None."""
        cursor, form = self._run(given)
        try:
            raw = cursor.fetchone()
            return None if raw is None else form.read(raw)
        finally:
            cursor.close()

    def run(self, **given):
        """Run it where no row is asked for."""
        self._run(given)[0].close()

    def run_each(self, rows):
        """Run it once for each dict of values."""
        self._run(rows, is_many=True)[0].close()

    def _run(self, given, is_many=False):
        session = db.session()
        if self.statement.is_select and session.autoflush:
            session.flush()
        connection = session.info.get(CONNECTION) or session.connection()
        form = self._form(connection.dialect)
        values = [form.values(one) for one in given] if is_many else form.values(given)
        cursor = connection.connection.cursor()
        try:
            # Who listens (the check of texts in db.py, a count in a test) hears of it as of any other.
            for listener in connection.dispatch.before_cursor_execute:
                listener(connection, cursor, form.text, values, None, is_many)
            (cursor.executemany if is_many else cursor.execute)(form.text, values)
        except connection.dialect.loaded_dbapi.Error as wrong:
            _raise_as_its_own(connection, cursor, form.text, values, wrong)
        except BaseException:
            cursor.close()
            raise
        return cursor, form

    def _form(self, dialect):
        known = self._forms.get(dialect.name)
        if known is None:
            known = self._forms[dialect.name] = self._write(dialect)
        return known

    def _write(self, dialect):
        compiled = self.statement.compile(
            dialect=dialect, column_keys=self.columns, compile_kwargs={"render_postcompile": True}
        )
        names = compiled.positiontup if compiled.positional else list(compiled.params)
        binds = tuple(
            (name, compiled.params[name], _of(compiled.binds[name].type, dialect).bind_processor(dialect))
            for name in names
        )
        columns = _columns(self.statement)
        processors = (
            (at, _of(type_, dialect).result_processor(dialect, None))
            for at, (_, type_) in enumerate(columns)
        )
        return _Form(
            compiled.string, compiled.positional, binds,
            namedtuple("Row", [name for name, _ in columns], rename=True),
            tuple((at, process) for at, process in processors if process is not None),
        )


def _of(type_, dialect):
    return type_.dialect_impl(dialect)


def _columns(statement):
    """(name, type) of what a statement gives back."""
    described = getattr(statement, "column_descriptions", None)
    if described is not None:
        return [(each["name"], each["type"]) for each in described]
    return [(each["name"], each["type"]) for each in statement.returning_column_descriptions]


def _raise_as_its_own(connection, cursor, text, values, wrong):
    """Raise an error of the driver as SQLAlchemy would, with a broken connection taken out of the pool."""
    dialect, driver = connection.dialect, connection.connection.dbapi_connection
    is_gone = dialect.is_disconnect(wrong, driver, cursor)
    cursor.close()
    if is_gone:
        connection.invalidate(wrong)
    raise DBAPIError.instance(
        text, values, wrong, dialect.loaded_dbapi.Error,
        hide_parameters=connection.engine.hide_parameters, connection_invalidated=is_gone,
        dialect=dialect,
    ) from wrong
