"""Papers of a contest as the clerks and the chief judge see them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from contest import signals
from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_, joined
from contest.judging import queries as judging
from contest.judging.lines import Line, read_sheet
from contest.judging.models import Sheet
from contest.judging.rules import OPEN_STATES, on_seat
from contest.paper import rules
from contest.paper.models import PaperEntry, PaperOutcome, PaperSheet
from contest.people.models import Judge
from contest.scoring.scheme import Module
from contest.setup import queries as setup
from contest.setup.queries import plan_in_force
from contest.setup.rules import Note


@dataclass(frozen=True)
class About:
    """What stands on top of a sheet; name is None in a blind module."""

    sheet_id: int
    number: str
    module: Module
    code: str
    name: str | None
    organisation: str | None
    judge: str
    seat: int


@dataclass(frozen=True)
class PaperRow:
    """One paper in the list. about: None when its sheet was taken back."""

    id: int
    number: str
    about: About | None
    state: str
    clerks: tuple[str, ...]
    clerk_ids: tuple[int, ...]
    by: str
    reason: str
    at: datetime

    @property
    def is_open(self):
        """True while something is still to be done."""
        return self.state in rules.UNSETTLED


@dataclass(frozen=True)
class Difference:
    """One aspect on which versions differ: (source, line, could not be read) of each."""

    line: Line
    readings: tuple[tuple[str, Line, bool], ...]


@dataclass(frozen=True)
class SettlePage:
    """What a third person looks at. rev: what the sheet has now; is_closed: no marks are taken now."""

    id: int
    about: About
    module: Module
    state: str
    rev: int
    is_closed: bool
    clerks: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def holds_marks(self):
        """True when the sheet itself says something on an aspect that is to be decided."""
        return any(source == "tablet" for one in self.differences for source, _, _ in one.readings)


def get_sheet(contest_id, sheet_id):
    """A sheet of this contest, or Missing."""
    sheet = db.session.get(Sheet, sheet_id)
    if sheet is None or sheet.contest_id != contest_id:
        raise Missing("There is no such sheet.")
    return sheet


def module_on(force, sheet):
    """The module as it is marked on a sheet's seat."""
    return on_seat(judging.module_of(force, sheet.module_key), sheet.seat)


def abouts(contest_id, sheets):
    """{sheet id: About}: codes in blind modules, names in open ones, never both."""
    plan = plan_in_force(contest_id).plan
    modules = {module.key: module for module in plan.modules}
    wanted = {sheet.module_key for sheet in sheets} & set(modules)
    codes = {key: judging.codes_of(contest_id, plan, modules[key]) for key in wanted}
    names = judging.names_of(contest_id) if any(not modules[key].blind for key in wanted) else {}
    found = {}
    for sheet in sheets:
        if sheet.module_key not in wanted:
            continue  # the plan lost this module
        module = modules[sheet.module_key]
        known = {} if module.blind else names
        number, name, unit = known.get(sheet.entrant_id, ("–", None, None))
        code, _ = codes[module.key].get(sheet.entrant_id, (number or "–", 0))
        found[sheet.id] = About(
            sheet.id, rules.number_of(sheet.id), module, code, name, unit, sheet.judge.name,
            sheet.seat,
        )
    return found


def about_of(sheet):
    """The About of one sheet, or Missing when the plan has lost its module."""
    found = abouts(sheet.contest_id, [sheet])
    if sheet.id not in found:
        raise Missing("There is no such module in the plan.")
    return found[sheet.id]


def list_papers(contest_id):
    """PaperRows of a contest, what waits longest first, what is settled last."""
    papers = _papers(contest_id)
    known = abouts(contest_id, [paper.sheet for paper in papers if paper.sheet is not None])
    by = dict(db.session.execute(
        select(User.id, User.name).where(User.id.in_([paper.by_id for paper in papers]))
    ).all())
    rows = [_row(paper, known.get(paper.sheet_id), by.get(paper.by_id, "")) for paper in papers]
    return sorted(rows, key=lambda row: (not row.is_open, row.at if row.is_open else 0))


def _papers(contest_id):
    statement = (
        select(PaperSheet).filter_by(contest_id=contest_id)
        .options(
            joinedload(PaperSheet.sheet).joinedload(Sheet.judge),
            selectinload(PaperSheet.entries).joinedload(PaperEntry.by),
            joinedload(PaperSheet.outcome).joinedload(PaperOutcome.by),
        )
        .order_by(PaperSheet.id)
    )
    return db.session.scalars(statement).all()


def _row(paper, about, came_by):
    outcome = paper.outcome
    by = outcome.by.name if outcome and outcome.by else came_by
    return PaperRow(
        paper.id, rules.number_of(paper.sheet_id), about, state_now(paper),
        tuple(entry.by.name for entry in paper.entries),
        tuple(entry.by_id for entry in paper.entries),
        by, outcome.reason if outcome else "", outcome.at if outcome else paper.at,
    )


def state_now(paper):
    """Where a paper stands now, one of rules.STATES."""
    return rules.state_of(
        len(paper.entries), paper.outcome.kind if paper.outcome else None, paper.base_rev,
        paper.sheet.rev if paper.sheet else None,
    )


def open_paper(sheet_id):
    """The paper of a sheet that is not settled yet, or None."""
    return db.session.scalar(
        select(PaperSheet).filter_by(sheet_id=sheet_id)
        .outerjoin(PaperOutcome, PaperOutcome.paper_id == PaperSheet.id)
        .where(PaperOutcome.id.is_(None))
        .order_by(PaperSheet.number.desc()).limit(1)
    )


def get_paper(contest_id, paper_id):
    """A paper of this contest, or Missing."""
    paper = db.session.get(PaperSheet, paper_id)
    if paper is None or paper.contest_id != contest_id:
        raise Missing("There is no such paper.")
    return paper


def latest_paper(sheet_id):
    """The last paper of a sheet, settled or not, or None."""
    return db.session.scalar(
        select(PaperSheet).filter_by(sheet_id=sheet_id)
        .order_by(PaperSheet.number.desc()).limit(1)
    )


def latest_number(sheet_id):
    """How many papers of a sheet there were."""
    return db.session.scalar(
        select(func.count()).select_from(PaperSheet).filter_by(sheet_id=sheet_id)
    )


def judges_of_module(contest_id, module_key):
    """User ids of everybody who holds a sheet of a module."""
    return set(db.session.scalars(
        select(Judge.user_id).distinct().join(Sheet, Sheet.judge_id == Judge.id)
        .where(Sheet.contest_id == contest_id, Sheet.module_key == module_key)
    ))


def judges_at_work(contest_id):
    """User ids of everybody who holds a sheet of a contest."""
    return set(db.session.scalars(
        select(Judge.user_id).distinct().join(Sheet, Sheet.judge_id == Judge.id)
        .where(Sheet.contest_id == contest_id)
    ))


def modules_of_judge(contest_id, user_id):
    """Keys of the modules in which this person holds a sheet."""
    return set(db.session.scalars(
        select(Sheet.module_key).distinct().join(Judge, Sheet.judge_id == Judge.id)
        .where(Sheet.contest_id == contest_id, Judge.user_id == user_id)
    ))


def versions_of(paper):
    """The Versions of a paper: both clerks', and the sheet's own where marks stand on it already.

    It does not matter whether a tablet sent them before the paper was taken in or after.
    """
    found = [
        rules.Version(source, entry.marks, tuple(entry.unclear))
        for source, entry in zip(("first", "second"), paper.entries, strict=False)
    ]
    if paper.sheet is not None and paper.sheet.marks:
        found.append(rules.Version("tablet", paper.sheet.marks))
    return found


def get_settle_page(paper):
    """Both clerks' figures beside each other, for a third person; Missing when the sheet is gone."""
    if paper.sheet is None:
        raise Missing("There is no such sheet.")
    sheet, force = paper.sheet, plan_in_force(paper.contest_id)
    module = module_on(force, sheet)
    versions = versions_of(paper)
    keys = rules.differing(module, versions)
    readings = [(v, _lines(module, v, force.plan.rounding)) for v in versions]
    empty = _lines(module, rules.Version("", {}), force.plan.rounding)
    return SettlePage(
        paper.id, about_of(sheet), module, state_now(paper), sheet.rev,
        sheet.state not in OPEN_STATES, tuple(entry.by.name for entry in paper.entries),
        tuple(
            Difference(
                empty[key],
                tuple((v.source, lines[key], key in v.unclear) for v, lines in readings),
            )
            for key in keys
        ),
    )


def _lines(module, version, rounding):
    return {line.aspect.key: line for line in read_sheet(module, version.marks, rounding).lines}


def entry_page(sheet):
    """What a clerk needs of a sheet: its About, and the module as on its seat."""
    return about_of(sheet), module_on(plan_in_force(sheet.contest_id), sheet)


def empty_reading(module, contest_id):
    """The blocks of a sheet on which nothing is marked, to be typed in."""
    return read_sheet(module, {}, plan_in_force(contest_id).plan.rounding)


def unsettled(contest_id):
    """{state: [papers]}, only of those about which something is still to be done."""
    found = {}
    for paper in _papers(contest_id):
        found.setdefault(state_now(paper), []).append(paper)
    return {state: found[state] for state in rules.UNSETTLED if state in found}


def desk_notes(contest_id):
    """What the contest's desk says of sheets on paper."""
    papers = sorted(one.number for found in unsettled(contest_id).values() for one in found)
    if not papers:
        return []
    return [Note(
        N_("Sheets on paper that are not settled: %(count)s (number %(numbers)s)."),
        {"count": len(papers), "numbers": joined([str(one) for one in papers])},
        "paper.list_papers", "warn",
    )]


@signals.step_asked.connect
def hold_step(sender, contest_id, to, problems):
    """Until every paper is settled the sheets are not all in, and nothing is published."""
    if to in rules.GATED:
        problems += desk_notes(contest_id)


setup.DESK_NOTES.append(desk_notes)
