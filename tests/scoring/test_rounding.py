"""Halves, and everything beside them."""

from fractions import Fraction

import numpy as np
import pytest

from contest.scoring.exact import Exact
from contest.scoring.rounding import divide, round_to, settle
from contest.scoring.scheme import Rounding


def rounded(value, **more):
    exact = Exact(np.array([value.numerator], dtype=np.int64), value.denominator)
    return int(round_to(exact, Rounding(**more))[0])


@pytest.mark.parametrize(
    ("points", "mode", "expected"),
    [
        pytest.param("87.665", "half_up", "87.67", id="half goes up"),
        pytest.param("87.664999", "half_up", "87.66", id="under half goes down"),
        pytest.param("87.665", "half_even", "87.66", id="half to the even neighbour below"),
        pytest.param("87.675", "half_even", "87.68", id="half to the even neighbour above"),
        pytest.param("87.665001", "half_even", "87.67", id="over half is no half"),
        pytest.param("87.669999", "down", "87.66", id="down cuts"),
        pytest.param("-1.005", "half_up", "-1.01", id="below zero, away from it"),
        pytest.param("-1.009", "down", "-1", id="below zero, towards it"),
    ],
)
def test_a_number_is_rounded_once(points, mode, expected):
    assert rounded(Fraction(points) * 10_000, mode=mode) == Fraction(expected) * 10_000


def test_a_third_that_looks_like_a_half_in_floats_is_none():
    # 2.675 is 2.67499999… as a float, and round(2.675, 2) is 2.67; by hand it is 2.68.
    assert rounded(Fraction("2.675") * 10_000) == 26_800


def test_four_places_keep_every_unit():
    assert rounded(Fraction(12_345), places=4) == 12_345


def test_no_places_leave_whole_points():
    assert rounded(Fraction(895_000), places=0) == 900_000


def test_large_numerators_are_divided_without_doubling_them():
    largest = 2**63 - 1

    assert divide(np.array([largest]), 2).tolist() == [2**62]


def test_a_step_that_the_plan_does_not_name_keeps_the_exact_value():
    third = Exact(np.array([1]), 3)

    assert settle(third, Rounding(steps=("stage",)), "module") is third
    assert settle(third, Rounding(steps=("module",)), "module").denominator == 1
