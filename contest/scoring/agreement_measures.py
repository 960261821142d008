"""Clause 10, continued. Measures of agreement: Kendall's W, the intraclass correlations, Spearman.

Sums are whole numbers of any size or exact fractions, and become floats only at the very end: where
judges do not differ at all, the difference is exactly nothing, and a division by it is seen. What is
undefined is None; no NaN and no infinity leaves this file.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

import numpy as np

LEAST_ENTRANTS = 3  # with two, every order is either the same or the opposite
LEAST_JUDGES = 2

# Koo & Li 2016, "A guideline of selecting and reporting intraclass correlation coefficients",
# J. Chiropractic Medicine 15(2): below 0.5 poor, to 0.75 moderate, to 0.9 good, above excellent.
ICC_BANDS = ((0.5, "poor"), (0.75, "moderate"), (0.9, "good"), (float("inf"), "excellent"))
# Schmidt 1997, "Managing Delphi surveys using nonparametric statistical techniques", Decision
# Sciences 28(3): 0.1 very weak, 0.3 weak, 0.5 moderate, 0.7 strong, 0.9 unusually strong.
W_BANDS = ((0.5, "weak"), (0.7, "moderate"), (float("inf"), "strong"))


@dataclass(frozen=True)
class Concordance:
    """Kendall's W over the entrants whom all the judges marked: 1 the same order, 0 no common one.

    chi_square: judges × df × W, with df = entrants − 1 degrees of freedom.
    """

    w: float
    chi_square: float
    df: int
    entrants: int
    judges: int

    @property
    def band(self) -> str:
        """weak, moderate or strong."""
        return band(self.w, W_BANDS)


@dataclass(frozen=True)
class Reliability:
    """Intraclass correlations over the entrants whom all the judges marked; None where undefined.

    single: ICC(2,1), absolute agreement of one judge with another. mean: ICC(3,k), consistency of
    the mean of all the judges (Cronbach's alpha). Both may be negative: less than chance agrees.
    """

    single: float | None
    mean: float | None
    entrants: int
    judges: int

    @property
    def single_band(self) -> str | None:
        """poor, moderate, good or excellent; None where undefined."""
        return None if self.single is None else band(self.single, ICC_BANDS)

    @property
    def mean_band(self) -> str | None:
        """poor, moderate, good or excellent; None where undefined."""
        return None if self.mean is None else band(self.mean, ICC_BANDS)


def band(value: float, bands: tuple) -> str:
    """The name of the first band whose upper end lies above the value.

    >>> band(0.5, ICC_BANDS), band(-0.2, ICC_BANDS), band(1.0, W_BANDS)
    ('moderate', 'poor', 'strong')
    """
    return next(name for end, name in bands if value < end)


def twice_ranks(values: np.ndarray) -> np.ndarray:
    """int64, twice the rank of each value, lowest first; equals share the mean of their ranks.

    >>> twice_ranks(np.array([30, 10, 20, 20])).tolist()  # ranks 4, 1, 2.5, 2.5
    [8, 2, 5, 5]
    """
    _, where, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (2 * np.cumsum(counts) - counts + 1)[where]


def concordance(table: np.ndarray) -> Concordance | None:
    """Kendall's W with the correction for ties; table int64 (entrants, judges), nothing missing.

    None below three entrants or two judges, or where no judge tells any two entrants apart.
    """
    n, m = table.shape
    if n < LEAST_ENTRANTS or m < LEAST_JUDGES:
        return None
    ranks = np.stack([twice_ranks(column) for column in table.T], axis=1)
    # Ranks are doubled, so this is 4·S; the mean of the doubled rank sums is m·(n + 1).
    four_s = sum((int(total) - m * (n + 1)) ** 2 for total in ranks.sum(axis=1))
    ties = sum(_ties(column) for column in table.T)
    whole = m * m * (n**3 - n) - m * ties
    if whole == 0:
        return None
    w = Fraction(3 * four_s, whole)
    return Concordance(float(w), float(w * m * (n - 1)), n - 1, n, m)


def _ties(column):
    return sum(int(t) ** 3 - int(t) for t in np.unique(column, return_counts=True)[1])


def reliability(table: np.ndarray) -> Reliability | None:
    """ICC(2,1) and ICC(3,k) after Shrout & Fleiss 1979; table int64 (entrants, judges), no gap.

    None below three entrants or two judges; each figure None where its denominator is nothing.
    """
    n, k = table.shape
    if n < LEAST_ENTRANTS or k < LEAST_JUDGES:
        return None
    # Whole numbers of any size: squares of 64-bit sums would not fit.
    whole = (table - table.min()).astype(object)
    middle = Fraction(whole.sum() ** 2, n * k)
    rows = Fraction((whole.sum(axis=1) ** 2).sum(), k)
    columns = Fraction((whole.sum(axis=0) ** 2).sum(), n)
    between = (rows - middle) / (n - 1)
    judges = (columns - middle) / (k - 1)
    error = ((whole**2).sum() - rows - columns + middle) / ((n - 1) * (k - 1))
    around = between + (k - 1) * error + k * (judges - error) / n
    return Reliability(
        _ratio(between - error, around), _ratio(between - error, between), n, k
    )


def _ratio(part, whole):
    return float(part / whole) if whole else None


def spearman(one: np.ndarray, other: np.ndarray) -> float | None:
    """Rank correlation of two equally long columns; None below three, or where one is constant.

    >>> spearman(np.array([1, 2, 3, 4]), np.array([10, 20, 40, 30]))
    0.8
    """
    if len(one) < LEAST_ENTRANTS:
        return None
    a, b = twice_ranks(one), twice_ranks(other)
    # Ranks of n entrants always have the mean (n + 1) / 2, doubled n + 1.
    a, b = (a - len(one) - 1).astype(object), (b - len(one) - 1).astype(object)
    size = int((a**2).sum()) * int((b**2).sum())
    # The root is rounded, and may let the quotient out of its bounds by a hair.
    return max(-1.0, min(1.0, float((a * b).sum() / sqrt(size)))) if size else None
