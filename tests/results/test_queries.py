import random

import numpy as np
import pytest

from contest.db import db
from contest.results import queries
from contest.results.readings import forget_readings, reading_of
from contest.theory.models import TheoryEntry
from tests import factories
from tests.results.scenes import make_scene


def places(scene, **asked):
    return {row.number: row.place for row in queries.standings(scene.contest.id, **asked).rows}


def test_nothing_marked_is_nobody_placed(app):
    scene = make_scene(3)

    found = queries.standings(scene.contest.id)

    assert [row.place for row in found.rows] == [None, None, None]
    assert found.missing == {"paper": ("A001", "A002", "A003"), "risk": ("A001", "A002", "A003")}
    assert not found.is_final


def test_marks_become_printed_numbers(app):
    scene = make_scene(2)
    scene.theory(0, 80)
    scene.submit(0, 1, 8.5)
    scene.submit(0, 2, 9, deducted=1)

    row = queries.standings(scene.contest.id).rows[0]

    # Judge 1: 8.5 + 10 = 18.5; judge 2: 9 + 8 = 17; mean 17.75 of 20 is 88.75 of 100.
    # 30 % of 80 and 70 % of 88.75: 24 + 62.125 = 86.125, half up 86.13.
    assert row.modules["risk"].text == "17.75"
    assert row.parts["practical"].text == "88.75"
    assert row.total == "86.13"
    assert (row.place, row.complete) == (1, True)


def test_one_judge_alone_makes_no_mark(app):
    scene = make_scene(2)
    scene.submit(0, 1, 8)

    row = queries.standings(scene.contest.id).rows[0]

    assert row.modules["risk"].text is None
    assert row.place is None


def test_a_reopened_sheet_does_not_count(app):
    scene = make_scene(2).finish()
    before = queries.standings(scene.contest.id)

    scene.write(0, 1, "reopen")
    after = queries.standings(scene.contest.id)

    assert before.is_final
    assert after.missing == {"risk": ("A001",)}


def test_an_excused_seat_leaves_the_others(app):
    scene = make_scene(2).finish(points=[8, 9])

    scene.submit(0, 1, 2)
    scene.write(0, 1, "excuse")
    row = queries.standings(scene.contest.id).row_of(scene.entrants[0].id)

    assert row.modules["risk"].text == "18.00"


def test_a_lifted_penalty_takes_nothing_off(app):
    scene = make_scene(1).finish(points=[8])
    penalty = scene.penalty(0, 3)
    taken = queries.standings(scene.contest.id).rows[0].modules["risk"].text

    scene.penalty(0, 3, lifts=penalty.id)

    assert taken == "15.00"
    assert queries.standings(scene.contest.id).rows[0].modules["risk"].text == "18.00"


def test_who_withdrew_has_no_place(app):
    scene = make_scene(3).finish()

    scene.state(2, "withdrawn")

    found = queries.standings(scene.contest.id)
    assert found.rows[-1].state == "withdrawn"
    assert (found.rows[-1].place, found.competed) == (None, 2)


def test_absent_from_a_module_is_zero_and_said(app):
    scene = make_scene(2).finish()

    scene.state(0, "absent", "risk")

    figure = queries.standings(scene.contest.id).row_of(scene.entrants[0].id).modules["risk"]
    assert (figure.text, figure.note) == ("0.00", "absent")


def test_a_score_taken_back_is_missing_again(app):
    scene = make_scene(1).finish()

    scene.theory(0, None, state="withdrawn")

    assert queries.standings(scene.contest.id).missing == {"paper": ("A001",)}


def test_as_of_sees_only_what_was_there(app):
    scene = make_scene(2).finish(points=[5, 6])
    then = scene.at
    scene.minute = 5

    scene.submit(0, 1, 10)
    scene.submit(0, 2, 10)

    assert places(scene) == {"A001": 1, "A002": 2}
    assert places(scene, as_of=then) == {"A002": 1, "A001": 2}


def random_event(scene, chance):
    entrant, seat = chance.randrange(len(scene.entrants)), chance.randint(1, 2)
    kind = chance.choice(["submit"] * 5 + ["reopen", "excuse", "draft", "theory", "penalty", "state"])
    if kind == "submit":
        scene.submit(entrant, seat, chance.randrange(0, 21) / 2, chance.randrange(0, 6))
    elif kind == "theory":
        points, state = chance.randrange(0, 101), chance.choice(["scored", "absent"])
        scene.theory(entrant, points if state == "scored" else None, state)
    elif kind == "penalty":
        scene.penalty(entrant, chance.randrange(1, 5))
    elif kind == "state":
        scene.state(entrant, chance.choice(["normal", "absent", "disqualified", "not_finished"]))
    else:
        scene.write(entrant, seat, kind, {"A1": "1"} if kind == "draft" else None)


def arrays_of(book):
    for name in ("raw", "given", "submitted", "excused", "score", "score_given", "module_state",
                 "penalty"):
        for key, array in sorted(getattr(book, name).items()):
            yield name, key, array
    yield "state", "", book.state


@pytest.mark.parametrize("seed", range(4))
def test_row_by_row_gives_what_reading_all_gives(app, seed):
    """Whatever happens in whatever order, the kept book is the book made anew."""
    chance = random.Random(seed)
    scene = make_scene(4)
    moments = []

    for step in range(30):
        scene.minute = step
        random_event(scene, chance)
        if step % 7 == 3:
            moments.append(scene.at)
        kept = queries.book(scene.contest.id)[1]
        kept_rows = queries.standings(scene.contest.id).rows
        kept_then = [queries.standings(scene.contest.id, as_of=at).rows for at in moments]
        if step % 5 == 0:
            forget_readings()
            fresh = queries.book(scene.contest.id)[1]
            for (name, key, one), (_, _, other) in zip(
                arrays_of(kept), arrays_of(fresh), strict=True
            ):
                assert np.array_equal(one, other), (name, key)
            assert queries.standings(scene.contest.id).rows == kept_rows
            assert [queries.standings(scene.contest.id, as_of=at).rows for at in moments] == kept_then


def test_only_new_rows_are_read(app):
    scene = make_scene(3).finish()
    queries.standings(scene.contest.id)
    read = []
    strip = reading_of(scene.contest.id).strips["ledger"]
    whole = strip._read
    strip._read = lambda contest_id, after: (read.append(row) or row for row in whole(contest_id, after))

    scene.submit(0, 1, 10)
    queries.standings(scene.contest.id)

    # The last known row, to be sure of it, and the new ones: opened again, handed in, confirmed.
    assert len(read) == 4


def test_a_roll_back_leaves_no_trace(app):
    scene = make_scene(1)
    scene.theory(0, 70)
    db.session.add(TheoryEntry(
        contest_id=scene.contest.id, module_key="paper", entrant_id=scene.entrants[0].id,
        units=900_000, state="scored", source="never", at=scene.at,
    ))
    db.session.flush()
    lent = queries.standings(scene.contest.id).rows[0].total

    db.session.rollback()
    scene.theory(0, 80)

    assert lent == "27.00"
    assert queries.standings(scene.contest.id).rows[0].total == "24.00"


def test_a_renamed_entrant_is_seen_at_once(app):
    scene = make_scene(1).finish()
    queries.standings(scene.contest.id)

    scene.entrants[0].human.name = "改名"
    db.session.commit()

    assert queries.standings(scene.contest.id).rows[0].name == "改名"


def test_a_total_of_nothing_is_no_number(app):
    scene = make_scene(5, factories.plan_document(teams={"method": "sum"}), ["红队", "蓝队"])
    scene.submit(0, 1, 8)
    scene.theory(1, 0)
    scene.theory(2, 80)
    scene.state(2, "absent")

    found = queries.standings(scene.contest.id)
    totals = {row.number: row.total for row in found.rows}

    # A001 has one of two sheets, A002 a real zero, A003 stays away, the others have nothing.
    assert totals == {"A001": None, "A002": "0.00", "A003": None, "A004": None, "A005": None}
    assert {team.name: team.total for team in found.teams} == {"红队": "0.00", "蓝队": None}
