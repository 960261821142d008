"""Which sheets go to the printer: one, all of a module, or those of one judge."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.judging import queries as judging
from contest.judging.lines import Reading, read_sheet
from contest.judging.models import Sheet
from contest.judging.sheet_queries import reasons_taken_over
from contest.paper import queries
from contest.people.models import Judge
from contest.people.rules import PRACTICE
from contest.scoring.scheme import Module
from contest.setup.models import Contest
from contest.setup.queries import get_contest, plan_in_force

TOGETHER = 200  # sheets in one file


@dataclass(frozen=True)
class PrintPage:
    """One sheet to be printed; is_copy: with the marks that are stored."""

    contest: Contest
    about: queries.About
    module: Module
    reading: Reading
    rev: int
    plan_number: int
    is_copy: bool
    taken_over: str = ""  # why its judge stands in for another one


@dataclass(frozen=True)
class Pile:
    """What can be printed of one module: how many sheets, in how many files, and of which judges."""

    module: Module
    count: int
    files: int
    judges: tuple[tuple[int, str, int], ...]  # id, name, sheets


def piles(contest_id):
    """The Pile of each module that has sheets, in the plan's order."""
    rows = db.session.execute(
        select(Sheet.module_key, Judge.id, Judge.name, func.count())
        .join(Judge, Sheet.judge_id == Judge.id)
        .where(Sheet.contest_id == contest_id, Sheet.seat < PRACTICE)
        .group_by(Sheet.module_key, Judge.id, Judge.name)
        .order_by(Judge.name, Judge.id)
    ).all()
    found = {}
    for key, judge_id, name, count in rows:
        found.setdefault(key, []).append((judge_id, name, count))
    if not found:
        return []
    return [
        Pile(module, total, -(-total // TOGETHER), tuple(found[module.key]))
        for module in plan_in_force(contest_id).plan.modules if module.key in found
        for total in [sum(count for _, _, count in found[module.key])]
    ]


def one_page(contest_id, sheet_id, is_copy):
    """The PrintPage of one sheet, or Missing."""
    return _pages(contest_id, [queries.get_sheet(contest_id, sheet_id)], is_copy)[0]


def pages(contest_id, module_key, judge_id=None, part=1, is_copy=False):
    """PrintPages of a module, or of one judge in it, by judge and starting order; Missing for none."""
    module = judging.module_of(plan_in_force(contest_id), module_key)
    statement = (
        select(Sheet).filter_by(contest_id=contest_id, module_key=module_key)
        .where(Sheet.seat < PRACTICE)
        .options(joinedload(Sheet.judge))
    )
    if judge_id is not None:
        statement = statement.filter_by(judge_id=judge_id)
    codes = judging.codes_of(contest_id, plan_in_force(contest_id).plan, module)
    sheets = sorted(
        db.session.scalars(statement),
        key=lambda sheet: (sheet.seat, codes.get(sheet.entrant_id, ("", 0))[1], sheet.id),
    )
    if part < 1 or not (chosen := sheets[(part - 1) * TOGETHER : part * TOGETHER]):
        raise Missing("There are no sheets to print.")
    return _pages(contest_id, chosen, is_copy)


def _pages(contest_id, sheets, is_copy):
    contest, force = get_contest(contest_id), plan_in_force(contest_id)
    known, why = queries.abouts(contest_id, sheets), reasons_taken_over(sheets)
    if len(known) < len(sheets):
        raise Missing("There is no such module in the plan.")
    return [
        PrintPage(
            contest, known[sheet.id], module,
            read_sheet(module, sheet.marks if is_copy else {}, force.plan.rounding), sheet.rev,
            force.number, is_copy, why.get(sheet.id, ""),
        )
        for sheet in sheets
        for module in [queries.module_on(force, sheet)]
    ]
