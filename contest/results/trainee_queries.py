"""Beside the panel: trainees, whose sheets never count, and who took over from whom."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from contest.db import db
from contest.judging.models import Handover, Sheet, SheetRevision
from contest.people.models import Judge
from contest.people.rules import PRACTICE
from contest.scoring import UNITS_PER_POINT


@dataclass(frozen=True)
class TraineeLine:
    """A trainee beside the panel. offset: mean points above the panel's mean, None without any."""

    name: str
    sheets: int
    done: int
    offset: float | None


def trainee_lines(contest_id, module_key):
    """A TraineeLine for each trainee with sheets in a module; nothing of it is in any mark."""
    rows = db.session.execute(
        select(Sheet.entrant_id, Sheet.seat, Sheet.judge_id, Sheet.state, SheetRevision.units)
        .outerjoin(
            SheetRevision,
            and_(SheetRevision.sheet_id == Sheet.id, SheetRevision.rev == Sheet.rev),
        )
        .where(Sheet.contest_id == contest_id, Sheet.module_key == module_key)
    ).all()
    panel, own = defaultdict(list), defaultdict(list)
    for row in rows:
        if row.seat >= PRACTICE:
            own[row.judge_id].append(row)
        elif row.state == "submitted" and row.units is not None:
            panel[row.entrant_id].append(row.units)
    names = dict(
        db.session.execute(select(Judge.id, Judge.name).where(Judge.id.in_(list(own)))).all()
    )
    return tuple(_line(names[judge_id], sheets, panel) for judge_id, sheets in sorted(own.items()))


def _line(name, sheets, panel):
    done = [row for row in sheets if row.state == "submitted" and row.units is not None]
    gaps = [
        row.units - Fraction(sum(panel[row.entrant_id]), len(panel[row.entrant_id]))
        for row in done if panel[row.entrant_id]
    ]
    offset = float(sum(gaps) / len(gaps) / UNITS_PER_POINT) if gaps else None
    return TraineeLine(name, len(sheets), len(done), offset)


def module_handovers(contest_id, module_key):
    """(judge before, judge after, kind, reason, how many sheets) of one module, the largest first."""
    before, after = aliased(Judge), aliased(Judge)
    rows = db.session.execute(
        select(before.name, after.name, Handover.kind, Handover.reason)
        .join(Sheet, Handover.sheet_id == Sheet.id)
        .join(before, Handover.from_id == before.id).join(after, Handover.to_id == after.id)
        .where(Handover.contest_id == contest_id, Sheet.module_key == module_key)
    )
    return tuple((*key, count) for key, count in Counter(map(tuple, rows)).most_common())
