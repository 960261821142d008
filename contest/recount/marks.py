"""Section 1, second half: which of several attempts stands, and what a mark earns, in points."""

from fractions import Fraction

from contest.recount.amounts import ZERO
from contest.recount.aspects import ATTEMPTED, VOID


def standing(aspect, given):
    """What of an aspect's mark stands: a mark, `VOID`, or `None` when it is not given yet.

    Of points and measured values `given` is {number of the attempt: value or VOID}.
    """
    if given is None or aspect["kind"] not in ATTEMPTED:
        return given
    if aspect["attempts"] == 1 and given:
        return given[1]
    take = aspect["take"]
    if not given or (take in ("sum", "mean") and len(given) < aspect["attempts"]):
        return None
    if take == "last":
        return given[max(given)]
    valid = sorted((v for v in given.values() if v is not VOID), reverse=aspect["better"] == "high")
    if take in ("best", "worst"):
        if not valid:
            return VOID
        return valid[0] if take == "best" else valid[-1]
    return _added(aspect, valid + [VOID] * (len(given) - len(valid)))


def _added(aspect, best_first):
    """`sum` and `mean` over the attempts that are kept; a void attempt is worse than any value."""
    kept = best_first[aspect["drop_best"] : len(best_first) - aspect["drop_worst"]]
    if not kept or any(v is VOID for v in kept):
        return VOID
    return sum(kept, ZERO) / (len(kept) if aspect["take"] == "mean" else 1)


def valid_attempts(aspect, given):
    """The values of the valid attempts; a kind without attempts has one, worth what its mark earns."""
    if aspect["kind"] not in ATTEMPTED:
        return [earned(aspect, given)]
    return [value for value in given.values() if value is not VOID]


def earned(aspect, mark):
    """The points that a standing mark earns; a void one earns 0."""
    return ZERO if mark is VOID else EARNERS[aspect["kind"]](aspect, mark)


def _deductions(aspect, counts):
    off = ZERO
    for number, count in counts.items():
        reason = aspect["reasons"][number - 1]
        if reason["loses"] and count:
            return ZERO
        off += reason["points"] * count
    return max(aspect["max"] - off, ZERO)


def _checklist(aspect, ticks):
    return sum((points for points, yes in zip(aspect["items"], ticks, strict=True) if yes), ZERO)


def _measured(aspect, value):
    if aspect["itself"]:
        return value
    if aspect["formula"]:
        points = _by_formula(aspect["formula"], value)
    elif aspect["power"]:
        points = _by_power(aspect["power"], value)
    else:
        points = next((points for upto, points in aspect["table"] if value <= upto), aspect["beyond"])
    return min(max(points, ZERO), aspect["max"]) if aspect["clamp"] else points


def _by_formula(rule, value):
    steps = (value - rule["from"]) / rule["per"]
    if rule["whole"]:
        steps = Fraction(int(steps))  # int() cuts towards zero, as the rules say
    return rule["start"] + rule["points"] * steps


def _by_power(rule, value):
    """The largest whole n with n^q <= scale^q * d^p, where the exponent is p/q."""
    distance = value - rule["from"] if rule["better"] == "high" else rule["from"] - value
    if distance <= 0:
        return ZERO
    p, q = rule["exponent"].numerator, rule["exponent"].denominator
    limit = rule["scale"] ** q * distance**p
    return Fraction(whole_root(limit.numerator // limit.denominator, q))


def whole_root(number, q):
    """The largest whole n with n^q <= number."""
    low, high = 0, 1 << (number.bit_length() // q + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**q <= number else (low, middle)
    return low


EARNERS = {
    "points": lambda aspect, mark: mark,
    "deductions": _deductions,
    "checklist": _checklist,
    "judgement": lambda aspect, mark: aspect["max"] * mark / 3,
    "measured": _measured,
    "grade": lambda aspect, mark: aspect["grades"][mark],
    "rank": lambda aspect, mark: ZERO,
}
