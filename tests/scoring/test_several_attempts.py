"""Marks of aspects with several attempts, grades and ranks: how they are read, kept and refused."""

from fractions import Fraction

import pytest

from contest.scoring.marks import VOID, MarkError, read_attempts, sheet_points
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests

LIFT = {
    "key": "A1",
    "name": "抓举",
    "kind": "measured",
    "max": "200",
    "highest": "200",
    "itself": True,
    "attempts": 3,
}
SHOTS = {**contests.points_aspect("A2", "10", "1"), "attempts": 2}
ONCE = {
    "key": "A3",
    "name": "用时",
    "kind": "measured",
    "max": "10",
    "highest": "60",
    "table": [{"upto": "30", "points": "10"}],
}
GRADE = {
    "key": "A4",
    "name": "等级",
    "kind": "grade",
    "max": "5",
    "grades": [{"key": "A", "name": "优", "points": "5"}, {"key": "1", "name": "良", "points": "3"}],
}
CHECKS = {"key": "A5", "name": "检查", "kind": "checklist", "items": [{"name": "a", "points": "1"}] * 2}


@pytest.fixture(scope="module")
def module():
    return plan_from(
        contests.plan_of([contests.sheet_module(aspects=[LIFT, SHOTS, ONCE, GRADE, CHECKS])])
    ).module("drill")


@pytest.mark.parametrize(
    ("key", "value", "raws", "stored"),
    [
        ("A1", ["98", "x", "102"], [980_000, VOID, 1_020_000], ["98", "x", "102"]),
        ("A1", ["98"], [980_000, None, None], ["98", None, None]),
        ("A1", None, [None] * 3, None),
        ("A1", [], [None] * 3, None),
        ("A1", [None, ""], [None] * 3, None),
        ("A2", ["7", "x"], [70_000, VOID], ["7", "x"]),
        ("A3", "x", [VOID], "x"),
        ("A3", "25", [250_000], "25"),
        ("A4", "A", [50_000], "A"),
        ("A4", 1, [30_000], "1"),
        ("A4", "", [None], None),
        ("A5", None, [None], None),
    ],
)
def test_attempts_are_read_and_kept_in_one_way(module, key, value, raws, stored):
    assert read_attempts(module.aspect(key), value) == (raws, stored)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("A1", ["1", "2", "3", "4"], "“抓举” has 3 attempts; give one mark for each, or x where it failed."),
        ("A1", "98", "“抓举” has 3 attempts; give one mark for each, or x where it failed."),
        ("A4", "C", "“C” is not a grade; it must be one of: A, 1."),
        ("A4", ["A"], "it must be one of: A, 1."),
        ("A2", ["7", "11"], "11"),
    ],
)
def test_a_bad_attempt_is_refused(module, key, value, says):
    with pytest.raises(MarkError) as refused:
        read_attempts(module.aspect(key), value)
    assert says in str(refused.value)


def test_a_sheet_earns_nothing_where_it_stands_at_a_failed_attempt(module):
    # The table says 10 points up to 30 s, and the attempt failed.
    values = {"A1": ["98", "x", "102"], "A2": ["7", None], "A3": "x", "A4": "1", "A5": [True, False]}

    points = sheet_points(module, values)

    assert points == [Fraction(1_020_000), Fraction(70_000), Fraction(0), Fraction(30_000), Fraction(10_000)]


def test_what_is_not_marked_earns_nothing_yet(module):
    assert sheet_points(module, {"A3": "31"}) == [None, None, Fraction(0), None, None]


@pytest.mark.parametrize("value", ["0", "1.5", "-1", "10001", "first", True])
def test_a_rank_is_a_whole_number_from_one(value):
    rank = (
        plan_from(
            contests.plan_of(
                [
                    contests.sheet_module(
                        aspects=[{"key": "A1", "name": "名次", "kind": "rank", "max": "1"}],
                        judges=3,
                        method="majority",
                    )
                ]
            )
        )
        .module("drill")
        .aspect("A1")
    )
    assert read_attempts(rank, "1") == ([1], 1)
    assert read_attempts(rank, " ") == ([None], None)
    with pytest.raises(MarkError, match="it must be a whole number from 1 to 10000"):
        read_attempts(rank, value)
