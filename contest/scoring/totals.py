"""Clause 4, continued. From the modules' marks to the part and the stage.

By weights: child ÷ its top × its weight, so the whole is out of 100 whatever the tops are. By
points: the children added up. Best: the best few added up. A stage takes over its share of the
stage before and adds its base. What is not finished adds nothing yet, and the column says that it
is not done.
"""

from fractions import Fraction

import numpy as np

from contest.scoring import limits
from contest.scoring.book import Book
from contest.scoring.exact import Exact
from contest.scoring.penalties import settled
from contest.scoring.rounding import round_to, settle
from contest.scoring.scheme import Plan, Stage
from contest.scoring.standings import ModuleResult, Result
from contest.scoring.tops import part_terms, stage_terms


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


def part_results(
    plan: Plan, book: Book, modules: dict[str, ModuleResult], trimmed: bool = True
) -> dict[str, Result]:
    """Every part of which everything is in `modules`, by key."""
    results = {}
    waiting = list(plan.parts)
    while waiting:
        later = []
        for part in waiting:
            columns = {"modules": modules, "parts": results}
            terms = part_terms(plan, part, trimmed)
            if any(key not in columns[kind] for kind, key, _ in terms):
                later.append(part)
                continue
            found = [(columns[kind][key], factor) for kind, key, factor in terms]
            results[part.key] = _part_result(plan, book, part, found)
        if len(later) == len(waiting):
            break  # the rest belongs to stages that are not asked for
        waiting = later
    return {part.key: results[part.key] for part in plan.parts if part.key in results}


def _part_result(plan, book, part, found):
    done = np.logical_and.reduce([result.done for result, _ in found])
    if part.combine == "best":
        exact = _best(part.best, [result for result, _ in found])
    else:
        exact = weighted([(result.exact, factor) for result, factor in found])
    exact = settled(plan, part, exact, _penalty_of_part(plan, book, part))
    return _result(plan, exact, done, "part")


def _penalty_of_part(plan, book, part):
    taken = {thing.key for thing in (*plan.modules, *plan.stages)}
    return None if part.key in taken else book.penalty.get(part.key)


def _best(count, results):
    """The sum of the `count` highest of those finished."""
    whole = weighted([(result.exact, Fraction(1)) for result in results])
    lowest = np.iinfo(np.int64).min
    columns = [
        np.where(result.done, result.exact.over(whole.denominator), lowest) for result in results
    ]
    kept = np.sort(np.stack(columns, axis=1), axis=1)[:, len(results) - count :]
    return Exact(np.where(kept == lowest, 0, kept).sum(axis=1), whole.denominator)


def stage_result(
    plan: Plan,
    stage: Stage,
    parts: dict[str, Result],
    stages: dict[str, Result],
    book: Book,
    trimmed: bool = True,
) -> Result | None:
    """The stage's result, penalties taken off; None where nothing is marked."""
    terms = [
        ((parts if kind == "parts" else stages)[key], factor)
        for kind, key, factor in stage_terms(plan, stage, trimmed)
    ]
    if not terms:
        return None
    exact = weighted([(result.exact, factor) for result, factor in terms])
    exact = Exact(exact.numerators + stage.base * exact.denominator, exact.denominator)
    done = np.logical_and.reduce([result.done for result, _ in terms])
    exact = settled(plan, stage, exact, book.penalty.get(stage.key))
    return _result(plan, exact, done, "stage")


def _result(plan, exact, done, step):
    return Result(
        settle(exact, plan.rounding, step), round_to(exact, plan.rounding, step), done
    )
