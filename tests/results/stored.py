"""A contest made by chance put into the database, as far as the database can say it.

It cannot say: a module's mark that is cancelled, a person with two entries, an entrant without an
organisation. `sayable` writes the lines as they are without these. A sheet that lacks an aspect is
stored as a draft. Rulings stand in the database only for those who are tied, so they are left out
here and made by the test that is about them.
"""

import itertools
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from contest import clock
from contest.audit.chaining import link_work, note_row
from contest.db import db
from contest.figures.models import RecordedFigure
from contest.judging.models import Penalty, Sheet, SheetRevision
from contest.people.models import Entrant, Human, Organisation, StateEvent, Team
from contest.results.models import ResultSheet
from contest.setup.queries import plan_in_force
from contest.theory.models import TheoryEntry
from tests import factories
from tests.factories import columns_of
from tests.scoring.plans import plan_from

_numbers = itertools.count(1)
FIGURES = ("penalty", "adjustment", "difficulty")
DATA = ("draw", "time")


def sayable(marks, entrants):
    """The lines that the database can hold."""
    entrants = [
        row | {"organisation": row["organisation"] or "own", "person": row["code"], "ruling": ""}
        for row in entrants
    ]
    cancelled = [row for row in marks if row["status"] == "void" and not row["judge"]]
    return [row for row in marks if row not in cancelled], entrants


@dataclass
class Stored:
    """The contest, its entrants by code, and its sheets: {(module, entrant, seat): {aspect: mark}}."""

    contest: object
    plan: object
    version_id: int
    entrants: dict
    sheets: dict = field(default_factory=dict)
    excused: set = field(default_factory=set)
    seats: dict = field(default_factory=dict)

    def seat(self, module, name, panel):
        """The seat of a judge, from 1, in order of first appearance on a panel."""
        known = self.seats.setdefault((module.key, panel.key), {})
        known.setdefault(name, module.seats_of(panel).start + len(known) + 1)
        return known[name]

    def add(self, model, entrant, **values):
        row = model(contest_id=self.contest.id, entrant_id=self.entrants[entrant],
                    at=clock.now(), **values)
        db.session.add(row)


def store(document, marks, entrants):
    """The Stored contest of lines that are `sayable`."""
    contest = factories.make_contest(document)
    judges = [factories.make_judge(contest) for _ in range(24)]
    stored = Stored(
        contest, plan_from(document), plan_in_force(contest.id).version_id, _people(contest, entrants)
    )
    for row in entrants:
        for key in DATA:
            if row.get(key):
                stored.add(RecordedFigure, row["code"], kind="data", key=key, units=units(row[key]))
    for row in marks:
        _mark(stored, row)
    for row in marks:
        if row["status"] == "excused":
            _excuse(stored, row)
    _sheets(stored, judges)
    db.session.commit()
    return stored


def units(text):
    return int(Decimal(text) * 10_000)


def _people(contest, entrants):
    units_by_name, teams, found = {}, {}, {}
    for row in entrants:
        name = f"{row['organisation']} {contest.id}"
        if name not in units_by_name:
            units_by_name[name] = Organisation(name=name)
            db.session.add(units_by_name[name])
            db.session.flush()
        unit = units_by_name[name]
        if row["team"] and row["team"] not in teams:
            teams[row["team"]] = Team(contest_id=contest.id, organisation_id=unit.id, name=row["team"])
            db.session.add(teams[row["team"]])
        human = Human(
            name=row["code"], gender=row["gender"], organisation_id=unit.id,
            born_on=date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        )
        db.session.add(human)
        db.session.flush()
        found[row["code"]] = Entrant(
            contest_id=contest.id, human_id=human.id, organisation_id=unit.id, number=row["code"],
            team_id=teams[row["team"]].id if row["team"] else None, group=row["group"],
            employment=row["employment"], room=row["room"],
            titles=[title for title in row["titles"].split(";") if title],
            check_in_token=f"{contest.id}-{row['code']}",
        )
    db.session.add_all(found.values())
    db.session.flush()
    return {code: entrant.id for code, entrant in found.items()}


def _mark(stored, row):
    key, _, rest = row["item"].partition(".")
    entrant = row["entrant"]
    if row["status"] == "excused":
        return
    if not key:
        stored.add(StateEvent, entrant, state=row["status"], reason="said so")
    elif rest == "penalty":
        stored.add(Penalty, entrant, scope=key, units=units(row["value"]), reason="late")
    elif rest in FIGURES:
        stored.add(RecordedFigure, entrant, kind=rest, key=key, units=units(row["value"]))
    elif row["status"] == "absent":
        stored.add(StateEvent, entrant, state="absent", module_key=key, reason="said so")
    elif stored.plan.module(key).entry == "scores":
        stored.add(TheoryEntry, entrant, module_key=key, units=units(row["value"]),
                   state="scored", source="test")
    else:
        _on_a_sheet(stored, stored.plan.module(key), rest, row)


def _on_a_sheet(stored, module, rest, row):
    index = [a.key for a in module.aspects].index(rest or module.aspects[0].key)
    aspect = module.aspects[index]
    panel = next(p for p in module.all_panels if index in module.aspect_indexes(p))
    seat = stored.seat(module, row["judge"], panel)
    sheet = stored.sheets.setdefault((module.key, row["entrant"], seat), {})
    value = "x" if row["status"] == "void" else typed(aspect, row["value"])
    if aspect.attempts == 1:
        sheet[aspect.key] = value
    else:
        tries = sheet.setdefault(aspect.key, [None] * aspect.attempts)
        tries[int(row["attempt"]) - 1] = value


def typed(aspect, text):
    """A mark of the file as a sheet stores it."""
    if aspect.kind == "checklist":
        return [tick == "1" for tick in text.split(";")]
    if aspect.kind == "deductions":
        pairs = [] if text == "0" else [pair.split(":") for pair in text.split(";")]
        return {str(int(number) - 1): int(count) for number, count in pairs}
    return int(text) if aspect.kind in ("judgement", "rank") else text


def _excuse(stored, row):
    module = stored.plan.module(row["item"])
    if module.panels:
        places = [(p, stored.seats.get((module.key, p.key), {})) for p in module.panels]
        seats = [known[row["judge"]] for _, known in places if row["judge"] in known]
    else:
        seats = [stored.seat(module, row["judge"], module.panel)]
    for seat in seats:
        stored.excused.add((module.key, row["entrant"], seat))
        stored.sheets.setdefault((module.key, row["entrant"], seat), {})


def _sheets(stored, judges):
    rows = []
    for (key, code, seat), marks in stored.sheets.items():
        row = Sheet(
            contest_id=stored.contest.id, module_key=key, entrant_id=stored.entrants[code],
            judge_id=judges[seat - 1].id, seat=seat, marks=marks, rev=1,
        )
        rows.append((row, is_full(stored.plan.module(key), seat, marks),
                     (key, code, seat) in stored.excused))
    db.session.add_all(row for row, _, _ in rows)
    db.session.flush()
    for row, full, excused in rows:
        kind = "excuse" if excused else "submit" if full else "draft"
        row.state = {"excuse": "excused", "submit": "submitted", "draft": "draft"}[kind]
        revision = SheetRevision(
            contest_id=stored.contest.id, sheet_id=row.id, op_id=f"stored-{next(_numbers)}",
            fingerprint="f" * 64, rev=1, base_rev=0, kind=kind, marks=row.marks,
            plan_version_id=stored.version_id, at=clock.now(),
        )
        db.session.add(revision)
        db.session.flush()
        note_row("revision", columns_of(revision))
    link_work(0, {"contest_id": None})


def is_full(module, seat, marks):
    """Is every aspect of the seat's panel given, so that the sheet is handed in?"""
    for index in module.aspect_indexes(module.panel_at(seat - 1)):
        aspect = module.aspects[index]
        value = marks.get(aspect.key)
        if value is None:
            return False
        if aspect.attempts > 1 and aspect.take in ("sum", "mean") and None in value:
            return False
    return True


def publish_going_on(stored, stage, codes):
    """A final sheet of a stage that lets these go on."""
    rows = [{"entrant_id": each, "advances": code in codes} for code, each in stored.entrants.items()]
    db.session.add(ResultSheet(
        contest_id=stored.contest.id, stage=stage, revision=1, kind="final",
        plan_version_id=stored.version_id, marks_version=0, document={"rows": rows},
        document_hash="f" * 64, at=clock.now(),
    ))
    db.session.commit()
