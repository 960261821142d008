"""Clause 10, continued. From the seats of a panel to its judges: a reserve may have taken a seat."""

from dataclasses import replace

import numpy as np

from contest.scoring import UNITS_PER_POINT
from contest.scoring.agreement import PanelSheets
from contest.scoring.book import ABSENT, MODULE_NORMAL, WITHDRAWN, Book
from contest.scoring.exact import Exact
from contest.scoring.panel import dropped_marks
from contest.scoring.scheme import Module, Panel, Plan
from contest.scoring.sheets import Sheets, read_sheets


def panel_sheets(
    plan: Plan, module: Module, panel: Panel, book: Book, holders: np.ndarray, own: np.ndarray
) -> PanelSheets:
    """The sheets of one panel of a module by judges.

    holders: int64 (n, the panel's seats), the judge (a column from 0 on) who has the sheet, or -1.
    own: bool (n, judges), where judge and entrant share an organisation. Nobody holds two seats for the same
    entrant. Whoever was absent or has withdrawn, or whose mark was cancelled, is left out: such
    sheets agree on nothing but that.
    """
    sheets = _of_panel(read_sheets(plan, module, book), module, panel)
    here = ~np.isin(book.state, (ABSENT, WITHDRAWN))
    state = book.module_state.get(module.key)
    if state is not None:
        here &= state == MODULE_NORMAL
    counted = sheets.counted & here[:, np.newaxis]
    high, low, chances = _dropped(panel, sheets, here)

    def by_judge(values):
        columns = np.zeros(own.shape, dtype=values.dtype)
        rows, seats = np.nonzero(holders >= 0)
        columns[rows, holders[rows, seats]] = values[rows, seats]
        return columns

    return PanelSheets(
        totals=by_judge(np.where(counted, sheets.totals.numerators, 0)),
        counted=by_judge(counted),
        own=own,
        per_point=sheets.totals.denominator * UNITS_PER_POINT,
        high=by_judge(high),
        low=by_judge(low),
        chances=by_judge(chances),
        regular=_regular(holders, own.shape[1]),
        top=_top(module, panel) / UNITS_PER_POINT,
    )


def _top(module, panel):
    if not module.panels:
        return module.max
    return sum(module.aspects[index].max for index in module.aspect_indexes(panel))


def _of_panel(sheets, module, panel):
    """The seats of one of several panels, and of the aspects only its own."""
    if not module.panels:
        return sheets
    seats, aspects = module.seats_of(panel), list(module.aspect_indexes(panel))
    mine = np.s_[:, seats.start : seats.stop]
    return replace(
        sheets,
        points=Exact(sheets.points.numerators[mine][:, :, aspects], sheets.points.denominator),
        totals=Exact(sheets.totals.numerators[mine], sheets.totals.denominator),
        counting=sheets.counting[mine],
        counted=sheets.counted[mine],
    )


def _dropped(panel, sheets: Sheets, here):
    """int64 (n, seats) each: marks dropped as highest, as lowest, and marks that could have been.

    Nothing is dropped before every seat has handed in. A panel that combines aspects drops each
    aspect's marks by themselves, so there one sheet can be dropped many times.
    """
    level = sheets.points if panel.level == "aspect" else sheets.totals
    left = sheets.counting.sum(axis=1)
    done = here & (sheets.counted == sheets.counting).all(axis=1) & (left > panel.dropped)
    chances = (sheets.counting & done[:, np.newaxis]).astype(np.int64)
    high, low = dropped_marks(panel, level.numerators, sheets.counting & done[:, np.newaxis])
    if panel.level == "aspect":
        high, low = high.sum(axis=2), low.sum(axis=2)
        chances *= level.numerators.shape[2]
    if not panel.dropped:
        chances[:] = 0
    return high.astype(np.int64), low.astype(np.int64), chances


def _regular(holders, judges):
    """bool (judges,): those who hold the most sheets of a seat, the first of equals."""
    regular = np.zeros(judges, dtype=bool)
    for seat in holders.T:
        held = np.bincount(seat[seat >= 0], minlength=judges)
        if held.any():
            regular[held.argmax()] = True
    return regular
