"""Writers of one process stand in line instead of sleeping and hoping."""

import time
from threading import Event, Thread

import pytest
from sqlalchemy import text

from contest import db as database
from contest.db import about_to_write, db


def write(app, holding, go_on):
    with app.app_context():
        about_to_write(True)
        db.session.execute(text("INSERT INTO organisation (name, name_en, region) VALUES ('甲', '', '')"))
        holding.set()
        go_on.wait(30)
        db.session.commit()
        db.session.remove()
        about_to_write(False)


def test_a_second_writer_waits_for_the_first(app):
    db.session.commit()
    db.session.remove()
    first, second, go_on = Event(), Event(), Event()
    one = Thread(target=write, args=(app, first, go_on))
    one.start()
    assert first.wait(30)
    other = Thread(target=write_other, args=(app, second))
    other.start()

    assert not second.wait(0.2)
    go_on.set()
    one.join(30)
    other.join(30)

    assert second.is_set()
    assert not database._turns[db.engine.url].locked()


def write_other(app, done):
    with app.app_context():
        about_to_write(True)
        db.session.execute(text("INSERT INTO organisation (name, name_en, region) VALUES ('乙', '', '')"))
        db.session.commit()
        db.session.remove()
        about_to_write(False)
        done.set()


def test_the_turn_is_given_back_after_a_roll_back(app):
    db.session.execute(text("SELECT 1"))
    assert database._turns[db.engine.url].locked()

    db.session.rollback()

    assert not database._turns[db.engine.url].locked()


def test_one_connection_may_write_twice(app):
    db.session.remove()
    with db.engine.connect() as connection:
        for _ in range(2):
            with connection.begin():
                connection.execute(text("DELETE FROM organisation"))

    assert not database._turns[db.engine.url].locked()


def test_readers_take_no_turn(app):
    db.session.remove()
    about_to_write(False)

    db.session.execute(text("SELECT 1"))

    assert not database._turns[db.engine.url].locked()


def patience_of(connection):
    return connection.exec_driver_sql("PRAGMA busy_timeout").scalar()


def test_whoever_sits_before_a_page_waits_less_than_a_command(app):
    db.session.remove()
    with db.engine.connect() as connection:
        with connection.begin():
            command = patience_of(connection)
        with app.test_request_context(), connection.begin():
            page = patience_of(connection)
        with connection.begin():
            again = patience_of(connection)
    assert command == again == database.PATIENCE * 1000
    assert page == database.PATIENCE_OF_PAGES * 1000 < 5000


@pytest.mark.parametrize(("waited", "left"), [(0.1, 3.5), (1.1, 2.5), (3.1, 0.5), (60, 0.5)])
def test_what_was_waited_for_a_thread_is_not_waited_for_again(app, waited, left):
    db.session.remove()
    environ = {database.CAME: time.monotonic() - waited}
    with app.test_request_context(environ_overrides=environ), db.engine.connect() as connection:
        with connection.begin():
            assert patience_of(connection) == left * 1000


def test_what_was_waited_in_line_is_not_waited_for_again(app, monkeypatch):
    """The line and the lock together take no longer than one patience."""
    db.session.remove()
    monkeypatch.setattr(database, "PATIENCE_OF_PAGES", 0.2)
    turn = database._turns[db.engine.url]
    about_to_write(True)
    with turn, app.test_request_context(), db.engine.connect() as connection, connection.begin():
        assert patience_of(connection) == 0
    about_to_write(False)
    assert not turn.locked()
