"""Places of an honour by kind of unit: exact, complete, with the shift of mission C15."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import Invalid
from contest.registry.quota_rules import WHOLE, Share, places_by_kind, shifted_shares

# Prescribed 30 percent for private companies, shifted to 35; the others give five points of seventy.
NINGXIA = [Share("private", 3000, 500), Share("state", 4200), Share("public", 2800)]


def test_private_companies_get_five_percentage_points_more():
    assert shifted_shares(NINGXIA) == {
        "private": Fraction(35, 100), "state": Fraction(39, 100), "public": Fraction(26, 100),
    }


@pytest.mark.parametrize(
    ("places", "private", "state", "public"),
    [
        (100, 35, 39, 26),
        (20, 7, 8, 5),  # due 7, 7.8, 5.2
        (10, 3, 4, 3),  # due 3.5, 3.9, 2.6: two left over go to 0.9 and 0.6
        (1, 0, 1, 0),
        (0, 0, 0, 0),
    ],
)
def test_places_left_over_go_to_the_largest_remainders(places, private, state, public):
    assert places_by_kind(NINGXIA, places) == {"private": private, "state": state, "public": public}


def test_equal_remainders_go_to_the_larger_share_then_to_the_one_written_first():
    assert places_by_kind([Share("a", 2500), Share("b", 7500)], 2) == {"a": 0, "b": 2}
    assert places_by_kind([Share("a", 5000), Share("b", 5000)], 3) == {"a": 2, "b": 1}


@given(
    st.lists(st.integers(0, WHOLE), min_size=1, max_size=5), st.integers(0, 500), st.integers(0, 2000),
)
def test_every_place_is_given_once_and_nobody_is_a_whole_place_off(cuts, shift, places):
    ends = [0, *sorted(cuts), WHOLE]
    parts = [upper - lower for lower, upper in zip(ends, ends[1:], strict=False)]
    shift = min(shift, WHOLE - parts[0])
    shares = [Share(str(n), part, shift if n == 0 else 0) for n, part in enumerate(parts)]

    result = places_by_kind(shares, places)

    assert sum(result.values()) == places
    due = shifted_shares(shares)
    assert all(abs(result[kind] - due[kind] * places) < 1 for kind in result)


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ([Share("a", 5000), Share("b", 4999)], "together 100 percent"),
        ([Share("a", 10_001), Share("b", -1)], "0 or more"),
        ([Share("a", 5000), Share("a", 5000)], "stands twice"),
        ([Share("a", 10_000, 500)], "Nobody is left"),
        ([Share("a", 9700, 500), Share("b", 300)], "More percentage points"),
        ([Share("a", 300, -500), Share("b", 9700)], "More percentage points"),
    ],
)
def test_shares_that_cannot_be_are_refused(shares, told):
    with pytest.raises(Invalid, match=told):
        places_by_kind(shares, 10)
