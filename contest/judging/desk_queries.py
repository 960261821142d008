"""The chief judge's view: panels by contestants, and one contestant's sheets side by side."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from sqlalchemy import and_, func, select

from contest.db import db
from contest.errors import Missing
from contest.i18n import N_
from contest.judging.lines import Reading, read_sheet, shown_points
from contest.judging.models import Penalty, Sheet, SheetRevision
from contest.judging.penalty_queries import penalties, scopes_of
from contest.judging.queries import (
    codes_of,
    module_of,
    names_of,
    stage_of,
    state_in,
)
from contest.judging.rules import is_odd
from contest.people import queries as people
from contest.people.models import Judge
from contest.scoring.scheme import Module
from contest.setup import queries as setup
from contest.setup.queries import get_contest, plan_in_force
from contest.setup.rules import Note

FILTERS = ("all", "missing", "odd", "reopened")


@dataclass(frozen=True)
class Cell:
    """One judge's sheet of one contestant. shown: its state, or "odd"."""

    sheet_id: int
    seat: int
    judge_id: int
    state: str
    shown: str
    total: str | None
    units: int | None


@dataclass(frozen=True)
class MatrixRow:
    """One contestant: the code and a cell (or None) for each seat."""

    entrant_id: int
    code: str
    name: str | None
    start_order: int
    entrant_state: str
    cells: tuple[Cell | None, ...]
    odd: bool
    gap: str | None

    @property
    def is_missing(self):
        """True when a sheet that will count is not handed in."""
        return self.entrant_state == "normal" and any(
            cell is None or cell.state not in ("submitted", "excused") for cell in self.cells
        )

    @property
    def is_reopened(self):
        """True when a sheet was opened again and not handed in since."""
        return any(cell is not None and cell.state == "reopened" for cell in self.cells)


@dataclass(frozen=True)
class Seat:
    """A column of the matrix: the judges who sit in it and how many of their sheets are in."""

    number: int
    judges: tuple[str, ...]
    done: int
    count: int


@dataclass(frozen=True)
class Matrix:
    """One module at a glance. rows: those that the filter lets through."""

    module: Module
    seats: tuple[Seat, ...]
    rows: tuple[MatrixRow, ...]
    counts: dict
    entrants: int


@dataclass(frozen=True)
class Progress:
    """How far one module is: sheets handed in (or struck out) of all."""

    module: Module
    done: int
    count: int


def seat_states(contest_id, module_key, entrant_id):
    """{seat: state} of one contestant's sheets in one module."""
    rows = db.session.execute(
        select(Sheet.seat, Sheet.state).filter_by(
            contest_id=contest_id, module_key=module_key, entrant_id=entrant_id
        )
    )
    return dict(rows.all())


def count_submitted(contest_id, entrant_id, module_key=""):
    """How many sheets of an entrant are handed in, in one module or (empty key) in all."""
    found = select(func.count()).select_from(Sheet).filter_by(
        contest_id=contest_id, entrant_id=entrant_id, state="submitted"
    )
    if module_key:
        found = found.filter_by(module_key=module_key)
    return db.session.scalar(found)


def state_of(contest_id, entrant_id, module_key=""):
    """The state that stands for an entrant, in one module or (empty key) in the whole contest."""
    return people.entrant_states(contest_id).get((entrant_id, module_key), "normal")


def progress(contest_id):
    """Progress of every module that is judged on sheets, in the plan's order."""
    plan = plan_in_force(contest_id).plan
    rows = db.session.execute(
        select(Sheet.module_key, Sheet.state).filter_by(contest_id=contest_id)
    )
    counts = defaultdict(Counter)
    for module_key, state in rows:
        counts[module_key][state] += 1
    return [
        Progress(
            module,
            counts[module.key]["submitted"] + counts[module.key]["excused"],
            counts[module.key].total(),
        )
        for module in plan.modules
        if module.entry == "sheets"
    ]


def matrix(contest_id, module_key, kind="all"):
    """One module's Matrix; `kind` of rows is one of FILTERS."""
    force = plan_in_force(contest_id)
    module = module_of(force, module_key)
    if module.entry != "sheets":
        raise Missing("This module is not judged on sheets.")
    cells = _cells(contest_id, module, force.plan.rounding)
    codes = codes_of(contest_id, force.plan, module)
    names = {} if module.blind else names_of(contest_id)
    states = people.entrant_states(contest_id)
    seats = range(1, module.panel.judges + 1)
    rows = [
        _row(entrant_id, module, codes, names, states,
             tuple(by_seat.get(seat) for seat in seats), force.plan.rounding)
        for entrant_id, by_seat in cells.items()
    ]
    rows.sort(key=lambda row: (row.start_order, row.code))
    tests = {
        "all": lambda row: True,
        "missing": lambda row: row.is_missing,
        "odd": lambda row: row.odd,
        "reopened": lambda row: row.is_reopened,
    }
    return Matrix(
        module, _seats(contest_id, seats, rows),
        tuple(row for row in rows if tests[kind](row)),
        {name: sum(map(test, rows)) for name, test in tests.items()}, len(rows),
    )


def _cells(contest_id, module, rounding):
    statement = (
        select(Sheet.id, Sheet.entrant_id, Sheet.seat, Sheet.judge_id, Sheet.state,
               SheetRevision.units)
        .outerjoin(
            SheetRevision,
            and_(SheetRevision.sheet_id == Sheet.id, SheetRevision.rev == Sheet.rev),
        )
        .where(Sheet.contest_id == contest_id, Sheet.module_key == module.key)
    )
    cells = defaultdict(dict)
    for sheet_id, entrant_id, seat, judge_id, state, units in db.session.execute(statement):
        total = shown_points(units, rounding) if units is not None else None
        cells[entrant_id][seat] = Cell(sheet_id, seat, judge_id, state, state, total, units)
    return cells


def _row(entrant_id, module, codes, names, states, cells, rounding):
    code, order = codes.get(entrant_id, ("", 0))
    number, name, _ = names.get(entrant_id, ("", None, ""))
    totals = [cell.units for cell in cells if cell is not None and cell.state == "submitted"]
    totals = [units for units in totals if units is not None]
    odd = is_odd(totals, module.panel.spread)
    gap = shown_points(max(totals) - min(totals), rounding) if len(totals) > 1 else None
    if odd:
        ends = {max(totals), min(totals)}
        cells = tuple(
            replace(cell, shown="odd")
            if cell is not None and cell.state == "submitted" and cell.units in ends else cell
            for cell in cells
        )
    return MatrixRow(
        entrant_id, code or number or "–", name, order,
        state_in(states, entrant_id, module.key), cells, odd, gap,
    )


def _seats(contest_id, numbers, rows):
    names = dict(
        db.session.execute(select(Judge.id, Judge.name).filter_by(contest_id=contest_id)).all()
    )
    found = []
    for index, number in enumerate(numbers):
        cells = [row.cells[index] for row in rows if row.cells[index] is not None]
        # The judge who holds most sheets of the seat first; reserves who stepped in after.
        order = [judge_id for judge_id, _ in Counter(cell.judge_id for cell in cells).most_common()]
        done = sum(cell.state in ("submitted", "excused") for cell in cells)
        judges = tuple(names.get(judge_id, "–") for judge_id in order)
        found.append(Seat(number, judges, done, len(cells)))
    return tuple(found)


@dataclass(frozen=True)
class SideSheet:
    """One judge's sheet beside the others."""

    id: int
    seat: int
    judge: str
    state: str
    rev: int
    reading: Reading
    is_odd: bool
    history: tuple


@dataclass(frozen=True)
class Side:
    """All sheets of one contestant in one module, aspect by aspect, with penalties and state."""

    module: Module
    entrant_id: int
    code: str
    name: str | None
    entrant_state: str
    whole_state: str
    sheets: tuple[SideSheet, ...]
    penalties: tuple
    scopes: tuple
    odd: bool
    gap: str | None


def side_by_side(contest_id, module_key, code):
    """The sheets of the contestant with this code in one module, side by side; Missing."""
    force = plan_in_force(contest_id)
    found = matrix(contest_id, module_key)
    row = next((row for row in found.rows if row.code == code), None)
    if row is None:
        raise Missing("This contestant has no sheets in this module.")
    module, entrant_id = found.module, row.entrant_id
    states = people.entrant_states(contest_id)
    scopes = scopes_of(force.plan, module)
    return Side(
        module, entrant_id, row.code, row.name, row.entrant_state,
        states.get((entrant_id, ""), "normal"),
        tuple(_side_sheets(contest_id, module, row, force.plan.rounding)),
        tuple(
            (penalty, shown_points(penalty.units, force.plan.rounding))
            for penalty in penalties(contest_id)
            if penalty.entrant_id == entrant_id
            and penalty.scope in {scope.key for scope in scopes}
        ),
        scopes, row.odd, row.gap,
    )


def _side_sheets(contest_id, module, row, rounding):
    statement = (
        select(Sheet, Judge.name)
        .join(Judge, Sheet.judge_id == Judge.id)
        .filter(Sheet.contest_id == contest_id, Sheet.module_key == module.key,
                Sheet.entrant_id == row.entrant_id)
        .order_by(Sheet.seat)
    )
    shown = {cell.sheet_id: cell.shown for cell in row.cells if cell is not None}
    for sheet, judge in db.session.execute(statement):
        acts = db.session.execute(
            select(SheetRevision.kind, SheetRevision.reason, SheetRevision.at)
            .where(SheetRevision.sheet_id == sheet.id, SheetRevision.kind != "draft")
            .order_by(SheetRevision.rev)
        )
        yield SideSheet(
            sheet.id, sheet.seat, judge, sheet.state, sheet.rev,
            read_sheet(module, sheet.marks, rounding), shown.get(sheet.id) == "odd",
            tuple(acts.all()),
        )


def entrant_behind(contest_id, module_key, code):
    """The id of the entrant who has sheets in this module under a code (or number); Missing."""
    row = next((row for row in matrix(contest_id, module_key).rows if row.code == code), None)
    if row is None:
        raise Missing("This contestant has no sheets in this module.")
    return row.entrant_id


def check_sheet_of(contest_id, module_key, entrant_id, sheet_id):
    """Missing unless this sheet is this contestant's in this module, as the page's address says."""
    found = select(Sheet.id).filter_by(
        id=sheet_id, contest_id=contest_id, module_key=module_key, entrant_id=entrant_id
    )
    if db.session.scalar(found) is None:
        raise Missing("There is no such sheet.")


def check_penalty_of(contest_id, module_key, entrant_id, penalty_id):
    """Missing unless this penalty is this contestant's, as the page's address says."""
    module_of(plan_in_force(contest_id), module_key)
    found = select(Penalty.id).filter_by(
        id=penalty_id, contest_id=contest_id, entrant_id=entrant_id
    )
    if db.session.scalar(found) is None:
        raise Missing("There is no such penalty.")


def first_module(contest_id):
    """The key of the first module of the contest's stage that is judged on sheets, or None."""
    contest = get_contest(contest_id)
    plan = plan_in_force(contest_id).plan
    sheets = [module for module in plan.modules if module.entry == "sheets"]
    here = [module for module in sheets if stage_of(plan, module) == contest.stage]
    return next((module.key for module in (*here, *sheets)), None)


def marked_keys(contest_id):
    """Pairs (module key, aspect key) that have marks on any sheet: the plan must keep those."""
    rows = db.session.execute(
        select(Sheet.module_key, Sheet.marks).where(Sheet.contest_id == contest_id, Sheet.rev > 0)
    )
    return {(module_key, key) for module_key, marks in rows for key in marks}


def desk_notes(contest_id):
    """What the contest's desk says of judging: sheets that wait, and reopened ones."""
    counts = dict(
        db.session.execute(
            select(Sheet.state, func.count()).filter_by(contest_id=contest_id)
            .group_by(Sheet.state)
        ).all()
    )
    notes = []
    total = sum(counts.values())
    if total:
        done = counts.get("submitted", 0) + counts.get("excused", 0)
        notes.append(Note(
            N_("Sheets handed in: %(done)s of %(total)s."), {"done": done, "total": total},
            "judging.show_chief_desk", "good" if done == total else "info",
        ))
    elif get_contest(contest_id).state == "scoring" and people.seats(contest_id):
        notes.append(Note(
            N_("Panels are seated, but no sheets have been handed out to them."), {},
            "judging.show_chief_desk", "todo",
        ))
    if counts.get("reopened"):
        notes.append(Note(
            N_("Reopened sheets that were not handed in again: %(count)s."),
            {"count": counts["reopened"]}, "judging.show_chief_desk", "warn",
        ))
    return notes


def held_about(contest_id):
    """Ids of the entrants who have a sheet or a penalty."""
    return {
        entrant_id
        for table in (Sheet, Penalty)
        for entrant_id in db.session.scalars(
            select(table.entrant_id).filter_by(contest_id=contest_id)
        )
    }


setup.MARKED_KEYS.append(marked_keys)
setup.DESK_NOTES.append(desk_notes)
people.HELD_ABOUT.append(held_about)
