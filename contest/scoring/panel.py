"""Clause 3. How several judges' marks become one mark.

A seat that the chief struck out is left out, and the others are combined by the same rule; a sum is
then the mean of those left times the number that should have counted. If nothing would be left
after dropping, there is no mark, and the entrant is "stuck". A missing mark is never zero: until
every seat that counts has handed in a full sheet there is no mark at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import lcm

import numpy as np

from contest.scoring.scheme import Panel


@dataclass(frozen=True)
class Method:
    """How the marks that are kept become one.

    denominator(most) -> int that fits any number of marks from 1 to `most`.
    combine(kept, denominator, full) -> int64 numerators; kept int64 (n, k, …), sorted along axis 1;
    full: how many marks count in a full panel.
    """

    denominator: Callable
    combine: Callable


def _lcm_up_to(most):
    return lcm(*range(1, most + 1))


def _mean(kept, denominator, full):
    return kept.sum(axis=1) * (denominator // kept.shape[1])


def _sum(kept, denominator, full):
    return _mean(kept, denominator, full) * full


def _median(kept, denominator, full):
    middle = kept.shape[1] // 2
    if kept.shape[1] % 2:
        return kept[:, middle] * denominator
    return (kept[:, middle - 1] + kept[:, middle]) * (denominator // 2)


METHODS = {
    "mean": Method(_lcm_up_to, _mean),
    "sum": Method(_lcm_up_to, _sum),
    "median": Method(lambda most: 2, _median),
}


def panel_mark(
    panel: Panel,
    marks: np.ndarray,
    counting: np.ndarray,
    denominator: int,
    trimmed: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """The panel's marks, and where there are any.

    marks: int64 (n, seats, …) numerators. counting: bool (n, seats), False for seats struck out.
    denominator: fits the panel (`limits.denominator_of_panel`). trimmed False: nothing is dropped.
    Returns int64 (n, …) numerators over `denominator` times the marks' own, 0 where no mark is
    left, and bool (n,), True where a mark is left.

    >>> seats = np.array([[70, 80, 90, 100]])
    >>> panel = Panel(judges=4, drop_high=1, drop_low=1)
    >>> panel_mark(panel, seats, seats > 0, 2)[0].tolist()  # (80 + 90) / 2 = 85 = 170 / 2
    [170]
    """
    low, high = (panel.drop_low, panel.drop_high) if trimmed else (0, 0)
    method = METHODS[panel.method]
    full = panel.judges - low - high
    left = counting.sum(axis=1)
    if counting.all():
        ordered = np.sort(marks, axis=1)
        kept = ordered[:, low : panel.judges - high]
        return method.combine(kept, denominator, full), left > 0
    result = np.zeros((marks.shape[0], *marks.shape[2:]), dtype=np.int64)
    # Struck-out seats sort behind all others and are cut off there.
    shape = counting.shape + (1,) * (marks.ndim - 2)
    behind = np.where(counting.reshape(shape), marks, np.iinfo(np.int64).max)
    for seats in np.unique(left):
        if seats > low + high:
            rows = left == seats
            kept = np.sort(behind[rows], axis=1)[:, low : seats - high]
            result[rows] = method.combine(kept, denominator, full)
    return result, left > low + high


def dropped_marks(
    panel: Panel, marks: np.ndarray, counting: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which marks the panel leaves out: bool high and low, both of the marks' shape.

    Only marks strictly beyond those kept are said to be left out: of equal marks it makes no
    difference which one counts, so nobody's voice is lost. marks, counting: as for `panel_mark`.

    >>> seats = np.array([[70, 80, 80, 100]])
    >>> panel = Panel(judges=4, drop_high=1, drop_low=1)
    >>> high, low = dropped_marks(panel, seats, seats > 0)
    >>> high.tolist(), low.tolist()
    ([[False, False, False, True]], [[True, False, False, False]])
    """
    high, low = np.zeros(marks.shape, dtype=bool), np.zeros(marks.shape, dtype=bool)
    shape = counting.shape + (1,) * (marks.ndim - 2)
    counts = np.broadcast_to(counting.reshape(shape), marks.shape)
    behind = np.where(counts, marks, np.iinfo(np.int64).max)
    left = counting.sum(axis=1)
    for seats in np.unique(left):
        if seats > panel.dropped:
            rows = left == seats
            kept = np.sort(behind[rows], axis=1)[:, panel.drop_low : seats - panel.drop_high]
            high[rows] = (behind[rows] > kept[:, -1:]) & counts[rows]
            low[rows] = behind[rows] < kept[:, :1]
    return high, low


def is_odd(panel: Panel, totals: np.ndarray, counted: np.ndarray, denominator: int) -> np.ndarray:
    """bool (n,): the sheets' totals lie further apart than the panel's `spread`.

    totals: int64 (n, seats) numerators over `denominator`; only `counted` ones are compared. It is
    shown to the chief and never changes a mark.
    """
    if panel.spread is None:
        return np.zeros(len(totals), dtype=bool)
    limits = np.iinfo(np.int64)
    highest = np.where(counted, totals, limits.min).max(axis=1)
    lowest = np.where(counted, totals, limits.max).min(axis=1)
    some = counted.any(axis=1)
    apart = np.where(some, highest, 0) - np.where(some, lowest, 0)
    return apart > min(panel.spread * denominator, limits.max)
