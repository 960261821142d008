"""A book that does not fit its plan is refused before anything is reckoned."""

import dataclasses

import numpy as np
import pytest

from contest.scoring.book import Book, BookError
from contest.scoring.book_checks import check_book
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests

PAPER = contests.score_module("paper", "practical", "50")
DOCUMENT = contests.plan_of([PAPER, contests.sheet_module(weight="50", judges=2)])
PLAN = plan_from(DOCUMENT)
TEAMS = ("a", "b")


def book(**more):
    sheets = {"drill": [{"A1": "80"}, {"A1": "90"}]}
    rows = [contests.entrant({"paper": "50"}, sheets) for _ in range(3)]
    return dataclasses.replace(contests.book_of(DOCUMENT, rows), **more)


def whole(*shape, value=0):
    return np.full(shape, value, dtype=np.int64)


def test_a_book_that_fits_is_taken():
    check_book(PLAN, book())


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"team": whole(2)}, "team has the shape"),
        ({"team": whole(3, value=5)}, "team points at a team that does not exist"),
        ({"team": whole(3, value=len(TEAMS)), "teams": TEAMS, "team_ruling": whole(len(TEAMS))},
         "team points at a team that does not exist"),
        ({"team": whole(3, value=-2)}, "team points at a team that does not exist"),
        ({"group": ("a",)}, "group has 1 entries for 3 entrants"),
        ({"penalty": {"drill": whole(3, value=-1)}}, r"penalty\[drill\] is negative"),
        ({"penalty": {"drill": whole(4)}}, r"penalty\[drill\] has the shape"),
        ({"score": {"paper": whole(3, value=1_000_001)}}, "a score of paper is not between"),
        ({"score": {"paper": whole(3, value=-1)}}, "a score of paper is not between"),
        ({"score_given": {}}, "score and score_given of paper belong together"),
        ({"given": {}}, "raw and given of drill belong together"),
        ({"raw": {"drill": whole(3, 2, 2)}}, r"raw\[drill\] has the shape"),
        ({"raw": {"drill": whole(3, 2, 1, value=1_000_001)}}, "outside the range"),
        ({"raw": {"drill": whole(3, 2, 1, value=-1)}}, "outside the range"),
        ({"raw": {"drill": np.zeros((3, 2, 1))}}, "is float64, not int64"),
        ({"excused": {"drill": np.zeros((3, 3), dtype=bool)}}, r"excused\[drill\] has the shape"),
        ({"team_ruling": whole(1)}, "team_ruling has the shape"),
        ({"data": {"draw": whole(3, value=10_000_000_001)}}, r"data\[draw\] is out of range"),
        ({"data": {"draw": whole(3, value=-10_000_000_001)}}, r"data\[draw\] is out of range"),
        ({"adjustment": {"drill": whole(3, value=1)}}, "an adjustment of drill is more than 0 units"),
    ],
)
def test_a_book_that_does_not_fit_is_refused(more, says):
    with pytest.raises(BookError, match=says):
        check_book(PLAN, book(**more))


def test_a_mark_that_was_not_given_may_be_anything():
    found = book(raw={"drill": whole(3, 2, 1, value=-5)})
    found.given["drill"][:] = False

    check_book(PLAN, found)


def test_what_is_left_out_is_nothing_given_yet():
    check_book(PLAN, Book(entrants=("a", "b")))


def with_the_chief(adjustment=0, difficulty=15_000, given=True):
    document = contests.scores_only()
    document["modules"][0] |= {"adjust": "0.5", "difficulty": {"lowest": "1.5", "highest": "3"}}
    made = contests.book_of(document, [contests.entrant({"paper": "50"})])
    more = {
        "adjustment": whole(1, value=adjustment), "difficulty": whole(1, value=difficulty),
        "difficulty_given": np.array([given]),
    }
    check_book(
        plan_from(document),
        dataclasses.replace(made, **{name: {"paper": values} for name, values in more.items()}),
    )


def test_the_chief_adjusts_up_to_what_the_plan_says():
    with_the_chief(5_000)
    with_the_chief(-5_000)
    for most in (5_001, -5_001):
        with pytest.raises(BookError, match="an adjustment of paper is more than 5000 units"):
            with_the_chief(most)


def test_a_difficulty_lies_between_the_lowest_and_the_highest():
    with_the_chief(difficulty=15_000)
    with_the_chief(difficulty=30_000)
    with_the_chief(difficulty=1, given=False)
    for factor in (14_999, 30_001):
        with pytest.raises(BookError, match="a difficulty of paper is not between 15000 and 30000 units"):
            with_the_chief(difficulty=factor)


@pytest.mark.parametrize(("method", "most"), [("majority", 4), ("borda", 3)])
def test_orders_of_more_entrants_than_the_top_mark_allows_are_refused(method, most):
    """Four entrants: at most 3 are below one (majority); of three, 2 below one by 2 judges (borda)."""
    top = {"majority": "3", "borda": "4"}[method]
    document = contests.plan_of([{**contests.sheet_module(judges=2, method=method), "max": top}])
    rows = [contests.entrant() for _ in range(most + 1)]

    check_book(plan_from(document), contests.book_of(document, rows[:most]))
    with pytest.raises(BookError, match=f"{most + 1} entrants can earn up to .* points in drill, more than"):
        check_book(plan_from(document), contests.book_of(document, rows))
