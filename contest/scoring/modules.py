"""Clause 4. From the judges' sheets, or a score, to the mark of a module.

Order: the panels' marks, each rounded where the plan rounds at step `panel` and multiplied by its
factor, are added up; × difficulty; the chief's adjustment; a missed key item takes all; then cap,
penalty and rounding (clause 5), and last the adjustment between rooms.
"""

import numpy as np

from contest.scoring.adjusting import adjusted
from contest.scoring.attempts import denominator_of
from contest.scoring.book import MODULE_NORMAL, NORMAL, Book
from contest.scoring.exact import Exact, added, times
from contest.scoring.orders import order_marks
from contest.scoring.panel import denominator_of_panel, is_aspect_odd, is_odd, panel_mark, range_of
from contest.scoring.penalties import settled
from contest.scoring.rounding import round_to, settle
from contest.scoring.scheme import Module, Plan
from contest.scoring.sheets import Sheets
from contest.scoring.standings import ModuleResult


def module_result(
    plan: Plan,
    module: Module,
    book: Book,
    sheets: Sheets | None,
    trimmed: bool = True,
    entered: np.ndarray | None = None,
) -> ModuleResult:
    """A module's marks for all entrants; done only where every seat that counts has submitted.

    sheets: the module's, or None for a module with scores. trimmed False: no mark is dropped.
    entered: bool (n,), who takes part in the stage, or None for everybody.
    """
    nothing = np.zeros(book.count, dtype=bool)
    odd = stuck = void = nothing
    if sheets is None:
        done = book.score_given.get(module.key, nothing) & _has_difficulty(module, book)
        before = Exact(np.where(done, book.score.get(module.key, 0), 0))
    else:
        has_mark, done = _ready(module, sheets)
        stuck, void = ~has_mark, (sheets.void.any(axis=2) & sheets.counted).any(axis=1)
        odd = _odd(module, sheets)
        done = done & ~_to_mark_again(module, sheets)
        # Without its factor nobody is finished, nor put in order among those who are.
        done = done & _has_difficulty(module, book)
        if any(panel.by_order for panel in module.all_panels):
            before = _by_order(plan, module, book, sheets, done, entered)
        else:
            before = _panels(plan, module, sheets, trimmed)
    state = book.module_state.get(module.key)
    # Absent from the module, or its mark cancelled: it counts as zero, and is settled.
    elsewhere = nothing if state is None else state != MODULE_NORMAL
    before = _by_the_chief(module, book, sheets, before)
    if entered is not None:
        # A mark of somebody who was not let on to the stage is no mark of the stage.
        done, elsewhere, void = done & entered, elsewhere & entered, void & entered
        odd = odd & entered
    counts = done & ~elsewhere
    mark = Exact(np.where(counts, before.numerators, 0), before.denominator)
    after = settled(plan, module, mark, book.penalty.get(module.key))
    after = Exact(np.where(counts, after.numerators, 0), after.denominator)
    raw = round_to(after, plan.rounding, "module")
    exact = settle(after, plan.rounding, "module")
    normal = (book.state == NORMAL) & ~elsewhere
    if entered is not None:
        normal = normal & entered
    found = adjusted(plan, module, exact, counts=counts, normal=normal, room=book.room)
    return ModuleResult(
        exact=found.exact,
        rounded=raw if found.exact is exact else round_to(found.exact, plan.rounding, "module"),
        done=nothing if found.refused else done | elsewhere,
        before=mark,
        sheets=None if sheets is None else sheets.totals,
        counted=None if sheets is None else sheets.counted,
        odd=odd & ~elsewhere,
        stuck=stuck & ~elsewhere,
        void=void | elsewhere,
        raw=raw,
        marked=done | elsewhere,
        refused=found.refused,
    )


def _ready(module, sheets):
    """bool (n,) twice: every panel has marks left to combine; every seat that counts is in."""
    has_mark = np.ones(len(sheets.counting), dtype=bool)
    for panel in module.all_panels:
        seats = module.seats_of(panel)
        left = sheets.counting[:, seats.start : seats.stop].sum(axis=1)
        dropped = np.where(left >= panel.drop_from, panel.drop_low + panel.drop_high, 0)
        has_mark &= left > dropped
    return has_mark, has_mark & (sheets.counted == sheets.counting).all(axis=1)


def _panels(plan, module, sheets, trimmed):
    """Exact (n,): the panels' marks, × factor, added up, × nothing yet."""
    marks = []
    for panel in module.all_panels:
        seats = module.seats_of(panel)
        own = np.s_[:, seats.start : seats.stop]
        fit = denominator_of_panel(panel, trimmed)
        level, indexes = sheets.totals, None
        if panel.level == "aspect":
            level, indexes = sheets.points, list(module.aspect_indexes(panel))
        elif module.panels:
            # Beside panels by aspect, rounded totals stand over a denominator that they do not need.
            level = settle(level, plan.rounding, "sheet")
        numerators = level.numerators[own]
        if indexes is not None and module.panels:
            numerators = numerators[:, :, indexes]
        found, _ = panel_mark(
            panel, numerators, sheets.counting[own], fit, trimmed, level.denominator
        )
        if panel.level == "aspect":
            found = found.sum(axis=1)
        mark = settle(Exact(found, level.denominator * fit), plan.rounding, "panel")
        marks.append(times(mark, panel.factor, 10_000))
    return added(marks)


def _by_order(plan, module, book, sheets, done, entered):
    """Exact (n,): marks from the judges' orders among those who are finished, group by group."""
    panel = module.all_panels[0]
    is_rank = module.aspects[0].kind == "rank"
    goodness = -sheets.raw[:, :, 0] if is_rank else sheets.totals.numerators
    ranked = done & (book.state == NORMAL)
    if entered is not None:
        ranked = ranked & entered
    if module.key in book.module_state:
        ranked = ranked & (book.module_state[module.key] == MODULE_NORMAL)
    groups = np.array(book.group if plan.ranking.by_group else ("",) * book.count)
    marks = np.zeros(book.count, dtype=np.int64)
    for name in np.unique(groups):
        marks += order_marks(panel, goodness, sheets.counted, ranked & (groups == name), is_rank)
    mark = settle(Exact(marks, 2), plan.rounding, "panel")
    return times(mark, panel.factor, 10_000)


def _has_difficulty(module, book):
    """bool (n,): the factor is there, or the module asks for none."""
    if module.difficulty is None:
        return np.ones(book.count, dtype=bool)
    return book.difficulty_given.get(module.key, np.zeros(book.count, dtype=bool))


def _by_the_chief(module, book, sheets, before):
    """× difficulty, ± the chief's adjustment, and nothing where a key item is missed."""
    if module.difficulty is not None:
        given = book.difficulty_given.get(module.key, np.zeros(book.count, dtype=bool))
        factor = np.where(given, book.difficulty.get(module.key, 0), 0)
        before = Exact(before.numerators * factor, before.denominator * 10_000)
    if module.key in book.adjustment:
        moved = book.adjustment[module.key] * before.denominator
        before = Exact(before.numerators + moved, before.denominator)
    if sheets is not None:
        lost = _lost(module, sheets)
        if lost is not None:
            before = Exact(np.where(lost, 0, before.numerators), before.denominator)
    return before


def _lost(module, sheets):
    """bool (n,): more than half of the judges who count saw a key item of the module missed."""
    if sheets.missed is None:
        return None
    lost = np.zeros(len(sheets.counted), dtype=bool)
    for index, aspect in enumerate(module.aspects):
        if aspect.key_item == "module":
            panel = next(p for p in module.all_panels if index in module.aspect_indexes(p))
            seats = module.seats_of(panel)
            own = np.s_[:, seats.start : seats.stop]
            missed = sheets.counted[own] & sheets.missed[own][:, :, index]
            lost |= 2 * missed.sum(axis=1) > sheets.counted[own].sum(axis=1)
    return lost


def _odd(module, sheets):
    odd = np.zeros(len(sheets.counting), dtype=bool)
    totals = sheets.totals
    for panel in module.all_panels:
        seats = module.seats_of(panel)
        own = np.s_[:, seats.start : seats.stop]
        odd |= is_odd(panel, totals.numerators[own], sheets.counted[own], totals.denominator)
        odd |= _any_aspect_odd(module, panel, sheets, own)
    return odd | _to_mark_again(module, sheets)


def _any_aspect_odd(module, panel, sheets, own):
    """bool (n,): an aspect's marks lie further apart than it allows; a failed attempt is no value."""
    odd = np.zeros(len(sheets.counting), dtype=bool)
    for index in module.aspect_indexes(panel):
        aspect = module.aspects[index]
        if aspect.apart is not None:
            compared = sheets.counted[own] & ~sheets.void[own][:, :, index]
            values = sheets.values[own][:, :, index]
            odd |= is_aspect_odd(aspect, values, compared, denominator_of(aspect))
    return odd


def _to_mark_again(module, sheets):
    """bool (n,): a judgement lies more than a step apart, where the panel then marks again."""
    again = np.zeros(len(sheets.counting), dtype=bool)
    for panel in module.all_panels:
        if panel.remark:
            seats = module.seats_of(panel)
            own = np.s_[:, seats.start : seats.stop]
            for index in module.aspect_indexes(panel):
                if module.aspects[index].kind == "judgement":
                    values = sheets.values[own][:, :, index]
                    again |= range_of(values, sheets.counted[own]) > 1
    return again


