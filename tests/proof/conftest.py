"""A contest on a database of its own, served by real processes; the real time, not the tests' noon."""

import sqlite3
import time

import pytest
from sqlalchemy import text

from contest import clock
from contest.db import about_to_write, db
from tests.proof.office import Office, environment_of


@pytest.fixture
def own_time(app):
    """Sessions that a server process will look at are made by its own clock."""
    clock.stand_still(None)
    return time


@pytest.fixture
def office(app, own_time, tmp_path):
    """The office on this test's database; the test starts it when its rows are there."""
    found = Office(environment_of(app, tmp_path))
    yield found
    found.stop()


@pytest.fixture
def let_go():
    """`let_go()` ends the test's own transaction, so that the servers may write."""
    def end():
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        about_to_write(False)

    return end


def ledger_rows():
    """(op_id, sheet, rev, base_rev, marks) of everything in the ledger."""
    from contest.judging.models import SheetRevision as Row

    db.session.rollback()
    return db.session.query(Row.op_id, Row.sheet_id, Row.rev, Row.base_rev, Row.marks).all()


def integrity(app):
    """What the database says of itself; "ok" when it is whole."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        try:
            return connection.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            connection.close()
    db.session.execute(text("SELECT count(*) FROM sheet_revision"))
    return "ok"
