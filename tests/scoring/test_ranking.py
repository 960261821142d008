"""Places and ties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.scoring.ranking import Key, Keys, counted_places, equals, places


def key(label, *values):
    """None is a value that is not known."""
    known = np.array([value is not None for value in values])
    return Key(label, np.array([value or 0 for value in values], dtype=np.int64), known)


def ranked(*keys, among=None, group=None):
    everyone = np.ones(len(keys[0].values), dtype=bool) if among is None else np.array(among)
    return places(list(keys), everyone, group)


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([90, 80, 70], [1, 2, 3]),
        ([70, 90, 80], [3, 1, 2]),
        pytest.param([90, 80, 80, 70], [1, 2, 2, 4], id="a shared place skips the next"),
        pytest.param([90, 90, 90], [1, 1, 1], id="all equal"),
        ([5], [1]),
        ([], []),
    ],
)
def test_more_points_stand_higher(totals, expected):
    assert ranked(key("total", *totals)).place.tolist() == expected


def test_a_later_key_separates_only_equals():
    found = ranked(key("total", 90, 80, 80, 70), key("work", 1, 2, 3, 99))

    assert found.place.tolist() == [1, 3, 2, 4]
    assert found.decided_by == ("", "work", "total", "total")


def test_keys_are_tried_in_order_until_one_separates():
    found = ranked(
        key("total", 80, 80, 80), key("work", 5, 5, 9), key("paper", 7, 8, 1), key("time", 0, 0, 0)
    )

    assert found.place.tolist() == [3, 2, 1]
    assert found.decided_by == ("paper", "work", "")


def test_equals_in_every_key_share_and_nothing_is_named_between_them():
    found = ranked(key("total", 90, 80, 80), key("work", 1, 2, 2))

    assert found.place.tolist() == [1, 2, 2]
    assert found.decided_by == ("", "total", "total")


def test_a_key_that_one_of_the_equals_lacks_separates_none_of_them():
    # The two with 80 wait for the third one's time; the two with 70 have theirs.
    found = ranked(key("total", 80, 80, 70, 70), key("time", 5, None, 3, 4))

    assert found.place.tolist() == [1, 1, 4, 3]


def test_after_a_key_that_is_lacking_the_next_one_is_used():
    found = ranked(key("total", 80, 80), key("time", 5, None), key("paper", 1, 2))

    assert found.place.tolist() == [2, 1]


def test_those_not_ranked_have_no_place_and_hold_none():
    found = ranked(key("total", 99, 80, 90), among=[False, True, True])

    assert found.place.tolist() == [0, 2, 1]
    assert found.rank.tolist() == [-1, 1, 0]


def test_every_group_has_its_own_first_place():
    found = ranked(key("total", 90, 80, 70, 60, 60), group=("b", "a", "b", "a", "a"))

    assert found.place.tolist() == [1, 1, 2, 2, 2]
    assert found.decided_by == ("", "", "total", "total", "total")


def test_equals_are_named_only_when_all_of_them_are_in():
    found = ranked(key("total", 80, 80, 70, 70))

    assert equals(found, np.array([True, True, True, False])) == ((0, 1),)


def test_the_same_bonus_to_all_changes_no_place():
    totals = np.array([61, 70, 70, 55, 90, 55])

    plain = ranked(key("total", *totals)).place
    raised = ranked(key("total", *(totals + 1_000))).place

    assert plain.tolist() == raised.tolist()


def test_negative_values_rank_as_they_are():
    # A time as a key is taken negative, so that the shorter one stands higher.
    assert ranked(key("time", -300, -250, -400)).place.tolist() == [2, 1, 3]


def test_values_too_far_apart_for_one_column_are_ordered_too():
    values = np.array([-(2**61), 2**61, 0, 2**61])
    yes = np.ones(4, dtype=bool)

    found = places([Key("time", values, yes)], yes, ("a", "a", "b", "b"))

    assert found.place.tolist() == [2, 1, 2, 1]


@given(st.lists(st.tuples(st.integers(-3, 3), st.booleans(), st.sampled_from("ab")), max_size=12))
def test_places_counted_by_one_key_are_those_of_the_line(people):
    values = np.array([value for value, _, _ in people], dtype=np.int64)
    among = np.array([is_in for _, is_in, _ in people], dtype=bool)
    groups = tuple(name for _, _, name in people)
    for group in (None, groups):
        line = places([Key("one", values, np.ones(len(people), dtype=bool))], among, group)
        assert counted_places(values, among, group).tolist() == line.place.tolist()


def test_a_key_is_made_only_while_somebody_is_equal():
    yes = np.ones(3, dtype=bool)
    keys = Keys([Key(label, np.array(values), yes)] for label, values in (
        ("first", [1, 1, 0]), ("second", [2, 1, 0]), ("third", [0, 0, 0]),
    ))

    assert places(keys, yes).place.tolist() == [1, 2, 3]
    assert [key.label for key in keys.made] == ["first", "second"]
