"""Standings that are kept up to date are those that are made from the beginning."""

import random

import numpy as np
import pytest

from contest.scoring.exact import Exact
from contest.scoring.running import Running, patched
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests
from tests.scoring.ledger_book import scored
from tests.scoring.plans import random_contest

COLUMNS = ("place", "place_overall", "finished", "complete", "passed", "competed")


def same(one, other):
    for name in COLUMNS:
        assert (getattr(one, name) == getattr(other, name)).all(), name
    assert one.decided_by == other.decided_by
    assert one.open_ties == other.open_ties
    for kind in ("modules", "parts", "stages"):
        for key, result in getattr(one, kind).items():
            again = getattr(other, kind)[key]
            assert result.exact.denominator == again.exact.denominator, key
            assert (result.exact.numerators == again.exact.numerators).all(), key
            assert (result.rounded == again.rounded).all() and (result.done == again.done).all()
    if one.teams is not None:
        assert (one.teams.place == other.teams.place).all()
        assert (one.teams.total.rounded == other.teams.total.rounded).all()


@pytest.mark.parametrize("seed", range(60))
def test_a_changed_sheet_is_taken_in(seed):
    rng = random.Random(seed)
    plan, book, standings = scored(*random_contest(rng))
    running = Running(plan, book, standings.stage)
    same(running.standings(), score(plan, book, standings.stage))
    modules = [m.key for m in plan.modules if m.key in book.given and book.given[m.key].any()]

    for _ in range(3):
        if not modules:
            break
        key, row = rng.choice(modules), rng.randrange(book.count)
        seat = rng.randrange(book.given[key].shape[1])
        if rng.random() < 0.5:
            # Another entrant's sheet of the same seat: marks that are allowed there.
            other = rng.randrange(book.count)
            book.raw[key][row, seat] = book.raw[key][other, seat]
            book.given[key][row, seat] = book.given[key][other, seat]
        else:
            book.given[key][row, seat] = False
        running.changed(key, np.array([row]))
        same(running.standings(), score(plan, book, standings.stage))


def test_a_module_of_a_later_stage_changes_nothing():
    rng = random.Random(3)
    while True:
        plan, book, _ = scored(*random_contest(rng, "two_stages"))
        if len(plan.stages) > 1:
            break
    first = plan.stages[0].key
    running = Running(plan, book, first)
    later = plan.modules_of_stage(plan.last_stage.key)[0].key
    running.changed(later, np.array([0]))
    same(running.standings(), score(plan, book, first))


def test_a_changed_score_is_taken_in():
    document = contests.scores_only()
    plan = plan_from(document)
    book = contests.book_of(document, [contests.entrant({"paper": "50"}), contests.entrant({"paper": "60"})])
    running = Running(plan, book)
    assert running.standings().place.tolist() == [2, 1]

    book.score["paper"][0] = 700_000
    running.changed("paper", np.array([0]))

    assert running.standings().place.tolist() == [1, 2]
    assert running.standings().modules["paper"].raw.tolist() == [700_000, 600_000]
    same(running.standings(), score(plan, book))


def test_rows_over_another_denominator_are_not_put_in():
    document = contests.scores_only()
    plan = plan_from(document)
    book = contests.book_of(document, [contests.entrant({"paper": "50"})])
    whole = score(plan, book).modules["paper"]
    part = score(plan, book).modules["paper"]
    part = type(part)(**{**vars(part), "exact": Exact(part.exact.numerators * 3, 3)})

    with pytest.raises(ArithmeticError, match="exact: 3 is not 1"):
        patched(whole, part, np.array([0]))
