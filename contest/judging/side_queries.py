"""One contestant's sheets of a module side by side, and whose a sheet or a penalty is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest.accounts.models import User
from contest.accounts.queries import find_roles
from contest.db import db
from contest.errors import Missing
from contest.judging import chief_rules
from contest.judging.bench_rules import Bench
from contest.judging.blind_queries import hides_names
from contest.judging.desk_queries import matrix
from contest.judging.lines import Reading, read_sheet, shown_points
from contest.judging.models import Penalty, Sheet, SheetRevision
from contest.judging.penalty_queries import penalties, scopes_of
from contest.judging.proposer_queries import Proposers
from contest.judging.queries import handovers, module_of, stage_of
from contest.judging.rules import on_seat, points_by_aspect
from contest.judging.trim_rules import left_out
from contest.people import queries as people
from contest.people.models import Judge
from contest.people.rules import PRACTICE
from contest.scoring.scheme import Aspect, Module
from contest.setup.queries import plan_in_force


@dataclass(frozen=True)
class SideSheet:
    """One judge's sheet beside the others. far: as of bench_rules.Cell."""

    id: int
    seat: int
    judge: str
    state: str
    rev: int
    reading: Reading
    is_odd: bool
    far: dict


@dataclass(frozen=True)
class Act:
    """One thing that was done to a sheet; drafts are none. proposer: where two people did it."""

    at: datetime
    seat: int
    kind: str
    reason: str
    by: str
    proposer: str = ""


@dataclass(frozen=True)
class SidePanel:
    """One panel's aspects and sheets; `bench` says how far its judges lie apart.

    left_out: {(aspect's key, or "" for the sum, sheet id): "highest" | "lowest"}, what the panel
    does not count once every sheet of it is in.
    """

    bench: Bench
    aspects: tuple[Aspect, ...]
    sheets: tuple[SideSheet, ...]
    left_out: dict


@dataclass(frozen=True)
class Side:
    """All sheets of one contestant in one module, panel by panel, with penalties and state.

    whole_state: None under a code while names are hidden. is_hidden: they are, in this stage.
    hides_marks: the reader's own sheet of this contestant is open, so the others' marks are not here.
    """

    module: Module
    entrant_id: int
    code: str
    name: str | None
    entrant_state: str
    whole_state: str | None
    panels: tuple[SidePanel, ...]
    penalties: tuple
    scopes: tuple
    odd: bool
    gap: str | None
    history: tuple[Act, ...]
    handovers: tuple = ()
    is_hidden: bool = False
    hides_marks: bool = False

    @property
    def sheets(self):
        """Every sheet, panel after panel."""
        return [sheet for panel in self.panels for sheet in panel.sheets]


def side_by_side(contest_id, module_key, code, reader=None):
    """The sheets of the contestant with this code in one module, side by side; Missing.

    reader: as in desk_queries.matrix.
    """
    force = plan_in_force(contest_id)
    found = matrix(contest_id, module_key, reader=reader)
    row = next((row for row in found.rows if row.code == code), None)
    if row is None:
        raise Missing("This contestant has no sheets in this module.")
    module, entrant_id = found.module, row.entrant_id
    states = people.entrant_states(contest_id)
    is_hidden = hides_names(contest_id, stage_of(force.plan, module))
    scopes = scopes_of(force.plan, module, is_hidden)
    rounding = force.plan.rounding
    return Side(
        module, entrant_id, row.code, row.name, row.entrant_state,
        None if is_hidden and module.blind else states.get((entrant_id, ""), "normal"),
        tuple(_side_panel(contest_id, module, row, bench, rounding) for bench in row.benches),
        tuple(
            (penalty, shown_points(penalty.units, rounding))
            for penalty in penalties(contest_id)
            if penalty.entrant_id == entrant_id
            and penalty.scope in {scope.key for scope in scopes}
        ),
        scopes, row.odd, row.gap, _history(contest_id, module_key, entrant_id),
        tuple(handovers(contest_id, [cell.sheet_id for cell in row.cells if cell is not None])),
        is_hidden, any(cell is not None and cell.is_hidden for cell in row.cells),
    )


def _history(contest_id, module_key, entrant_id):
    """What happened to a contestant's sheets of a module, the earliest first, whoever's they are."""
    rows = db.session.execute(
        select(SheetRevision, Sheet.seat, User.name)
        .join(Sheet, SheetRevision.sheet_id == Sheet.id)
        .outerjoin(User, SheetRevision.by_id == User.id)
        .where(
            Sheet.contest_id == contest_id, Sheet.module_key == module_key,
            Sheet.entrant_id == entrant_id, SheetRevision.kind != "draft", Sheet.seat < PRACTICE,
        )
        .order_by(SheetRevision.at, SheetRevision.id)
    ).all()
    proposers = Proposers(contest_id, {row.sheet_id for row, *_ in rows})
    return tuple(
        Act(row.at, seat, row.kind, row.reason or "", by or "",
            proposers.find(row.sheet_id, row.kind, row.at, row.by_id, row.reason))
        for row, seat, by in rows
    )


def _side_panel(contest_id, module, row, bench, rounding):
    seats = [seat + 1 for seat in module.seats_of(bench.panel)]
    part = on_seat(module, seats[0])
    sheets = tuple(_side_sheets(contest_id, part, row, bench, seats, rounding))
    return SidePanel(bench, part.aspects, sheets, _left_out(part, bench, sheets))


def _left_out(module, bench, sheets):
    """See SidePanel. module: as on the panel's seats."""
    cells = {cell.sheet_id: cell for cell in bench.cells if cell is not None}
    if any(sheet.state not in ("submitted", "excused") for sheet in sheets):
        return {}
    counting = [sheet for sheet in sheets if sheet.state == "submitted"]
    if module.panel.level == "sheet":
        values = {"": [cells[sheet.id].units for sheet in counting]}
    else:
        points = [points_by_aspect(module, cells[sheet.id].marks) for sheet in counting]
        values = {
            aspect.key: [found.get(aspect.key) for found in points] for aspect in module.aspects
        }
    return {
        (key, counting[index].id): word
        for key, column in values.items()
        for index, word in left_out(module.panel, column).items()
    }


def _side_sheets(contest_id, module, row, bench, seats, rounding):
    statement = (
        select(Sheet, Judge.name)
        .join(Judge, Sheet.judge_id == Judge.id)
        .filter(Sheet.contest_id == contest_id, Sheet.module_key == module.key,
                Sheet.entrant_id == row.entrant_id, Sheet.seat.in_(seats))
        .order_by(Sheet.seat)
    )
    cells = {cell.sheet_id: cell for cell in bench.cells if cell is not None}
    for sheet, judge in db.session.execute(statement):
        cell = cells.get(sheet.id)
        if cell is None:
            continue  # it was handed out while the page was made: what of it may be shown is not known
        yield SideSheet(
            sheet.id, sheet.seat, judge, sheet.state, sheet.rev,
            read_sheet(module, {} if cell.is_hidden else sheet.marks, rounding),
            cell.shown == "odd", cell.far,
        )


def waiting_revisions(contest_id, module_key, entrant_id):
    """{sheet id: (its revision, the last one that counted or 0)} of sheets to be confirmed."""
    counted = (
        select(func.max(SheetRevision.rev))
        .where(SheetRevision.sheet_id == Sheet.id, SheetRevision.kind.in_(["submit", "confirm"]))
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Sheet.id, Sheet.rev, counted).filter_by(
            contest_id=contest_id, module_key=module_key, entrant_id=entrant_id,
            state="resubmitted",
        )
    )
    return {sheet_id: (rev, last or 0) for sheet_id, rev, last in rows}


def check_signer(user_id, contest_id, sheet_ids):
    """NotAllowed unless this person may let these sheets count that were handed in again."""
    if user_id is None:
        return  # a program on the machine itself
    judges = set(db.session.scalars(
        select(Judge.user_id).join(Sheet, Sheet.judge_id == Judge.id).where(Sheet.id.in_(sheet_ids))
    ))
    chief_rules.check_signer(
        find_roles(user_id, contest_id), user_id, judges,
        any("chief_judge" in find_roles(one, contest_id) for one in judges),
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


def offered_scopes(contest_id, module_key):
    """The keys of what a penalty may be taken from on a contestant's page of this module."""
    force = plan_in_force(contest_id)
    module = module_of(force, module_key)
    is_hidden = hides_names(contest_id, stage_of(force.plan, module))
    return {scope.key for scope in scopes_of(force.plan, module, is_hidden)}


def check_penalty_of(contest_id, module_key, entrant_id, penalty_id):
    """Missing unless this penalty is this contestant's and on that page, as the address says."""
    found = select(Penalty.id).filter_by(
        id=penalty_id, contest_id=contest_id, entrant_id=entrant_id
    ).where(Penalty.scope.in_(offered_scopes(contest_id, module_key)))
    if db.session.scalar(found) is None:
        raise Missing("There is no such penalty.")
