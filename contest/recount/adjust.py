"""Section 9: marks made comparable where entrants of one module were judged in different rooms."""

from fractions import Fraction
from math import isqrt

from contest.recount.amounts import ZERO, rounded, whole

SCALE = Fraction(14826, 10000)


def adjusted(plan, module, raw, normal, rooms):
    """({entrant: mark}, problems): the marks after adjustment, or none of them and a sentence for each room.

    `raw` holds the marks of all who are finished and were there; `normal` are those of state normal who were
    there: only they make the means and medians, and only their rooms count. `rooms` tells the room of each.
    """
    rule, result = module["adjustment"], {}
    every = [raw[e] for e in normal if e in raw]
    members = {
        room: [raw[e] for e in normal if e in raw and rooms[e] == room] for room in _rooms(normal, rooms)
    }
    small = sorted(room for room, finished in members.items() if len(finished) < rule["least"])
    if small:
        return {}, [_refusal(module["key"], room, rule["least"]) for room in small]
    for entrant, mark in raw.items():
        room = members.get(rooms[entrant])  # of a room in which nobody is normal the marks stay, rounded
        result[entrant] = _one(plan, module, mark, every, room) if room else rounded(mark, *_last(plan))
    return result, []


def _refusal(module, room, least):
    return (
        f"The marks of {module} cannot be adjusted: "
        f"the room \u201c{room}\u201d has fewer than {least} finished entrants."
    )


def _rooms(entrants, rooms):
    return dict.fromkeys(rooms[e] for e in entrants)


def _one(plan, module, mark, every, room):
    method = module["adjustment"]["method"]
    if method == "robust":
        return on_700_scale(mark, room)
    if method == "group_mean":
        mean = _mean(room)
        value = rounded(mark * _mean(every) / mean if mean else mark, *_last(plan))
    else:
        value = _z(mark, every, room, *_last(plan))
    return min(max(value, module["lowest"]), module["top"])


def _last(plan):
    return plan["rounding"]["places"], plan["rounding"]["mode"]


def _mean(values):
    return sum(values, ZERO) / len(values)


def _variance(values):
    mean = _mean(values)
    return sum(((v - mean) ** 2 for v in values), ZERO) / len(values)


def _z(mark, every, room, places, mode):
    """M + S x (mark - m) / s, rounded; S / s is the root of a fraction and is never written out."""
    spread, away = _variance(room), mark - _mean(room)
    if not spread:
        return rounded(_mean(every), places, mode)
    return rounded_with_root(_mean(every), away, _variance(every) / spread, places, mode)


def rounded_with_root(start, times, square, places, mode):
    """`start` + `times` x the root of `square`, rounded exactly."""
    unit = 10**places
    inside = (times * unit) ** 2 * square
    if (
        isqrt(inside.numerator) ** 2 == inside.numerator
        and isqrt(inside.denominator) ** 2 == inside.denominator
    ):
        root = Fraction(isqrt(inside.numerator), isqrt(inside.denominator))
        return rounded(start + (root if times >= 0 else -root) / unit, places, mode)
    # The root is irrational from here on: the sum is never a whole number and never a half.
    if mode != "down":
        return Fraction(_floor_with_root(start * unit + Fraction(1, 2), inside, times > 0), unit)
    low = _floor_with_root(start * unit, inside, times > 0)
    return Fraction(low if low >= 0 else low + 1, unit)


def _floor_with_root(start, square, plus):
    """The whole number below `start` plus (or minus) an irrational root."""
    a, b, c, d = start.numerator, start.denominator, square.numerator, square.denominator
    # a/b + root(c/d) = (a*d + root(c*d*b*b)) / (b*d)
    root = isqrt(c * d * b * b)
    return (a * d + (root if plus else -root - 1)) // (b * d)


def on_700_scale(mark, room):
    """700 + 30 x (mark - median) / (1.4826 x MAD), half up to whole points between 0 and 1000."""
    middle = _median(room)
    deviation = _median([abs(value - middle) for value in room])
    if not deviation:
        return Fraction(700)
    return Fraction(min(max(whole(700 + 30 * (mark - middle) / (SCALE * deviation), "half_up"), 0), 1000))


def _median(values):
    values = sorted(values)
    return (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
