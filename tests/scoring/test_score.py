"""The whole road: states, what is missing, and a small contest to the last digit."""

import numpy as np
import pytest

from contest.scoring.book import Book, BookError
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests


def standings(document, *rows):
    return score(plan_from(document), contests.book_of(document, list(rows)))


def practical(**more):
    """Theory 30 percent; practical 70 percent, three judges, highest and lowest dropped."""
    module = contests.sheet_module(judges=3, drop_high=1, drop_low=1)
    parts = [contests.part("theory", "30"), contests.part("practical", "70")]
    return contests.plan_of([contests.score_module(), module], parts, **more)


def seat(mark, submitted=True, excused=False):
    values = {} if mark is None else {"A1": mark}
    return {"values": values, "submitted": submitted, "excused": excused}


def one(paper, *seats, **more):
    return contests.entrant({"paper": paper}, {"drill": list(seats)}, **more)


FULL = (seat("80"), seat("85"), seat("90"))


def test_a_contest_worked_by_hand():
    found = standings(
        practical(ranking={"ties": [{"by": "part", "key": "practical"}]}),
        one("90", *FULL),  # 27 + 0.7 x 85 = 27 + 59.5 = 86.5
        one("76", seat("91"), seat("70"), seat("95")),  # 22.8 + 63.7 = 86.5, practical 91
        one("100", seat("60"), seat("60.5"), seat("99")),  # 30 + 42.35 = 72.35
        one("0", seat("0"), seat("0"), seat("0")),  # a zero that was given
    )

    assert found.total.rounded.tolist() == [865_000, 865_000, 723_500, 0]
    assert found.place.tolist() == [2, 1, 3, 4]
    assert found.decided_by == ("part:practical", "", "total", "total")
    assert found.complete.all()
    assert found.is_final


@pytest.mark.parametrize(
    "seats",
    [
        pytest.param((seat("80"), seat("85"), seat(None, submitted=False)), id="no sheet"),
        pytest.param((seat("80"), seat("85"), seat("90", submitted=False)), id="not handed in"),
        pytest.param((seat("80"), seat("85"), seat(None)), id="handed in with a gap"),
    ],
)
def test_a_module_counts_only_when_every_sheet_is_in_and_full(seats):
    found = standings(practical(), one("90", *seats))

    assert found.modules["drill"].done.tolist() == [False]
    assert found.total.rounded.tolist() == [270_000]  # 0.3 x 90
    assert found.finished.tolist() == [1]
    assert found.place.tolist() == [1]
    assert not found.is_final


def test_a_mark_that_was_not_given_is_never_read():
    document = practical()
    book = contests.book_of(document, [one("90", *FULL)])
    book.given["drill"][0, 2, 0] = False
    before = score(plan_from(document), book).total.rounded.tolist()
    book.raw["drill"][0, 2, 0] = -(10**18)

    assert score(plan_from(document), book).total.rounded.tolist() == before


@pytest.mark.parametrize(
    ("state", "total"),
    [
        pytest.param(1, 0, id="absent"),
        pytest.param(2, 0, id="withdrawn"),
        pytest.param(3, 0, id="disqualified"),
        pytest.param(4, 865_000, id="not finished"),
    ],
)
def test_who_is_not_normal_has_no_place_and_moves_nobody_down(state, total):
    found = standings(practical(), one("90", *FULL, state=state), one("50", *FULL))

    assert found.place.tolist() == [0, 1]
    assert found.total.rounded.tolist() == [total, 745_000]  # 15 + 59.5
    assert found.is_final


def test_nobody_waits_for_the_marks_of_the_absent():
    found = standings(practical(), contests.entrant(state=1), one("50", *FULL))

    assert found.is_final
    assert found.competed.tolist() == [False, True]


@pytest.mark.parametrize("state", [1, 2])
def test_absent_from_a_module_or_a_cancelled_mark_counts_as_zero_and_is_settled(state):
    found = standings(practical(), one("90", *FULL, module_state={"drill": state}))

    assert found.modules["drill"].done.tolist() == [True]
    assert found.total.rounded.tolist() == [270_000]
    assert found.complete.tolist() == [True]


def test_who_was_absent_from_every_module_did_not_compete():
    nowhere = {"drill": 1, "paper": 1}

    found = standings(practical(), contests.entrant(module_state=nowhere))

    assert found.competed.tolist() == [False]


def test_who_did_not_go_on_has_no_place_in_the_final():
    found = standings(practical(), one("99", *FULL, entered=False), one("50", *FULL))

    assert found.place.tolist() == [0, 1]
    assert found.is_final


def test_before_the_first_mark_nobody_has_a_place():
    document = practical()
    book = Book(entrants=("a", "b"))

    found = score(plan_from(document), book)

    assert found.place.tolist() == [0, 0]
    assert found.total.rounded.tolist() == [0, 0]
    assert not found.is_final


def test_a_contest_without_entrants_has_empty_standings():
    found = score(plan_from(practical(teams={"method": "sum"})), Book(entrants=()))

    assert found.place.tolist() == []
    assert found.teams is None


@pytest.mark.parametrize(
    ("paper", "passed"), [("60", True), ("59.99", False), (None, False)]
)
def test_passing_needs_every_part_and_every_mark(paper, passed):
    found = standings(
        contests.theory_and_practical(), contests.entrant({"paper": paper, "work": "80"})
    )

    assert found.passed.tolist() == [passed]


def test_passing_looks_at_the_printed_mark_or_at_the_exact_one():
    # (59.99 + 60) / 2 = 59.995, printed 60.00.
    aspect = contests.points_aspect(step="0.01")
    module = contests.sheet_module(aspects=[aspect], judges=2)
    parts = [contests.part("practical", "100", pass_mark="60")]
    row = contests.entrant(sheets={"drill": [{"A1": "59.99"}, {"A1": "60"}]})
    exact = {"steps": [], "compare": "exact"}

    assert standings(contests.plan_of([module], parts), row).passed.tolist() == [True]
    found = standings(contests.plan_of([module], parts, rounding=exact), row)
    assert found.passed.tolist() == [False]


def test_a_stage_that_does_not_exist_is_refused():
    document = practical()

    with pytest.raises(KeyError):
        score(plan_from(document), contests.book_of(document, [one("90", *FULL)]), "semi")


def test_groups_are_placed_apart():
    found = standings(
        practical(ranking={"by_group": True}),
        one("90", *FULL, group="职工"),
        one("80", *FULL, group="学生"),
        one("70", *FULL, group="职工"),
    )

    assert found.place.tolist() == [1, 1, 2]


def test_the_book_is_not_changed_by_scoring():
    document = practical()
    book = contests.book_of(document, [one("90", *FULL, penalty={"drill": "3"})])
    before = {name: book.raw[name].copy() for name in book.raw}

    score(plan_from(document), book)

    assert all(np.array_equal(book.raw[name], before[name]) for name in before)
    assert book.penalty["drill"].tolist() == [30_000]


def test_a_book_of_another_plan_is_refused():
    book = contests.book_of(practical(), [one("90", *FULL)])
    other = contests.plan_of([contests.sheet_module(judges=5)])

    with pytest.raises(BookError, match="submitted"):
        score(plan_from(other), book)
