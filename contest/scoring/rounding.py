"""Clause 6. The one place where a number is rounded."""

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


def round_to(exact: Exact, rounding: Rounding) -> np.ndarray:
    """int64 units, the exact values rounded once to the plan's places.

    >>> round_to(Exact(np.array([876_650]), 1), Rounding(places=2)).tolist()  # 87.665
    [876700]
    """
    step = 10 ** (DECIMALS - rounding.places)
    return divide(exact.numerators, exact.denominator * step, rounding.mode) * step


def settle(exact: Exact, rounding: Rounding, step: str) -> Exact:
    """The value that is carried on from a step: rounded when the plan rounds there, else exact."""
    return Exact(round_to(exact, rounding)) if step in rounding.steps else exact
