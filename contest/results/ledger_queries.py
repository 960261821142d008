"""A contest's exported ledger: plan.toml, MARKS.csv and ENTRANTS.csv, straight from the tables.

Written apart from mark_book.py and reckoning.py on purpose: what goes wrong there is found because
the second scorer counts from what is read here.
"""

import csv
import io
from dataclasses import dataclass, field

from sqlalchemy import func, select

from contest.db import db
from contest.errors import Missing
from contest.figures.models import RecordedFigure
from contest.judging.models import Penalty, Sheet, SheetRevision
from contest.people.models import Entrant, Human, Organisation, StateEvent, Team
from contest.people.rules import PRACTICE
from contest.recount.files import KNOWN, PASSED_OVER, STATES
from contest.recount.plan import read
from contest.results import ledger_lines
from contest.results.ledger_files import FILES
from contest.results.ledger_lines import amount_text, line
from contest.results.models import ResultSheet, TieRuling
from contest.setup.models import PlanVersion
from contest.setup.plan_text import toml_of
from contest.setup.queries import plan_of_version
from contest.theory.models import TheoryEntry


@dataclass(frozen=True)
class Ledger:
    """What the second scorer reads of one stage of a contest.

    document: the plan as it is stored; marks: lines as ledger_lines.COLUMNS has them; entrants: one
    dict of text for each. rulings: the chief's (about, [codes, best first]), oldest first. codes,
    teams: {id: what the files call them}.
    """

    contest_id: int
    stage: str
    plan_number: int
    document: dict
    plan_text: str
    marks: list
    entrants: list
    rulings: list = field(default_factory=list)
    codes: dict = field(default_factory=dict)
    teams: dict = field(default_factory=dict)

    def files(self):
        """{file name: bytes}, the same for the same rows."""
        columns = ["code", *KNOWN]
        columns += sorted({key for row in self.entrants for key in row} - set(columns))
        texts = (
            self.plan_text, _csv(ledger_lines.COLUMNS, self.marks),
            _csv(columns, ([row.get(key, "") for key in columns] for row in self.entrants)),
        )
        return {name: text.encode() for name, text in zip(FILES, texts, strict=True)}


def _csv(columns, rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def ledger_of(contest_id, stage):
    """The Ledger of a stage as the tables stand now, with every stage before it; Missing."""
    version = db.session.execute(
        select(PlanVersion.id, PlanVersion.number, PlanVersion.document)
        .where(PlanVersion.contest_id == contest_id, PlanVersion.in_force_at.is_not(None))
        .order_by(PlanVersion.number.desc()).limit(1)
    ).first()
    if version is None:
        raise Missing("This contest has no plan in force.")
    plan = read(version.document)
    keys = [each["key"] for each in plan["stages"]]
    if stage not in keys:
        raise Missing("There is no such stage in the plan.")
    people = people_of(contest_id)
    codes = {row.id: row.number for row in people}
    scope = _Scope(contest_id, plan, plan["stages"][: keys.index(stage) + 1], codes, version.id)
    return Ledger(
        contest_id, stage, version.number, version.document,
        toml_of(plan_of_version(version.id).plan),
        [*_states(scope), *_taking_part(scope), *_absences(scope), *_scores(scope),
         *_figures(scope), *_sheets(scope), *_penalties(scope)],
        _entrants(scope, people), _rulings(contest_id, stage, plan), codes,
        {row.team_id: row.team for row in people if row.team_id is not None},
    )


class _Scope:
    """What of a contest is written down. codes: {entrant id: entry number}, in the file's order."""

    def __init__(self, contest_id, plan, stages, codes, version_id):
        self.contest_id, self.plan, self.stages, self.codes = contest_id, plan, stages, codes
        self.version_id = version_id
        inside = {module["key"] for each in stages for module in each["all_modules"]}
        self.modules = {m["key"]: m for m in plan["modules"] if m["key"] in inside}
        self.order = {key: at for at, key in enumerate(self.modules)}
        self.rows = {entrant_id: at for at, entrant_id in enumerate(codes)}
        self.passed_over = _decided(contest_id)

    def latest(self, model, *columns):
        """The rows of an append-only table of this contest, oldest first."""
        return db.session.execute(
            select(*columns).where(model.contest_id == self.contest_id).order_by(model.id)
        )

    def in_order(self, found):
        """Pairs ((module key, entrant id), value) by the plan's modules, then the file's entrants."""
        known = [each for each in found.items() if each[0][0] in self.modules]
        return sorted(known, key=lambda each: (self.order[each[0][0]], self.rows[each[0][1]]))


def _decided(contest_id):
    """{(award key, "entrant" or "team", its id)} of whom the committee passed over, and stands by it."""
    table = db.metadata.tables["committee_decision"]  # a later area's
    back = select(table.c.about_id).where(table.c.about_id.is_not(None))
    rows = db.session.execute(
        select(table.c.award_key, table.c.entrant_id, table.c.team_id).where(
            table.c.contest_id == contest_id, table.c.kind == "pass_over", table.c.id.not_in(back),
        )
    )
    return {(key, "team" if team else "entrant", team or entrant) for key, entrant, team in rows}


def people_of(contest_id):
    """What the roster says of every entrant, in the order of entry numbers (A2 before A10)."""
    return db.session.execute(
        select(
            Entrant.id, Entrant.number, Entrant.group, Entrant.room, Entrant.employment,
            Entrant.titles, Entrant.human_id, Human.gender, Human.born_on, Entrant.team_id,
            Team.name.label("team"), Organisation.name.label("organisation"),
        )
        .join(Human, Entrant.human_id == Human.id)
        .join(Organisation, Entrant.organisation_id == Organisation.id)
        .outerjoin(Team, Entrant.team_id == Team.id)
        .where(Entrant.contest_id == contest_id)
        .order_by(func.length(Entrant.number), Entrant.number)
    ).all()


def _entrants(scope, people):
    rows = {
        row.id: {
            "code": row.number, "group": row.group, "team": row.team or "",
            "organisation": row.organisation, "room": row.room, "person": str(row.human_id),
            "gender": row.gender, "birth_date": row.born_on.isoformat() if row.born_on else "",
            "employment": row.employment, "titles": ";".join(row.titles),
        }
        for row in people
    }
    data = {}
    for row in scope.latest(
        RecordedFigure, RecordedFigure.kind, RecordedFigure.key, RecordedFigure.entrant_id,
        RecordedFigure.units,
    ):
        if row.kind == "data" and row.key not in ("code", *KNOWN, *PASSED_OVER):
            data[row.entrant_id, row.key] = row.units
    for (entrant_id, key), units in data.items():
        if units is not None and entrant_id in rows:
            rows[entrant_id][key] = amount_text(units)
    for row in people:
        rows[row.id] |= _passed_over(scope, row)
    return list(rows.values())


def _passed_over(scope, row):
    """{column: awards for which the committee passed over an entrant, or the entrant's team}, where any."""
    found = {}
    for name, kind, value in zip(PASSED_OVER, ("entrant", "team"), (row.id, row.team_id), strict=True):
        keys = [each["key"] for each in scope.plan["awards"] if each["to"] == kind]
        if those := [key for key in keys if (key, kind, value) in scope.passed_over]:
            found[name] = ";".join(those)
    return found


def _rulings(contest_id, stage, plan):
    """The chief's orders of a stage, oldest first: pairs (about, ids, best first)."""
    if plan["ranking"]["shared"]:
        return []
    rows = db.session.execute(
        select(TieRuling.about, TieRuling.order)
        .where(TieRuling.contest_id == contest_id, TieRuling.stage == stage)
        .order_by(TieRuling.id)
    )
    return [(about, list(order)) for about, order in rows]


def _states(scope):
    latest = {
        entrant_id: state for entrant_id, key, state in scope.latest(
            StateEvent, StateEvent.entrant_id, StateEvent.module_key, StateEvent.state
        ) if not key
    }
    for entrant_id, code in scope.codes.items():
        if latest.get(entrant_id) in STATES:
            yield line(code, "", status=latest[entrant_id])


def _taking_part(scope):
    """Who takes part after a stage that lets on: whom its final results name, before them everybody."""
    for before, stage in zip(scope.stages, scope.stages[1:], strict=False):
        if before["advance"] is None and before["advance_percent"] is None:
            continue
        document = db.session.scalar(
            select(ResultSheet.document)
            .where(
                ResultSheet.contest_id == scope.contest_id, ResultSheet.stage == before["key"],
                ResultSheet.kind == "final",
            )
            .order_by(ResultSheet.id.desc()).limit(1)
        )
        those = scope.codes if document is None else {
            row["entrant_id"] for row in document["rows"] if row["advances"]
        }
        for entrant_id, code in scope.codes.items():
            if entrant_id in those:
                yield line(code, stage["key"], status="takes_part")


def _absences(scope):
    latest = {}
    for entrant_id, key, state in scope.latest(
        StateEvent, StateEvent.entrant_id, StateEvent.module_key, StateEvent.state
    ):
        latest[key, entrant_id] = state
    gone = {
        where: row.state for where, row in _theory(scope).items() if row.state in ("absent", "void")
    }
    gone |= {where: state for where, state in latest.items() if where[0] and state == "absent"}
    for (key, entrant_id), state in scope.in_order(gone):
        yield line(scope.codes[entrant_id], key, status=state)


def _theory(scope):
    rows = scope.latest(
        TheoryEntry, TheoryEntry.module_key, TheoryEntry.entrant_id, TheoryEntry.units,
        TheoryEntry.state,
    )
    found = {(row.module_key, row.entrant_id): row for row in rows}
    return {
        where: row for where, row in found.items()
        if where[0] in scope.modules and scope.modules[where[0]]["entry"] == "scores"
    }


def _scores(scope):
    """Scores that stand; one outside the range of a plan that was changed since does not count."""
    return _fitting(scope, [
        line(scope.codes[entrant_id], key, value=amount_text(row.units))
        for (key, entrant_id), row in scope.in_order(_theory(scope))
        if row.state == "scored" and row.units is not None
    ])


def _figures(scope):
    rows = scope.latest(
        RecordedFigure, RecordedFigure.kind, RecordedFigure.key, RecordedFigure.entrant_id,
        RecordedFigure.units,
    )
    latest = {(row.key, row.entrant_id, row.kind): row.units for row in rows if row.kind != "data"}
    known = {where: units for where, units in latest.items() if units is not None}
    return _fitting(scope, [
        line(scope.codes[entrant_id], f"{key}.{kind}", value=amount_text(units))
        for (key, entrant_id, kind), units in scope.in_order(known)
    ])


def _fitting(scope, lines):
    """Those lines that the plan allows; mostly all of them, so they are tried together first."""
    if ledger_lines.fits(scope.plan, lines):
        return lines
    return [each for each in lines if ledger_lines.fits(scope.plan, [each])]


def _sheets(scope):
    """Sheets in force: of each the latest revision that is no draft, if it counts or is struck out.

    One handed in again after it was opened again counts once the chief judge has confirmed it.
    """
    last = (
        select(SheetRevision.sheet_id, func.max(SheetRevision.rev).label("rev"))
        .where(SheetRevision.contest_id == scope.contest_id, SheetRevision.kind != "draft")
        .group_by(SheetRevision.sheet_id).subquery()
    )
    rows = db.session.execute(
        select(
            Sheet.module_key, Sheet.seat, Sheet.entrant_id, SheetRevision.kind,
            SheetRevision.marks, SheetRevision.plan_version_id,
        )
        .join(last, (SheetRevision.sheet_id == last.c.sheet_id) & (SheetRevision.rev == last.c.rev))
        .join(Sheet, Sheet.id == SheetRevision.sheet_id)
        .where(SheetRevision.kind.in_(["submit", "confirm", "excuse"]), Sheet.module_key.in_(scope.modules),
            Sheet.seat < PRACTICE)
    ).all()
    # Seats are given in order of first appearance: seat 1 must come before seat 2.
    rows.sort(key=lambda row: (scope.order[row.module_key], row.seat, scope.rows[row.entrant_id]))
    for row in rows:
        module, code = scope.modules[row.module_key], scope.codes[row.entrant_id]
        if ledger_lines.panel_of_seat(module, row.seat) is None:
            continue
        if row.kind == "excuse":
            yield ledger_lines.excused_line(module, code, row.seat)
            continue
        lines = ledger_lines.sheet_lines(module, code, row.seat, row.marks)
        # The door let it in under this version; what came in under another is tried again.
        if row.plan_version_id == scope.version_id or ledger_lines.fits(scope.plan, lines):
            yield from lines


def _penalties(scope):
    rows = list(scope.latest(
        Penalty, Penalty.id, Penalty.entrant_id, Penalty.scope, Penalty.units, Penalty.lifts_id
    ))
    lifted = {row.lifts_id for row in rows}
    things = [each["key"] for each in scope.stages]
    for each in scope.stages:
        things += [part["key"] for part in each["all_parts"]]
    for row in rows:
        if row.lifts_id is None and row.id not in lifted:
            if row.scope in scope.modules or row.scope in things:
                yield line(
                    scope.codes[row.entrant_id], f"{row.scope}.penalty",
                    value=amount_text(row.units),
                )
