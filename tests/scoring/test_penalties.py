"""What is taken off, and where it stops."""

import numpy as np

from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests


def total_of(penalty, **rounding):
    sheets = {"drill": [{"A1": "80"}, {"A1": "80.5"}, {"A1": "81"}]}
    document = contests.plan_of([contests.sheet_module(judges=3)], rounding=rounding)
    one = contests.entrant(sheets=sheets, penalty=penalty)
    found = score(plan_from(document), contests.book_of(document, [one]))
    return found.total.rounded.tolist()


def test_a_penalty_comes_off_the_panels_mark():
    # (80 + 80.5 + 81) / 3 = 80.5; 80.5 - 5 = 75.5
    assert total_of({"drill": "5"}) == [755_000]


def test_a_penalty_on_the_stage_comes_off_after_that_on_the_module():
    # 80.5 - 5 = 75.5; 75.5 - 0.5 = 75
    assert total_of({"drill": "5", "final": "0.5"}) == [750_000]


def test_nothing_goes_below_zero():
    assert total_of({"drill": "300"}) == [0]
    assert total_of({"drill": "1", "final": "300"}) == [0]


def test_a_penalty_is_taken_off_before_rounding():
    # 80.5 - 0.04 = 80.46, to one place 80.5; 80.5 - 0.06 = 80.44, to one place 80.4.
    assert total_of({"drill": "0.04"}, places=1) == [805_000]
    assert total_of({"drill": "0.06"}, places=1) == [804_000]


def test_a_penalty_larger_than_any_mark_does_not_overflow():
    document = contests.scores_only()
    book = contests.book_of(
        document, [contests.entrant({"paper": "90"}, penalty={"paper": "1"})]
    )
    book.penalty["paper"][:] = np.iinfo(np.int64).max

    assert score(plan_from(document), book).total.rounded.tolist() == [0]
