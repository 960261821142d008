"""The whole road from marks to standings, one clause a line."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

import numpy as np

from contest.scoring.adjusting import scaled
from contest.scoring.book import (
    ABSENT,
    DISQUALIFIED,
    MODULE_ABSENT,
    NORMAL,
    WITHDRAWN,
    Book,
)
from contest.scoring.book_checks import check_book
from contest.scoring.exact import Exact
from contest.scoring.modules import module_result
from contest.scoring.ranking import Key, Keys, equals, places
from contest.scoring.scheme import Plan, Tie
from contest.scoring.sheets import Sheets, all_sheets
from contest.scoring.standings import ModuleResult, Result, Standings
from contest.scoring.teams import team_standings
from contest.scoring.tie_keys import KEYS, Found, tie_keys, total_key
from contest.scoring.totals import part_results, stage_result


@dataclass(frozen=True)
class Columns:
    """Modules, parts and stages up to a stage, by key."""

    modules: dict[str, ModuleResult]
    parts: dict[str, Result]
    stages: dict[str, Result]


def score(plan: Plan, book: Book, stage: str | None = None) -> Standings:
    """Standings of all entrants at a stage, the last unless said, over what is finished so far.

    BookError when the book does not fit the plan; KeyError when there is no such stage, or nothing
    is marked in it.
    """
    stage = stage or plan.last_stage.key
    check_book(plan, book)
    sheets = all_sheets(plan, book)
    return rank(plan, book, stage, sheets, columns(plan, book, sheets, stage))


def columns(
    plan: Plan, book: Book, sheets: dict[str, Sheets], stage: str, trimmed: bool = True
) -> Columns:
    """Modules, parts and stages up to `stage`; `trimmed` False: no mark is dropped."""
    modules = {
        module.key: module_result(plan, module, book, sheets.get(module.key), trimmed, entered)
        for module, entered in modules_up_to(plan, book, stage)
    }
    return combined(plan, book, modules, stage, trimmed)


def modules_up_to(plan: Plan, book: Book, stage: str) -> list[tuple]:
    """The modules of the stages up to one, each with who takes part in its stage, or None."""
    return [
        (module, book.entered.get(each.key))
        for each in stages_up_to(plan, stage)
        for part in _parts_at(plan, each.key)
        for module in plan.modules_of(part.key)
    ]


def combined(
    plan: Plan, book: Book, modules: dict[str, ModuleResult], stage: str, trimmed: bool = True
) -> Columns:
    """Parts and stages from the modules' marks."""
    parts = part_results(plan, book, modules, trimmed)
    stages = {}
    for each in stages_up_to(plan, stage):
        result = stage_result(plan, each, parts, stages, book, trimmed)
        if result is not None:
            stages[each.key] = result
    return Columns(modules, parts, stages)


def stages_up_to(plan: Plan, stage: str) -> tuple:
    """The stages to and including the one called `stage`."""
    return plan.stages[: plan.stages.index(plan.stage(stage)) + 1]


def _parts_at(plan, stage):
    """Every part of a stage, of entrants and of teams, and what stands within."""
    found, waiting = [], [part for part in plan.parts if part.stage == stage]
    while waiting:
        found.append(waiting.pop(0))
        waiting += plan.parts_within(found[-1].key)
    return found


def rank(
    plan: Plan,
    book: Book,
    stage: str,
    sheets: dict[str, Sheets],
    made: Columns,
    untrimmed: Callable[[], Columns] | None = None,
    kept: dict | None = None,
) -> Standings:
    """Standings from the columns; the half of the road that looks at everybody.

    untrimmed: gives the columns with no mark dropped, where they are at hand already. kept: what
    ties made of modules, from one ranking of this book to the next.
    """
    untrimmed = untrimmed or (lambda: columns(plan, book, sheets, stage, trimmed=False))
    entered = book.entered.get(stage, np.ones(book.count, dtype=bool))
    total = _total(made.stages[stage], book)
    own = [made.modules[module.key] for module in plan.modules_of_stage(stage)]
    finished = np.sum([result.done for result in own], axis=0)
    ranked = (book.state == NORMAL) & entered & (finished > 0)
    if plan.ranking.passed_only:
        ranked &= ~_failed(plan, made, stage)
    group = book.group if plan.ranking.by_group else None
    keys = _ranking_keys(
        plan, book, stage, sheets, made, (total, own, finished, ranked), (untrimmed, kept)
    )
    found = places(keys, ranked, group, plan.ranking.dense)
    over_all = found if group is None else places(keys, ranked, None, plan.ranking.dense)
    complete = total.done & entered
    teams = None
    if plan.teams is not None and book.teams:
        teams = team_standings(
            plan, book, made, total,
            stage=stage, keys=keys, found=found, rank=over_all.rank, entered=entered,
            finished=finished,
        )
    return Standings(
        stage=stage,
        entrants=book.entrants,
        group=book.group,
        state=book.state,
        entered=entered,
        modules=made.modules,
        parts=made.parts,
        stages=made.stages,
        total=total,
        finished=finished,
        complete=complete,
        place=found.place,
        decided_by=found.decided_by,
        open_ties=() if plan.ranking.shared else equals(found, complete),
        passed=complete & (book.state == NORMAL) & ~_failed(plan, made, stage),
        competed=_competed(plan, book, stage) & entered,
        keys=tuple(keys.made),
        teams=teams,
        place_overall=over_all.place,
        scaled=_scaled(plan, stage, made, complete & (book.state == NORMAL)),
    )


def _total(result, book):
    """The stage's result; nothing for those who did not come, went, or were sent away."""
    out = (book.state == ABSENT) | (book.state == WITHDRAWN) | (book.state == DISQUALIFIED)
    exact = Exact(np.where(out, 0, result.exact.numerators), result.exact.denominator)
    return Result(exact, np.where(out, 0, result.rounded), result.done)


def _ranking_keys(plan, book, stage, sheets, made, standing, at_hand):
    """What places are made from: the total, the plan's ties, the chief's ruling."""
    total, own, finished, ranked = standing
    untrimmed, kept = at_hand

    def untrimmed_stage():
        # Known where the real one is: the same marks are in.
        result = untrimmed().stages[stage]
        return Result(result.exact, result.rounded, made.stages[stage].done)

    found = Found(
        plan=plan, book=book, sheets=sheets, modules=made.modules, parts=made.parts,
        stages=made.stages, ranked=ranked, group=book.group if plan.ranking.by_group else None,
        stage=stage, untrimmed=untrimmed_stage, kept={} if kept is None else kept,
    )
    first = _first_keys(plan, total, own, finished)
    ruling = [] if plan.ranking.shared else [[Key("ruling", -book.ruling, book.ruling > 0, -1)]]
    return Keys(chain([first], tie_keys(found), ruling))


def _first_keys(plan, total, own, finished):
    """The total; where less is better, first who has one at all, who has all, who has more of it."""
    if plan.ranking.order == "high":
        return [total_key(plan, total)]
    void = np.any([result.void for result in own], axis=0)
    everyone = np.ones(len(void), dtype=bool)
    return [
        Key("void", -void.astype(np.int64), everyone, -1),
        Key("finished", total.done.astype(np.int64), ~void),
        Key("finished", finished, ~void),
        total_key(plan, total, ~void),
    ]


def _failed(plan, made, stage):
    """bool (n,): below a pass mark of the ranked stage in something that is finished."""
    things = [(plan.stage(stage), made.stages[stage])]
    things += [(part, made.parts[part.key]) for part in plan.parts_under(stage)]
    things += [(module, made.modules[module.key]) for module in plan.modules_of_stage(stage)]
    failed = np.zeros(len(things[0][1].done), dtype=bool)
    for thing, result in things:
        if thing.pass_mark is not None:
            failed |= result.done & ~result.reaches(thing.pass_mark, plan.rounding)
    return failed


def _competed(plan, book, stage):
    """Everybody but those absent or withdrawn, or absent from every module of the stage."""
    own = plan.modules_of_stage(stage)
    nowhere = np.ones(book.count, dtype=bool)
    for module in own:
        state = book.module_state.get(module.key)
        nowhere &= False if state is None else state == MODULE_ABSENT
    return (book.state != ABSENT) & (book.state != WITHDRAWN) & ~nowhere


def _scaled(plan, stage, made, complete):
    """int64 (n,): the stage's result on the 700 scale, -1 for those not complete; or None."""
    if plan.stage(stage).scale == "none":
        return None
    result = np.full(len(complete), -1, dtype=np.int64)
    rows = np.flatnonzero(complete)
    marks = [made.stages[stage].exact.value(row) for row in rows.tolist()]
    if marks:
        result[rows] = scaled(marks, marks)
    return result


def keys_of(plan: Plan, book: Book, standings: Standings, tie: Tie) -> list[Key]:
    """One more tie key of standings that are made already, as its columns."""
    made = Columns(standings.modules, standings.parts, standings.stages)
    sheets = all_sheets(plan, book)

    def untrimmed():
        result = columns(plan, book, sheets, standings.stage, trimmed=False).stages
        return result[standings.stage]

    return KEYS[tie.by](
        Found(
            plan=plan, book=book, sheets=sheets, modules=made.modules, parts=made.parts,
            stages=made.stages, ranked=standings.place > 0,
            group=book.group if plan.ranking.by_group else None,
            stage=standings.stage, untrimmed=untrimmed,
        ),
        tie,
    )
