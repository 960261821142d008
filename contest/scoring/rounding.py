"""Clause 6. The one place where a number is rounded."""

from fractions import Fraction
from math import isqrt

import numpy as np

from contest.scoring.exact import Exact
from contest.scoring.scheme import Rounding
from contest.scoring.units import DECIMALS


def _half_up(twice, by, quotient):
    # Halves go away from zero: the sign has been taken off before.
    return twice >= by


def _half_even(twice, by, quotient):
    return (twice > by) | ((twice == by) & (quotient % 2 == 1))


def _down(twice, by, quotient):
    return np.zeros_like(twice, dtype=bool)


MODES = {"half_up": _half_up, "half_even": _half_even, "down": _down}


def divide(numerators: np.ndarray, by: int, mode: str = "half_up") -> np.ndarray:
    """int64 numerators divided by a positive whole number, to whole numbers.

    half_up: halves away from zero; half_even: halves to the even neighbour; down: towards zero.

    >>> divide(np.array([5, -5, 7, 4]), 2).tolist()
    [3, -3, 4, 2]
    >>> divide(np.array([5, -5, 7, 4]), 2, "half_even").tolist()
    [2, -2, 4, 2]
    """
    quotient, rest = np.divmod(np.abs(numerators), by)
    return np.sign(numerators) * (quotient + MODES[mode](2 * rest, by, quotient))


def round_to(exact: Exact, rounding: Rounding, step: str = "") -> np.ndarray:
    """int64 units, the exact values rounded once to the places of a step, or of the plan.

    >>> round_to(Exact(np.array([876_650]), 1), Rounding(places=2)).tolist()  # 87.665
    [876700]
    """
    places, mode = rounding.at(step)
    quantum = 10 ** (DECIMALS - places)
    return divide(exact.numerators, exact.denominator * quantum, mode) * quantum


def settle(exact: Exact, rounding: Rounding, step: str) -> Exact:
    """The value that is carried on from a step: rounded when the plan rounds there, else exact."""
    return Exact(round_to(exact, rounding, step)) if step in rounding.steps else exact


def round_root(base: Fraction, square: Fraction, sign: int, places: int, mode: str) -> int:
    """Units of base + sign × √square (both in units), rounded once to so many places.

    The root is never taken: whether it lies above or below a number is told from the squares.

    >>> round_root(Fraction(0), Fraction(2 * 10_000**2), 1, 2, "half_up")  # √2 = 1.4142…
    14100
    """
    quantum = 10 ** (DECIMALS - places)
    base, square = base / quantum, square / quantum**2
    low = _floor_of_root(base, square, sign)
    above = _compare_root(base, square, sign, Fraction(2 * low + 1, 2))
    is_whole = _compare_root(base, square, sign, Fraction(low)) == 0
    if mode == "down":
        up = low < 0 and not is_whole
    elif mode == "half_even":
        up = above > 0 or (above == 0 and low % 2 == 1)
    else:
        up = above > 0 or (above == 0 and low >= 0)
    return (low + up) * quantum


def _compare_root(base, square, sign, other):
    """-1, 0 or 1: base + sign × √square is below, at or above the other number."""
    # x × |x| grows with x, so the root need not be taken to compare it.
    away = other - base
    mine, theirs = sign * square, away * abs(away)
    return (mine > theirs) - (mine < theirs)


def _floor_of_root(base, square, sign):
    """⌊base + sign × √square⌋: over one denominator all is whole, and so is the root's floor exact."""
    under = square.numerator * square.denominator * base.denominator**2
    root = isqrt(under)
    if sign < 0:
        root = -root if root**2 == under else -root - 1
    return (base.numerator * square.denominator + root) // (base.denominator * square.denominator)
