"""Who goes on, and equals on the line."""

import pytest

from contest.scoring.advancing import advancing
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests
from tests.scoring.test_totals import two_stages


def going_on(*marks, group=None, **more):
    document = two_stages(**more)
    plan = plan_from(document)
    rows = [
        contests.entrant({"paper": mark}, group=group[number] if group else "")
        for number, mark in enumerate(marks)
    ]
    return advancing(plan, score(plan, contests.book_of(document, rows), "first"))


def test_the_best_go_on():
    assert going_on("70", "90", "80").goes_on.tolist() == [False, True, True]


def test_equals_on_the_last_place_all_go_on():
    found = going_on("90", "80", "80", "70")

    assert found.goes_on.tolist() == [True, True, True, False]
    assert found.on_the_line.tolist() == [False, True, True, False]
    assert found.wanted == 2


def test_equals_that_fit_are_not_on_the_line():
    found = going_on("80", "80", "70")

    assert found.goes_on.tolist() == [True, True, False]
    assert not found.on_the_line.any()


def test_who_has_no_mark_does_not_go_on():
    assert going_on("90", None).goes_on.tolist() == [True, False]


def test_each_group_sends_its_own():
    found = going_on(
        "90", "80", "70", "60", "50", group="aaabb", ranking={"by_group": True}
    )

    assert found.goes_on.tolist() == [True, True, False, True, True]


def test_from_the_last_stage_nobody_goes_on():
    document = contests.scores_only()
    plan = plan_from(document)
    found = score(plan, contests.book_of(document, [contests.entrant({"paper": "9"})]))

    with pytest.raises(ValueError, match="lets nobody go on"):
        advancing(plan, found)


def test_who_belongs_to_no_organisation_is_not_capped():
    stages = [{"key": "first", "name": "1", "advance": 2, "advance_cap": 1}, {"key": "final", "name": "2"}]
    parts = [contests.part("p", "100", stage="first"), contests.part("q", "100")]
    modules = [contests.score_module("m", "p"), contests.score_module("n", "q")]
    plan = plan_from(contests.plan_of(modules, parts, stages))
    scores = [contests.entrant({"m": mark}) for mark in ("90", "80", "70")]
    book = contests.book_of(contests.plan_of(modules, parts, stages), scores)

    found = advancing(plan, score(plan, book, "first"), book)

    assert found.goes_on.tolist() == [True, True, False]


def judged(advance_by, **more):
    """Four judges, the highest and the lowest left out: both have 7, and 29 or 27 of four marks."""
    stages = [
        {"key": "first", "name": "1", "advance": 1, "advance_line": "key", "advance_by": advance_by},
        {"key": "final", "name": "2"},
    ]
    parts = [contests.part("p", "100", stage="first"), contests.part("q", "100")]
    panel = {"judges": 4, "drop_high": 1, "drop_low": 1}
    modules = [contests.sheet_module("m", "p", **panel), contests.score_module("n", "q")]
    document = contests.plan_of(modules, parts, stages)
    rows = [
        contests.entrant(sheets={"m": [{"A1": mark} for mark in marks]}, **more)
        for marks in ("8775", "9776")
    ]
    plan, book = plan_from(document), contests.book_of(document, rows)
    return advancing(plan, score(plan, book, "first"), book).goes_on.tolist()


def test_equals_on_the_line_go_on_by_what_no_judge_was_left_out_of():
    assert judged({"by": "untrimmed"}) == [False, True]
    assert judged({"by": "untrimmed", "order": "low"}) == [True, False]


def test_equals_go_on_together_where_one_lacks_the_key():
    assert judged({"by": "data", "key": "draw"}) == [True, True]
