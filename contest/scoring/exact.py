"""A column of exact fractions: whole-number numerators over one denominator common to all."""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

import numpy as np


@dataclass(frozen=True)
class Exact:
    """Exact values in units: numerators int64 of any shape, over one positive Python int.

    `limits.py` has shown, when the plan was read, that the numerators fit in 64 bits.
    """

    numerators: np.ndarray
    denominator: int = 1

    def over(self, denominator: int) -> np.ndarray:
        """int64 numerators of the same values over a multiple of the denominator.

        >>> Exact(np.array([1, 2]), 3).over(6).tolist()
        [2, 4]
        """
        factor, lost = divmod(denominator, self.denominator)
        if lost:
            raise ValueError(f"{denominator} is not a multiple of {self.denominator}")
        return self.numerators * factor if factor != 1 else self.numerators

    def value(self, *index: int) -> Fraction:
        """One value, in units, as a Fraction.

        >>> Exact(np.array([1, 2]), 3).value(1)
        Fraction(2, 3)
        """
        return Fraction(int(self.numerators[index]), self.denominator)


def times(exact: Exact, factor: int, per: int) -> Exact:
    """The values × factor ÷ per, both positive.

    >>> times(Exact(np.array([3]), 2), 6_000, 10_000).value(0)
    Fraction(9, 10)
    """
    shared = gcd(factor, per)
    if factor == per:
        return exact
    return Exact(exact.numerators * (factor // shared), exact.denominator * (per // shared))


def added(columns: list[Exact]) -> Exact:
    """The sum of columns.

    >>> added([Exact(np.array([1]), 2), Exact(np.array([1]), 3)]).value(0)
    Fraction(5, 6)
    """
    denominator = lcm(*(column.denominator for column in columns))
    return Exact(sum(column.over(denominator) for column in columns), denominator)
