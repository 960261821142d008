"""Several judges, one mark: worked by hand."""

from fractions import Fraction

import pytest

from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests

EXACT = {"steps": [], "compare": "exact"}


def judged(marks, excused=(), spread=None, **panel):
    """The module result of one entrant with these marks, in points."""
    panel = {"judges": len(marks), **panel, **({"spread": spread} if spread else {})}
    document = contests.plan_of([contests.sheet_module(**panel)], rounding=EXACT)
    seats = [
        {
            "values": {"A1": mark} if mark is not None else {},
            "submitted": mark is not None,
            "excused": number in excused,
        }
        for number, mark in enumerate(marks)
    ]
    one = contests.entrant(sheets={"drill": seats})
    return score(plan_from(document), contests.book_of(document, [one])).modules["drill"]


def points(result):
    return result.exact.value(0) / 10_000


SEVEN = ["80", "92", "85", "85", "70", "88", "90"]


@pytest.mark.parametrize(
    ("panel", "expected"),
    [
        # (80 + 92 + 85 + 85 + 70 + 88 + 90) / 7 = 590 / 7
        pytest.param({}, Fraction(590, 7), id="mean of all"),
        # without 70 and 92: 428 / 5 = 85.6
        pytest.param({"drop_high": 1, "drop_low": 1}, Fraction("85.6"), id="high and low dropped"),
        # without 92, 90 and 70: 338 / 4 = 84.5
        pytest.param({"drop_high": 2, "drop_low": 1}, Fraction("84.5"), id="two high, one low"),
        # without 70: 520 / 6
        pytest.param({"drop_low": 1}, Fraction(520, 6), id="only the lowest"),
        # 70 80 85 85 88 90 92: the fourth
        pytest.param({"method": "median"}, Fraction(85), id="middle of seven"),
        # 70 80 85 85 88 90: (85 + 85) / 2
        pytest.param({"method": "median", "drop_high": 1}, Fraction(85), id="middle of six"),
        # 85 + 85 + 88, as in diving
        pytest.param(
            {"method": "sum", "drop_high": 2, "drop_low": 2}, Fraction(258), id="sum of three"
        ),
    ],
)
def test_seven_judges_become_one_mark(panel, expected):
    assert points(judged(SEVEN, **panel)) == expected


def test_it_does_not_matter_which_of_equal_marks_is_dropped():
    # Marks of a dive, tenfold: 75 80 70 75 85 70 80; two and two dropped leave 75 + 75 + 80 = 230.
    marks = ["75", "80", "70", "75", "85", "70", "80"]

    assert points(judged(marks, method="sum", drop_high=2, drop_low=2)) == 230


def test_a_seat_struck_out_is_left_out():
    # Seat 1 (92) is struck out: 70 80 85 85 88 90 without 70 and 90 is 338 / 4 = 84.5.
    result = judged(SEVEN, excused=[1], drop_high=1, drop_low=1)

    assert points(result) == Fraction("84.5")
    assert result.done.tolist() == [True]


def test_a_seat_struck_out_need_not_mark():
    # (80 + 90) / 2
    assert points(judged(["80", None, "90"], excused=[1])) == 85


def test_a_sum_with_a_seat_struck_out_takes_the_mean_for_it():
    # (80 + 90) / 2 x 3 = 255: nobody loses because a judge fell ill.
    assert points(judged(["80", "10", "90"], excused=[1], method="sum")) == 255


def test_too_many_struck_out_leave_no_mark():
    result = judged(["80", "85", "90"], excused=[0], drop_high=1, drop_low=1)

    assert result.done.tolist() == [False]
    assert result.stuck.tolist() == [True]


def test_one_left_after_dropping_is_enough():
    result = judged(["80", "85", "90", "95"], excused=[3], drop_high=1, drop_low=1)

    assert points(result) == 85


def test_a_missing_sheet_leaves_no_mark_and_no_zero():
    result = judged(["80", None, "90"])

    assert result.done.tolist() == [False]
    assert result.stuck.tolist() == [False]


def test_the_two_levels_differ_when_judges_disagree_on_aspects():
    aspects = [contests.points_aspect("A1", "50"), contests.points_aspect("A2", "50")]
    found = {}
    for level in ("sheet", "aspect"):
        module = contests.sheet_module(
            aspects=aspects, judges=3, level=level, drop_high=1, drop_low=1
        )
        document = contests.plan_of([module], rounding=EXACT)
        sheets = [{"A1": "50", "A2": "0"}, {"A1": "45", "A2": "50"}, {"A1": "0", "A2": "48"}]
        one = contests.entrant(sheets={"drill": sheets})
        result = score(plan_from(document), contests.book_of(document, [one]))
        found[level] = points(result.modules["drill"])

    # Sheets: 50 95 48 -> 50. Aspects: 0 45 50 -> 45, and 0 48 50 -> 48; 45 + 48 = 93.
    assert found == {"sheet": 50, "aspect": 93}


@pytest.mark.parametrize(
    ("marks", "is_odd"),
    [
        pytest.param(["80", "95", "90"], False, id="15 apart is still within"),
        pytest.param(["80", "95.5", "90"], True, id="15.5 apart"),
        pytest.param(["80", None, None], False, id="one alone is not apart"),
        pytest.param([None, None, None], False, id="none"),
        pytest.param(["80", None, "96"], True, id="two of three in, already apart"),
    ],
)
def test_totals_too_far_apart_are_odd(marks, is_odd):
    assert judged(marks, spread="15").odd.tolist() == [is_odd]


def test_a_struck_out_judge_is_not_odd():
    assert judged(["80", "20", "90"], excused=[1], spread="15").odd.tolist() == [False]


def test_sheets_are_rounded_first_where_the_plan_says():
    # 20 x 1 / 3 = 6.67 and 20 x 2 / 3 = 13.33 as sheets: (6.67 + 6.67 + 13.33) / 3 = 8.89.
    # Exactly it would be (6.666… + 6.666… + 13.333…) / 3 = 8.888… -> 8.89, so look at the sum.
    aspect = {
        "key": "A1",
        "name": "判断",
        "kind": "judgement",
        "max": "20",
        "levels": [{"name": str(level)} for level in range(4)],
    }
    module = contests.sheet_module(aspects=[aspect], judges=3, method="sum")
    document = contests.plan_of([module], rounding={"steps": ["sheet"], "places": 2})
    one = contests.entrant(sheets={"drill": [{"A1": 1}, {"A1": 1}, {"A1": 2}]})

    found = score(plan_from(document), contests.book_of(document, [one])).modules["drill"]

    assert points(found) == Fraction("26.67")  # exactly it is 80 / 3 = 26.666…
    assert found.sheets.numerators.tolist() == [[66_700, 66_700, 133_300]]


def test_one_judge_is_left_where_too_few_are_for_dropping():
    # Two of three are struck out; with fewer than three nothing is dropped.
    found = judged(["80", "70", "60"], excused=(1, 2), drop_high=1, drop_from=3)

    assert found.done.tolist() == [True]
    assert points(found) == 80


def test_a_missed_key_item_makes_exactly_nothing_of_a_module_that_may_go_below():
    key_item = {**contests.points_aspect("A1", "10"), "key_item": "module"}
    aspects = [key_item, contests.points_aspect("A2", "10")]
    document = contests.plan_of([{**contests.sheet_module(aspects=aspects), "lowest": "-5"}], rounding=EXACT)
    one = contests.entrant(sheets={"drill": [{"A1": "0", "A2": "9"}]})

    found = score(plan_from(document), contests.book_of(document, [one])).modules["drill"]

    assert points(found) == 0
    assert found.exact.numerators.tolist() == [0]
