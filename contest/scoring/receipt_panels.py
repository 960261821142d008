"""The receipt, continued. Several judges' marks for one entrant become one, written out."""

from fractions import Fraction

from contest.scoring.receipt_sheets import Sheet, panel_name, sheet_of
from contest.scoring.receipt_sums import Notes, added, number, numbers
from contest.scoring.scheme import Module, Panel, Plan
from contest.scoring.words import N_

METHOD_LABELS = {
    "mean": N_("Mean of the marks that count (%(count)s)."),
    "sum": N_("Sum of the marks that count (%(count)s)."),
    "median": N_("Middle of the marks that count (%(count)s)."),
}
LABELS_WITH_DROPPED = {
    "mean": N_("Mean of the marks that count (%(count)s); dropped: %(dropped)s."),
    "sum": N_("Sum of the marks that count (%(count)s); dropped: %(dropped)s."),
    "median": N_("Middle of the marks that count (%(count)s); dropped: %(dropped)s."),
}


def sheets_of(
    plan: Plan, module: Module, panel: Panel, book, row: int, notes: Notes
) -> list[Sheet] | None:
    """The sheets that count, each with its lines; None, saying why, where there is no mark yet."""
    found, waiting, about = [], 0, panel_name(module, panel)
    for seat in module.seats_of(panel):
        if module.key in book.excused and book.excused[module.key][row, seat]:
            notes.add(N_("Judge %(judge)s is struck out."), {"judge": seat + 1}, "", about)
            continue
        sheet = sheet_of(plan, module, panel, book, row, seat, notes)
        waiting += sheet is None
        found += [] if sheet is None else [sheet]
    low, high = panel.drops(len(found) + waiting)
    if len(found) + waiting <= low + high:
        label = N_("Too many judges are struck out; left: %(count)s, to be dropped: %(dropped)s.")
        notes.add(label, {"count": len(found) + waiting, "dropped": low + high}, "", about)
        return None
    if waiting:
        label = N_("Not finished; sheets missing: %(count)s. Nothing is counted yet.")
        notes.add(label, {"count": waiting}, "", about)
        return None
    _note_spread(panel, found, notes, about)
    _note_aspects_apart(module, panel, found, notes)
    return None if _is_to_be_marked_again(module, panel, found, notes) else found


def _note_spread(panel, sheets, notes, about):
    if panel.spread is None or len(sheets) < 2:
        return
    totals = [sheet.total for sheet in sheets]
    if totals and max(totals) - min(totals) > panel.spread:
        notes.add(
            N_("The judges' totals lie further apart than %(spread)s; this is shown and changes nothing."),
            {"spread": number(panel.spread)},
            f"{number(max(totals))} − {number(min(totals))} = {number(max(totals) - min(totals))}", about,
        )


def _note_aspects_apart(module, panel, sheets, notes):
    for index in module.aspect_indexes(panel):
        limit = module.aspects[index].apart
        marks = [sheet.values[index] for sheet in sheets if sheet.values[index] is not None]
        if limit is not None and marks and max(marks) - min(marks) > limit:
            notes.add(
                N_("The judges' marks lie further apart than %(apart)s; this is shown and changes nothing."),
                {"apart": number(limit)},
                f"{number(max(marks))} − {number(min(marks))} = {number(max(marks) - min(marks))}",
                module.aspects[index],
            )


def _is_to_be_marked_again(module, panel, sheets, notes):
    again = False
    for index in module.aspect_indexes(panel):
        if panel.remark and module.aspects[index].kind == "judgement":
            steps = [int(sheet.values[index]) for sheet in sheets]
            if steps and max(steps) - min(steps) > 1:
                again = True
                notes.add(
                    N_("Not finished: the judgements lie more than one step apart and are given again."),
                    {}, ", ".join(map(str, steps)), module.aspects[index],
                )
    return again


def panel_mark(
    plan: Plan, module: Module, panel: Panel, sheets: list[Sheet], notes: Notes, trimmed: bool = True
) -> Fraction:
    """The panel's mark in units, before rounding and factor."""
    about = panel_name(module, panel)
    if panel.level == "sheet":
        marks = [(sheet.seat, sheet.total) for sheet in sheets]
        return combined(module, panel, marks, notes, about, trimmed)
    marks = [
        combined(
            module, panel, [(sheet.seat, sheet.points[index]) for sheet in sheets], notes,
            module.aspects[index], trimmed,
        )
        for index in module.aspect_indexes(panel)
    ]
    notes.add(
        N_("All aspects added up."), {}, f"{added(marks)} = {number(sum(marks, Fraction(0)))}", about
    )
    return sum(marks, Fraction(0))


def combined(module, panel, by_seat, notes, about, trimmed=True) -> Fraction:
    """One mark of the marks that count, (seat, mark) each."""
    if panel.weights:
        return _weighted(module, panel, by_seat, notes, about)
    ordered = sorted(mark for _, mark in by_seat)
    low, high = panel.drops(len(ordered)) if trimmed else (0, 0)
    kept = ordered[low : len(ordered) - high]
    dropped = ordered[:low] + ordered[len(ordered) - high :]
    if trimmed and not dropped and (panel.drop_low or panel.drop_high):
        label = N_("Only %(count)s marks count, and marks are dropped from %(from)s up: none is.")
        notes.add(label, {"count": len(ordered), "from": panel.drop_from}, "", about)
    if dropped and _is_too_far_apart(panel, kept, notes, about):
        kept, dropped = ordered, []
    full = panel.counting if trimmed else panel.judges
    value, arithmetic = COMBINED[panel.method](kept, full)
    labels, params = METHOD_LABELS, {"count": len(kept)}
    if dropped:
        labels, params = LABELS_WITH_DROPPED, params | {"dropped": numbers(dropped)}
    notes.add(labels[panel.method], params, arithmetic, about)
    return value


def _is_too_far_apart(panel, kept, notes, about):
    """Do the marks that were kept lie further apart than their mean allows? Says so either way."""
    mean, apart = sum(kept, Fraction(0)) / len(kept), kept[-1] - kept[0]
    for row in panel.tolerance:
        if mean >= row.least:
            is_over = apart > row.apart
            label = N_("With a mean of %(mean)s the marks may lie %(allowed)s apart; they do.")
            if is_over:
                label = N_(
                    "With a mean of %(mean)s the marks may lie only %(allowed)s apart: "
                    "the dropped ones count too."
                )
            difference = f"{number(kept[-1])} − {number(kept[0])} = {number(apart)}"
            sign = ">" if is_over else "≤"
            params = {"mean": number(mean), "allowed": number(row.apart)}
            notes.add(label, params, f"{difference} {sign} {number(row.apart)}", about)
            return is_over
    return False


def _weighted(module, panel, by_seat, notes, about):
    first = module.seats_of(panel).start
    weights = [Fraction(panel.weights[seat - first]) for seat, _ in by_seat]
    marks = [mark for _, mark in by_seat]
    value = sum(w * m for w, m in zip(weights, marks, strict=True)) / sum(weights)
    terms = [f"{number(w)} × {number(m)}" for w, m in zip(weights, marks, strict=True)]
    notes.add(
        N_("Each judge's mark × weight, added up, ÷ all weights."), {},
        f"({' + '.join(terms)}) ÷ ({added(weights)}) = {number(value)}", about,
    )
    return value


def _mean(kept, full):
    value = sum(kept, Fraction(0)) / len(kept)
    return value, f"({added(kept)}) ÷ {len(kept)} = {number(value)}"


def _sum(kept, full):
    if len(kept) == full:
        value = sum(kept, Fraction(0))
        return value, f"{added(kept)} = {number(value)}"
    # Not as many as of a full panel: the mean of these stands in for each of the others.
    value = sum(kept, Fraction(0)) / len(kept) * full
    return value, f"({added(kept)}) ÷ {len(kept)} × {full} = {number(value)}"


def _median(kept, full):
    middle = len(kept) // 2
    if len(kept) % 2:
        return kept[middle], f"{' ≤ '.join(map(number, kept))} → {number(kept[middle])}"
    pair = kept[middle - 1 : middle + 1]
    value = sum(pair, Fraction(0)) / 2
    return value, f"({added(pair)}) ÷ 2 = {number(value)}"


COMBINED = {"mean": _mean, "sum": _sum, "median": _median}
