"""A contest in the middle of being judged; each method adds one row, as the other areas would."""

import itertools
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from contest import clock
from contest.db import db
from contest.figures.models import RecordedFigure
from contest.judging.models import Penalty, Sheet, SheetRevision
from contest.people.models import Human, StateEvent
from contest.results.models import TieRuling
from contest.setup.models import Contest
from contest.setup.queries import plan_in_force
from contest.theory.models import TheoryEntry
from tests import factories

CLOSED = ("submitted", "resubmitted", "excused")
_operations = itertools.count(1)


@dataclass
class Scene:
    """The contest, its entrants and judges. Times are minutes after the clock stood still."""

    contest: Contest
    entrants: list
    judges: list
    sheets: dict = field(default_factory=dict)
    minute: float = 0

    @property
    def at(self):
        return clock.now() + timedelta(minutes=self.minute)

    def _add(self, row):
        db.session.add(row)
        self.contest.marks_version += 1
        db.session.commit()
        return row

    def sheet(self, entrant, seat, module="risk"):
        """The sheet of one entrant and seat; made when it is first asked for."""
        key = (entrant, seat, module)
        if key not in self.sheets:
            row = Sheet(
                contest_id=self.contest.id, module_key=module, seat=seat,
                entrant_id=self.entrants[entrant].id, judge_id=self.judges[seat - 1].id,
            )
            db.session.add(row)
            db.session.commit()
            self.sheets[key] = row.id
        return db.session.get(Sheet, self.sheets[key])

    def write(self, entrant, seat, kind="submit", marks=None, module="risk"):
        """One revision of a sheet; before a draft a closed one is opened again."""
        sheet = self.sheet(entrant, seat, module)
        if kind == "draft" and sheet.state in CLOSED:
            self.write(entrant, seat, "reopen", sheet.marks, module)
        sheet.rev += 1
        sheet.state = {
            "submit": "submitted", "reopen": "reopened", "resubmit": "resubmitted",
            "confirm": "submitted", "excuse": "excused",
        }.get(kind, kind)
        sheet.marks = marks or {}
        return factories.linked(SheetRevision(
            contest_id=self.contest.id, sheet_id=sheet.id, op_id=str(uuid4()), fingerprint="f" * 64,
            rev=sheet.rev, base_rev=sheet.rev - 1, kind=kind, marks=marks or {},
            plan_version_id=plan_in_force(self.contest.id).version_id, at=self.at,
        ))

    def submit(self, entrant, seat, points, deducted=0, module="risk"):
        """A handed-in sheet of the small plan: A1 in points, A2 with some items missed."""
        marks = {"A1": str(points), "A2": {"0": deducted} if deducted else {}}
        if self.sheet(entrant, seat, module).state not in CLOSED:
            return self.write(entrant, seat, "submit", marks, module)
        self.write(entrant, seat, "reopen", marks, module)
        self.write(entrant, seat, "resubmit", marks, module)
        return self.write(entrant, seat, "confirm", marks, module)

    def theory(self, entrant, points, state="scored", module="paper"):
        """A theory score in points."""
        units = None if points is None else int(points * 10_000)
        return self._add(TheoryEntry(
            contest_id=self.contest.id, module_key=module, entrant_id=self.entrants[entrant].id,
            units=units, state=state, source="test", at=self.at,
        ))

    def penalty(self, entrant, points, scope="risk", lifts=None):
        """Points off, or an earlier penalty lifted."""
        return self._add(Penalty(
            contest_id=self.contest.id, entrant_id=self.entrants[entrant].id, scope=scope,
            units=points * 10_000, reason="late", lifts_id=lifts, at=self.at,
        ))

    def state(self, entrant, state, module=""):
        """A change of state."""
        return self._add(StateEvent(
            contest_id=self.contest.id, entrant_id=self.entrants[entrant].id, module_key=module,
            state=state, reason="said so", at=self.at,
        ))

    def person(self, entrant, **values):
        """What the roster says of one entrant, changed."""
        row = self.entrants[entrant]
        human = db.session.get(Human, row.human_id)
        for name, value in values.items():
            setattr(human if name in {"born_on", "gender"} else row, name, value)
        db.session.commit()

    def record(self, entrant, kind, key, units):
        """A recorded figure in units; None takes back what stood."""
        return self._add(RecordedFigure(
            contest_id=self.contest.id, entrant_id=self.entrants[entrant].id, kind=kind, key=key,
            units=units, at=self.at,
        ))

    def ruling(self, order, about="entrants"):
        """The chief's order among equals; numbers of entrants."""
        return self._add(TieRuling(
            contest_id=self.contest.id, stage=self.contest.stage, about=about,
            order=[self.entrants[i].id for i in order], reason="drew lots in public", at=self.at,
        ))

    def finish(self, points=None):
        """Everybody's theory and both sheets of risk; by default each a little better."""
        for i in range(len(self.entrants)):
            mark = (points or [2 + i / 2 for i in range(len(self.entrants))])[i]
            self.theory(i, 60 + i)
            self.submit(i, 1, mark)
            self.submit(i, 2, mark)
        return self


def make_scene(count=4, document=None, teams=(), **values):
    """A contest being scored, with `count` entrants A001, A002, … and two judges."""
    contest = factories.make_contest(document, **values)
    judges = [factories.make_judge(contest) for _ in range(2)]
    made = [factories.make_team(contest, name=name) for name in teams]
    entrants = [
        factories.make_entrant(
            contest, f"选手{i + 1}", number=f"A{i + 1:03d}",
            team=made[i * len(made) // count] if made else None,
        )
        for i in range(count)
    ]
    return Scene(contest, entrants, judges)
