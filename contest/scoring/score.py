"""The whole road from marks to standings, one clause a line."""

import numpy as np

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
from contest.scoring.ranking import Key, equals, places
from contest.scoring.scheme import Plan
from contest.scoring.sheets import Sheets, all_sheets
from contest.scoring.standings import ModuleResult, Result, Standings
from contest.scoring.teams import team_standings
from contest.scoring.tie_keys import tie_keys, total_key
from contest.scoring.totals import module_result, part_results, stage_result


def score(plan: Plan, book: Book, stage: str | None = None) -> Standings:
    """Standings of all entrants at a stage, the last unless said, over what is finished so far.

    BookError when the book does not fit the plan; KeyError when there is no such stage, or nothing
    is marked in it.
    """
    stage = stage or plan.last_stage.key
    check_book(plan, book)
    sheets = all_sheets(plan, book)
    modules, parts, stages = columns(plan, book, sheets, stage)
    entered = book.entered.get(stage, np.ones(book.count, dtype=bool))
    total = _total(stages[stage], book)
    own = [modules[module.key] for module in plan.modules_of_stage(stage)]
    finished = np.sum([result.done for result in own], axis=0)
    ranked = (book.state == NORMAL) & entered & (finished > 0)
    keys = _ranking_keys(plan, book, sheets, (modules, parts, stages), stage=stage, total=total)
    found = places(keys, ranked, book.group if plan.ranking.by_group else None)
    complete = total.done & entered
    teams = None
    if plan.teams is not None and book.teams:
        over_all = found if not plan.ranking.by_group else places(keys, ranked)
        teams = team_standings(
            plan,
            book,
            total,
            keys=[key for key in keys if key.label not in ("total", "ruling")],
            rank=over_all.rank,
            entered=entered,
            started=finished > 0,
        )
    return Standings(
        stage=stage,
        entrants=book.entrants,
        group=book.group,
        state=book.state,
        entered=entered,
        modules=modules,
        parts=parts,
        stages=stages,
        total=total,
        finished=finished,
        complete=complete,
        place=found.place,
        decided_by=found.decided_by,
        open_ties=() if plan.ranking.shared else equals(found, complete),
        passed=_passed(plan, parts, stage, complete & (book.state == NORMAL)),
        competed=_competed(plan, book, stage) & entered,
        keys=tuple(keys),
        teams=teams,
    )


def columns(
    plan: Plan, book: Book, sheets: dict[str, Sheets], stage: str, trimmed: bool = True
) -> tuple[dict[str, ModuleResult], dict[str, Result], dict[str, Result]]:
    """Modules, parts and stages up to `stage`, by key; `trimmed` False: no mark is dropped."""
    so_far = plan.stages[: plan.stages.index(plan.stage(stage)) + 1]
    modules = {
        module.key: module_result(plan, module, book, sheets.get(module.key), trimmed)
        for each in so_far
        for module in plan.modules_of_stage(each.key)
    }
    parts = part_results(plan, modules, trimmed)
    stages = {}
    for each in so_far:
        result = stage_result(plan, each, parts, stages, book)
        if result is not None:
            stages[each.key] = result
    return modules, parts, stages


def _total(result, book):
    """The stage's result; nothing for those who did not come, went, or were sent away."""
    out = np.isin(book.state, (ABSENT, WITHDRAWN, DISQUALIFIED))
    exact = Exact(np.where(out, 0, result.exact.numerators), result.exact.denominator)
    return Result(exact, np.where(out, 0, result.rounded), result.done)


def _ranking_keys(plan, book, sheets, found, *, stage, total):
    """What places are made from: the total, the plan's ties, the chief's ruling."""
    modules, parts, stages = found

    def untrimmed():
        # Known where the real one is: the same marks are in.
        result = columns(plan, book, sheets, stage, trimmed=False)[2][stage]
        return Result(result.exact, result.rounded, stages[stage].done)

    by_kind = {"module": modules, "part": parts}
    keys = [total_key(plan, total), *tie_keys(plan, book, sheets, by_kind, untrimmed)]
    if not plan.ranking.shared:
        keys.append(Key("ruling", -book.ruling, book.ruling > 0, -1))
    return keys


def _passed(plan, parts, stage, complete):
    """Who reached every pass mark of the ranked stage; an earlier stage has let its own go on."""
    passed = complete
    for part in plan.parts_of(stage):
        if part.pass_mark is not None:
            passed = passed & parts[part.key].reaches(part.pass_mark, plan.rounding)
    return passed


def _competed(plan, book, stage):
    """Everybody but those absent or withdrawn, or absent from every module of the stage."""
    own = plan.modules_of_stage(stage)
    nowhere = np.ones(book.count, dtype=bool)
    for module in own:
        state = book.module_state.get(module.key)
        nowhere &= False if state is None else state == MODULE_ABSENT
    return ~np.isin(book.state, (ABSENT, WITHDRAWN)) & ~nowhere
