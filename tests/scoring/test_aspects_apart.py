"""How far the judges' marks of one aspect may lie apart: shown to the chief, and never a change of a mark."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contest.scoring.scheme_reading import document_from, plan_document, plan_from, plan_hash
from contest.scoring.score import score
from contest.setup.presets import list_presets
from tests.scoring import contests
from tests.scoring.plans import examples

# Of the presets as they were before an aspect could have a limit.
HASHES = {"c1_cement": "ed515272ddf19808", "c2_hotline": "2a6815925dc60eec"}
STEP = Fraction(1, 2)
TAKES = {
    "best": max, "worst": min, "last": lambda marks: marks[-1], "sum": sum,
    "mean": lambda marks: sum(marks) / Fraction(len(marks)),
}


def document(seats, apart=None, attempts=1, take="best"):
    aspect = {**contests.points_aspect(top=str(10 * attempts)), "attempts": attempts, "take": take}
    aspect |= {} if apart is None else {"apart": apart}
    return contests.plan_of([contests.sheet_module(aspects=[aspect], judges=seats)])


def drill(made, sheets):
    """The module's result; sheets: for each entrant (marks, submitted, excused) of each seat."""
    people = [
        contests.entrant(sheets={"drill": [
            {"values": {"A1": marks}, "submitted": is_in, "excused": is_out} for marks, is_in, is_out in seats
        ]})
        for seats in sheets
    ]
    return score(plan_from(made), contests.book_of(made, people)).modules["drill"]


def slowly(seats, apart, take):
    """The same in fractions, one judge after the other."""
    counted = [marks for marks, is_in, is_out in seats if is_in and not is_out]
    stands = [TAKES[take](list(map(Fraction, marks))) for marks in counted]
    return bool(stands) and any(abs(one - other) > apart for one in stands for other in stands)


@st.composite
def panels(draw):
    """(seats, attempts, take, apart, sheets) of one aspect of points in halves."""
    seats, attempts = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    take = draw(st.sampled_from(list(TAKES))) if attempts > 1 else "best"
    mark = st.integers(0, 20).map(lambda halves: str(float(halves * STEP)))
    marks = st.lists(mark, min_size=attempts, max_size=attempts)
    sheet = st.tuples(marks, st.booleans(), st.booleans())
    sheets = draw(st.lists(st.lists(sheet, min_size=seats, max_size=seats), min_size=1, max_size=4))
    return seats, attempts, take, draw(st.integers(0, 20)) * STEP, sheets


@settings(deadline=None, max_examples=examples(150))
@given(panels())
def test_what_is_found_at_once_is_what_a_slow_look_finds(panel):
    seats, attempts, take, apart, sheets = panel
    given_ = [[(m if attempts > 1 else m[0], *rest) for m, *rest in row] for row in sheets]

    found = drill(document(seats, str(float(apart)), attempts, take), given_)
    plain = drill(document(seats, None, attempts, take), given_)

    assert found.odd.tolist() == [slowly(row, apart, take) for row in sheets]
    assert not plain.odd.any()
    for name in ("done", "rounded", "stuck"):
        assert np.array_equal(getattr(found, name), getattr(plain, name))
    assert np.array_equal(found.exact.numerators, plain.exact.numerators)


@pytest.mark.parametrize(
    ("marks", "is_odd"), [(("5", "8"), False), (("5", "8.1"), True), (("5", "x"), False)]
)
def test_measured_values_are_compared_in_their_unit_and_a_failed_attempt_is_none(marks, is_odd):
    timed = {
        "key": "A1", "name": "用时", "kind": "measured", "max": "10", "places": 1, "lowest": "0",
        "highest": "60", "table": [{"upto": "60", "points": "10"}], "apart": "3",
    }
    made = contests.plan_of([contests.sheet_module(aspects=[timed], judges=2)])

    assert drill(made, [[(mark, True, False) for mark in marks]]).odd.tolist() == [is_odd]


def test_only_the_panel_that_marks_an_aspect_is_asked():
    made = document(2, "1")
    module = made["modules"][0]
    del module["panel"]
    module["panels"] = [{"key": "one", "name": "甲", "judges": 2}, {"key": "two", "name": "乙", "judges": 1}]
    second = {"key": "B", "name": "其他", "panel": "two", "aspects": [contests.points_aspect("B1", "10")]}
    module["criteria"][0]["panel"] = "one"
    module["criteria"].append(second)
    module["max"] = "20"
    people = [
        contests.entrant(sheets={"drill": [
            {"values": {key: mark}, "submitted": True, "excused": False}
            for key, mark in (("A1", first), ("A1", "9"), ("B1", "0"))
        ]}) for first in ("8", "7.5")
    ]

    found = score(plan_from(made), contests.book_of(made, people)).modules["drill"]
    assert found.odd.tolist() == [False, True]


@pytest.mark.parametrize("key", HASHES)
def test_a_plan_without_a_limit_is_written_as_it_was(key):
    [preset] = [one for one in list_presets() if one.key == key]
    plan = plan_from(document_from(preset.text))

    assert plan_hash(plan).startswith(HASHES[key])
    assert "apart" not in {name for aspect in aspects_of(plan_document(plan)) for name in aspect}


def aspects_of(written):
    return [a for m in written["modules"] for c in m.get("criteria", ()) for a in c["aspects"]]


def test_a_limit_of_nothing_is_a_limit_and_is_kept():
    plan = plan_from(document(2, "0"))

    assert [aspect["apart"] for aspect in aspects_of(plan_document(plan))] == ["0"]
    assert plan_from(plan_document(plan)) == plan
    plain = replace(plan.modules[0].aspects[0], apart=None)
    assert plain == plan_from(document(2)).modules[0].aspects[0]
    assert drill(document(2, "0"), [[("5", True, False), ("5.5", True, False)]]).odd.tolist() == [True]
