"""The handed-in sheets of one contest as arrays, brought up to date one ledger row at a time."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from contest.scoring.marks import MarkError, read_sheet


@dataclass(frozen=True)
class SheetEvent:
    """One row of the ledger, its marks already read under one plan.

    raw, given: arrays over the module's columns, or None when the sheet does not count after
    this row (reopened, struck out, or its marks do not fit the plan).
    """

    id: int
    sheet_id: int
    module_key: str
    entrant_id: int
    seat: int
    rev: int
    kind: str
    at: datetime
    raw: np.ndarray | None
    given: np.ndarray | None


COUNTING = ("submit", "confirm")


def read_event(plan, row, always=False):
    """A ledger row as SheetEvent; None for a module that the plan does not mark on sheets.

    Marks that do not fit the plan (it was changed after they were given) never count: the sheet
    is then one that has still to be handed in. Nor do those of a sheet that was opened again, until
    the chief judge confirms them; `always` supposes that it has been done.
    """
    module = next((m for m in plan.modules if m.key == row.module_key), None)
    if module is None or module.entry != "sheets" or not 1 <= row.seat <= module.seats:
        return None
    raw = given = None
    if always or row.kind in COUNTING:
        try:
            raw, given = read_sheet(module, row.marks)
        except (MarkError, KeyError):
            raw = given = None
    return SheetEvent(
        row.id, row.sheet_id, row.module_key, row.entrant_id, row.seat, row.rev, row.kind, row.at,
        raw, given,
    )


class MarkBook:
    """Arrays by module key over entrants × seats × aspects, as the scoring Book wants them.

    raw, given, submitted, excused: see scoring.book. changed_at: by module key, {row: moment} of
    the last ledger row of each entrant, for "newest first".
    """

    def __init__(self, plan, entrant_ids):
        self.rows = {entrant_id: row for row, entrant_id in enumerate(entrant_ids)}
        self.raw, self.given, self.submitted, self.excused = {}, {}, {}, {}
        self.changed_at = {}
        self._revs = {}
        for module in plan.modules:
            if module.entry == "sheets":
                seats = (len(self.rows), module.seats)
                sheet = (*seats, len(module.columns))
                self.raw[module.key] = np.zeros(sheet, dtype=np.int64)
                self.given[module.key] = np.zeros(sheet, dtype=bool)
                self.submitted[module.key] = np.zeros(seats, dtype=bool)
                self.excused[module.key] = np.zeros(seats, dtype=bool)
                self.changed_at[module.key] = {}

    def apply(self, event):
        """Take one ledger row in; an older revision of a sheet than the one known changes nothing."""
        row = self.rows.get(event.entrant_id)
        if row is None or self._revs.get(event.sheet_id, 0) >= event.rev:
            return
        self._revs[event.sheet_id] = event.rev
        key, place = event.module_key, (row, event.seat - 1)
        counts = event.raw is not None
        self.raw[key][place] = event.raw if counts else 0
        self.given[key][place] = event.given if counts else False
        self.submitted[key][place] = counts
        self.excused[key][place] = event.kind == "excuse"
        self.changed_at[key][row] = event.at

    def arrays(self, copy=False):
        """The four dicts of arrays by their names in scoring.book; `copy` for keeping."""
        names = ("raw", "given", "submitted", "excused")
        found = {name: getattr(self, name) for name in names}
        if copy:
            found = {name: {k: a.copy() for k, a in by.items()} for name, by in found.items()}
        return found
