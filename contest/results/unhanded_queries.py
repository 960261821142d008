"""Whose sheets are not in: of each module that waits for a mark the judges with their seats."""

from collections import Counter

from sqlalchemy import select

from contest.db import db
from contest.judging.models import Sheet
from contest.judging.rules import OPEN_STATES
from contest.people.models import Judge
from contest.people.rules import PRACTICE


def unhanded(official):
    """(module, how many sheets, [judge (seat): how many, …]) of each module; no word of whose sheet it is.

    So it may be read while names are hidden, too.
    """
    found = []
    for module in official.plan.modules_of_stage(official.stage):
        numbers = set(official.missing.get(module.key, ()))
        if not numbers or module.entry != "sheets":
            continue
        ids = {row.entrant_id for row in official.rows if row.number in numbers}
        whose = Counter(
            (seat, name) for entrant_id, seat, name in db.session.execute(
                select(Sheet.entrant_id, Sheet.seat, Judge.name).join(Judge, Judge.id == Sheet.judge_id)
                .where(
                    Sheet.contest_id == official.contest_id, Sheet.module_key == module.key,
                    Sheet.seat < PRACTICE, Sheet.state.in_(OPEN_STATES),
                )
            ) if entrant_id in ids
        )
        if whose:
            names = [f"{name} ({seat}): {count}" for (seat, name), count in sorted(whose.items())]
            found.append((module, whose.total(), names))
    return found
