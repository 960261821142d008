"""Clause 2, continued. Several attempts, one value: the best, the worst, the last, a sum, a mean.

An attempt that failed is VOID, worse than any value; an aspect of which nothing valid stands is
void itself, earns nothing, and is not the same as an aspect that is not yet marked.
"""

from dataclasses import dataclass

import numpy as np

from contest.scoring.scheme import Aspect, Module

VOID = -(2**62)  # far below any value that `scheme_fields.POINTS_TOP` lets into a plan


@dataclass(frozen=True)
class Taken:
    """What stands of each aspect: int64 (…, aspects) values over `denominators` (one an aspect),
    bool (…, aspects) given and void."""

    values: np.ndarray
    denominators: tuple[int, ...]
    given: np.ndarray
    void: np.ndarray


def denominator_of(aspect: Aspect) -> int:
    """What the taken values are over: the number of attempts in a mean, else 1."""
    if aspect.attempts > 1 and aspect.take == "mean":
        return aspect.attempts - aspect.drop_best - aspect.drop_worst
    return 1


def taken(module: Module, raw: np.ndarray, given: np.ndarray) -> Taken:
    """What stands of int64 raw and bool given, both (…, columns)."""
    denominators = tuple(denominator_of(aspect) for aspect in module.aspects)
    if len(module.columns) == len(module.aspects):
        void = np.zeros(given.shape, dtype=bool)
        if any(aspect.kind == "measured" for aspect in module.aspects):
            void = given & (raw == VOID)
        return Taken(np.where(given & ~void, raw, 0), denominators, given, void)
    shape = (*raw.shape[:-1], len(module.aspects))
    values, void = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=bool)
    is_given = np.zeros(shape, dtype=bool)
    start = 0
    for index, aspect in enumerate(module.aspects):
        own = np.s_[..., start : start + aspect.attempts]
        start += aspect.attempts
        values[..., index], void[..., index] = stands(aspect, raw[own], given[own])
        needs_all = aspect.take in ("sum", "mean")
        is_given[..., index] = (given[own].all if needs_all else given[own].any)(axis=-1)
    return Taken(values, denominators, is_given, void & is_given)


def stands(aspect: Aspect, raw: np.ndarray, given: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int64 (…) values and bool (…) void, of int64 raw and bool given, both (…, attempts)."""
    sign = 1 if aspect.better == "high" else -1
    valid = given & (raw != VOID)
    goodness = np.where(valid, sign * raw, VOID)
    if aspect.take == "best":
        found = goodness.max(axis=-1)
    elif aspect.take == "worst":
        found = np.where(valid, goodness, -VOID).min(axis=-1)
        found = np.where(valid.any(axis=-1), found, VOID)
    elif aspect.take == "last":
        last = aspect.attempts - 1 - np.argmax(given[..., ::-1], axis=-1)
        found = np.take_along_axis(goodness, last[..., None], axis=-1)[..., 0]
    else:
        kept = np.sort(goodness, axis=-1)[..., aspect.drop_worst : aspect.attempts - aspect.drop_best]
        void = (kept == VOID).any(axis=-1)
        found = np.where(void, VOID, np.where(kept == VOID, 0, kept).sum(axis=-1))
    void = found == VOID
    return np.where(void, 0, sign * found), void


def best_attempts(
    module: Module, index: int, raw: np.ndarray, given: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The best valid attempt of the aspect at `index`, int64 (…), and where there is one."""
    aspect = module.aspects[index]
    own = [column for column, (of, _) in enumerate(module.columns) if of == index]
    sign = 1 if aspect.better == "high" else -1
    valid = given[..., own] & (raw[..., own] != VOID)
    best = np.where(valid, sign * raw[..., own], VOID).max(axis=-1)
    return np.where(best == VOID, 0, sign * best), best != VOID
