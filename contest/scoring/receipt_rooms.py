"""The receipt, continued. Marks from different rooms made comparable, and the 700 scale."""

from fractions import Fraction
from math import isqrt

from contest.scoring.receipt_sums import MOST_DECIMALS, Notes, number, rounded_to
from contest.scoring.scheme import Module, Plan
from contest.scoring.words import N_

POINT = 10_000
SEVEN_HUNDRED, THIRTY, THOUSAND = 700, 30, 1000
CONSISTENCY = Fraction(14826, 10_000)


def rooms_of(room, marks: dict[int, Fraction], normal: set[int]) -> dict[str, list[int]]:
    """{room: those who are finished and of state normal}, for every room that counts."""
    rooms = {}
    for row in sorted(normal):
        own = rooms.setdefault(room[row], [])
        if row in marks:
            own.append(row)
    return rooms


def mark_that_stays(plan: Plan, module: Module, mark: Fraction, notes: Notes) -> Fraction:
    """The mark of a room in which nobody is normal: as it is, rounded to the plan's places."""
    value = _rounded(plan, mark)
    arithmetic = "" if value == mark else f"{number(mark)} → {number(value)}"
    notes.add(N_("Nobody else took part in this room: the mark stays."), {}, arithmetic, module)
    return value


def adjusted_mark(
    plan: Plan, module: Module, mark: Fraction, everybody: list, own: list, notes: Notes
) -> Fraction:
    """The mark as its room makes it, with the means and spreads written out."""
    value = METHODS[module.adjustment.method](plan, module, mark, everybody, own, notes)
    top = THOUSAND * POINT
    if module.adjustment.method != "robust":
        top = int(module.exact_top())
    held = min(max(value, Fraction(module.lowest)), Fraction(top))
    if held != value:
        notes.add(
            N_("Kept between %(lowest)s and %(top)s."),
            {"lowest": number(module.lowest), "top": number(top)},
            f"{number(value)} → {number(held)}", module,
        )
    return held


def _group_mean(plan, module, mark, everybody, own, notes):
    mean, whole = _mean(own), _mean(everybody)
    value = mark * whole / mean if mean else mark
    found = _rounded(plan, value)
    params = {"mean": number(mean), "all": number(whole), "count": len(own), "everybody": len(everybody)}
    if not mean:
        notes.add(N_("The mean of its room is 0: the mark stays."), {}, number(found), module)
        return found
    mean_text, whole_text = _digits(
        lambda d: _rounded(plan, mark * _cut(whole, d) / _cut(mean, d)) == found if _cut(mean, d) else False,
        mean, whole,
    )
    params |= {"mean": mean_text, "all": whole_text}
    notes.add(
        N_("Rooms made comparable: × mean of all %(everybody)s (%(all)s) ÷ mean of the %(count)s "
           "in its room (%(mean)s)."),
        params, f"{number(mark)} × {whole_text} ÷ {mean_text} = {number(value)} → {number(found)}", module,
    )
    return found


def _z(plan, module, mark, everybody, own, notes):
    mean, whole = _mean(own), _mean(everybody)
    spread, spread_all = _variance(own, mean), _variance(everybody, whole)
    params = {"count": len(own), "everybody": len(everybody)}
    if not spread:
        found = _rounded(plan, whole)
        notes.add(
            N_("All marks of its room are equal: the mean of all %(everybody)s counts."), params,
            f"{number(whole)} → {number(found)}", module,
        )
        return found
    value = _moved(whole, mark - mean, spread_all / spread)
    found = _rounded(plan, value)
    roots = _root(spread), _root(spread_all)

    def fits(d):
        m, all_, s, s_all = (_cut(one, d) for one in (mean, whole, *roots))
        return bool(s) and _rounded(plan, all_ + s_all * (mark - m) / s) == found

    texts = _digits(fits, mean, whole, *roots)
    params |= {"mean": texts[0], "all": texts[1], "sd": texts[2], "sd_all": texts[3]}
    notes.add(
        N_("Rooms made comparable: mean %(mean)s and standard deviation %(sd)s of the %(count)s in its "
           "room, mean %(all)s and standard deviation %(sd_all)s of all %(everybody)s."),
        params,
        f"{texts[1]} + {texts[3]} × ({number(mark)} − {texts[0]}) ÷ {texts[2]} → {number(found)}", module,
    )
    return found


def _robust(plan, module, mark, everybody, own, notes):
    middle, mad = _median(own), mad_of(own)
    points = on_scale(mark, middle, mad)
    params = {"median": number(middle), "mad": number(mad), "count": len(own)}
    notes.add(
        N_("On the 700 scale of its room: median %(median)s and median distance %(mad)s of %(count)s."),
        params, scale_sum(mark, middle, mad, points), module,
    )
    return Fraction(points * POINT)


METHODS = {"group_mean": _group_mean, "z": _z, "robust": _robust}


def scaled_mark(mark: Fraction, marks: list[Fraction], notes: Notes, about) -> int:
    """The stage's result on the 700 scale, whole points, with its line."""
    middle, mad = _median(marks), mad_of(marks)
    points = on_scale(mark, middle, mad)
    params = {"median": number(middle), "mad": number(mad), "count": len(marks)}
    notes.add(
        N_("On the 700 scale of all: median %(median)s and median distance %(mad)s of %(count)s; "
           "it ranks nothing."),
        params, scale_sum(mark, middle, mad, points), about,
    )
    return points


def on_scale(mark: Fraction, middle: Fraction, mad: Fraction) -> int:
    """700 + 30 × (mark − median) ÷ (1.4826 × MAD), half up, whole, 0 to 1000; 700 where MAD is 0."""
    if not mad:
        return SEVEN_HUNDRED
    value = SEVEN_HUNDRED + THIRTY * (mark - middle) / (CONSISTENCY * mad)
    points = rounded_to(value * POINT, 0, "half_up") / POINT
    return int(min(max(points, 0), THOUSAND))


def scale_sum(mark, middle, mad, points) -> str:
    """How the 700 scale is reckoned, with enough decimals to come to the same points."""
    if not mad:
        return str(points)
    mark_text, middle_text, mad_text = _digits(
        lambda d: bool(_cut(mad, d)) and on_scale(_cut(mark, d), _cut(middle, d), _cut(mad, d)) == points,
        mark, middle, mad,
    )
    return f"700 + 30 × ({mark_text} − {middle_text}) ÷ (1.4826 × {mad_text}) → {points}"


def _mean(values):
    return sum(values, Fraction(0)) / len(values)


def _variance(values, mean):
    return sum((value - mean) ** 2 for value in values) / len(values)


def _median(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def mad_of(values) -> Fraction:
    """The median distance from the median."""
    middle = _median(values)
    return _median([abs(value - middle) for value in values])


def _root(square):
    """√ of a Fraction of units squared: exact where it is a fraction, else to 40 more digits."""
    top, bottom = isqrt(square.numerator), isqrt(square.denominator)
    if top**2 == square.numerator and bottom**2 == square.denominator:
        return Fraction(top, bottom)
    fine = 10**80
    return Fraction(isqrt(square.numerator * fine // square.denominator), 10**40)


def _moved(whole, away, ratio):
    """M + (mark − m) × √(S² ÷ s²)."""
    root = _root(away**2 * ratio)
    return whole + root if away >= 0 else whole - root


def _rounded(plan, value):
    return rounded_to(value, plan.rounding.places, plan.rounding.mode)


def _cut(value, decimals):
    """The value as it is written with so many decimals, in units."""
    fine = 10**decimals
    return Fraction(round(value * fine / POINT), fine) * POINT


def _digits(fits, *values):
    """The values as texts with the fewest decimals, 4 or more, with which the sum comes out right."""
    decimals = next(filter(fits, range(4, MOST_DECIMALS)), MOST_DECIMALS)
    return [number(_cut(value, decimals), decimals) for value in values]
