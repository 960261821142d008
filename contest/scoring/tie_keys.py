"""Clause 7, continued. The columns that separate equals, as the plan orders them.

An aspect as a tie key: on a panel that combines aspect by aspect, the combined mark; on one that
combines whole sheets, the plain mean over all judges who count, none dropped; of a measured aspect
always the plain mean of the measured value itself, so that the shorter time can win.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from contest.scoring.attempts import best_attempts, denominator_of
from contest.scoring.book import MODULE_NORMAL, Book
from contest.scoring.exact import Exact, added
from contest.scoring.panel import denominator_of_panel, panel_mark
from contest.scoring.ranking import Key, counted_places
from contest.scoring.scheme import Panel, Plan, Tie
from contest.scoring.sheets import Sheets
from contest.scoring.standings import ModuleResult, Result


@dataclass(frozen=True)
class Found:
    """What ties look at: results by key up to the ranked stage, who is ranked, in which groups.

    untrimmed() gives the stage's result with no mark dropped. kept: what was made of modules by an
    earlier look, for whoever looks again after few of them have changed.
    """

    plan: Plan
    book: Book
    sheets: dict[str, Sheets]
    modules: dict[str, ModuleResult]
    parts: dict[str, Result]
    stages: dict[str, Result]
    ranked: np.ndarray
    group: tuple[str, ...] | None
    stage: str
    untrimmed: Callable[[], Result]
    kept: dict = field(default_factory=dict)

    def made_of(self, what, things: tuple, make: Callable):
        """make(), or what it gave when it last was asked for `what` of these very things.

        Arrays count as the same when they are equal.
        """
        before, result = self.kept.get(what, ((), None))
        if len(before) != len(things) or not all(map(_same, before, things)):
            result = make()
            self.kept[what] = things, result
        return result


def _same(before, now):
    return before is now or (isinstance(now, np.ndarray) and np.array_equal(before, now))


def total_key(plan: Plan, total: Result, known: np.ndarray | None = None) -> Key:
    """The total as a key, always known unless said, because it is what is in so far."""
    if known is None:
        known = np.ones(len(total.done), dtype=bool)
    return column_key(plan, "total", total, known, plan.ranking.order)


def tie_keys(found: Found) -> Iterator[list[Key]]:
    """The plan's ties in order, each one's keys; a later stage is known of nobody yet."""
    for tie in found.plan.ranking.ties:
        yield KEYS[tie.by](found, tie)


def column_key(plan: Plan, label: str, result: Result, known: np.ndarray, order: str) -> Key:
    """A column of marks as a key, in the number that the plan compares."""
    # Who has no mark yet compares as nothing, and is not compared at all while `known` is False.
    sign = -1 if order == "low" else 1
    unit = 1 if plan.rounding.compare == "rounded" else result.exact.denominator
    return Key(label, sign * result.compared(plan.rounding), known, sign * unit)


def aspect_column(plan: Plan, tie: Tie, sheets: Sheets) -> tuple[Exact, np.ndarray]:
    """The aspect a tie looks at, exactly, (n,): units of points or of the measured value.

    With it bool (n,), where there is one: of a measured value, failed attempts are left out.
    """
    module, index, panel = _aspect(plan, tie)
    aspect = module.aspects[index]
    is_measured = aspect.kind == "measured"
    level = Exact(sheets.values, denominator_of(aspect)) if is_measured else sheets.points
    if is_measured or panel.level == "sheet":
        panel = Panel(judges=panel.judges, key=panel.key)  # the plain mean
    fit = denominator_of_panel(panel, True)
    seats = module.seats_of(panel)
    own = np.s_[:, seats.start : seats.stop]
    counting = sheets.counting[own]
    if is_measured:
        counting = counting & ~sheets.void[own][:, :, index]
    numerators, there = panel_mark(
        panel, level.numerators[own][:, :, index], counting, fit, scale=level.denominator
    )
    return Exact(numerators, level.denominator * fit), there


def _aspect(plan, tie):
    module = plan.module(tie.module)
    index = [aspect.key for aspect in module.aspects].index(tie.key)
    panel = next(p for p in module.all_panels if index in module.aspect_indexes(p))
    return module, index, panel


def _unknown(found, tie):
    n = found.book.count
    return [Key(tie.label, np.zeros(n, dtype=np.int64), np.zeros(n, dtype=bool))]


def _column(columns_of):
    def key(found, tie):
        result = columns_of(found).get(tie.key)
        if result is None:
            return _unknown(found, tie)
        return [column_key(found.plan, tie.label, result, result.done, tie.order)]

    return key


def _exact_key(tie, exact, known):
    sign = -1 if tie.order == "low" else 1
    values = sign * np.where(known, exact.numerators, 0)
    return [Key(tie.label, values, known, sign * exact.denominator)]


def _aspect_key(found, tie):
    result = found.modules.get(tie.module)
    if result is None:
        return _unknown(found, tie)
    # Who was absent from the module or lost its mark has no time to compare.
    state = found.book.module_state.get(tie.module, MODULE_NORMAL)
    sheets = found.sheets[tie.module]
    exact, there = found.made_of(tie, (sheets,), lambda: aspect_column(found.plan, tie, sheets))
    return _exact_key(tie, exact, result.done & (state == MODULE_NORMAL) & there)


def _attempt_key(found, tie):
    """The best valid attempt; who has none comes after those who have."""
    result = found.modules.get(tie.module)
    if result is None:
        return _unknown(found, tie)
    module, index, panel = _aspect(found.plan, tie)
    sheets = found.sheets[tie.module]
    best, has_one = best_attempts(module, index, sheets.raw, sheets.given)
    seats = module.seats_of(panel)
    own = np.s_[:, seats.start : seats.stop]
    plain = Panel(judges=panel.judges)
    fit = denominator_of_panel(plain, True)
    mean, valid = panel_mark(plain, best[own], sheets.counting[own] & has_one[own], fit)
    valid = result.done & valid
    state = found.book.module_state.get(tie.module, MODULE_NORMAL)
    valid &= state == MODULE_NORMAL
    there = Key(tie.label, valid.astype(np.int64), result.done)
    return [there, *_exact_key(tie, Exact(mean, fit), valid)]


def _untrimmed_key(found, tie):
    result = found.untrimmed()
    return [column_key(found.plan, tie.label, result, result.done, tie.order)]


def _sum_key(found, tie):
    results = [found.modules.get(key) for key in tie.keys]
    if None in results:
        return _unknown(found, tie)
    known = np.logical_and.reduce([result.done for result in results])
    if found.plan.rounding.compare == "rounded":
        exact = Exact(sum(result.rounded for result in results))
    else:
        exact = added([result.exact for result in results])
    return _exact_key(tie, exact, known)


def _data_key(found, tie):
    n = found.book.count
    values = found.book.data.get(tie.key, np.zeros(n, dtype=np.int64))
    known = found.book.data_given.get(tie.key, np.zeros(n, dtype=bool))
    return _exact_key(tie, Exact(values), known)


def _better_places_keys(found, tie):
    """The places in the modules, best first: whoever has the better first differing one."""
    modules = found.plan.modules_of_stage(found.stage)
    columns, known = [], np.ones(found.book.count, dtype=bool)
    for module in modules:
        result = found.modules[module.key]
        known &= result.done
        columns.append(found.made_of(
            ("place in", module.key), (result, found.ranked),
            lambda result=result: _places_in(found, result),
        ))
    best_first = np.sort(np.stack(columns, axis=1), axis=1)
    return [Key(tie.label, -best_first[:, i], known, -1) for i in range(len(modules))]


def _places_in(found, result):
    """int64 (n,): the place in a module among those ranked; behind all others for those without."""
    order = found.plan.ranking.order
    has_place = found.ranked & result.done
    if order == "low":
        has_place = has_place & ~result.void
    key = column_key(found.plan, "", result, result.done, order)
    place = counted_places(key.values, has_place, found.group)
    return np.where(place == 0, found.book.count + 1, place)


KEYS = {
    "part": _column(lambda found: found.parts),
    "module": _column(lambda found: found.modules),
    "stage": _column(lambda found: found.stages),
    "aspect": _aspect_key,
    "attempt": _attempt_key,
    "untrimmed": _untrimmed_key,
    "better_places": _better_places_keys,
    "data": _data_key,
    "sum": _sum_key,
}
