"""Which sheets of a stage are compared with their paper."""

from dataclasses import dataclass

from sqlalchemy import select

from contest.db import db
from contest.judging.models import Sheet
from contest.people.models import Entrant
from contest.people.rules import PRACTICE
from contest.results import sample_rules, verification_queries
from contest.setup.queries import get_contest


@dataclass(frozen=True)
class Line:
    """One sheet to compare. why: prizes whose line it touches; by_lot: was it drawn?"""

    sheet_id: int
    label: str
    number: str
    module: object
    seat: int
    why: tuple[str, ...]
    by_lot: bool


@dataclass(frozen=True)
class Sample:
    """The sheets of a stage that were handed in, and those of them that are compared."""

    contest: object
    plan: object
    sheets: int
    size: int
    lines: tuple[Line, ...]

    @property
    def drawn(self):
        """How many the lot fell on."""
        return sum(line.by_lot for line in self.lines)

    @property
    def at_a_line(self):
        """How many touch a line."""
        return sum(bool(line.why) for line in self.lines)


def sample(contest_id, confidence, bad, margin, seed):
    """The Sample of the stage being held; without a seed only its size and the sheets at a line."""
    shown = verification_queries.shown(contest_id)
    plan = shown.plan
    keys = {module.key: module for module in plan.modules_of_stage(shown.stage)}
    rows = db.session.execute(
        select(Sheet.id, Sheet.module_key, Sheet.seat, Sheet.state, Entrant.number)
        .join(Entrant, Entrant.id == Sheet.entrant_id)
        .where(
            Sheet.contest_id == contest_id, Sheet.state == "submitted", Sheet.module_key.in_(keys),
            Sheet.seat < PRACTICE,
        )
    ).all()
    labels = {f"{row.number} {row.module_key} {row.seat}": row for row in rows}
    size = sample_rules.sample_size(len(labels), bad, confidence)
    drawn = set(sample_rules.draw(labels, size, seed)) if seed else set()
    edges = sample_rules.at_a_line(shown.answer["entrants"], margin)
    lines = [
        Line(row.id, label, row.number, keys[row.module_key], row.seat,
             tuple(edges.get(row.number, ())), label in drawn)
        for label, row in labels.items() if label in drawn or row.number in edges
    ]
    order = {key: at for at, key in enumerate(keys)}
    lines.sort(key=lambda line: (order[line.module.key], len(line.number), line.number, line.seat))
    return Sample(get_contest(contest_id), plan, len(labels), size, tuple(lines))
