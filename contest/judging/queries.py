"""Judges' sheets and the ledger."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest.accounts.models import User
from contest.db import db
from contest.draw.models import BlindCode
from contest.errors import Missing
from contest.judging.lines import Reading, read_sheet
from contest.judging.models import Sheet, SheetRevision
from contest.judging.rules import MARKING_STATES, OPEN_STATES, Clash, check_own_sheet
from contest.people import queries as people
from contest.people.models import Entrant, Human, Judge, Organisation
from contest.people.rules import ENTRANT_STATES  # noqa: F401  (pages show their names)
from contest.scoring.scheme import Module
from contest.setup.models import Contest
from contest.setup.queries import plan_in_force


@dataclass(frozen=True)
class SheetRow:
    """One sheet in a judge's list. name is None in a blind module: judges see only the code."""

    id: int
    code: str
    name: str | None
    start_order: int
    state: str
    given: int
    count: int
    total: str
    entrant_state: str

    @property
    def is_open(self):
        """True when the judge still has to work on it."""
        return self.state in OPEN_STATES and self.entrant_state == "normal"


@dataclass(frozen=True)
class ModuleSheets:
    """A judge's sheets of one module, in start order."""

    contest_id: int
    contest_name: str
    contest_name_en: str
    module: Module
    rows: tuple[SheetRow, ...]

    @property
    def done(self):
        """How many sheets need nothing more."""
        return sum(not row.is_open for row in self.rows)

    @property
    def next_open(self):
        """The sheet to go on with: one reopened or begun, else the first not started; or None."""
        order = {"reopened": 0, "draft": 1, "empty": 2}
        waiting = [row for row in self.rows if row.is_open]
        return min(waiting, key=lambda row: order[row.state], default=None)


@dataclass(frozen=True)
class SheetPage:
    """Everything a judge's sheet page shows."""

    id: int
    contest_id: int
    contest_name: str
    contest_name_en: str
    module: Module
    owner_id: int
    code: str
    name: str | None
    organisation: str | None
    entrant_state: str
    rev: int
    state: str
    marks: dict
    changed_at: datetime | None
    reading: Reading
    reason: str
    is_open: bool
    next_id: int | None
    place: int
    of: int


def lock_contest_of(sheet_id):
    """Hold the contest of a sheet until the transaction ends: nobody publishes meanwhile; Missing.

    SQLite took its one write lock at BEGIN. On PostgreSQL the order is always contest, then sheet.
    """
    db.session.scalar(
        select(Contest)
        .filter_by(id=contest_of_sheet(sheet_id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lock_sheet(sheet_id):
    """The sheet with its judge and entrant, locked until the transaction ends; Missing."""
    # SQLite took its one write lock at BEGIN; PostgreSQL locks the row.
    sheet = db.session.scalar(
        select(Sheet)
        .filter_by(id=sheet_id)
        .options(
            joinedload(Sheet.judge, innerjoin=True), joinedload(Sheet.entrant, innerjoin=True)
        )
        .with_for_update(of=Sheet)
        .execution_options(populate_existing=True)
    )
    if sheet is None:
        raise Missing("There is no such sheet.")
    return sheet


def contest_of_sheet(sheet_id):
    """The id of the contest to which a sheet belongs, or Missing."""
    contest_id = db.session.scalar(select(Sheet.contest_id).filter_by(id=sheet_id))
    if contest_id is None:
        raise Missing("There is no such sheet.")
    return contest_id


def find_revision(op_id):
    """The stored revision that this operation made, or None."""
    return db.session.scalar(select(SheetRevision).filter_by(op_id=op_id))


def find_latest_revision(sheet):
    """The revision that a sheet's row copies, or None for a sheet never written on."""
    return db.session.scalar(
        select(SheetRevision).filter_by(sheet_id=sheet.id, rev=sheet.rev)
    )


def sheets_by_entrant(contest_id, module_key):
    """{entrant id: {seat: Sheet}} of one module."""
    found = defaultdict(dict)
    rows = db.session.scalars(
        select(Sheet).filter_by(contest_id=contest_id, module_key=module_key)
    )
    for sheet in rows:
        found[sheet.entrant_id][sheet.seat] = sheet
    return found


def has_begun_sheets(contest_id, module_keys):
    """True when somebody has written on a sheet of one of these modules."""
    begun = select(Sheet.id).where(
        Sheet.contest_id == contest_id, Sheet.module_key.in_(module_keys), Sheet.rev > 0
    )
    return db.session.scalar(select(begun.exists()))


def name_of_user(user_id):
    """The name of an account, or nothing for a program."""
    return db.session.scalar(select(User.name).filter_by(id=user_id)) or ""


def module_of(force, module_key):
    """The module of a plan in force, or Missing."""
    try:
        return force.plan.module(module_key)
    except KeyError as error:
        raise Missing("There is no such module in the plan.") from error


def stage_of(plan, module):
    """The key of the stage in which a module is held."""
    return plan.part(module.part).stage


def blind_codes(contest_id, stage):
    """{entrant id: (code, start order)} of one stage, the innermost code of several layers."""
    rows = db.session.execute(
        select(BlindCode.entrant_id, BlindCode.code, BlindCode.start_order)
        .filter_by(contest_id=contest_id, stage=stage)
        .order_by(BlindCode.layer)
    )
    return {entrant_id: (code, order) for entrant_id, code, order in rows}


def codes_of(contest_id, plan, module):
    """The codes under which a module is marked; none in an open one.

    There the name stands on the sheet, and a code beside it would give away the blind modules.
    """
    return blind_codes(contest_id, stage_of(plan, module)) if module.blind else {}


def names_of(contest_id):
    """{entrant id: (entry number, name, organisation)}; never asked for a blind module."""
    rows = db.session.execute(
        select(Entrant.id, Entrant.number, Human.name, Organisation.name)
        .join(Human, Entrant.human_id == Human.id)
        .join(Organisation, Entrant.organisation_id == Organisation.id)
        .where(Entrant.contest_id == contest_id)
    )
    return {entrant_id: (number, name, unit) for entrant_id, number, name, unit in rows}


def state_in(states, entrant_id, module_key):
    """The state that counts for one entrant in one module: that of the whole contest goes first."""
    whole = states.get((entrant_id, ""), "normal")
    return whole if whole != "normal" else states.get((entrant_id, module_key), "normal")


def my_sheets(user_id):
    """A judge's sheets in every contest that is being judged: ModuleSheets in the plan's order."""
    rows = db.session.execute(
        select(Sheet.id, Sheet.contest_id, Sheet.module_key, Sheet.entrant_id, Sheet.state,
               Sheet.marks)
        .join(Judge, Sheet.judge_id == Judge.id)
        .join(Contest, Sheet.contest_id == Contest.id)
        .where(Judge.user_id == user_id, Contest.state.in_(MARKING_STATES))
    )
    by_contest = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_contest[row.contest_id][row.module_key].append(row)
    found = []
    for contest_id, by_module in sorted(by_contest.items(), reverse=True):
        found += _contest_sheets(contest_id, by_module)
    return tuple(found)


def _contest_sheets(contest_id, by_module):
    contest = db.session.get(Contest, contest_id)
    plan = plan_in_force(contest_id).plan
    states = people.entrant_states(contest_id)
    # Names are not even loaded when every module of the judge is blind.
    open_modules = [m for m in plan.modules if m.key in by_module and not m.blind]
    names = names_of(contest_id) if open_modules else {}
    codes = {stage.key: blind_codes(contest_id, stage.key) for stage in plan.stages}
    for module in plan.modules:
        if module.key in by_module:
            sheets = _module_rows(
                plan, module, by_module[module.key],
                codes[stage_of(plan, module)] if module.blind else {},
                {} if module.blind else names, states,
            )
            yield ModuleSheets(contest_id, contest.name, contest.name_en, module, sheets)


def _module_rows(plan, module, sheets, codes, names, states):
    rows = []
    for sheet in sheets:
        code, order = codes.get(sheet.entrant_id, ("", 0))
        number, name, _ = names.get(sheet.entrant_id, ("", None, ""))
        reading = read_sheet(module, sheet.marks, plan.rounding)
        rows.append(
            SheetRow(
                sheet.id, code or number or "–", name, order, sheet.state, reading.given,
                reading.count, reading.total,
                state_in(states, sheet.entrant_id, module.key),
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.start_order, row.code)))


def get_sheet_page(sheet_id, user_id, typed=None, errors=None):
    """A sheet as its own judge sees it; `typed` marks and their errors stand in for stored ones.

    Missing; NotAllowed for anybody else than the judge to whom the sheet was given.
    """
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None:
        raise Missing("There is no such sheet.")
    check_own_sheet(user_id, sheet.judge.user_id)
    contest = db.session.get(Contest, sheet.contest_id)
    force = plan_in_force(sheet.contest_id)
    module = module_of(force, sheet.module_key)
    codes = codes_of(contest.id, force.plan, module)
    names = {} if module.blind else names_of(contest.id)
    number, name, unit = names.get(sheet.entrant_id, ("", None, None))
    code, _ = codes.get(sheet.entrant_id, (number or "–", 0))
    states = people.entrant_states(contest.id)
    place, of, next_id = _place_in_list(sheet, codes, names, states)
    return SheetPage(
        id=sheet_id, contest_id=contest.id, contest_name=contest.name,
        contest_name_en=contest.name_en, module=module, owner_id=sheet.judge.user_id, code=code,
        name=name, organisation=unit,
        entrant_state=state_in(states, sheet.entrant_id, module.key), rev=sheet.rev,
        state=sheet.state, marks=sheet.marks, changed_at=sheet.changed_at,
        reading=read_sheet(
            module, sheet.marks if typed is None else typed, force.plan.rounding, errors
        ),
        reason=_last_reason(sheet),
        is_open=sheet.state in OPEN_STATES and contest.state in MARKING_STATES,
        next_id=next_id, place=place, of=of,
    )


def _place_in_list(sheet, codes, names, states):
    """Where a sheet stands among its judge's sheets, of how many, and the next open one."""
    rows = db.session.execute(
        select(Sheet.id, Sheet.entrant_id, Sheet.state)
        .filter_by(
            contest_id=sheet.contest_id, module_key=sheet.module_key, judge_id=sheet.judge_id
        )
    ).all()

    def start(row):
        code, order = codes.get(row.entrant_id, ("", 0))
        return order, code or names.get(row.entrant_id, ("",))[0]

    rows = sorted(rows, key=start)
    at = [row.id for row in rows].index(sheet.id)
    following = (
        row.id for row in (*rows[at + 1:], *rows[:at])
        if row.state in OPEN_STATES
        and state_in(states, row.entrant_id, sheet.module_key) == "normal"
    )
    return at + 1, len(rows), next(following, None)


def clash_now(sheet_id):
    """What stands on a sheet now, for a judge who has to choose."""
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None:
        raise Missing("There is no such sheet.")
    latest = find_latest_revision(sheet)
    return Clash(
        sheet.rev, sheet.state, sheet.marks,
        device=latest.device if latest else "",
        at=latest.at if latest else None,
        by=name_of_user(latest.by_id) if latest else "",
    )


def sheet_differences(page, mine):
    """Where this tablet's marks differ from the stored ones: pairs of lines (mine, stored)."""
    rounding = plan_in_force(page.contest_id).plan.rounding
    ours = read_sheet(page.module, mine, rounding).lines
    theirs = read_sheet(page.module, page.marks, rounding).lines
    return [
        (left, right) for left, right in zip(ours, theirs, strict=True)
        if (left.value or None) != (right.value or None) or left.points != right.points
    ]


def _last_reason(sheet):
    """Why the chief judge last reopened the sheet or struck it out."""
    if sheet.state not in {"reopened", "excused"}:
        return ""
    return db.session.scalar(
        select(SheetRevision.reason)
        .where(SheetRevision.sheet_id == sheet.id, SheetRevision.kind.in_(["reopen", "excuse"]))
        .order_by(SheetRevision.rev.desc())
        .limit(1)
    ) or ""


def ledger(contest_id, as_of=None, after_id=0):
    """Every revision that standings depend on, oldest first, as plain rows (drafts are left out).

    Of a sheet the row with the highest `rev` counts: submit (its marks count), reopen (none
    count), excuse (the seat is struck out). `as_of`: only what the server held at that moment;
    `after_id`: only revisions after this one.
    """
    statement = (
        select(
            SheetRevision.id, SheetRevision.sheet_id, Sheet.module_key, Sheet.entrant_id,
            Sheet.seat, Sheet.judge_id, SheetRevision.rev, SheetRevision.kind,
            SheetRevision.marks, SheetRevision.units, SheetRevision.plan_version_id,
            SheetRevision.at,
        )
        .join(Sheet, SheetRevision.sheet_id == Sheet.id)
        .where(
            SheetRevision.contest_id == contest_id, SheetRevision.id > after_id,
            SheetRevision.kind != "draft",
        )
        .order_by(SheetRevision.id)
    )
    if as_of is not None:
        statement = statement.where(SheetRevision.at <= as_of)
    yield from db.session.execute(statement)
