"""Clause 2, continued. What a mark earns: from raw marks to units, exactly.

RULES holds the functions of each kind: the denominator in which what it earns is a whole number
of units, the numerators, and the range.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from contest.scoring.attempts import denominator_of
from contest.scoring.scheme import Aspect, Power

HIGHEST_JUDGEMENT = 3


def points_of(aspect: Aspect, values: np.ndarray) -> tuple[np.ndarray, int]:
    """Units earned by the values of one aspect: int64 numerators, same shape, and a denominator.

    values: raw marks, times the number of attempts where their mean is taken.
    """
    rule = RULES[aspect.kind]
    denominator = rule.denominator(aspect)
    return rule.numerators((aspect,), values[..., None], denominator)[..., 0], denominator


def common_denominator(aspects: tuple[Aspect, ...]) -> int:
    """The denominator in which every mark of these aspects is a whole number of units."""
    return lcm(*(RULES[aspect.kind].denominator(aspect) for aspect in aspects))


def earned(aspects: tuple[Aspect, ...], values: np.ndarray) -> tuple[np.ndarray, int]:
    """Units earned: int64 (…, aspects) in, int64 numerators and `common_denominator` out."""
    denominator = common_denominator(aspects)
    names = [aspect.kind for aspect in aspects]
    if len(set(names)) == 1:
        return RULES[names[0]].numerators(aspects, values, denominator), denominator
    numerators = np.empty_like(values)
    for name in dict.fromkeys(names):
        columns = [index for index, other in enumerate(names) if other == name]
        some = tuple(aspects[column] for column in columns)
        numerators[..., columns] = RULES[name].numerators(some, values[..., columns], denominator)
    return numerators, denominator


def _column(aspects, attribute):
    return np.array([getattr(aspect, attribute) for aspect in aspects], dtype=np.int64)


def _as_it_is(aspects, values, denominator):
    factors = [denominator // denominator_of(aspect) for aspect in aspects]
    return values if set(factors) == {1} else values * np.array(factors, dtype=np.int64)


def _full_marks_less_deductions(aspects, values, denominator):
    # Taken off until nothing is left, never below zero (扣完为止，不倒扣).
    return np.maximum(_column(aspects, "max") - values, 0) * denominator


def _thirds(aspects, values, denominator):
    shares = [aspect.max * denominator // HIGHEST_JUDGEMENT for aspect in aspects]
    return values * np.array(shares, dtype=np.int64)


def _nothing(aspects, values, denominator):
    return np.zeros_like(values)


def _by_rule(aspects, values, denominator):
    columns = [_one_by_rule(a, values[..., i], denominator) for i, a in enumerate(aspects)]
    return np.stack(columns, axis=-1)


def _one_by_rule(aspect, values, denominator):
    if aspect.itself:
        return values * (denominator // denominator_of(aspect))
    own = _denominator_of_rule(aspect)
    numerators = _rule_numerators(aspect, values)
    if aspect.clamp:
        numerators = np.clip(numerators, 0, aspect.max * own)
    return numerators * (denominator // own)


def _rule_numerators(aspect, values):
    """Over `_denominator_of_rule`, not yet clamped."""
    if aspect.power is not None:
        return _powers(aspect.power, values)
    if aspect.formula is None:
        upto = np.array([bracket.upto for bracket in aspect.table], dtype=np.int64)
        points = [bracket.points for bracket in aspect.table] + [aspect.beyond]
        return np.array(points, dtype=np.int64)[np.searchsorted(upto, values)]
    formula = aspect.formula
    away = values - formula.origin
    if formula.whole:
        # Only full steps count, on either side of the origin: 9 seconds early is no step of 10.
        return formula.start + formula.points * (np.sign(away) * (np.abs(away) // formula.per))
    slope = Fraction(formula.points, formula.per)
    return formula.start * slope.denominator + slope.numerator * away


def _powers(power, values):
    # Many entrants share a value: the exact root is taken once for each.
    unique, where = np.unique(values, return_inverse=True)
    points = [power_points(power, int(value)) * 10_000 for value in unique]
    return np.array(points, dtype=np.int64)[where].reshape(values.shape)


def power_points(power: Power, value: int) -> int:
    """⌊scale × d ^ exponent⌋ of one measured value in units: the exact whole number of points.

    It is the largest n with n^q ≤ scale^q × d^p, where the exponent is p ÷ q.
    """
    away = value - power.origin if power.better == "high" else power.origin - value
    if away <= 0:
        return 0
    exponent = Fraction(power.exponent, 1000)
    p, q = exponent.numerator, exponent.denominator
    wanted = power.scale**q * away**p
    unit = 10 ** (8 * q) * 10 ** (4 * p)

    def reaches(n):
        return n**q * unit <= wanted

    low, high = 0, 1
    while reaches(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if reaches(middle) else (low, middle)
    return low


def _denominator_of_rule(aspect):
    if aspect.itself:
        return denominator_of(aspect)
    formula = aspect.formula
    if formula is None or formula.whole:
        return 1
    return Fraction(formula.points, formula.per).denominator


@dataclass(frozen=True)
class Rule:
    """What a kind of mark earns.

    denominator(aspect) -> int. numerators(aspects, values int64 (…, aspects), denominator) -> the
    same shape, units earned, for any common denominator.
    """

    denominator: Callable
    numerators: Callable


RULES = {
    "points": Rule(denominator_of, _as_it_is),
    "deductions": Rule(lambda a: 1, _full_marks_less_deductions),
    "checklist": Rule(denominator_of, _as_it_is),
    "judgement": Rule(lambda a: Fraction(a.max, HIGHEST_JUDGEMENT).denominator, _thirds),
    "measured": Rule(_denominator_of_rule, _by_rule),
    "grade": Rule(denominator_of, _as_it_is),
    "rank": Rule(lambda a: 1, _nothing),
}


def earned_range(aspect: Aspect, lowest: int, highest: int) -> tuple[int, int, int]:
    """Least and most units that can be earned, and the largest number met on the way.

    lowest, highest: the values that can be taken from the attempts. All over the aspect's own
    denominator.
    """
    denominator = RULES[aspect.kind].denominator(aspect)
    if aspect.kind != "measured" or aspect.itself:
        low = min(lowest, 0) if aspect.itself else 0
        return low * denominator, max(aspect.max, highest if aspect.itself else 0) * denominator, 0
    ends = np.array([lowest, highest], dtype=np.int64)
    if aspect.formula is not None:
        formula = aspect.formula
        away = max(abs(lowest - formula.origin), abs(highest - formula.origin))
        slope = Fraction(formula.points, formula.per)
        steps = away // formula.per if formula.whole else away
        rate = abs(formula.points) if formula.whole else abs(slope.numerator)
        met = abs(formula.start) * denominator + rate * steps
        if met > 2**62:
            return 0, met, met
        found = _rule_numerators(aspect, ends).tolist()
        found += [formula.start * denominator]
    elif aspect.power is not None:
        found = [power_points(aspect.power, int(end)) * 10_000 for end in ends]
        met = max(found)
        if met > 2**62:
            return 0, met, met
    else:
        found = [bracket.points for bracket in aspect.table] + [aspect.beyond]
        met = max(found)
    if aspect.clamp:
        return 0, aspect.max * denominator, max(met, aspect.max * denominator)
    return min(0, *found), max(found), met
