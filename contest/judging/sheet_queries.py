"""A judge's own pages: the list of sheets, and one sheet to be marked."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import bindparam, select

from contest.db import db
from contest.judging.lines import Reading, read_sheet
from contest.judging.models import Handover, Sheet, SheetRevision
from contest.judging.plausible_rules import others_of
from contest.judging.queries import (
    blind_codes,
    check_found,
    codes_of,
    module_of,
    names_of,
    stage_of,
)
from contest.judging.record_queries import records_of
from contest.judging.rules import MARKING_STATES, OPEN_STATES, check_own_sheet, on_seat
from contest.judging.sheet_rules import form_hash
from contest.judging.state_queries import hides_states, judges_state
from contest.people import queries as people
from contest.people.models import Entrant, Judge
from contest.people.rules import is_practice, number_order, seat_beside
from contest.prepared import Prepared
from contest.scoring.scheme import Module, Panel
from contest.setup.models import Contest
from contest.setup.procedure_rules import procedure_from
from contest.setup.queries import plan_in_force
from contest.setup.rules import takes_marks


@dataclass(frozen=True)
class SheetRow:
    """One sheet in a judge's list. name is None in a blind module: judges see only the code.

    rank: what a judge who orders the entrants gave here, "" before, None on other sheets; also: the
    codes to which the same rank was given.
    """

    id: int
    code: str
    name: str | None
    start_order: int
    state: str
    given: int
    count: int
    total: str
    entrant_state: str
    rank: str | None = None
    rev: int = 0
    also: tuple[str, ...] = ()
    rules: str = ""  # sheet_rules.form_hash: a copy of a sheet under other rules is old

    @property
    def is_open(self):
        """True when the judge still has to work on it."""
        return self.state in OPEN_STATES and self.entrant_state == "normal"


@dataclass(frozen=True)
class ModuleSheets:
    """A judge's sheets of one module, in start order. panels: the judge's, where there are several."""

    contest_id: int
    contest_name: str
    contest_name_en: str
    module: Module
    rows: tuple[SheetRow, ...]
    panels: tuple[Panel, ...] = ()
    is_practice: bool = False

    @property
    def ranked(self):
        """Pairs (rank, its codes) as given so far, best first; none where nobody is ranked."""
        found = defaultdict(list)
        for row in self.rows:
            if row.rank:
                found[int(row.rank)].append(row.code)
        return sorted(found.items())

    @property
    def gives_ranks(self):
        """True where the judge puts the entrants in an order."""
        return any(row.rank is not None for row in self.rows)

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
    """Everything a judge's sheet page shows. module: as on the judge's seat.

    ranks: {rank as text: codes} that the judge gave to others, where entrants are put in an order.
    taken_over: why the judge stands in for another on it, "" where it was always theirs.
    others: {aspect: plausible_rules.Others} of what is measured; records: {aspect: Standing}.
    """

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
    ranks: dict
    is_practice: bool = False
    taken_over: str = ""
    others: dict = field(default_factory=dict)
    records: dict = field(default_factory=dict)

    @property
    def rules(self):
        """What stands for the form: tablets send it back with the marks."""
        return form_hash(self.module)


def my_sheets(user_id):
    """A judge's sheets in every contest that is being judged: ModuleSheets in the plan's order."""
    rows = db.session.execute(
        select(Sheet.id, Sheet.contest_id, Sheet.module_key, Sheet.entrant_id, Sheet.seat,
               Sheet.state, Sheet.marks, Sheet.rev)
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
    is_hidden = {
        module.key: hides_states(contest_id, plan, module, states)
        for module in plan.modules if module.key in by_module
    }
    groups = _groups(contest_id) if plan.ranking.by_group else {}
    for module in plan.modules:
        if module.key in by_module:
            sheets = _module_rows(
                plan, module, by_module[module.key],
                codes[stage_of(plan, module)] if module.blind else {},
                {} if module.blind else names,
                lambda one, module=module: judges_state(states, one, module, is_hidden[module.key]),
                groups,
            )
            practice = any(is_practice(sheet.seat) for sheet in by_module[module.key])
            seats = {seat_beside(sheet.seat) for sheet in by_module[module.key]}
            panels = tuple(p for p in module.panels if any(s - 1 in module.seats_of(p) for s in seats))
            yield ModuleSheets(
                contest_id, contest.name, contest.name_en, module, sheets, panels, practice
            )


def _module_rows(plan, module, sheets, codes, names, state_of, groups):
    on_seats = {seat: on_seat(module, seat) for seat in {sheet.seat for sheet in sheets}}
    rows = []
    for sheet in sheets:
        code, order = codes.get(sheet.entrant_id, ("", 0))
        number, name, _ = names.get(sheet.entrant_id, ("", None, ""))
        reading = read_sheet(on_seats[sheet.seat], sheet.marks, plan.rounding)
        row = SheetRow(
            sheet.id, code or number or "–", name, order, sheet.state, reading.given,
            reading.count, reading.total, state_of(sheet.entrant_id), reading.rank, sheet.rev,
            rules=form_hash(on_seats[sheet.seat]),
        )
        rows.append((groups.get(sheet.entrant_id, ""), row))
    rows = _with_equals(rows)
    return tuple(sorted(rows, key=lambda row: (row.start_order, number_order(row.code))))


def _groups(contest_id):
    """{entrant id: group}: where places go by group, each group has a first of its own."""
    rows = db.session.execute(select(Entrant.id, Entrant.group).filter_by(contest_id=contest_id))
    return dict(rows.all())


def _with_equals(rows):
    """Rows of pairs (group, row), each knowing to whom the same rank was given."""
    codes = defaultdict(list)
    for group, row in rows:
        if row.rank:
            codes[group, row.rank].append(row.code)
    return [
        replace(row, also=tuple(c for c in codes[group, row.rank] if c != row.code))
        if row.rank else row
        for group, row in rows
    ]


# A sheet's page asks this first: written out once, so that SQLAlchemy compiles it once.
_WHOLE_SHEET = Prepared(
    select(
        Sheet.id, Sheet.contest_id, Sheet.module_key, Sheet.entrant_id, Sheet.judge_id, Sheet.seat,
        Sheet.rev, Sheet.state, Sheet.marks, Sheet.changed_at, Judge.user_id,
        Contest.name, Contest.name_en, Contest.state.label("contest_state"), Contest.procedure,
    )
    .join(Judge, Sheet.judge_id == Judge.id).join(Contest, Sheet.contest_id == Contest.id)
    .where(Sheet.id == bindparam("sheet"))
)

_OWN = (
    Sheet.contest_id == bindparam("contest"), Sheet.module_key == bindparam("module"),
    Sheet.judge_id == bindparam("judge"),
)
_MARKS_OF_OTHERS = Prepared(select(Sheet.marks).where(*_OWN, Sheet.id != bindparam("sheet")))
_OWN_SHEETS = Prepared(select(Sheet.id, Sheet.entrant_id, Sheet.state).where(*_OWN))
_TAKEN_OVER = Prepared(
    select(Handover.to_id, Handover.reason)
    .where(Handover.sheet_id == bindparam("sheet"), Handover.kind != "recusal")
    .order_by(Handover.id)
)


def get_sheet_page(sheet_id, user_id, typed=None, errors=None):
    """A sheet as its own judge sees it; `typed` marks and their errors stand in for stored ones.

    Missing; NotAllowed for anybody else than the judge to whom the sheet was given.
    """
    sheet = check_found(_WHOLE_SHEET.first(sheet=sheet_id))
    check_own_sheet(user_id, sheet.user_id)
    force = plan_in_force(sheet.contest_id)
    module = on_seat(module_of(force, sheet.module_key), sheet.seat)
    codes = codes_of(sheet.contest_id, force.plan, module)
    names = {} if module.blind else names_of(sheet.contest_id)
    number, name, unit = names.get(sheet.entrant_id, ("", None, None))
    code, _ = codes.get(sheet.entrant_id, (number or "–", 0))
    states = people.entrant_states(sheet.contest_id)
    is_hidden = hides_states(sheet.contest_id, force.plan, module, states)

    def state_of(entrant_id):
        return judges_state(states, entrant_id, module, is_hidden)

    place, of, next_id = _place_in_list(sheet, codes, names, state_of)
    return SheetPage(
        id=sheet_id, contest_id=sheet.contest_id, contest_name=sheet.name,
        contest_name_en=sheet.name_en, module=module, owner_id=sheet.user_id, code=code,
        name=name, organisation=unit,
        entrant_state=state_of(sheet.entrant_id), rev=sheet.rev,
        state=sheet.state, marks=sheet.marks, changed_at=sheet.changed_at,
        reading=read_sheet(
            module, sheet.marks if typed is None else typed, force.plan.rounding, errors
        ),
        reason=_last_reason(sheet),
        is_open=sheet.state in OPEN_STATES and takes_marks(
            sheet.contest_state, procedure_from(sheet.procedure).name
        ),
        next_id=next_id, place=place, of=of,
        ranks=_ranks_of_others(sheet, force.plan, module, codes, names),
        is_practice=is_practice(sheet.seat), taken_over=_reason_taken_over(sheet),
        others=_measured_of_others(sheet, module), records=records_of(sheet.contest_id, module),
    )


def _measured_of_others(sheet, module):
    """{aspect: Others}: what the judge of a sheet measured of everybody else in the module."""
    keys = [aspect.key for aspect in module.aspects if aspect.kind == "measured"]
    if not keys:
        return {}
    rows = _MARKS_OF_OTHERS.all(
        contest=sheet.contest_id, module=sheet.module_key, judge=sheet.judge_id, sheet=sheet.id
    )
    found = {key: others_of([row.marks.get(key) for row in rows]) for key in keys}
    return {key: others for key, others in found.items() if others}


def _ranks_of_others(sheet, plan, module, codes, names):
    """{rank: codes} that the judge of a sheet gave to others whom it is compared with."""
    if module.aspects[0].kind != "rank":
        return {}
    groups = _groups(sheet.contest_id) if plan.ranking.by_group else {}
    rows = db.session.execute(
        select(Sheet.entrant_id, Sheet.marks).filter_by(
            contest_id=sheet.contest_id, module_key=sheet.module_key, judge_id=sheet.judge_id
        )
    )
    found = defaultdict(list)
    for entrant_id, marks in rows:
        rank = marks.get(module.aspects[0].key)
        is_equal = groups.get(entrant_id) == groups.get(sheet.entrant_id)
        if rank and is_equal and entrant_id != sheet.entrant_id:
            code, _ = codes.get(entrant_id, ("", 0))
            found[str(rank)].append(code or names.get(entrant_id, ("–",))[0])
    return {rank: sorted(codes) for rank, codes in found.items()}


def _place_in_list(sheet, codes, names, state_of):
    """Where a sheet stands among its judge's sheets, of how many, and the next open one."""
    rows = _OWN_SHEETS.all(contest=sheet.contest_id, module=sheet.module_key, judge=sheet.judge_id)

    def start(row):
        code, order = codes.get(row.entrant_id, ("", 0))
        return order, number_order(code or names.get(row.entrant_id, ("",))[0])

    rows = sorted(rows, key=start)
    at = [row.id for row in rows].index(sheet.id)
    following = (
        row.id for row in (*rows[at + 1:], *rows[:at])
        if row.state in OPEN_STATES and state_of(row.entrant_id) == "normal"
    )
    return at + 1, len(rows), next(following, None)


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


def _reason_taken_over(sheet):
    """As reasons_taken_over, of one sheet."""
    rows = _TAKEN_OVER.all(sheet=sheet.id)
    return next((row.reason for row in reversed(rows) if row.to_id == sheet.judge_id), "")


def reasons_taken_over(sheets):
    """{sheet's id: the reason that stands on it}, where its judge stands in for another one.

    None is told of a recusal.
    """
    judges = {sheet.id: sheet.judge_id for sheet in sheets}
    rows = db.session.execute(
        select(Handover.sheet_id, Handover.to_id, Handover.reason)
        .where(Handover.sheet_id.in_(judges), Handover.kind != "recusal")
        .order_by(Handover.id)
    )
    return {sheet_id: reason for sheet_id, to_id, reason in rows if to_id == judges[sheet_id]}
