"""What a mark is, what it earns, and every way of refusing one."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from contest.scoring.earning import points_of
from contest.scoring.marks import (
    MarkError,
    canonical_mark,
    parse_number,
    raw_range,
    read_mark,
    read_sheet,
    sheet_points,
)
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests

ASPECTS = [
    {"key": "A1", "name": "辨识", "kind": "points", "max": "20", "step": "0.5"},
    {
        "key": "A2",
        "name": "操作",
        "kind": "deductions",
        "max": "20",
        "reasons": [
            {"name": "未戴手套", "points": "2", "most": 5},
            {"name": "超时", "points": "12"},
        ],
    },
    {
        "key": "A3",
        "name": "检查",
        "kind": "checklist",
        "items": [{"name": "灭火器", "points": "10"}, {"name": "警示牌", "points": "2.5"}],
    },
    {
        "key": "A4",
        "name": "团队",
        "kind": "judgement",
        "max": "20",
        "levels": [{"name": str(level)} for level in range(4)],
    },
    {
        "key": "A5",
        "name": "用时",
        "kind": "measured",
        "max": "15",
        "unit": "s",
        "places": 1,
        "highest": "1800",
        "table": [{"upto": "300", "points": "15"}, {"upto": "360", "points": "12"}],
        "beyond": "3",
    },
    {
        "key": "A6",
        "name": "隐患",
        "kind": "measured",
        "max": "12.5",
        "highest": "50",
        "formula": {"start": "0", "from": "0", "points": "0.5", "per": "1"},
    },
]
MODULE = plan_from(contests.plan_of([contests.sheet_module(aspects=ASPECTS)])).module("drill")
FULL_SHEET = {
    "A1": "9.5",
    "A2": {"0": 2},
    "A3": [True, False],
    "A4": 2,
    "A5": "300.1",
    "A6": "7",
}


def earned(key, value):
    aspect = MODULE.aspect(key)
    raw = np.array([read_mark(aspect, value)], dtype=np.int64)
    numerators, denominator = points_of(aspect, raw)
    return Fraction(int(numerators[0]), denominator * 10_000)


def one(**more):
    """A measured aspect of its own, out of 10."""
    aspect = {"key": "A1", "name": "用时", "kind": "measured", "max": "10", "highest": "600"}
    aspect |= more
    module = contests.sheet_module(aspects=[aspect])
    return plan_from(contests.plan_of([module])).module("drill").aspect("A1")


def earned_by(aspect, *values):
    raw = np.array([read_mark(aspect, value) for value in values], dtype=np.int64)
    numerators, denominator = points_of(aspect, raw)
    return [Fraction(int(number), denominator * 10_000) for number in numerators]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9.5", "9.5"),
        ("９．５", "9.5"),
        (" 10 ", "10"),
        ("０９．５０", "9.50"),
        (7, "7"),
        (Decimal("2.25"), "2.25"),
        ("-3", "-3"),
    ],
)
def test_numbers_are_understood(text, number):
    assert parse_number(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    ["NaN", "1,5", "1e3", "Infinity", "", " ", "9.", ".5", "九", "٣", "1_0"],
)
def test_what_is_not_a_plain_number_is_refused(text):
    with pytest.raises(MarkError, match="is not a number"):
        parse_number(text)


@pytest.mark.parametrize("value", [True, 9.5, float("nan"), [], {}, b"9"])
def test_other_kinds_of_value_are_no_numbers(value):
    with pytest.raises(MarkError):
        parse_number(value)


@pytest.mark.parametrize(
    ("key", "value", "points"),
    [
        pytest.param("A1", "0", "0", id="zero is a mark"),
        pytest.param("A1", "20", "20", id="the top mark"),
        pytest.param("A1", "９．５", "9.5", id="full width"),
        pytest.param("A2", {}, "20", id="nothing deducted"),
        pytest.param("A2", {"0": 2}, "16", id="20 - 2 x 2"),
        pytest.param("A2", {"0": 5, "1": 1}, "0", id="20 - 22 stops at nothing"),
        pytest.param("A3", [True, False], "10", id="one ticked"),
        pytest.param("A3", [True, True], "12.5", id="all ticked"),
        pytest.param("A3", [False, False], "0", id="none ticked is a mark"),
        pytest.param("A4", 0, "0", id="judged 0"),
        pytest.param("A4", 2, "40/3", id="20 x 2 / 3 exactly"),
        pytest.param("A4", "3", "20", id="judged 3, typed"),
        pytest.param("A5", "300", "15", id="on the edge of the first row"),
        pytest.param("A5", "300.1", "12", id="just over it"),
        pytest.param("A5", "360.1", "3", id="beyond the table"),
        pytest.param("A6", "7", "3.5", id="0.5 x 7"),
        pytest.param("A6", "50", "12.5", id="held at the top mark"),
    ],
)
def test_marks_earn_points(key, value, points):
    assert earned(key, value) == Fraction(points)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("A1", "20.5", "between 0 and 20"),
        ("A1", "-1", "between 0 and 20"),
        ("A1", "9.3", "in steps of 0.5"),
        ("A1", "1,5", "number between 0 and 20 in steps of 0.5"),
        ("A1", "NaN", "number between 0 and 20 in steps of 0.5"),
        ("A1", "0.00001", "number between 0 and 20"),
        ("A1", True, "number between 0 and 20"),
        ("A2", {"0": 6}, "“未戴手套” can be counted from 0 to 5 times"),
        ("A2", {"0": -1}, "from 0 to 5 times"),
        ("A2", {"0": True}, "from 0 to 5 times"),
        ("A2", {"0": 1.0}, "from 0 to 5 times"),
        ("A2", {"2": 1}, "no such reason"),
        ("A2", {"-1": 1}, "no such reason"),
        ("A2", {"²": 1}, "no such reason"),
        ("A2", [1], "how often each reason"),
        ("A3", [True], "has 2 lines"),
        ("A3", [True, 1], "has 2 lines"),
        ("A3", "yes", "has 2 lines"),
        ("A4", 4, "0, 1, 2 or 3"),
        ("A4", "1.5", "0, 1, 2 or 3"),
        ("A4", -1, "0, 1, 2 or 3"),
        ("A5", "1800.1", "between 0 and 1800"),
        ("A5", "300.15", "between 0 and 1800; decimals allowed: 1"),
        ("A5", "5:00", "number between 0 and 1800"),
    ],
)
def test_what_is_not_allowed_is_refused_with_what_is(key, value, says):
    with pytest.raises(MarkError) as refused:
        read_mark(MODULE.aspect(key), value)

    assert says in str(refused.value)


@pytest.mark.parametrize(("key", "value"), [("A1", None), ("A1", ""), ("A1", " "), ("A2", None)])
def test_nothing_is_not_a_mark(key, value):
    assert read_mark(MODULE.aspect(key), value) is None
    assert canonical_mark(MODULE.aspect(key), value) is None


def test_a_half_filled_checklist_is_kept_but_is_not_a_mark():
    assert read_mark(MODULE.aspect("A3"), [True, None]) is None
    assert canonical_mark(MODULE.aspect("A3"), [True, None]) == [True, None]
    assert canonical_mark(MODULE.aspect("A3"), [None, None]) is None


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("A1", "０９．５０", "9.5"),
        ("A1", 10, "10"),
        ("A2", {1: 1, "0": 0}, {"1": 1}),
        ("A2", {"1": 1, "0": 2}, {"0": 2, "1": 1}),
        ("A3", (True, False), [True, False]),
        ("A4", "２", 2),
        ("A5", "300.10", "300.1"),
    ],
)
def test_there_is_one_way_to_store_a_mark(key, value, stored):
    aspect = MODULE.aspect(key)

    assert canonical_mark(aspect, value) == stored
    assert read_mark(aspect, canonical_mark(aspect, value)) == read_mark(aspect, value)


def test_a_formula_takes_points_off_for_each_full_step_either_way():
    # 5 points at 300 s; 0.1 less for each full 10 s over, 0.1 more for each full 10 s under.
    formula = {"start": "5", "from": "300", "points": "-0.1", "per": "10", "whole": True}
    aspect = one(formula=formula)

    # 309 s: no full step. 310 s: one. 291 s: no full step. 290 s: one. 0 s: thirty, 5 + 3 = 8.
    found = earned_by(aspect, "309", "310", "291", "290", "0")

    assert found == [5, Fraction("4.9"), 5, Fraction("5.1"), 8]


def test_a_formula_without_whole_steps_stays_exact():
    # 1 point for each 3 seconds under 30: 29 s is a third of a point, exactly.
    aspect = one(formula={"start": "0", "from": "30", "points": "-1", "per": "3"})

    # (30 - 29) / 3 = 1/3; at 31 s it would be -1/3, held at 0; at 0 s it is 10.
    assert earned_by(aspect, "29", "31", "0") == [Fraction(1, 3), 0, 10]


def test_a_sheet_is_read_in_the_order_of_its_aspects():
    raw, given = read_sheet(MODULE, {**FULL_SHEET, "A4": None})

    assert raw.tolist() == [95_000, 40_000, 100_000, 0, 3_001_000, 70_000]
    assert given.tolist() == [True, True, True, False, True, True]


def test_the_points_of_a_sheet_say_which_are_not_yet_there():
    # 9.5, 20 - 4, 10, not yet, 12, 3.5
    points = sheet_points(MODULE, {**FULL_SHEET, "A4": None})

    assert points == [95_000, 160_000, 100_000, None, 120_000, 35_000]


def test_a_value_for_an_aspect_that_is_not_on_the_sheet_is_refused():
    with pytest.raises(KeyError, match="B1"):
        read_sheet(MODULE, {"B1": "3"})


@pytest.mark.parametrize(
    ("key", "lowest", "highest"),
    [
        ("A1", 0, 200_000),
        ("A2", 0, 220_000),
        ("A3", 0, 125_000),
        ("A4", 0, 3),
        ("A5", 0, 18_000_000),
    ],
)
def test_raw_marks_have_a_range(key, lowest, highest):
    assert raw_range(MODULE.aspect(key)) == (lowest, highest)
