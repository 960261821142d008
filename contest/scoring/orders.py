"""Clause 3, continued. Marks made from the order in which each judge puts the entrants.

Borda: a point for everybody ordered below, half a point for everybody equal. Majority: the skating
system of dance contests, rules 5 to 8 (places by majority, then sums, then the next column).
"""

import numpy as np

from contest.scoring import UNITS_PER_POINT
from contest.scoring.scheme import Panel


def order_marks(
    panel: Panel,
    goodness: np.ndarray,
    counted: np.ndarray,
    ranked: np.ndarray,
    is_rank: bool,
) -> np.ndarray:
    """int64 (n,) marks in half units (over 2), 0 for those who do not take part.

    goodness: int64 (n, seats), higher is better; with `is_rank` the ranks that were given, negated.
    counted: bool (n, seats), whose sheets count. ranked: bool (n,), who takes part.
    """
    marks = np.zeros(len(ranked), dtype=np.int64)
    rows = np.flatnonzero(ranked)
    if not len(rows):
        return marks
    if panel.method == "borda":
        marks[rows] = _borda(goodness[rows], counted[rows]) * UNITS_PER_POINT
        return marks
    ranks = -goodness[rows] if is_rank else _ranks(goodness[rows], counted[rows])
    places = majority_places(ranks, counted[rows])
    below = len(rows) - np.array([(places <= place).sum() for place in places], dtype=np.int64)
    marks[rows] = below * 2 * UNITS_PER_POINT
    return marks


def _borda(goodness, counted):
    """Half points of each: two for everybody below, one for everybody else equal, per judge."""
    points = np.zeros(len(goodness), dtype=np.int64)
    for seat in range(goodness.shape[1]):
        own = np.flatnonzero(counted[:, seat])
        values = goodness[own, seat]
        ordered = np.sort(values)
        below = np.searchsorted(ordered, values, side="left")
        equal = np.searchsorted(ordered, values, side="right") - below - 1
        points[own] += 2 * below + equal
    return points


def _ranks(goodness, counted):
    """int64 (n, seats): 1-2-2-4 in each judge's column; what is not counted reads 0."""
    ranks = np.zeros(goodness.shape, dtype=np.int64)
    for seat in range(goodness.shape[1]):
        own = np.flatnonzero(counted[:, seat])
        values = -goodness[own, seat]
        ranks[own, seat] = np.searchsorted(np.sort(values), values, side="left") + 1
    return ranks


def majority_places(ranks: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """int64 (n,) places, 1-2-2-4, from int64 (n, seats) ranks; only those counted are looked at.

    >>> marks = np.array([[1, 1, 2], [2, 2, 1], [3, 3, 3]])
    >>> majority_places(marks, marks > 0).tolist()
    [1, 2, 3]
    """
    last = int(ranks[counted].max(initial=1))
    majority = counted.sum(axis=1) // 2 + 1
    places = np.zeros(len(ranks), dtype=np.int64)
    placed = 0
    for column in range(1, last + 1):
        better = (counted & (ranks <= column)).sum(axis=1)
        found = np.flatnonzero((places == 0) & (better >= majority)).tolist()
        for equals in _in_order(found, ranks, counted, column, last):
            places[equals] = placed + 1
            placed += len(equals)
    rest = np.flatnonzero(places == 0)
    places[rest] = placed + 1
    return places


def _in_order(rows, ranks, counted, column, last):
    """Lists of equals, best first: more ranks up to the column, then their smaller sum, then on."""
    if not rows:
        return
    if len(rows) == 1 or column > last:
        yield rows
        return
    upto = counted[rows] & (ranks[rows] <= column)
    keys = list(zip((-upto.sum(axis=1)).tolist(), (upto * ranks[rows]).sum(axis=1).tolist(),
                    strict=True))
    for key in sorted(set(keys)):
        equal = [row for row, own in zip(rows, keys, strict=True) if own == key]
        if len(equal) == 1:
            yield equal
        else:
            yield from _in_order(equal, ranks, counted, column + 1, last)
