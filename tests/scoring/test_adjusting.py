"""Rooms are made comparable, or nobody has a mark; who is not there counts 0 and nothing else."""

from fractions import Fraction

import pytest

from contest.scoring.adjusting import scaled
from contest.scoring.receipt_rooms import on_scale
from contest.scoring.scheme import PlanError
from contest.scoring.score import score
from tests.scoring import contests
from tests.scoring.ledger_book import scored


def rooms(method, marks, rounding=None):
    """Standings of scores in rooms: marks {code: (room, score)}."""
    module = {**contests.score_module(), "adjustment": {"method": method, "least": 2}}
    document = contests.plan_of([module], penalties={"percent": True}, rounding=rounding or {})
    rows = [
        {"entrant": code, "item": "paper", "judge": "", "value": mark, "attempt": "", "status": ""}
        for code, (_, mark) in marks.items() if mark
    ]
    entrants = [{"code": code, "room": room} for code, (room, _) in marks.items()]
    return scored(document, rows, entrants)[2]


@pytest.mark.parametrize("method", ["group_mean", "z", "robust"])
def test_a_room_too_small_leaves_everybody_without_a_mark(method):
    found = rooms(method, {"a": ("1", "80"), "b": ("1", "90"), "c": ("2", "70")})

    module = found.modules["paper"]
    assert module.refused == ("2",)
    assert module.done.tolist() == [False, False, False]
    assert module.exact.numerators.tolist() == [0, 0, 0]  # adds nothing to the part
    assert module.raw.tolist() == [800_000, 900_000, 700_000]


def test_a_room_in_which_nobody_is_finished_is_too_small():
    found = rooms("z", {"a": ("1", "80"), "b": ("1", "90"), "c": ("2", "")})

    assert found.modules["paper"].refused == ("2",)


def test_an_adjusted_mark_has_the_places_of_the_plan():
    marks = {"a": ("1", "80"), "b": ("1", "90"), "c": ("2", "70"), "d": ("2", "61")}
    own = {"own": [{"step": "module", "places": 0}], "steps": []}

    found = rooms("group_mean", marks, rounding=own).modules["paper"]

    # 80 × 75.25 ÷ 85 = 70.823…
    assert found.exact.value(0) == 708_200
    assert found.rounded[0] == 710_000


def test_where_nobody_is_normal_the_marks_stay_and_are_rounded():
    """Section 9: as of any room in which nobody is normal; both did not finish the contest."""
    module = {**contests.score_module(), "adjustment": {"method": "z", "least": 2}}
    document = contests.plan_of([module], rounding={"places": 0, "steps": []})
    rows = [
        {"entrant": code, "item": item, "judge": "", "value": value, "attempt": "", "status": status}
        for code, mark in (("a", "80.5"), ("b", "61.4"))
        for item, value, status in (("paper", mark, ""), ("", "", "not_finished"))
    ]
    found = scored(document, rows, [{"code": "a"}, {"code": "b"}])[2].modules["paper"]

    assert [found.exact.value(row) for row in (0, 1)] == [810_000, 610_000]
    assert found.done.tolist() == [True, True]


def test_an_own_step_has_no_more_places_than_the_plan():
    rounding = {"places": 1, "own": [{"step": "module", "places": 2}]}

    with pytest.raises(PlanError, match=r"rounding.own\[0\].places: Step module has 2 decimals"):
        contests.plan_from(contests.scores_only(rounding=rounding))


def test_a_sheet_that_is_lost_does_not_lose_another_key_item_of_the_module():
    aspects = [
        {**contests.points_aspect("A1"), "key_item": "sheet"},
        {**contests.points_aspect("A2"), "key_item": "module"},
    ]
    document = contests.plan_of([contests.sheet_module(aspects=aspects, judges=3)])
    sheets = [{"A1": "0", "A2": "5"}, {"A1": "0", "A2": "5"}, {"A1": "6", "A2": "6"}]
    book = contests.book_of(document, [contests.entrant(sheets={"drill": sheets})])

    found = score(contests.plan_from(document), book)

    assert found.modules["drill"].exact.value(0) == 40_000  # (0 + 0 + 12) ÷ 3, and A2 was not missed


def test_a_penalty_on_a_module_from_which_one_is_absent_changes_nothing():
    document = contests.plan_of([{**contests.score_module(), "lowest": "-10"}])
    row = contests.entrant({"paper": "80"}, module_state={"paper": 1}, penalty={"paper": "5"})
    book = contests.book_of(document, [row])

    found = score(contests.plan_from(document), book)

    assert found.modules["paper"].exact.value(0) == 0
    assert found.modules["paper"].done.tolist() == [True]


@pytest.mark.parametrize(
    ("mark", "points"),
    [
        # Median 0, MAD 10: 700 + 30 × 140.1 ÷ 14.826 = 983.4885.
        ("140.1", 983), ("0", 700), ("-140.1", 417), ("1000", 1000), ("-1000", 0),
    ],
)
def test_the_700_scale_to_its_ends(mark, points):
    measure = [Fraction(-10), Fraction(0), Fraction(10)]

    assert scaled(measure, [Fraction(mark)]) == [points]
    assert on_scale(Fraction(mark), Fraction(0), Fraction(10)) == points
