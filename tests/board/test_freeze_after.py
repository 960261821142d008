"""A freeze that begins with the last mark of a module: as data, the same for every process."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.board import actions, queries
from contest.board.models import BoardSwitch
from contest.db import db, writing
from contest.errors import Conflict, Invalid
from contest.results.closing_queries import module_closed_at
from contest.results.readings import forget_readings
from tests import factories
from tests.board.test_queries import everything_public
from tests.results.scenes import make_scene

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def leader(scene):
    return factories.make_official("万主持", "host", contest=scene.contest)


def make_armed(count=3):
    """Everybody's theory is in, risk is being marked; the board is to freeze with its last mark."""
    scene = make_scene(count)
    for entrant in range(count):
        scene.theory(entrant, 60 + entrant)
        scene.sheet(entrant, 1)
        scene.sheet(entrant, 2)
    actions.freeze_after_module(leader(scene), scene.contest.id, "risk")
    return scene


def mark_at(scene, seconds, act, told=True):
    """Something happens at so many seconds after the clock stood still; the office hears of it or not."""
    scene.minute = seconds / 60
    act()
    if told:
        signals.marks_changed.send("test", contest_id=scene.contest.id)


def mark_all(scene, told=True):
    """Risk is marked, the last sheet one hour after noon."""
    sheets = [(entrant, seat) for entrant in range(len(scene.entrants)) for seat in (1, 2)]
    for number, (entrant, seat) in enumerate(sheets):
        last = number == len(sheets) - 1
        mark_at(scene, 3600 if last else number, lambda e=entrant, s=seat: scene.submit(e, s, 5 + e), told)


def cutoff(scene, seconds=7200):
    return queries.find_cutoff(scene.contest.id, clock.now() + timedelta(seconds=seconds))


@BOTH
def test_the_freeze_begins_with_the_last_mark_and_is_written_down(app):
    scene = make_armed()
    assert cutoff(scene) is None

    mark_all(scene)

    switch = db.session.get(BoardSwitch, scene.contest.id)
    assert (switch.freeze_from, switch.freeze_after) == (clock.now() + timedelta(hours=1), None)
    assert cutoff(scene) == switch.freeze_from
    [row] = db.session.scalars(select(TrailRow).filter_by(did="board.freeze", who="board"))
    assert row.facts["now"]["freeze_from"] == switch.freeze_from.isoformat()


@BOTH
def test_every_process_finds_the_same_moment_also_before_it_is_written_down(app):
    """The office died between the mark and the note: a node that was just started knows all the same."""
    scene = make_armed()
    mark_all(scene, told=False)
    mark_at(scene, 3601, lambda: scene.theory(0, 100), told=False)
    mark_at(scene, 3700, lambda: scene.submit(1, 1, 10), told=False)

    first = cutoff(scene)
    forget_readings()
    second = cutoff(scene)
    signals.marks_changed.send("test", contest_id=scene.contest.id)

    assert first == second == clock.now() + timedelta(hours=1)
    assert db.session.get(BoardSwitch, scene.contest.id).freeze_from == first


@pytest.mark.parametrize("told", [True, False])
def test_no_public_byte_tells_what_comes_after_the_last_mark(app, told):
    scene = make_armed()
    start = clock.now()
    mark_all(scene, told)
    clock.stand_still(start + timedelta(hours=2))
    scene.minute = 60 - 120  # minutes count from the clock
    before = everything_public(app, scene.contest.slug)
    switches = queries.switches(scene.contest.id, clock.now())

    for milliseconds, act in (
        (1, lambda: scene.submit(0, 1, 10)), (2, lambda: scene.theory(1, 99)),
        (3, lambda: scene.penalty(2, 5)), (4, lambda: scene.state(1, "disqualified")),
    ):
        scene.minute = -60 + milliseconds / 60_000
        act()
        if told:
            signals.marks_changed.send("test", contest_id=scene.contest.id)

    assert switches.cutoff == start + timedelta(hours=1)
    assert everything_public(app, scene.contest.slug) == before
    actions.reveal_board(leader(scene), scene.contest.id)
    assert everything_public(app, scene.contest.slug) != before


def test_a_mark_just_before_the_last_one_is_shown(app):
    scene = make_armed(2)
    for entrant, seat, seconds in ((0, 1, 0), (0, 2, 1), (1, 1, 3599.999), (1, 2, 3600)):
        mark_at(scene, seconds, lambda e=entrant, s=seat: scene.submit(e, s, 5))

    board = queries.public_board(scene.contest.slug, clock.now() + timedelta(hours=2))
    assert [row.complete for row in board.rows] == [True, True]
    assert board.frozen_at == clock.now() + timedelta(hours=1)


def test_whoever_is_absent_at_last_closes_the_module_too(app):
    """The moment is that of the word, not of the last mark before it: what was seen stays seen."""
    scene = make_armed(2)
    for seat in (1, 2):
        mark_at(scene, seat, lambda s=seat: scene.submit(0, s, 5))
    mark_at(scene, 500, lambda: scene.theory(0, 90))
    assert cutoff(scene) is None

    mark_at(scene, 600, lambda: scene.state(1, "absent", "risk"))

    assert cutoff(scene) == clock.now() + timedelta(seconds=600)


def test_a_sheet_that_is_opened_again_does_not_thaw_the_board(app):
    scene = make_armed()
    mark_all(scene)

    mark_at(scene, 3700, lambda: scene.write(0, 1, "reopen"))

    assert module_closed_at(scene.contest.id, "risk") is None
    assert cutoff(scene) == clock.now() + timedelta(hours=1)


def test_it_is_called_off_before_it_began(app):
    scene = make_armed()

    actions.reveal_board(leader(scene), scene.contest.id)
    mark_all(scene)

    assert cutoff(scene) is None
    with pytest.raises(Conflict):
        actions.reveal_board(leader(scene), scene.contest.id)


@pytest.mark.parametrize("module", ["paper", "nowhere", ""])
def test_only_a_module_that_is_still_marked_can_be_waited_for(app, module):
    scene = make_armed()

    with pytest.raises(Invalid) as refused:
        actions.freeze_after_module(leader(scene), scene.contest.id, module)

    assert set(refused.value.fields) == {"after_module"}


def test_a_frozen_board_waits_for_nothing(app):
    scene = make_armed()
    mark_all(scene)
    clock.stand_still(clock.now() + timedelta(hours=2))

    with pytest.raises(Conflict, match="frozen already"):
        actions.freeze_after_module(leader(scene), scene.contest.id, "risk")


def test_the_host_chooses_it_on_the_page_and_officials_read_it_there(as_role):
    scene = make_scene(2)
    scene.sheet(0, 1)
    browser = as_role("host", scene.contest)
    address = f"/contests/{scene.contest.id}/board"

    for module, status in (("nowhere", 422), ("risk", 303)):
        form = {"when": "after", "after_module": module}
        assert browser.post(f"{address}/freeze", data=form).status_code == status

    assert "The board freezes with the last mark of Risk." in browser.get(address).text


@pytest.mark.parametrize(
    ("role", "page"),
    [("organiser", ""), ("chief_judge", ""), ("chief_judge", "/chief"), ("organiser", "/results"),
     ("host", "/ceremony"), ("host", "/board")],
)
def test_every_official_page_tells_what_the_public_sees(as_role, role, page):
    scene = make_scene(2).finish()
    browser, address = as_role(role, scene.contest), f"/contests/{scene.contest.id}{page}"
    assert "You see everything." not in browser.get(address).text

    actions.freeze_board(leader(scene), scene.contest.id)

    assert "You see everything." in browser.get(address).text


def test_the_question_after_each_mark_keeps_nobody_from_writing_and_waits_for_nobody(app, listen):
    """Somebody else holds SQLite's write lock: the mark is stored already, and its judge hears so."""
    contest_id = make_scene(1).contest.id
    db.session.rollback()
    other = sqlite3.connect(db.engine.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = []
    listen(db.engine, "before_cursor_execute", lambda *call: began.append(call[2]))

    with writing():
        signals.marks_changed.send("test", contest_id=contest_id)

    other.execute("ROLLBACK")
    other.close()
    assert "BEGIN" in began and "BEGIN IMMEDIATE" not in began
