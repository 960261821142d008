"""Clause 7. Places and ties.

Keys are compared one after the other; those equal in every key share a place and the next place is
skipped (1, 2, 2, 4), unless the plan counts dense (1, 2, 2, 3). Among equals a key is used only when
all of them have it: a missing mark is never a low one.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np


@dataclass(frozen=True)
class Key:
    """One column to compare. values: int64 (n,), higher is better. known: bool (n,).

    denominator: what turns the values into units, for showing them; negative where lower is better.
    """

    label: str
    values: np.ndarray
    known: np.ndarray
    denominator: int = 1

    def value(self, index: int) -> Fraction:
        """One value in units, as it is shown."""
        return Fraction(int(self.values[index]), self.denominator)


@dataclass(frozen=True)
class Places:
    """place: int64 (n,), 0 for those not ranked. rank: int64 (n,), the number of the set of equals
    each belongs to, over all groups, -1 for those not ranked. cause: int64 (n,), the number of the
    key that separated each from those next better, -1 for none. labels: those of the keys."""

    place: np.ndarray
    rank: np.ndarray
    cause: np.ndarray
    labels: tuple[str, ...]

    @property
    def decided_by(self) -> tuple[str, ...]:
        """n labels, empty where nothing separated."""
        words = np.array([*self.labels, ""], dtype=object)
        return tuple(words[self.cause].tolist())


def places(
    keys: list[Key],
    ranked: np.ndarray,
    group: tuple[str, ...] | None = None,
    dense: bool = False,
) -> Places:
    """Place the `ranked` entrants, bool (n,), by the keys, the first key first, within each group.

    dense: after equals no place is skipped (1, 2, 2, 3).

    >>> yes = np.array([True, True, True, True])
    >>> places([Key("total", np.array([80, 90, 90, 70]), yes)], yes).place.tolist()
    [3, 1, 1, 4]
    """
    rows = np.flatnonzero(ranked)
    # Everybody begins in one set of equals for the group; each key splits the sets further.
    order, starts = _by_group(rows, group)
    starts_group = starts.copy()
    cause = np.full(len(rows), -1, dtype=np.int64)
    for number, key in enumerate(keys):
        at = np.flatnonzero(_tied(starts))
        if not len(at):
            break
        who, begins = order[at], starts[at]
        values = _comparable(key.values[rows[who]], key.known[rows[who]], begins)
        sets = np.cumsum(begins)
        by = _best_first(values, sets)
        order[at] = who[by]
        new = begins | _starts(values[by])
        cause[at[new & ~begins]] = number
        starts[at] = new
    line = _Line(rows[order], starts, starts_group, cause)
    return _placed(line, tuple(key.label for key in keys), len(ranked), dense)


def _best_first(values, sets):
    """The order of sets, and within each of the highest value first; that of equals says nothing."""
    high = int(values.max())
    span = high - int(values.min()) + 1
    if span * (int(sets[-1]) + 1) < 2**62:
        # One column is sorted several times faster than two.
        return np.argsort(sets * span + (high - values))
    return np.lexsort((-values, sets))


def _by_group(rows, group):
    """The order of the rows by their groups, and bool, True where a group begins."""
    if group is None or not len(rows):
        return np.arange(len(rows)), np.arange(len(rows)) == 0
    sets = np.unique(np.array(group)[rows], return_inverse=True)[1]
    order = np.argsort(sets, kind="stable")
    return order, _starts(sets[order])


def _tied(starts):
    """bool, True for everybody in a set of two or more."""
    tied = ~starts
    tied[:-1] |= ~starts[1:]
    return tied


def equals(result: Places, among: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """The sets of two or more that share a place and lie wholly within `among`, bool (n,)."""
    rows = np.flatnonzero(result.rank >= 0)
    if not len(rows):
        return ()
    sizes = np.bincount(result.rank[rows])
    inside = np.bincount(result.rank[rows], weights=among[rows]).astype(np.int64)
    shared = np.flatnonzero((sizes > 1) & (inside == sizes))
    return tuple(tuple(np.flatnonzero(result.rank == rank).tolist()) for rank in shared)


def _starts(column):
    """bool, True where a run of equal values begins."""
    starts = np.ones(len(column), dtype=bool)
    starts[1:] = column[1:] != column[:-1]
    return starts


def _comparable(values, known, starts):
    """The values, made equal within every set in which somebody's is unknown."""
    if known.all():
        return values
    first = np.flatnonzero(starts)
    all_known = np.logical_and.reduceat(known, first)
    return np.where(np.repeat(all_known, np.diff(np.append(first, len(starts)))), values, 0)


@dataclass(frozen=True)
class _Line:
    """The ranked in order: who, where equals and groups begin, and by which key."""

    rows: np.ndarray
    starts: np.ndarray
    starts_group: np.ndarray
    cause: np.ndarray


def _placed(line, names, count, dense):
    place = np.zeros(count, dtype=np.int64)
    rank = np.full(count, -1, dtype=np.int64)
    cause = np.full(count, -1, dtype=np.int64)
    if len(line.rows):
        position = np.arange(len(line.rows))
        first_of_set = np.maximum.accumulate(np.where(line.starts, position, 0))
        first_of_group = np.maximum.accumulate(np.where(line.starts_group, position, 0))
        order = np.cumsum(line.starts) if dense else position
        place[line.rows] = order[first_of_set] - order[first_of_group] + 1
        rank[line.rows] = np.cumsum(line.starts) - 1
        cause[line.rows] = line.cause[first_of_set]
    return Places(place, rank, cause, names)
