"""A column of exact fractions: whole-number numerators over one denominator common to all."""

from dataclasses import dataclass
from fractions import Fraction

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
