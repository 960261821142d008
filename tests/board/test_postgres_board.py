"""Reading results on PostgreSQL, where rows may be committed in another order than they were numbered."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from contest import clock
from contest.board import pulse_queries
from contest.board import queries as board
from contest.db import db
from contest.results import queries
from contest.results.readings import forget_readings
from tests.results.scenes import make_scene

on_postgres = pytest.mark.parametrize("app", ["postgres"], indirect=True)


@on_postgres
def test_standings_are_the_same_row_by_row_and_from_scratch(app):
    scene = make_scene(3).finish()
    kept = queries.standings(scene.contest.id).rows
    scene.minute = 5
    for act in (
        lambda: scene.submit(0, 1, 10), lambda: scene.write(1, 2, "excuse"),
        lambda: scene.penalty(2, 3), lambda: scene.state(1, "not_finished"),
        lambda: scene.theory(0, 100),
    ):
        act()
        kept = queries.standings(scene.contest.id).rows
    before = queries.standings(scene.contest.id, as_of=clock.now()).rows

    forget_readings()

    assert queries.standings(scene.contest.id).rows == kept
    assert queries.standings(scene.contest.id, as_of=clock.now()).rows == before != kept


@on_postgres
def test_a_smaller_number_that_is_committed_later_is_not_missed(app):
    scene = make_scene(2).finish()
    queries.standings(scene.contest.id)
    other = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    insert = text(
        "INSERT INTO theory_entry (contest_id, module_key, entrant_id, units, state, source, at) "
        "VALUES (:contest, 'paper', :entrant, 1000000, 'scored', 'slow', :at)"
    )
    with other.connect() as slow:
        slow.execute(insert, {
            "contest": scene.contest.id, "entrant": scene.entrants[0].id, "at": clock.now(),
        })
        db.session.rollback()
        scene.theory(1, 10)  # a larger number, committed first
        before = queries.standings(scene.contest.id)
        db.session.rollback()
        slow.commit()
    other.dispose()

    after = queries.standings(scene.contest.id)

    assert before.row_of(scene.entrants[0].id).modules["paper"].text == "60.00"
    assert after.row_of(scene.entrants[0].id).modules["paper"].text == "100.00"
    assert after.row_of(scene.entrants[1].id).modules["paper"].text == "10.00"


@on_postgres
def test_the_public_board_reads_the_same(app):
    scene = make_scene(3).finish()

    found = board.public_board(scene.contest.slug, clock.now() + timedelta(minutes=1))

    assert [(row.number, row.place) for row in found.rows] == [("A003", 1), ("A002", 2), ("A001", 3)]
    assert scene.contest.slug in pulse_queries.pulses(clock.now())
