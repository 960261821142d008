"""Clause 2, continued. Every judge's sheet of one module: points, totals, and which count."""

from dataclasses import dataclass

import numpy as np

from contest.scoring.attempts import taken
from contest.scoring.book import Book
from contest.scoring.earning import earned
from contest.scoring.exact import Exact
from contest.scoring.rounding import settle
from contest.scoring.scheme import Module, Plan


@dataclass(frozen=True)
class Sheets:
    """The sheets of one module.

    raw: int64 (n, seats, columns), 0 where not given. values: int64 (n, seats, aspects), what is
    taken of the attempts (`attempts.taken`). points: Exact of that shape, units earned, 0 for what
    is not on the judge's sheet. totals: Exact (n, seats). counting: bool (n, seats), seats not
    struck out. counted: bool (n, seats), those of them that submitted a full sheet; points and
    totals mean nothing elsewhere. void: bool (n, seats, aspects), what stands is a failed attempt.
    missed: bool (n, seats, aspects), key items that earned nothing, before a lost sheet took the
    rest; None where there are none.
    """

    raw: np.ndarray
    given: np.ndarray
    values: np.ndarray
    points: Exact
    totals: Exact
    counting: np.ndarray
    counted: np.ndarray
    void: np.ndarray
    missed: np.ndarray | None


def read_sheets(plan: Plan, module: Module, book: Book, rows: np.ndarray | None = None) -> Sheets:
    """The sheets of a module that is marked on sheets; `rows` of the book only, where given."""
    own = slice(None) if rows is None else rows
    count = book.count if rows is None else len(rows)
    seats = (count, module.seats)
    counting = ~_of(book.excused, module, own, np.zeros(seats, dtype=bool))
    shape = (*seats, len(module.columns))
    raw = _of(book.raw, module, own, np.zeros(shape, dtype=np.int64))
    given = _of(book.given, module, own, np.zeros(shape, dtype=bool))
    took = taken(module, raw, given)
    points, denominator = earned(module.aspects, took.values)
    is_mine = _on_the_sheet(module)
    nothing = took.void if is_mine is None else took.void | ~is_mine
    if nothing.any():
        points = np.where(nothing, 0, points)
    missed = _missed(module, points, took.given, is_mine)
    points = _without_lost_sheets(module, points, missed)
    full = took.given if is_mine is None else took.given | ~is_mine
    submitted = _of(book.submitted, module, own, np.zeros(seats, dtype=bool))
    totals = _settled(plan, module, Exact(points.sum(axis=2), denominator))
    return Sheets(
        raw=raw,
        given=given,
        values=took.values,
        points=Exact(points, denominator),
        totals=totals,
        counting=counting,
        counted=submitted & full.all(axis=2) & counting,
        void=took.void,
        missed=missed,
    )


def _settled(plan, module, totals):
    """The totals, rounded in the seats of panels that combine sheets; others are added up by aspect."""
    levels = {panel.level for panel in module.all_panels}
    if "sheet" not in levels:
        return totals
    rounded = settle(totals, plan.rounding, "sheet")
    if len(levels) == 1 or rounded is totals:
        return rounded
    numerators = totals.numerators.copy()
    for panel in module.all_panels:
        if panel.level == "sheet":
            seats = module.seats_of(panel)
            own = np.s_[:, seats.start : seats.stop]
            numerators[own] = rounded.over(totals.denominator)[own]
    return Exact(numerators, totals.denominator)


def _of(arrays, module, rows, default):
    return arrays[module.key][rows] if module.key in arrays else default


def _on_the_sheet(module):
    """bool (seats, aspects), which aspects each seat marks; None where all mark all."""
    if not module.panels:
        return None
    mine = np.zeros((module.seats, len(module.aspects)), dtype=bool)
    for panel in module.all_panels:
        seats = module.seats_of(panel)
        mine[seats.start : seats.stop, list(module.aspect_indexes(panel))] = True
    return mine


def _missed(module, points, given, is_mine):
    keys = np.array([bool(aspect.key_item) for aspect in module.aspects])
    if not keys.any():
        return None
    return given & (points == 0) & (keys if is_mine is None else keys & is_mine)


def _without_lost_sheets(module, points, missed):
    """A missed key item of the sheet takes the judge's whole sheet with it."""
    keys = [i for i, aspect in enumerate(module.aspects) if aspect.key_item == "sheet"]
    if not keys:
        return points
    return np.where(missed[:, :, keys].any(axis=2)[:, :, None], 0, points)


def all_sheets(plan: Plan, book: Book) -> dict[str, Sheets]:
    """The sheets of every module that is marked on sheets, by key."""
    return {
        module.key: read_sheets(plan, module, book)
        for module in plan.modules
        if module.entry == "sheets"
    }
