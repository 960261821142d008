"""The chief judge's view of a module: its panels by contestants."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from contest.db import db
from contest.errors import Missing
from contest.i18n import N_, joined
from contest.judging.bench_rules import Bench, Cell, bench_of
from contest.judging.counting_queries import reopened_sheets, sheets_that_count
from contest.judging.far_queries import with_far
from contest.judging.lines import shown_total
from contest.judging.models import Penalty, Sheet, SheetRevision
from contest.judging.queries import (
    codes_of,
    module_of,
    names_of,
    stage_of,
)
from contest.judging.rules import OPEN_STATES, REOPENED_SENTENCES, on_seat
from contest.judging.state_queries import hides_states, official_state
from contest.judging.veil_queries import open_own, veiled
from contest.people import queries as people
from contest.people.models import Judge
from contest.people.rules import PRACTICE, number_order
from contest.scoring.scheme import Module
from contest.setup import queries as setup
from contest.setup.queries import get_contest, plan_in_force
from contest.setup.rules import Note

FILTERS = ("all", "missing", "again", "odd", "far", "reopened", "waiting")


@dataclass(frozen=True)
class MatrixRow:
    """One contestant: the code and what each panel of the module did."""

    entrant_id: int
    code: str
    name: str | None
    start_order: int
    entrant_state: str
    benches: tuple[Bench, ...]

    @property
    def cells(self):
        """A cell (or None) for each seat of the module, panel after panel."""
        return tuple(cell for bench in self.benches for cell in bench.cells)

    @property
    def odd(self):
        """True when the judges of a panel lie further apart than the plan lets them, in sums or an aspect."""
        return any(bench.is_apart for bench in self.benches)

    @property
    def gap(self):
        """How far apart the totals of an odd panel lie, else those of the first; text or None."""
        odd = [bench.gap for bench in self.benches if bench.odd]
        return (odd or [self.benches[0].gap])[0]

    @property
    def is_again(self):
        """True when a panel has to mark again somebody whose mark still counts."""
        counts = self.entrant_state in ("normal", "not_finished")
        return counts and any(bench.again for bench in self.benches)

    @property
    def is_far(self):
        """True when a judge measured a value far from what the same judge measured of the others."""
        return any(cell is not None and cell.far for cell in self.cells)

    @property
    def is_missing(self):
        """True when a sheet that will count is not handed in."""
        return self.entrant_state == "normal" and any(
            cell is None or cell.state in OPEN_STATES for cell in self.cells
        )

    @property
    def is_reopened(self):
        """True when a sheet was opened again and not handed in since."""
        return any(cell is not None and cell.state == "reopened" for cell in self.cells)

    @property
    def is_waiting(self):
        """True when a sheet was handed in again and the chief judge has still to confirm it."""
        return any(cell is not None and cell.state == "resubmitted" for cell in self.cells)


TESTS = {
    "all": lambda row: True,
    "missing": lambda row: row.is_missing,
    "again": lambda row: row.is_again,
    "odd": lambda row: row.odd,
    "far": lambda row: row.is_far,
    "reopened": lambda row: row.is_reopened,
    "waiting": lambda row: row.is_waiting,
}


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

    @property
    def panels(self):
        """Pairs (panel, its seats) in the order of the columns."""
        return [
            (panel, [self.seats[index] for index in self.module.seats_of(panel)])
            for panel in self.module.all_panels
        ]

    @property
    def hides_marks(self):
        """True when marks are kept from the reader, who has sheets of this module open."""
        return any(cell is not None and cell.is_hidden for row in self.rows for cell in row.cells)

    @property
    def measures(self):
        """True where something is measured."""
        return any(aspect.kind == "measured" for aspect in self.module.aspects)

    @property
    def marks_again(self):
        """True where judges who are far apart have to mark again."""
        return any(panel.remark for panel in self.module.all_panels)


@dataclass(frozen=True)
class Progress:
    """How far one module is: sheets handed in (or struck out) of all."""

    module: Module
    done: int
    count: int


def seat_states(contest_id, module_key, entrant_id):
    """{seat: state} of one contestant's sheets in one module, of all its panels."""
    rows = db.session.execute(
        select(Sheet.seat, Sheet.state).filter_by(
            contest_id=contest_id, module_key=module_key, entrant_id=entrant_id
        ).where(Sheet.seat < PRACTICE)
    )
    return dict(rows.all())


def count_submitted(contest_id, entrant_id, module_key=""):
    """How many sheets of an entrant are handed in, in one module or (empty key) in all."""
    found = select(func.count()).select_from(Sheet).filter_by(
        contest_id=contest_id, entrant_id=entrant_id, state="submitted"
    ).where(Sheet.seat < PRACTICE)
    if module_key:
        found = found.filter_by(module_key=module_key)
    return db.session.scalar(found)


def progress(contest_id):
    """Progress of every module that is judged on sheets, in the plan's order."""
    plan = plan_in_force(contest_id).plan
    counts = sheets_that_count(contest_id)
    return [
        Progress(
            module,
            counts[module.key]["submitted"] + counts[module.key]["excused"],
            counts[module.key].total(),
        )
        for module in plan.modules
        if module.entry == "sheets"
    ]


def matrix(contest_id, module_key, kind="all", reader=None):
    """One module's Matrix; `kind` of rows is one of FILTERS.

    reader: user id of whoever looks. Whoever marks here too sees nothing of the others' marks of a
    contestant, nor what follows from them, while the own sheet of that contestant is open.
    """
    force = plan_in_force(contest_id)
    module = module_of(force, module_key)
    if module.entry != "sheets":
        raise Missing("This module is not judged on sheets.")
    rounding = force.plan.rounding
    cells = with_far(
        module, veiled(_cells(contest_id, module, rounding), open_own(contest_id, module_key, reader))
    )
    codes = codes_of(contest_id, force.plan, module)
    names = {} if module.blind else names_of(contest_id)
    states = people.entrant_states(contest_id)
    is_hidden = hides_states(contest_id, force.plan, module, states)
    on_panels = [
        (on_seat(module, seats[0] + 1), [seat + 1 for seat in seats])
        for seats in map(module.seats_of, module.all_panels)
    ]
    rows = []
    for entrant_id, by_seat in cells.items():
        code, order = codes.get(entrant_id, ("", 0))
        number, name, _ = names.get(entrant_id, ("", None, ""))
        benches = tuple(
            bench_of(part, tuple(by_seat.get(seat) for seat in seats), rounding)
            for part, seats in on_panels
        )
        rows.append(MatrixRow(
            entrant_id, code or number or "–", name, order,
            official_state(states, entrant_id, module, is_hidden), benches,
        ))
    rows.sort(key=lambda row: (row.start_order, number_order(row.code)))
    return Matrix(
        module, _seats(range(1, module.seats + 1), rows),
        tuple(row for row in rows if TESTS[kind](row)),
        {name: sum(map(test, rows)) for name, test in TESTS.items()}, len(rows),
    )


def _cells(contest_id, module, rounding):
    statement = (
        select(Sheet.id, Sheet.entrant_id, Sheet.seat, Sheet.judge_id, Judge.name, Sheet.state,
               Sheet.marks, SheetRevision.units)
        .join(Judge, Sheet.judge_id == Judge.id)
        .outerjoin(
            SheetRevision,
            and_(SheetRevision.sheet_id == Sheet.id, SheetRevision.rev == Sheet.rev),
        )
        .where(Sheet.contest_id == contest_id, Sheet.module_key == module.key)
    )
    parts = {seat: on_seat(module, seat) for seat in range(1, module.seats + 1)}
    cells = defaultdict(dict)
    for row in db.session.execute(statement):
        if row.seat not in parts:
            continue  # The plan had more seats when this sheet was handed out.
        total = None if row.units is None else shown_total(row.units, rounding)
        if parts[row.seat].aspects[0].kind == "rank" and total is not None:
            # A rank is no sum: what the judge wrote says more than the nothing that it earns.
            total = str(row.marks.get(parts[row.seat].aspects[0].key, ""))
        cells[row.entrant_id][row.seat] = Cell(
            row.id, row.seat, row.judge_id, row.name, row.state, row.state, total, row.units, row.marks
        )
    return cells


def _seats(numbers, rows):
    found = []
    for index, number in enumerate(numbers):
        cells = [row.cells[index] for row in rows if row.cells[index] is not None]
        names = {cell.judge_id: cell.judge for cell in cells}
        # The judge who holds most sheets of the seat first; reserves who stepped in after.
        order = [judge_id for judge_id, _ in Counter(cell.judge_id for cell in cells).most_common()]
        done = sum(cell.state in ("submitted", "excused") for cell in cells)
        judges = tuple(names[judge_id] for judge_id in order)
        found.append(Seat(number, judges, done, len(cells)))
    return tuple(found)


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
        select(Sheet.module_key, Sheet.marks)
        .where(Sheet.contest_id == contest_id, Sheet.rev > 0, Sheet.seat < PRACTICE)
    )
    return {(module_key, key) for module_key, marks in rows for key in marks}


def desk_notes(contest_id):
    """What the contest's desk says of judging: sheets that wait, and reopened ones."""
    counts = sum(sheets_that_count(contest_id).values(), Counter())
    notes = []
    total = counts.total()
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
    if counts.get("reopened") or counts.get("resubmitted"):
        notes += [
            Note(text, {"count": len(names), "sheets": joined(names)}, "judging.show_chief_desk", "warn")
            for text, names in zip(REOPENED_SENTENCES, reopened_sheets(contest_id), strict=True) if names
        ]
    if total and (again := _count_again(contest_id)):
        notes.append(Note(
            N_("Contestants to be marked again, because the judges lie too far apart: %(count)s."),
            {"count": again}, "judging.show_chief_desk", "warn",
        ))
    return notes


def _count_again(contest_id):
    plan = plan_in_force(contest_id).plan
    modules = [m for m in plan.modules if any(panel.remark for panel in m.all_panels)]
    return sum(matrix(contest_id, module.key).counts["again"] for module in modules)


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
people.HANDED_IN.append(count_submitted)
