"""Clause 4. From the panel's mark to the module, the part and the stage.

A part counts its modules by weight: mark ÷ top mark × weight, so a part is out of 100 whatever the
modules' top marks are. A stage counts its parts by weight, with its share of the stage before.
What is not finished adds nothing yet, and the column says that it is not done.
"""

from fractions import Fraction

import numpy as np

from contest.scoring import limits
from contest.scoring.book import MODULE_NORMAL, Book
from contest.scoring.exact import Exact
from contest.scoring.panel import is_odd, panel_mark
from contest.scoring.penalties import take_off
from contest.scoring.rounding import round_to, settle
from contest.scoring.scheme import Module, Plan, Stage
from contest.scoring.sheets import Sheets
from contest.scoring.standings import ModuleResult, Result


def module_result(
    plan: Plan, module: Module, book: Book, sheets: Sheets | None, trimmed: bool = True
) -> ModuleResult:
    """A module's marks for all entrants; done only where every seat that counts has submitted.

    sheets: the module's, or None for a module with scores. trimmed False: no mark is dropped.
    """
    nothing = np.zeros(book.count, dtype=bool)
    odd = stuck = nothing
    if sheets is None:
        done = book.score_given.get(module.key, nothing)
        before = Exact(np.where(done, book.score.get(module.key, 0), 0))
    else:
        totals = sheets.totals
        before, has_mark = _combined(module.panel, sheets, trimmed)
        done = has_mark & (sheets.counted == sheets.counting).all(axis=1)
        odd = is_odd(module.panel, totals.numerators, sheets.counted, totals.denominator)
        stuck = ~has_mark
    state = book.module_state.get(module.key)
    # Absent from the module, or its mark cancelled: it counts as zero, and is settled.
    elsewhere = nothing if state is None else state != MODULE_NORMAL
    mark = np.where(done & ~elsewhere, before.numerators, 0)
    after = take_off(Exact(mark, before.denominator), book.penalty.get(module.key))
    return ModuleResult(
        exact=settle(after, plan.rounding, "module"),
        rounded=round_to(after, plan.rounding),
        done=done | elsewhere,
        before=Exact(mark, before.denominator),
        sheets=None if sheets is None else sheets.totals,
        counted=None if sheets is None else sheets.counted,
        odd=odd,
        stuck=stuck & ~elsewhere,
    )


def _combined(panel, sheets, trimmed):
    fit = limits.denominator_of_panel(panel, trimmed)
    level = sheets.points if panel.level == "aspect" else sheets.totals
    marks, has_mark = panel_mark(panel, level.numerators, sheets.counting, fit, trimmed)
    if panel.level == "aspect":
        marks = marks.sum(axis=1)
    return Exact(marks, level.denominator * fit), has_mark


def weighted(columns: list[tuple[Exact, Fraction]]) -> Exact:
    """The exact sum of columns, each multiplied by its factor."""
    scale = limits.weighted_scale(
        [(limits.Scale(exact.denominator, 0), factor) for exact, factor in columns]
    )
    total = 0
    for exact, factor in columns:
        unit = exact.denominator * factor.denominator
        total = total + exact.numerators * (factor.numerator * (scale.denominator // unit))
    return Exact(total, scale.denominator)


def part_results(plan: Plan, modules: dict[str, ModuleResult], trimmed=True) -> dict[str, Result]:
    """Every part whose modules are all in `modules`, by key."""
    results = {}
    for part in plan.parts:
        own = plan.modules_of(part.key)
        if any(module.key not in modules for module in own):
            continue
        exact = weighted(
            [(modules[m.key].exact, limits.module_factor(m, trimmed)) for m in own]
        )
        done = np.logical_and.reduce([modules[m.key].done for m in own])
        results[part.key] = _result(plan, exact, done, "part")
    return results


def stage_result(
    plan: Plan, stage: Stage, parts: dict[str, Result], stages: dict[str, Result], book: Book
) -> Result | None:
    """The stage's result out of 100, penalties taken off; None where nothing is marked."""
    terms = [
        ((parts if kind == "parts" else stages)[key], factor)
        for kind, key, factor in limits.stage_terms(plan, stage)
    ]
    if not terms:
        return None
    exact = weighted([(result.exact, factor) for result, factor in terms])
    done = np.logical_and.reduce([result.done for result, _ in terms])
    return _result(plan, take_off(exact, book.penalty.get(stage.key)), done, "stage")


def _result(plan, exact, done, step):
    return Result(settle(exact, plan.rounding, step), round_to(exact, plan.rounding), done)
