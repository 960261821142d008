"""Figure 19: what must hold of places in every contest; 10,000 made by chance in `make soak`."""

import random
from dataclasses import fields, replace

import numpy as np
import pytest

from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.proof.sizes import report, size
from tests.scoring import contests
from tests.scoring.ledger_book import scored
from tests.scoring.plans import random_contest

CONTESTS = size(60, 10_000)
ABOUT_TEAMS = ("teams", "team_ruling")


def test_places_are_one_two_two_four_and_follow_the_totals():
    shared = 0
    for seed in range(CONTESTS):
        plan, _, found = scored(*random_contest(random.Random(seed)))
        for rows in groups(plan, found):
            places, totals = found.place[rows], found.total.rounded[rows]
            # Whoever has a place has as many above as the number says: 1, 2, 2, 4; or, where the plan
            # wants it so, as many places: 1, 2, 2, 3.
            above = np.unique(places) if plan.ranking.dense else places
            assert (seed, [int((above < place).sum()) + 1 for place in places]) == (seed, places.tolist())
            shared += len(set(places.tolist())) < len(places)
            if found.keys and found.keys[0].label == "total" and plan.rounding.compare == "rounded":
                order = np.argsort(places, kind="stable")
                steps = np.diff(totals[order]) * (1 if plan.ranking.order == "low" else -1)
                assert (seed, (steps >= 0).all()) == (seed, True)

    report(19, property="1-2-2-4", contests=CONTESTS, with_a_shared_place=shared, failures=0)
    assert shared > CONTESTS / 20


def groups(plan, found):
    """The rows of everybody with a place, group by group where the plan ranks so."""
    names = np.array(found.group if plan.ranking.by_group else [""] * len(found.group))
    return [np.flatnonzero((names == name) & (found.place > 0)) for name in set(names.tolist())]


def test_the_order_of_the_entrants_changes_no_place():
    for seed in range(CONTESTS):
        plan, book, found = scored(*random_contest(random.Random(seed)))
        order = np.random.default_rng(seed).permutation(book.count)

        mixed = score(plan, permuted(book, order), found.stage)

        assert (seed, mixed.place.tolist()) == (seed, found.place[order].tolist())
        assert mixed.total.rounded.tolist() == found.total.rounded[order].tolist()
        assert (seed, by_entrant(mixed)) == (seed, by_entrant(found))
    report(19, property="order", contests=CONTESTS, failures=0)


def by_entrant(found):
    return sorted(({found.entrants[i] for i in tie} for tie in found.open_ties), key=sorted)


def permuted(book, order):
    """The book with its entrants in another order."""
    changed = {}
    for each in fields(book):
        value = getattr(book, each.name)
        if each.name not in ABOUT_TEAMS:
            changed[each.name] = taken(value, order)
    return replace(book, **changed)


def taken(value, order):
    if isinstance(value, np.ndarray):
        return value[order]
    if isinstance(value, tuple):
        return tuple(value[i] for i in order)
    return {key: column[order] for key, column in value.items()}


def test_equals_are_a_task_for_the_chief_where_places_are_not_shared():
    tasks = 0
    for seed in range(CONTESTS):
        plan, _, found = scored(*random_contest(random.Random(seed)))
        if plan.ranking.shared:
            assert (seed, found.open_ties) == (seed, ())
            continue
        waiting = {frozenset(tie) for tie in found.open_ties}
        for rows in groups(plan, found):
            whole = [row for row in rows.tolist() if found.complete[row]]
            for row in whole:
                equals = frozenset(
                    one for one in rows.tolist() if found.place[one] == found.place[row]
                )
                if len(equals) > 1 and equals <= set(whole):
                    assert (seed, equals in waiting) == (seed, True)
                    tasks += 1
    report(19, property="a tie is a task", contests=CONTESTS, entrants_who_wait=tasks, failures=0)
    assert tasks > 0


@pytest.fixture(scope="module")
def plan():
    """Three scores; the third counts nothing, the second decides between equals."""
    document = contests.scores_only()
    [module], [part] = document["modules"], document["parts"]
    document["modules"] = [
        {**module, "key": key, "weight": weight} for key, weight in (("a", 60), ("b", 40), ("c", 0))
    ]
    document["ranking"] = {"ties": [{"by": "module", "key": "b"}]}
    assert part["key"] == module["part"]
    return document


def test_more_points_never_lower_a_place_and_what_counts_nothing_moves_none(plan):
    read = plan_from(plan)
    for seed in range(CONTESTS):
        rng = random.Random(seed)
        rows = [[rng.randrange(20) * 5 for _ in "abc"] for _ in range(rng.randint(2, 9))]
        before = placed(read, plan, rows)
        row, column = rng.randrange(len(rows)), rng.randrange(3)
        rows[row][column] += 5

        after = placed(read, plan, rows)

        assert (seed, after[row] <= before[row]) == (seed, True)
        if column == 2:
            assert (seed, after) == (seed, before)
    report(19, property="monotone, zero event", contests=CONTESTS, failures=0)


def placed(read, document, rows):
    entrants = [
        contests.entrant({key: str(mark) for key, mark in zip("abc", row, strict=True)}) for row in rows
    ]
    return score(read, contests.book_of(document, entrants)).place.tolist()
