"""Halves, and everything beside them."""

from fractions import Fraction

import numpy as np
import pytest

from contest.scoring.exact import Exact
from contest.scoring.rounding import divide, round_root, round_to, settle
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


NEARLY_TWO = Fraction(4) + Fraction(1, 10**9)  # its root is 2.00000000025


@pytest.mark.parametrize(
    ("base", "square", "sign", "places", "mode", "expected"),
    [
        # Units of a ten-thousandth; base ± √square.
        pytest.param(0, NEARLY_TWO, -1, 4, "down", -2, id="just beyond a whole number, cut towards zero"),
        pytest.param(0, NEARLY_TWO, 1, 4, "down", 2, id="just above a whole number, cut"),
        pytest.param(0, Fraction(4), -1, 4, "down", -2, id="exactly a whole number below zero"),
        pytest.param(0, Fraction(4), 1, 4, "half_up", 2, id="exactly a whole number"),
        pytest.param(0, Fraction(9), -1, 4, "half_up", -3, id="exactly -3"),
        pytest.param(0, Fraction(9), -1, 4, "down", -3, id="exactly -3, nothing to cut"),
        pytest.param(Fraction(1, 3), Fraction(4, 9), -1, 4, "half_up", 0, id="a third less two thirds"),
        pytest.param(0, Fraction(25, 4), 1, 4, "half_up", 3, id="2.5 goes up"),
        pytest.param(0, Fraction(25, 4), 1, 4, "half_even", 2, id="2.5 to the even below"),
        pytest.param(0, Fraction(49, 4), 1, 4, "half_even", 4, id="3.5 to the even above"),
        pytest.param(0, Fraction(25, 4), 1, 4, "down", 2, id="2.5 is cut"),
        pytest.param(0, Fraction(25, 4), -1, 4, "half_up", -3, id="-2.5 goes away from zero"),
        pytest.param(0, Fraction(25, 4), -1, 4, "half_even", -2, id="-2.5 to the even"),
        pytest.param(0, Fraction(25, 4), -1, 4, "down", -2, id="-2.5 is cut towards zero"),
        pytest.param(1, Fraction(1), -1, 4, "half_up", 0, id="nothing is left"),
        pytest.param(Fraction(4, 10), Fraction(1, 100), -1, 4, "half_up", 0, id="0.4 - 0.1"),
        pytest.param(Fraction(6, 10), Fraction(1, 100), -1, 4, "half_up", 1, id="0.6 - 0.1 is a half"),
        pytest.param(Fraction(12, 10), Fraction(1, 100), 1, 4, "down", 1, id="1.2 + 0.1"),
        pytest.param(Fraction(-12, 10), Fraction(1, 100), -1, 4, "down", -1, id="-1.2 - 0.1"),
        pytest.param(Fraction(-12, 10), Fraction(4, 100), 1, 4, "down", -1, id="-1.2 + 0.2 is whole"),
        pytest.param(Fraction(1, 2), Fraction(0), 1, 4, "half_up", 1, id="a half without a root goes up"),
        pytest.param(Fraction(-1, 2), Fraction(0), 1, 4, "half_up", -1, id="and away from zero"),
        pytest.param(Fraction(-1, 2), Fraction(0), 1, 4, "down", 0, id="and is cut towards zero"),
        # √2 = 1.41421356…: 10,000 + 14142.1356 = 24,142.1356 units.
        pytest.param(10_000, 2 * 10**8, 1, 2, "half_up", 24_100, id="two places"),
        pytest.param(10_000, 2 * 10**8, 1, 3, "half_up", 24_140, id="three places"),
        pytest.param(10_000, 2 * 10**8, -1, 2, "half_up", -4_100, id="two places below zero"),
        pytest.param(10_000, 2 * 10**8, -1, 0, "half_up", 0, id="-0.41 is none"),
        pytest.param(10_000, 3 * 10**8, -1, 0, "half_up", -10_000, id="-0.73 is one"),
        pytest.param(40_000, 3 * 10**8, -1, 0, "half_even", 20_000, id="4 - 1.73 = 2.27"),
        pytest.param(40_000, 2 * 10**8, -1, 0, "half_even", 30_000, id="4 - 1.41 = 2.59"),
    ],
)
def test_a_root_is_rounded_once(base, square, sign, places, mode, expected):
    assert round_root(Fraction(base), Fraction(square), sign, places, mode) == expected


def test_a_fraction_goes_only_over_a_multiple_of_its_denominator():
    exact = Exact(np.array([1, 2]), 3)
    assert exact.over(3).tolist() == [1, 2]
    with pytest.raises(ValueError, match="4 is not a multiple of 3"):
        exact.over(4)
