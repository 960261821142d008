"""Clause 3. How several judges' marks become one mark.

A seat that the chief struck out is left out, and the others are combined by the same rule; a sum is
then the mean of those left times the number that should have counted. If nothing would be left
after dropping, there is no mark, and the entrant is "stuck". A missing mark is never zero: until
every seat that counts has handed in a full sheet there is no mark at all. Methods that go by the
judges' orders stand in `orders.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import gcd, lcm

import numpy as np

from contest.scoring.scheme import Aspect, Panel


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


def denominator_of_panel(panel: Panel, trimmed: bool) -> int:
    """The denominator that fits the panel's method whatever number of marks is left.

    Seven judges, one dropped on each side: 1 to 5 marks are left, lcm(1, 2, 3, 4, 5) = 60.
    """
    if panel.weights:
        return lcm(*_sums_of_some(whole_weights(panel)))
    # Where dropping depends on the marks, all of a panel's may have to be averaged.
    drops_always = trimmed and not panel.tolerance and not panel.drop_from
    most = panel.counting if drops_always else panel.judges
    return METHODS[panel.method].denominator(most)


def whole_weights(panel: Panel) -> tuple[int, ...]:
    """The judges' weights as the smallest whole numbers of the same proportion."""
    shared = gcd(*panel.weights)
    return tuple(weight // shared for weight in panel.weights)


def _sums_of_some(weights):
    seats = range(len(weights))
    return {
        sum(weights[seat] for seat in some)
        for count in range(1, len(weights) + 1)
        for some in combinations(seats, count)
    }


def panel_mark(
    panel: Panel,
    marks: np.ndarray,
    counting: np.ndarray,
    denominator: int,
    trimmed: bool = True,
    scale: int = 1,
) -> tuple[np.ndarray, np.ndarray]:
    """The panel's marks, and where there are any.

    marks: int64 (n, seats, …) numerators over `scale`. counting: bool (n, seats), False for seats
    struck out. denominator: fits the panel (`denominator_of_panel`). trimmed False: nothing is
    dropped. Returns int64 (n, …) numerators over `denominator` times the marks' own, 0 where no
    mark is left, and bool (n,), True where a mark is left.

    >>> seats = np.array([[70, 80, 90, 100]])
    >>> panel = Panel(judges=4, drop_high=1, drop_low=1)
    >>> panel_mark(panel, seats, seats > 0, 2)[0].tolist()  # (80 + 90) / 2 = 85 = 170 / 2
    [170]
    """
    if panel.weights:
        return _weighted(panel, marks, counting, denominator)
    left = counting.sum(axis=1)
    if counting.all():
        low, high = panel.drops(panel.judges) if trimmed else (0, 0)
        ordered = np.sort(marks, axis=1)
        return _combined(panel, ordered, low, high, denominator, trimmed, scale), left > 0
    result = np.zeros((marks.shape[0], *marks.shape[2:]), dtype=np.int64)
    has_mark = np.zeros(len(left), dtype=bool)
    # Struck-out seats sort behind all others and are cut off there.
    shape = counting.shape + (1,) * (marks.ndim - 2)
    behind = np.where(counting.reshape(shape), marks, np.iinfo(np.int64).max)
    for seats in np.unique(left).tolist():
        # Who is stuck with dropping is stuck without it too: the plan's rule cannot be kept.
        if seats > sum(panel.drops(seats)):
            low, high = panel.drops(seats) if trimmed else (0, 0)
            rows = left == seats
            has_mark |= rows
            ordered = np.sort(behind[rows], axis=1)[:, :seats]
            result[rows] = _combined(panel, ordered, low, high, denominator, trimmed, scale)
    return result, has_mark


def _combined(panel, ordered, low, high, denominator, trimmed, scale):
    """One mark of int64 (n, k, …) sorted along axis 1; all rows have the same number of marks."""
    method = METHODS[panel.method]
    full = panel.counting if trimmed else panel.judges
    kept = ordered[:, low : ordered.shape[1] - high]
    result = method.combine(kept, denominator, full)
    if panel.tolerance and trimmed and low + high:
        apart = _too_far_apart(panel, kept, scale)
        result = np.where(apart, method.combine(ordered, denominator, full), result)
    return result


def _too_far_apart(panel, kept, scale):
    """bool, where the kept marks lie further apart than the row for their mean allows."""
    total, count = kept.sum(axis=1), kept.shape[1]
    range_ = kept[:, -1] - kept[:, 0]
    apart = np.zeros(total.shape, dtype=bool)
    open_ = np.ones(total.shape, dtype=bool)
    for row in panel.tolerance:
        here = open_ & (total >= row.least * scale * count)
        apart |= here & (range_ > row.apart * scale)
        open_ &= ~here
    return apart


def _weighted(panel, marks, counting, denominator):
    weights = np.array(whole_weights(panel), dtype=np.int64)
    counted = counting * weights
    whole = counted.sum(axis=1)
    shape = counting.shape + (1,) * (marks.ndim - 2)
    total = (marks * counted.reshape(shape)).sum(axis=1)
    factor = np.where(whole > 0, denominator // np.maximum(whole, 1), 0)
    return total * factor.reshape((-1,) + (1,) * (marks.ndim - 2)), whole > 0


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
    return range_of(totals, counted) > min(panel.spread * denominator, np.iinfo(np.int64).max)


def is_aspect_odd(
    aspect: Aspect, values: np.ndarray, counted: np.ndarray, denominator: int
) -> np.ndarray:
    """bool (n,): the judges' marks of one aspect lie further apart than its `apart`.

    values: int64 (n, seats) of what stands, over `denominator`; counted: bool, marks that are
    compared. It is shown to the chief and never changes a mark.

    >>> one = Aspect("A1", "质量", "points", 100_000, apart=20_000)
    >>> marks = np.array([[80_000, 50_000], [70_000, 50_000]])
    >>> is_aspect_odd(one, marks, marks > 0, 1).tolist()
    [True, False]
    """
    if aspect.apart is None:
        return np.zeros(len(values), dtype=bool)
    return range_of(values, counted) > aspect.apart * denominator


def range_of(values: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """int64 (n,): highest less lowest of the counted values along axis 1, 0 where there is none."""
    limits = np.iinfo(np.int64)
    highest = np.where(counted, values, limits.min).max(axis=1)
    lowest = np.where(counted, values, limits.max).min(axis=1)
    some = counted.any(axis=1)
    return np.where(some, highest, 0) - np.where(some, lowest, 0)
