"""Who passed: every part of the ranked stage that has a pass mark."""

import numpy as np

from contest.scoring.book import Book
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring.contests import part, plan_of, score_module


def book_of(**scores):
    """Two entrants; `scores` gives each module's points."""
    return Book(
        entrants=("1", "2"),
        score={key: np.array(points, dtype=np.int64) * 10_000 for key, points in scores.items()},
        score_given={key: np.ones(2, dtype=bool) for key in scores},
    )


def two_stages():
    stages = [
        {"key": "preliminary", "name": "初赛"},
        {"key": "final", "name": "决赛", "carry_percent": 0},
    ]
    parts = [
        part("online", "100", stage="preliminary", pass_mark="60"),
        part("theory", "30", pass_mark="60"),
        part("practical", "70", pass_mark="60"),
    ]
    modules = [
        score_module("quiz", "online"), score_module("paper", "theory"),
        score_module("work", "practical"),
    ]
    return plan_from(plan_of(modules, parts, stages))


def test_both_parts_must_reach_their_pass_mark():
    standings = score(two_stages(), book_of(quiz=[80, 80], paper=[60, 59], work=[60, 99]))

    assert standings.passed.tolist() == [True, False]


def test_an_earlier_stage_that_was_not_held_here_does_not_fail_anybody():
    standings = score(two_stages(), book_of(paper=[70, 70], work=[70, 59]))

    assert standings.passed.tolist() == [True, False]


def test_whoever_misses_a_mark_has_not_passed():
    book = book_of(paper=[70, 70], work=[70, 70])
    given = {"paper": np.ones(2, dtype=bool), "work": np.array([True, False])}
    book = Book(entrants=book.entrants, score=book.score, score_given=given)

    assert score(two_stages(), book).passed.tolist() == [True, False]
