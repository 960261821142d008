"""The receipt, continued. One module of one entrant: each sheet and the panel, written out."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from contest.scoring.exact import Exact
from contest.scoring.rounding import round_to
from contest.scoring.units import text_of
from contest.scoring.words import N_

SHOWN_DECIMALS = 6
METHOD_LABELS = {
    "mean": N_("Mean of the marks that count (%(count)s); dropped: %(dropped)s."),
    "sum": N_("Sum of the marks that count (%(count)s); dropped: %(dropped)s."),
    "median": N_("Middle of the marks that count (%(count)s); dropped: %(dropped)s."),
}


def number(units: Fraction | int) -> str:
    """Units as points for a pocket calculator: exact, or six decimals and "…".

    >>> number(95_000), number(Fraction(200_000, 3))
    ('9.5', '6.666666…')
    """
    whole, rest = divmod(abs(Fraction(units)) * 10 ** (SHOWN_DECIMALS - 4), 1)
    text = f"{int(whole):0{SHOWN_DECIMALS + 1}d}"
    text = f"{text[:-SHOWN_DECIMALS]}.{text[-SHOWN_DECIMALS:]}"
    sign = "-" if units < 0 else ""
    return sign + (f"{text}…" if rest else text.rstrip("0").rstrip("."))


def calculator(value: Fraction, rounding) -> Fraction:
    """The value rounded by the plan's rounding, in units."""
    exact = Exact(np.array([value.numerator], dtype=np.int64), value.denominator)
    return Fraction(int(round_to(exact, rounding)[0]))


@dataclass(frozen=True)
class ModuleSum:
    """A module's mark in units, None while it is not finished, and its lines.

    lines: (label, params, sum, piece of the plan).
    """

    value: Fraction | None
    lines: list[tuple]


def module_sum(plan, module, book, index: int) -> ModuleSum:
    """The panel's mark of one entrant, before penalty and rounding, reckoned with fractions."""
    lines, sheets, waiting = [], [], 0
    for seat in range(module.panel.judges):
        if _flag(book.excused, module, index, seat):
            lines.append((N_("Judge %(judge)s is struck out."), {"judge": seat + 1}, "", module))
        elif not _is_in(module, book, index, seat):
            waiting += 1
        else:
            raw = book.raw[module.key][index, seat].tolist()
            total, points, arithmetic = _sheet(plan, module, raw)
            sheets.append((total, points))
            lines.append((N_("Sheet of judge %(judge)s."), {"judge": seat + 1}, arithmetic, module))
    if waiting:
        label = N_("Not finished; sheets missing: %(count)s. Nothing is counted yet.")
        lines.append((label, {"count": waiting}, "", module))
        return ModuleSum(None, lines)
    if len(sheets) <= module.panel.dropped:
        label = N_("Too many judges are struck out; left: %(count)s, to be dropped: %(dropped)s.")
        params = {"count": len(sheets), "dropped": module.panel.dropped}
        lines.append((label, params, "", module))
        return ModuleSum(None, lines)
    if module.panel.level == "sheet":
        totals = [total for total, _ in sheets]
        return ModuleSum(_combined(module.panel, totals, module, lines), lines)
    marks = [
        _combined(module.panel, [points[i] for _, points in sheets], aspect, lines)
        for i, aspect in enumerate(module.aspects)
    ]
    arithmetic = f"{' + '.join(map(number, marks))} = {number(sum(marks))}"
    lines.append((N_("All aspects added up."), {}, arithmetic, module))
    return ModuleSum(sum(marks, Fraction(0)), lines)


def _flag(arrays, module, index, seat):
    return module.key in arrays and bool(arrays[module.key][index, seat])


def _is_in(module, book, index, seat):
    submitted = _flag(book.submitted, module, index, seat)
    return submitted and module.key in book.given and book.given[module.key][index, seat].all()


def _sheet(plan, module, raw):
    points, terms = [], []
    for aspect, mark in zip(module.aspects, raw, strict=True):
        value, words = WRITTEN[aspect.kind](aspect, mark)
        points.append(value)
        terms.append(f"{aspect.key} {words}")
    total = sum(points, Fraction(0))
    arithmetic = f"{' + '.join(terms)} = {number(total)}"
    if module.panel.level == "sheet" and "sheet" in plan.rounding.steps:
        total = calculator(total, plan.rounding)
        arithmetic += f" → {number(total)}"
    return total, points, arithmetic


def _combined(panel, marks, about, lines):
    ordered = sorted(marks)
    kept = ordered[panel.drop_low : len(ordered) - panel.drop_high]
    left_out = ordered[: panel.drop_low] + ordered[len(ordered) - panel.drop_high :]
    value, arithmetic = COMBINED[panel.method](panel, kept)
    params = {"count": len(kept), "dropped": ", ".join(map(number, left_out)) or "–"}
    lines.append((METHOD_LABELS[panel.method], params, arithmetic, about))
    return value


def _mean(panel, kept):
    value = sum(kept, Fraction(0)) / len(kept)
    return value, f"({' + '.join(map(number, kept))}) ÷ {len(kept)} = {number(value)}"


def _sum(panel, kept):
    if len(kept) == panel.counting:
        value = sum(kept, Fraction(0))
        return value, f"{' + '.join(map(number, kept))} = {number(value)}"
    # Seats were struck out: the mean of the others stands in for each of them.
    value = sum(kept, Fraction(0)) / len(kept) * panel.counting
    terms = " + ".join(map(number, kept))
    return value, f"({terms}) ÷ {len(kept)} × {panel.counting} = {number(value)}"


def _median(panel, kept):
    middle = len(kept) // 2
    if len(kept) % 2:
        return kept[middle], f"{' ≤ '.join(map(number, kept))} → {number(kept[middle])}"
    pair = kept[middle - 1 : middle + 1]
    value = sum(pair, Fraction(0)) / 2
    return value, f"({number(pair[0])} + {number(pair[1])}) ÷ 2 = {number(value)}"


COMBINED = {"mean": _mean, "sum": _sum, "median": _median}


def _as_it_is(aspect, raw):
    return Fraction(raw), number(raw)


def _deducted(aspect, raw):
    value = Fraction(max(aspect.max - raw, 0))
    if not raw:
        return value, number(value)
    return value, f"({number(aspect.max)} − {number(raw)} → {number(value)})"


def _judged(aspect, raw):
    return Fraction(aspect.max * raw, 3), f"({number(aspect.max)} × {raw} ÷ 3)"


def _measured(aspect, raw):
    formula = aspect.formula
    if formula is None:
        points = next((b.points for b in aspect.table if raw <= b.upto), aspect.beyond)
        return Fraction(points), f"({text_of(raw)} → {number(points)})"
    steps = Fraction(raw - formula.origin, formula.per)
    if formula.whole:
        steps = Fraction(int(steps))  # int() cuts towards zero: only whole steps count
    value = min(max(formula.start + formula.points * steps, Fraction(0)), Fraction(aspect.max))
    written = f"{number(formula.start)} + {number(formula.points)} × {number(steps * 10_000)}"
    return value, f"({written} → {number(value)})"


WRITTEN = {
    "points": _as_it_is,
    "deductions": _deducted,
    "checklist": _as_it_is,
    "judgement": _judged,
    "measured": _measured,
}
