"""How votes choose, and when awards may be granted."""

import pytest

from contest.awards import rules
from contest.errors import Conflict, Invalid


@pytest.mark.parametrize(
    ("votes", "count", "chosen"),
    [
        pytest.param([(1, 3), (2, 9), (3, 5)], 2, [2, 3], id="most votes first"),
        pytest.param([(1, 3), (2, 0)], 2, [1], id="nobody without a vote"),
        pytest.param([(1, 4), (2, 4)], 2, [1, 2], id="equals within the count"),
    ],
)
def test_the_most_votes_win(votes, count, chosen):
    assert [key for key, _ in rules.chosen_by_vote(votes, count)] == chosen


def test_nothing_is_chosen_before_the_votes_are_entered():
    with pytest.raises(Conflict):
        rules.chosen_by_vote([], 3)


def test_equal_votes_on_the_last_place_go_back_to_the_committee():
    with pytest.raises(Conflict):
        rules.chosen_by_vote([(1, 9), (2, 4), (3, 4)], 2)


@pytest.mark.parametrize("typed", ["-1", "1.5", "abc", "10001", "１２a"])
def test_a_strange_number_of_votes_is_refused(typed):
    with pytest.raises(Invalid):
        rules.read_votes(typed)


def test_an_empty_number_of_votes_is_none():
    assert rules.read_votes(" ") == 0
    assert rules.read_votes("10000") == 10_000


def test_awards_wait_for_final_results_and_are_granted_once():
    with pytest.raises(Conflict):
        rules.check_final("provisional")
    rules.check_final("final")
    with pytest.raises(Conflict):
        rules.check_not_granted(3)
