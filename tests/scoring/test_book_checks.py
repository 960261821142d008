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
