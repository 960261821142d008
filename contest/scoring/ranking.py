"""Clause 7. Places and ties.

Keys are compared one after the other; those equal in every key share a place and the next place is
skipped (1, 2, 2, 4), unless the plan counts dense (1, 2, 2, 3). Among equals a key is used only when
all of them have it: a missing mark is never a low one.
"""

from collections.abc import Iterable, Iterator
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


class Keys:
    """Keys in order, made tie by tie when first asked for: most ties are settled by the first few.

    source: the keys of each tie, together.
    """

    def __init__(self, source: Iterable[list[Key]]):
        self._source = iter(source)
        self.made: list[Key] = []

    def __iter__(self) -> Iterator[Key]:
        number = 0
        while number < len(self.made) or self._make():
            yield self.made[number]
            number += 1

    def _make(self):
        for keys in self._source:
            self.made += keys
            return True
        return False


@dataclass(frozen=True)
class Places:
    """place: int64 (n,), 0 for those not ranked. rank: int64 (n,), the number of the set of equals
    each belongs to, over all groups, -1 for those not ranked. cause: int64 (n,), the number of the
    key that separated each from those next better, -1 for none. labels: those of the keys used."""

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
    keys: Iterable[Key],
    ranked: np.ndarray,
    group: tuple[str, ...] | None = None,
    dense: bool = False,
) -> Places:
    """Place the `ranked` entrants, bool (n,), by the keys, the first key first, within each group.

    dense: after equals no place is skipped (1, 2, 2, 3). A key is asked for only while some are equal.

    >>> yes = np.array([True, True, True, True])
    >>> places([Key("total", np.array([80, 90, 90, 70]), yes)], yes).place.tolist()
    [3, 1, 1, 4]
    """
    rows = np.flatnonzero(ranked)
    # Everybody begins in one set of equals for the group; each key splits the sets further.
    order, starts = _by_group(rows, group)
    order = rows[order]
    starts_group = starts.copy()
    cause = np.full(len(rows), -1, dtype=np.int64)
    labels, waiting = [], iter(keys)
    at = np.flatnonzero(_tied(starts))
    while len(at) and (key := next(waiting, None)) is not None:
        who, begins = order[at], starts[at]
        values = key.values[who]
        if not key.known.all():
            values = _comparable(values, key.known[who], begins)
        sets = np.cumsum(begins)
        by = _best_first(values, sets)
        order[at] = who[by]
        new = begins | _starts(values[by])
        cause[at[new & ~begins]] = len(labels)
        starts[at] = new
        labels.append(key.label)
        at = at[_tied(new)]
    line = _Line(order, starts, starts_group, cause)
    return _placed(line, tuple(labels), len(ranked), dense)


def counted_places(
    values: np.ndarray, among: np.ndarray, group: tuple[str, ...] | None = None
) -> np.ndarray:
    """int64 (n,): one more than how many of `among` (and of the group) have more; 0 for the others.

    What `places` says of a single key (1, 2, 2, 4), without the order that it keeps.
    """
    result = np.zeros(len(values), dtype=np.int64)
    names = None if group is None else np.array(group)
    for name in (None,) if names is None else np.unique(names):
        rows = np.flatnonzero(among if name is None else among & (names == name))
        order = rows[np.argsort(-values[rows])]
        starts = _starts(values[order])
        result[order] = (np.flatnonzero(starts) + 1)[np.cumsum(starts) - 1]
    return result


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
        firsts = np.flatnonzero(line.starts)
        sets = np.cumsum(line.starts) - 1
        # Places are counted over sets of equals, then given to everybody in them.
        before = np.arange(len(firsts)) if dense else firsts
        of_group = np.maximum.accumulate(np.where(line.starts_group[firsts], before, 0))
        place[line.rows] = (before - of_group + 1)[sets]
        rank[line.rows] = sets
        cause[line.rows] = line.cause[firsts][sets]
    return Places(place, rank, cause, names)
