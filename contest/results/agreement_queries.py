"""Panel health: what the sheets of each module say of its judges. Read by officials only."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from sqlalchemy import select

from contest.db import db
from contest.errors import Missing
from contest.judging.models import Sheet
from contest.judging.queries import codes_of, names_of
from contest.people.models import Entrant, Judge, Organisation
from contest.people.rules import may_judge
from contest.results.agreement_picture import Strip, reach_of, sheets_a_dot, strip_of
from contest.results.queries import book
from contest.results.trainee_queries import module_handovers, trainee_lines
from contest.scoring.agreement import (
    INVERTED,
    LEAST_SHEETS,
    Agreement,
    JudgeAgreement,
    agreement,
)
from contest.scoring.agreement_findings import (
    LARGE_OFFSET,
    LOW_CORRELATION,
    NARROW,
    OFTEN,
    ORDINARY,
    WIDE,
    findings,
)
from contest.scoring.agreement_sheets import panel_sheets
from contest.scoring.scheme import Module, Panel

# The limits from which on something is said, for the page that explains them; `often` in percent.
LIMITS = {
    "sheets": LEAST_SHEETS, "offset": LARGE_OFFSET, "wide": WIDE, "narrow": NARROW,
    "low": LOW_CORRELATION, "inverted": INVERTED, "often": round(100 * OFTEN),
    "ordinary": round(100 * ORDINARY),
}


@dataclass(frozen=True)
class JudgeLine:
    """One judge of a module. seats: where the judge has sheets, the one with most first.

    largest: the contestant of the largest deviation as the chief's desk calls them, or None.
    """

    name: str
    organisation: str
    organisation_en: str
    seats: tuple[int, ...]
    is_reserve: bool
    figures: JudgeAgreement
    largest: tuple | None
    strip: Strip


@dataclass(frozen=True)
class PanelHealth:
    """One panel. handed_out: how many contestants have sheets; reach: of the strips, in points.

    drops: the panel leaves marks out. trainees, handovers: of the whole module.
    """

    module: Module
    panel: Panel
    found: Agreement
    findings: tuple
    judges: tuple[JudgeLine, ...]
    handed_out: int
    reach: float
    sheets_a_dot: int
    drops: bool
    trainees: tuple = ()
    handovers: tuple = ()

    @property
    def key(self):
        """What the page calls it by: the module, and of several panels which one."""
        return f"{self.module.key}.{self.panel.key}" if self.panel.key else self.module.key

    @property
    def sheets(self):
        """How many sheets count so far."""
        return sum(line.figures.sheets for line in self.judges)


def panel_healths(contest_id):
    """PanelHealth of every panel of the modules that are judged on sheets, in the plan's order."""
    force, made, rows = book(contest_id)
    homes = dict(
        db.session.execute(
            select(Entrant.id, Entrant.organisation_id).filter_by(contest_id=contest_id)
        ).all()
    )
    return [
        _health(contest_id, force.plan, module, panel, made, rows, homes)
        for module in force.plan.modules
        for panel in module.all_panels
    ]


def choose_health(healths, key):
    """The one of a panel, or the first of a module (no key: of all), or Missing; None of none."""
    if key is None:
        return healths[0] if healths else None
    for health in healths:
        if key in (health.key, health.module.key):
            return health
    raise Missing("There is no such module in the plan.")


def _health(contest_id, plan, module, panel, made, rows, homes):
    seats = module.seats_of(panel)
    sheets = _sheets(contest_id, module, seats, rows)
    held = {}
    for _, seat, judge_id in sheets:
        held.setdefault(judge_id, Counter())[seat] += 1
    judges = _judges(contest_id, held)
    columns = {judge.id: column for column, judge in enumerate(judges)}
    holders = np.full((len(rows), panel.judges), -1, dtype=np.int64)
    for row, seat, judge_id in sheets:
        holders[row, seat - 1 - seats.start] = columns[judge_id]
    by_judge = panel_sheets(plan, module, panel, made, holders, _own(judges, rows, homes))
    found = agreement(by_judge)
    labels = _labels(contest_id, plan, module, rows)
    reach, each = reach_of(found.judges), sheets_a_dot(found.judges)
    lines = tuple(
        JudgeLine(
            judge.name, judge.organisation or "", judge.organisation_en or "",
            tuple(seat for seat, _ in held[judge.id].most_common()),
            not by_judge.regular[columns[judge.id]], figures,
            labels[figures.largest.entrant] if figures.largest else None,
            strip_of(figures, reach, each, shows_own=not module.blind),
        )
        for judge, figures in zip(judges, found.judges, strict=True)
    )
    return PanelHealth(
        module, panel, found, findings(found), lines, len({row for row, _, _ in sheets}), reach,
        each, panel.dropped > 0, trainee_lines(contest_id, module.key),
        module_handovers(contest_id, module.key),
    )


def _sheets(contest_id, module, seats, rows):
    """(row, seat, judge's id) of every sheet on one of these seats, which are counted from 0."""
    found = db.session.execute(
        select(Sheet.entrant_id, Sheet.seat, Sheet.judge_id)
        .filter_by(contest_id=contest_id, module_key=module.key)
        .order_by(Sheet.seat, Sheet.judge_id)
    )
    return [
        (rows[entrant_id], seat, judge_id) for entrant_id, seat, judge_id in found
        if entrant_id in rows and seat - 1 in seats
    ]


def _judges(contest_id, held):
    """The judges who hold sheets, in the order of the seats they hold most in. held: by judge's id."""
    judges = db.session.execute(
        select(
            Judge.id, Judge.name, Judge.organisation_id,
            Organisation.name.label("organisation"), Organisation.name_en.label("organisation_en"),
        )
        .outerjoin(Organisation, Judge.organisation_id == Organisation.id)
        .where(Judge.contest_id == contest_id)
    )

    def place(judge):
        [(seat, count)] = held[judge.id].most_common(1)
        return seat, -count, judge.id

    return sorted((judge for judge in judges if judge.id in held), key=place)


def _own(judges, rows, homes):
    """bool (n, judges): judge and entrant come from the same organisation."""
    own = np.zeros((len(rows), len(judges)), dtype=bool)
    for entrant_id, row in rows.items():
        for column, judge in enumerate(judges):
            own[row, column] = not may_judge(judge.organisation_id, homes[entrant_id])
    return own


def _labels(contest_id, plan, module, rows):
    """{row: (code or entry number, name or None)}, in a blind module never with a name."""
    codes = codes_of(contest_id, plan, module)
    names = {} if module.blind else names_of(contest_id)
    found = {}
    for entrant_id, row in rows.items():
        number, name, _ = names.get(entrant_id, ("", None, ""))
        found[row] = (codes.get(entrant_id, ("", 0))[0] or number or "–", name)
    return found
