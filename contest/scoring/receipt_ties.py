"""The receipt, continued. What separated an entrant from the one above it, both numbers shown."""

from datetime import date
from fractions import Fraction

from contest.scoring.attempts import VOID
from contest.scoring.receipt_modules import Case
from contest.scoring.receipt_panels import combined
from contest.scoring.receipt_sheets import attempts_of
from contest.scoring.receipt_sums import Notes, added, compared, number, rounded
from contest.scoring.receipt_totals import Road
from contest.scoring.scheme import Plan, Tie
from contest.scoring.words import N_

RULED = N_("Equal so far with the one above; the chief judge ruled on their order.")


def separating_key(standings, label: str, row: int, above: int):
    """The keys of this label and the first of them in which the two differ.

    ArithmeticError where none puts the entrant behind the one above.
    """
    keys = [key for key in standings.keys if key.label == label]
    for key in keys:
        if not (key.known[row] and key.known[above]):
            break
        if key.values[row] != key.values[above]:
            if key.values[row] < key.values[above]:
                return keys, key
            break
    raise ArithmeticError(f"{label} does not put entrant {row} behind entrant {above}")


def note_decider(case: Case, standings, label: str, row: int, above: int, notes: Notes) -> None:
    """The line that says by what the entrant is behind the one above it."""
    keys, key = separating_key(standings, label, row, above)
    mine, theirs = key.value(row), key.value(above)
    tie = next((tie for tie in case.plan.ranking.ties if tie.label == label), None)
    if label == "total":
        notes.add(N_("The total separates it from the one above."), {}, compared(mine, theirs))
    elif label == "void":
        notes.add(N_("The one above has a valid mark in every module; it has not."))
    elif label == "finished" and key is keys[0]:
        notes.add(N_("The one above has everything finished; it has not."))
    elif label == "finished":
        finished = f"{key.values[row]} < {key.values[above]}"
        notes.add(N_("The one above has more modules finished."), {}, finished)
    elif label == "better_places":
        texts = [", ".join(str(-int(k.values[each])) for k in keys) for each in (row, above)]
        notes.add(
            N_("Equal so far with the one above; separated by the places in the modules, best first: "
               "its own | those of the one above."),
            {}, f"{texts[0]} | {texts[1]}",
        )
    elif label == "ruling":
        notes.add(RULED, {}, f"{-int(key.values[row])} > {-int(key.values[above])}")
    elif tie is not None and tie.by == "attempt" and key is keys[0]:
        notes.add(N_("The one above has a valid attempt here; it has none."), {"key": label})
    else:
        _note_tie(case, standings, tie, (mine, theirs), (row, above), notes, label)


def _note_tie(case, standings, tie, values, rows, notes, label):
    written = _days if label == "data:birth_date" else compared
    arithmetic = written(*values)
    if tie is not None and tie.by in REDONE:
        for row, value in zip(rows, values, strict=True):
            mine, words = REDONE[tie.by](case, standings, tie, row)
            if mine != value:
                raise ArithmeticError(
                    f"{label} of entrant {row}: {mine} on the receipt, {value} in the standings"
                )
            if words:
                arithmetic = f"{arithmetic}; {words}"
    notes.add(
        N_("Equal so far with the one above; separated by %(key)s."), {"key": label}, arithmetic
    )


def _days(mine, theirs):
    texts = [date.fromordinal(int(days) // 10_000).isoformat() for days in (mine, theirs)]
    sign = "<" if mine < theirs else ">"
    return f"{texts[0]} {sign} {texts[1]}"


def tie_value(plan: Plan, value: Fraction, step: str) -> Fraction:
    """The number that the plan compares."""
    return value if plan.rounding.compare == "exact" else rounded(value, plan.rounding, step)


def _sum(case, standings, tie: Tie, row):
    marks = [standings.modules[key].exact.value(row) for key in tie.keys]
    marks = [tie_value(case.plan, mark, "module") for mark in marks]
    total = sum(marks, Fraction(0))
    return total, f"{added(marks)} = {number(total)}" if len(marks) > 1 else ""


def _aspect_of(case, tie, row):
    """(module, index of the aspect, panel, sheets that count on it)."""
    module = case.plan.module(tie.module)
    index = [aspect.key for aspect in module.aspects].index(tie.key)
    number_ = next(
        n for n, panel in enumerate(module.all_panels) if index in module.aspect_indexes(panel)
    )
    return module, index, module.all_panels[number_], case.sheets(module, row)[number_]


def _aspect(case, standings, tie, row):
    module, index, panel, sheets = _aspect_of(case, tie, row)
    if module.aspects[index].kind == "measured":
        # A judge who saw only failed attempts has no value to add (section 5).
        values = [sheet.values[index] for sheet in sheets if sheet.values[index] is not None]
    elif panel.level == "aspect":
        notes = Notes()
        marks = [(sheet.seat, sheet.points[index]) for sheet in sheets]
        return combined(module, panel, marks, notes, None), notes.steps[-1].sum
    else:
        values = [sheet.points[index] for sheet in sheets]
    return _plain_mean(values)


def _plain_mean(values):
    mean = Fraction(sum(values)) / len(values)
    return mean, f"({added(values)}) ÷ {len(values)} = {number(mean)}" if len(values) > 1 else ""


def _attempt(case, standings, tie, row):
    module, index, panel, sheets = _aspect_of(case, tie, row)
    best = max if module.aspects[index].better == "high" else min
    values = []
    for sheet in sheets:
        raws = attempts_of(module, case.book, row, sheet.seat, index)
        valid = [raw for raw in raws if raw not in (None, VOID)]
        if valid:
            values.append(best(valid))
    return _plain_mean(values)


def _untrimmed(case, standings, tie, row):
    plain = case.kept.setdefault("untrimmed", Case(case.plan, case.book, trimmed=False))
    road = Road(plain, row, Notes())
    last = case.plan.stages.index(case.plan.stage(standings.stage))
    for stage in case.plan.stages[: last + 1]:
        road.stage(stage)
    return tie_value(case.plan, road.values["stages"][standings.stage], "stage"), ""


REDONE = {"sum": _sum, "aspect": _aspect, "attempt": _attempt, "untrimmed": _untrimmed}
