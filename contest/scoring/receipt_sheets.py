"""The receipt, continued. One judge's sheet for one entrant, written out."""

from dataclasses import dataclass
from fractions import Fraction

from contest.scoring.attempts import VOID
from contest.scoring.receipt_sums import Notes, added, carried, number
from contest.scoring.scheme import Aspect, Module, Panel, Plan
from contest.scoring.units import text_of
from contest.scoring.words import N_, listed

FAILED, NOT_TAKEN = "×", "–"
TAKEN = {
    "best": N_("Judge %(judge)s, attempts: the best counts."),
    "worst": N_("Judge %(judge)s, attempts: the worst counts."),
    "last": N_("Judge %(judge)s, attempts: the last one taken counts."),
    "sum": N_("Judge %(judge)s, attempts: added up."),
    "mean": N_("Judge %(judge)s, attempts: the mean counts."),
}
TAKEN_WITH_DROPPED = {
    "sum": N_("Judge %(judge)s, attempts: added up; dropped: %(dropped)s."),
    "mean": N_("Judge %(judge)s, attempts: the mean counts; dropped: %(dropped)s."),
}


@dataclass(frozen=True)
class Sheet:
    """A sheet that is in. By index of the module's aspects: values, what stands of the attempts, in
    raw units (None where void); points, units earned; missed, earned nothing by itself. total: units.
    """

    seat: int
    values: dict[int, Fraction | None]
    points: dict[int, Fraction]
    missed: dict[int, bool]
    total: Fraction


def attempts_of(module: Module, book, row: int, seat: int, index: int) -> list[int | None]:
    """The raw marks of all attempts at an aspect, None where not given."""
    columns = [column for column, (of, _) in enumerate(module.columns) if of == index]
    given = book.given[module.key][row, seat]
    raw = book.raw[module.key][row, seat]
    return [int(raw[column]) if given[column] else None for column in columns]


def sheet_of(
    plan: Plan, module: Module, panel: Panel, book, row: int, seat: int, notes: Notes
) -> Sheet | None:
    """The sheet of a seat with its lines, or None where it is not in."""
    flags = book.submitted.get(module.key)
    if flags is None or not flags[row, seat] or module.key not in book.given:
        return None
    values, points, terms, lines = {}, {}, [], Notes()
    for index in module.aspect_indexes(panel):
        aspect, raws = module.aspects[index], attempts_of(module, book, row, seat, index)
        needs_all = aspect.take in ("sum", "mean")
        if not (all if needs_all else any)(raw is not None for raw in raws):
            return None
        values[index] = stands(aspect, raws, seat, lines)
        points[index], words = _earned(aspect, values[index])
        terms.append(f"{aspect.key} {words}")
        _note_loss(aspect, values[index], seat, lines)
    notes.steps += lines.steps
    missed = {index: earned == 0 for index, earned in points.items()}
    total = sum(points.values(), Fraction(0))
    params = {"judge": seat + 1}
    if module.aspects[0].kind == "rank":
        notes.add(N_("Rank by judge %(judge)s."), params, str(values[0]), panel_name(module, panel))
        return Sheet(seat, values, points, missed, total)
    arithmetic = f"{' + '.join(terms)} = {number(total)}"
    notes.add(N_("Sheet of judge %(judge)s."), params, arithmetic, panel_name(module, panel))
    lost = [i for i in points if missed[i] and module.aspects[i].key_item == "sheet"]
    if lost:
        label = N_("Judge %(judge)s: this key item earned nothing, so the whole sheet is 0.")
        notes.add(label, params, f"{number(total)} → 0", module.aspects[lost[0]])
        points, total = dict.fromkeys(points, Fraction(0)), Fraction(0)
    if panel.level == "sheet":
        total = carried(plan, notes, total, "sheet", panel_name(module, panel))
    return Sheet(seat, values, points, missed, total)


def _note_loss(aspect, value, seat, notes):
    if value is not None and value >= aspect.max and any(reason.loses for reason in aspect.reasons):
        notes.add(
            N_("Judge %(judge)s: a reason that loses everything, or deductions up to the top mark."),
            {"judge": seat + 1}, "", aspect,
        )


def panel_name(module: Module, panel: Panel) -> Module | Panel:
    """What a line of a panel is about: the panel where a module has several."""
    return panel if module.panels else module


def stands(aspect: Aspect, raws: list[int | None], seat: int, notes: Notes) -> Fraction | None:
    """What stands of the attempts, in raw units, with a line; None where it is void."""
    if aspect.attempts == 1:
        value = None if raws[0] == VOID else Fraction(raws[0])
    else:
        value = _taken(aspect, raws, seat, notes)
    if value is None:
        notes.add(N_("Judge %(judge)s: no valid attempt, so this is void and earns 0."),
                  {"judge": seat + 1}, "", aspect)
    return value


def _taken(aspect, raws, seat, notes):
    labels, params = TAKEN, {"judge": seat + 1}
    order = sorted((raw for raw in raws if raw is not None), key=lambda raw: _goodness(aspect, raw))
    if aspect.take in ("sum", "mean"):
        kept = order[aspect.drop_worst : len(order) - aspect.drop_best]
        out = order[: aspect.drop_worst] + order[len(order) - aspect.drop_best :]
        if out:
            labels, params = TAKEN_WITH_DROPPED, params | {"dropped": listed(map(_shown, out))}
        value, arithmetic = _together(aspect, kept)
    else:
        valid = [raw for raw in order if raw != VOID]
        value = {"best": valid[-1:], "worst": valid[:1]}.get(aspect.take)
        if aspect.take == "last":
            value = [raw for raw in raws if raw is not None][-1:]
        value = Fraction(value[0]) if value and value[0] != VOID else None
        end = FAILED if value is None else number(value)
        arithmetic = f"{', '.join(map(_shown, raws))} → {end}"
    notes.add(labels[aspect.take], params, arithmetic, aspect)
    return value


def _goodness(aspect, raw):
    if raw == VOID:
        return (0, 0)
    return (1, raw if aspect.better == "high" else -raw)


def _shown(raw):
    return NOT_TAKEN if raw is None else FAILED if raw == VOID else number(raw)


def _together(aspect, kept):
    words = " + ".join(map(_shown, kept))
    if VOID in kept:
        return None, f"{words} → {FAILED}"
    value = Fraction(sum(kept))
    if aspect.take == "sum":
        return value, f"{added(kept)} = {number(value)}"
    value /= len(kept)
    return value, f"({added(kept)}) ÷ {len(kept)} = {number(value)}"


def _earned(aspect, value):
    """(units, how it is written in the sum of the sheet)."""
    if value is None:
        return Fraction(0), f"({FAILED} → 0)"
    return WRITTEN[aspect.kind](aspect, value)


def _as_it_is(aspect, value):
    return value, number(value)


def _deducted(aspect, raw):
    value = max(aspect.max - raw, Fraction(0))
    if not raw:
        return value, number(value)
    return value, f"({number(aspect.max)} − {number(raw)} → {number(value)})"


def _judged(aspect, raw):
    return Fraction(aspect.max) * raw / 3, f"({number(aspect.max)} × {raw} ÷ 3)"


def _nothing(aspect, raw):
    return Fraction(0), "0"


def _measured(aspect, raw):
    if aspect.itself:
        return raw, number(raw)
    value, words = _by_rule(aspect, raw)
    held = min(max(value, Fraction(0)), Fraction(aspect.max)) if aspect.clamp else value
    if held != value and not aspect.table:
        words += f" = {number(value)}"
    return held, f"({words} → {number(held)})"


def _by_rule(aspect, raw):
    """(units before clamping, how they come about)."""
    if aspect.table:
        points = next((row.points for row in aspect.table if raw <= row.upto), aspect.beyond)
        return Fraction(points), number(raw)
    if aspect.power is not None:
        return _power(aspect.power, raw)
    formula = aspect.formula
    steps = (raw - formula.origin) / formula.per
    if formula.whole:
        steps = Fraction(int(steps))  # int() cuts towards zero: only whole steps count
        times = number(steps * 10_000)
    elif not formula.origin and formula.per == 10_000:
        times = number(raw)
    else:
        times = f"({number(raw)} − {number(formula.origin)}) ÷ {text_of(formula.per)}"
    sign = "−" if formula.points < 0 else "+"
    words = f"{number(formula.start)} {sign} {number(abs(formula.points))} × {times}"
    return formula.start + formula.points * steps, words


def _power(power, raw):
    """⌊scale × d ^ exponent⌋: the largest whole n with n ^ q not above (scale × d ^ exponent) ^ q."""
    away = (raw - power.origin if power.better == "high" else power.origin - raw) / 10_000
    pair = (raw, power.origin) if power.better == "high" else (power.origin, raw)
    scale = Fraction(power.scale, 10**8)
    words = f"{number(scale * 10_000, 8)} × ({number(pair[0])} − {number(pair[1])})"
    words += f" ^ {number(power.exponent * 10)}"
    if away <= 0:
        return Fraction(0), words
    exponent = Fraction(power.exponent, 1000)
    q = exponent.denominator
    wanted = scale**q * away**exponent.numerator
    high = 1
    while Fraction(high) ** q <= wanted:
        high *= 2
    low = high // 2 if high > 1 else 0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if Fraction(middle) ** q <= wanted else (low, middle)
    return Fraction(low * 10_000), words


WRITTEN = {
    "points": _as_it_is,
    "deductions": _deducted,
    "checklist": _as_it_is,
    "judgement": _judged,
    "measured": _measured,
    "grade": _as_it_is,
    "rank": _nothing,
}
