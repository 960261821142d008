"""Clause 7, continued. The columns that separate equals, as the plan orders them.

An aspect as a tie key: on a panel that combines aspect by aspect, the combined mark; on one that
combines whole sheets, the plain mean over all judges who count, none dropped; of a measured aspect
always the plain mean of the measured value itself, so that the shorter time can win.
"""

from collections.abc import Callable

import numpy as np

from contest.scoring import limits
from contest.scoring.book import MODULE_NORMAL, Book
from contest.scoring.exact import Exact
from contest.scoring.panel import panel_mark
from contest.scoring.ranking import Key
from contest.scoring.scheme import Panel, Plan, Tie
from contest.scoring.sheets import Sheets
from contest.scoring.standings import Result


def total_key(plan: Plan, total: Result) -> Key:
    """The first key: the total, always known, because it is what is in so far."""
    return _column_key(plan, "total", total, np.ones(len(total.done), dtype=bool))


def tie_keys(
    plan: Plan,
    book: Book,
    sheets: dict[str, Sheets],
    found: dict[str, dict[str, Result]],
    untrimmed: Callable[[], Result],
) -> list[Key]:
    """The plan's ties in order; one that looks at a later stage is known of nobody yet.

    found: {"module": results by key, "part": results by key}. untrimmed() gives the stage's result
    with no mark dropped.
    """
    keys = []
    for tie in plan.ranking.ties:
        if tie.by == "untrimmed":
            result = untrimmed()
        else:
            kind, key = ("module", tie.module) if tie.by == "aspect" else (tie.by, tie.key)
            result = found[kind].get(key)
        if result is None:
            keys.append(_unknown(tie, book.count))
        elif tie.by == "aspect":
            keys.append(_aspect_key(plan, book, sheets, result, tie))
        else:
            keys.append(_column_key(plan, tie.label, result, result.done, tie.order))
    return keys


def aspect_column(plan: Plan, tie: Tie, sheets: Sheets) -> Exact:
    """The aspect a tie looks at, exactly, (n,): units of points or of the measured value."""
    module = plan.module(tie.module)
    index = [aspect.key for aspect in module.aspects].index(tie.key)
    is_measured = module.aspects[index].kind == "measured"
    level = Exact(sheets.raw) if is_measured else sheets.points
    panel = module.panel
    if is_measured or panel.level == "sheet":
        panel = Panel(judges=panel.judges)  # the plain mean
    fit = limits.denominator_of_panel(panel, True)
    numerators, _ = panel_mark(panel, level.numerators[:, :, index], sheets.counting, fit)
    return Exact(numerators, level.denominator * fit)


def _column_key(plan, label, result, known, order="high"):
    # Who has no mark yet compares as nothing, and is not compared at all while `known` is False.
    sign = -1 if order == "low" else 1
    unit = 1 if plan.rounding.compare == "rounded" else result.exact.denominator
    return Key(label, sign * result.compared(plan.rounding), known, sign * unit)


def _unknown(tie, count):
    return Key(tie.label, np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool))


def _aspect_key(plan, book, sheets, result, tie):
    exact = aspect_column(plan, tie, sheets[tie.module])
    # Who was absent from the module or lost its mark has no time to compare.
    known = result.done & (book.module_state.get(tie.module, MODULE_NORMAL) == MODULE_NORMAL)
    sign = -1 if tie.order == "low" else 1
    return Key(
        tie.label, sign * np.where(known, exact.numerators, 0), known, sign * exact.denominator
    )
