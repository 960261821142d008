"""Several attempts at one aspect, as a person reads them: which of them stand, and at what value."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from contest.scoring import UNITS_PER_POINT
from contest.scoring.attempts import VOID, denominator_of, stands
from contest.scoring.marks import MarkError, canonical_mark, read_attempts
from contest.scoring.units import text_of, units_of


@dataclass(frozen=True)
class Attempt:
    """One attempt. value: as typed or stored, "" when not given; counts: it is one that stands."""

    index: int
    value: str
    is_void: bool = False
    counts: bool = False

    @property
    def number(self):
        """Its number, counted from 1."""
        return self.index + 1


@dataclass(frozen=True)
class Standing:
    """What stands of several attempts. value: in units, exactly; None while nothing stands yet."""

    value: Fraction | None = None
    is_void: bool = False
    counting: tuple[int, ...] = ()


NOTHING = Standing()
FAILED = Standing(None, True, ())


def attempts_of(aspect, value):
    """The Attempts of a typed or stored value; what is typed too much is left out."""
    if aspect.attempts == 1:
        return ()
    typed = list(value)[: aspect.attempts] if isinstance(value, list | tuple) else []
    typed += [None] * (aspect.attempts - len(typed))
    counting = standing_of(aspect, value).counting
    return tuple(
        Attempt(index, "", True, index in counting) if is_void(one)
        else Attempt(index, "" if one is None else str(one), False, index in counting)
        for index, one in enumerate(typed)
    )


def is_void(value):
    """True for an attempt that was tried and failed, as it is stored or typed."""
    return isinstance(value, str) and value.strip().lower() in ("x", "×")


def standing_of(aspect, value):
    """What stands of a typed or stored value, by the very rule that the scoring follows."""
    if aspect.attempts == 1:
        return FAILED if aspect.kind == "measured" and is_void(value) else NOTHING
    try:
        stored = canonical_mark(aspect, value)
    except MarkError:
        return NOTHING
    if stored is None:
        return NOTHING
    raws = [None if one is None else VOID if one == "x" else units_of(one) for one in stored]
    needs_all = aspect.take in ("sum", "mean")
    if needs_all and None in raws:
        return NOTHING
    given = np.array([raw is not None for raw in raws])
    found, void = stands(aspect, np.array([raw or 0 for raw in raws], dtype=np.int64), given)
    if bool(void):
        return FAILED
    return Standing(Fraction(int(found), denominator_of(aspect)), False, _counting(aspect, raws))


def value_of(aspect, value):
    """What a stored mark puts at stake, in raw units, exactly: of several attempts what stands.

    None where nothing is given, nothing valid stands, or the rules in force do not take it. A
    judgement of 2 is 20,000, as 2 points are.
    """
    if aspect.attempts > 1:
        return standing_of(aspect, value).value
    try:
        raw = read_attempts(aspect, value)[0][0]
    except MarkError:
        return None
    if raw is None or raw == VOID:
        return None
    return Fraction(raw * UNITS_PER_POINT if aspect.kind == "judgement" else raw)


def _counting(aspect, raws):
    """The indexes of those that stand; of equals the earliest."""
    there = [index for index, raw in enumerate(raws) if raw is not None]
    if aspect.take == "last":
        return (there[-1],)
    sign = 1 if aspect.better == "high" else -1

    def goodness(index):
        return VOID if raws[index] == VOID else sign * raws[index]

    if aspect.take in ("best", "worst"):
        valid = [index for index in there if raws[index] != VOID]
        choose = max if aspect.take == "best" else min
        return (choose(valid, key=goodness),)
    order = sorted(there, key=goodness)
    return tuple(sorted(order[aspect.drop_worst : len(order) - aspect.drop_best]))


def stands_as_text(standing):
    """The value that stands, as text; of a mean that does not end, four decimals; "" while none does."""
    return "" if standing.value is None else text_of(round(standing.value))
