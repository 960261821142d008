"""Which sheets are checked again, and when a review is done."""

from math import ceil
from types import SimpleNamespace

import pytest

from contest.checks import review_rules as rules
from contest.errors import Conflict, Invalid, NotAllowed


def row(entrant, place, group=""):
    return SimpleNamespace(entrant_id=entrant, place=place, group=group)


def test_the_best_are_thirty_percent_with_all_who_share_the_last_place():
    rows = [row(n, n) for n in range(1, 11)]
    assert rules.top_of(rows, 30, 0, False) == {1, 2, 3}
    assert rules.top_of(rows, 30, 5, False) == {1, 2, 3, 4, 5}
    assert rules.top_of(rows[:4], 30, 0, False) == {1, 2}  # 1.2 is rounded up
    tied = [row(1, 1), row(2, 2), row(3, 2), row(4, 4), row(5, None)]
    assert rules.top_of(tied, 50, 0, False) == {1, 2, 3}
    groups = [row(1, 1, "a"), row(2, 2, "a"), row(3, 1, "b"), row(4, 2, "b")]
    assert rules.top_of(groups, 50, 0, True) == {1, 3}


@pytest.mark.parametrize("count", [0, 1, 6, 7, 100])
def test_at_least_so_much_of_the_rest_is_drawn_and_the_seed_draws_it_again(count):
    sheets = list(range(100, 100 + count))

    drawn = rules.draw_rest(sheets, 15, "seed")

    assert len(drawn) == ceil(count * 0.15) and set(drawn) <= set(sheets)
    assert rules.draw_rest(reversed(sheets), 15, "seed") == drawn
    if count == 100:
        assert rules.draw_rest(sheets, 15, "another") != drawn


def line(sheet, agrees=None, rev=1, checked=1):
    check = None if agrees is None else SimpleNamespace(rev=checked, agrees=agrees, note="")
    return rules.Line(sheet, sheet, rev, check)


def test_more_errors_than_five_percent_demand_all_sheets():
    lines = [line(n, True) for n in range(20)] + [line(n) for n in range(20, 30)]
    wanted = set(range(20))

    one = rules.progress_of(lines, wanted, {3}, 5)
    two = rules.progress_of(lines, wanted, {3, 4}, 5)

    assert (one.wanted, one.done, one.demands_all) == (20, 20, False)  # exactly 5 % is allowed
    assert (two.wanted, two.done, two.demands_all, two.rate) == (30, 20, True, 10.0)


@pytest.mark.parametrize("reviewed", [20, 39, 40, 99, 100])
def test_what_was_demanded_is_demanded_until_every_sheet_is_reviewed(reviewed):
    lines = [line(n, True if n < reviewed else None) for n in range(100)]

    progress = rules.progress_of(lines, set(range(20)), {3, 4}, 5)

    assert (progress.demands_all, progress.wanted, progress.done) == (True, 100, reviewed)


def test_a_sheet_that_differed_and_was_struck_out_counts_on():
    lines = [line(n, True) for n in range(1, 20)] + [line(n) for n in range(20, 100)]

    progress = rules.progress_of(lines, set(range(1, 20)), {0}, 4, frozenset(range(20)))

    assert progress.demands_all


def test_a_changed_sheet_has_to_be_checked_again():
    changed = line(1, True, rev=3, checked=1)
    assert changed.state == "void"
    assert rules.progress_of([changed], {1}, set(), 5).done == 0


def test_what_is_refused():
    with pytest.raises(Invalid):
        rules.read_note(False, " ")
    assert rules.read_note(True, " ") == ""
    with pytest.raises(Conflict):
        rules.check_in_review("scoring")
    with pytest.raises(Conflict):
        rules.check_seen(1, 2)
    with pytest.raises(NotAllowed):
        rules.check_not_own(7, 7)
