"""Whose marks a reader does not see yet: the others', while the own sheet of a contestant is open."""

from dataclasses import replace

from sqlalchemy import func, select

from contest.db import db
from contest.judging.models import Handover, Sheet
from contest.judging.rules import OPEN_STATES
from contest.people.models import Judge


def open_own(contest_id, module_key, user_id):
    """{entrant id: id of the sheet} of a module that this user has still to hand in."""
    if user_id is None:
        return {}
    return dict(db.session.execute(
        select(Sheet.entrant_id, Sheet.id).join(Judge, Sheet.judge_id == Judge.id).where(
            Sheet.contest_id == contest_id, Sheet.module_key == module_key,
            Judge.user_id == user_id, Sheet.state.in_(OPEN_STATES),
        )
    ).all())


class Veil:
    """Whose sheets of a contest a reader may not read yet, for lists that go over several modules."""

    def __init__(self, contest_id, user_id):
        rows = db.session.execute(
            select(Sheet.id, Sheet.module_key, Sheet.entrant_id)
            .join(Judge, Sheet.judge_id == Judge.id)
            .where(Sheet.contest_id == contest_id, Judge.user_id == user_id,
                   Sheet.state.in_(OPEN_STATES))
        ).all()
        self._own = {(row.module_key, row.entrant_id): row.id for row in rows}
        self._since = dict(db.session.execute(
            select(Handover.sheet_id, func.max(Handover.at))
            .where(Handover.sheet_id.in_(self._own.values())).group_by(Handover.sheet_id)
        ).all()) if rows else {}

    def hides(self, sheet, at):
        """True for what was written at a moment on a sheet; None: on one that is gone, nobody's any more.

        What was written on the own sheet before it was taken over is another judge's.
        """
        if sheet is None:
            return bool(self._own)
        own = self._own.get((sheet.module_key, sheet.entrant_id))
        if own is None:
            return False
        return own != sheet.id or own in self._since and at < self._since[own]


def veiled(cells, own):
    """{entrant id: {seat: Cell}} without the others' marks where the own sheet is open (open_own)."""
    for entrant_id, sheet_id in ((one, sheet) for one, sheet in own.items() if one in cells):
        cells[entrant_id] = {
            seat: cell if cell.sheet_id == sheet_id else replace(
                cell, total=None, units=None, marks={}, is_hidden=True
            ) for seat, cell in cells[entrant_id].items()
        }
    return cells
