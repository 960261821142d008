"""What this process has read of a contest's marks so far, so that a new mark costs one row, not all.

Everything a standing depends on lies in tables that only grow. Each table is read once and then
only its new rows; whatever does not look as remembered is read from the beginning again.
"""

from collections import OrderedDict
from threading import RLock
from types import SimpleNamespace
from weakref import WeakKeyDictionary, ref

from sqlalchemy import func, select

from contest.db import db
from contest.figures.models import RecordedFigure
from contest.judging.models import Penalty, SheetRevision
from contest.judging.queries import ledger
from contest.people.models import StateEvent
from contest.results.decided_queries import count_decisions, read_decisions
from contest.results.mark_book import MarkBook, read_event
from contest.results.models import ResultSheet, StageOpening, TieRuling
from contest.theory.models import TheoryEntry


class Strip:
    """The rows of one append-only table of one contest, in the order of their ids.

    read(contest_id, after_id) gives rows with id and at; count(contest_id) how many there are.
    """

    def __init__(self, contest_id, read, count):
        self.contest_id, self._read, self._count = contest_id, read, count
        self.rows = []

    def refresh(self):
        """Read what is new; True when the rows known before still stand (else all was read anew)."""
        # The last known row is read again: a rolled-back transaction may have lent us a row that
        # never came to be, and its number was given to another.
        last = self.rows[-1] if self.rows else None
        fresh = list(self._read(self.contest_id, last.id - 1 if last else 0))
        stands = last is None or (bool(fresh) and _same(fresh[0], last))
        if stands:
            self.rows += fresh[1:] if last else fresh
            if db.engine.dialect.name == "sqlite" or self._count(self.contest_id) <= len(self.rows):
                return True
        # PostgreSQL may commit a smaller number after a larger one: then the count tells.
        self.rows = list(self._read(self.contest_id, 0))
        return False

    def until(self, moment):
        """The rows up to a moment (None: all), still in the order of their ids."""
        return self.rows if moment is None else [row for row in self.rows if row.at <= moment]


def _same(a, b):
    return a.id == b.id and a.at == b.at and tuple(a) == tuple(b)


def _reader(model, *columns):
    def read(contest_id, after_id):
        yield from db.session.execute(
            select(model.id, model.at, *columns)
            .where(model.contest_id == contest_id, model.id > after_id)
            .order_by(model.id)
        )

    def count(contest_id):
        return db.session.scalar(
            select(func.count()).select_from(model).where(model.contest_id == contest_id)
        )

    return read, count


def _read_ledger(contest_id, after_id):
    yield from ledger(contest_id, after_id=after_id)


def _count_ledger(contest_id):
    return db.session.scalar(
        select(func.count()).select_from(SheetRevision)
        .where(SheetRevision.contest_id == contest_id, SheetRevision.kind != "draft")
    )


TABLES = {
    "ledger": (_read_ledger, _count_ledger),
    "theory": _reader(
        TheoryEntry, TheoryEntry.module_key, TheoryEntry.entrant_id, TheoryEntry.units,
        TheoryEntry.state,
    ),
    "penalties": _reader(
        Penalty, Penalty.entrant_id, Penalty.scope, Penalty.units, Penalty.lifts_id
    ),
    "figures": _reader(
        RecordedFigure, RecordedFigure.entrant_id, RecordedFigure.kind, RecordedFigure.key,
        RecordedFigure.units,
    ),
    "states": _reader(StateEvent, StateEvent.entrant_id, StateEvent.module_key, StateEvent.state),
    "rulings": _reader(TieRuling, TieRuling.stage, TieRuling.about, TieRuling.order),
    "sheets": _reader(ResultSheet, ResultSheet.stage, ResultSheet.revision, ResultSheet.kind),
    "openings": _reader(StageOpening, StageOpening.from_stage, StageOpening.stage),
    "decisions": (read_decisions, count_decisions),
}


class Reading:
    """One contest in this process: its strips, the mark book of now, and the standings kept."""

    def __init__(self, contest_id):
        self.lock = RLock()
        self.strips = {name: Strip(contest_id, *how) for name, how in TABLES.items()}
        self._plan = None  # (version id, entrants' ids) that the events below were read under
        self._events = []
        self._read_rows = 0
        self._now = None
        self._then = self._then_moment = None
        self._ahead = []
        self._seen = None  # as `_seen_by`, when the strips were last read
        self.generation = 0  # grows when anything had to be read anew
        self.kept = OrderedDict()  # standings by what they were made from; see reckoning.py
        self.advanced = {}  # by result sheet's id: who goes on

    def refresh(self):
        """Read what is new in every table; nothing, where this transaction cannot see anything new."""
        seen = _seen_by(db.session())
        if seen is not None and seen == self._seen:
            return
        self._seen = None
        for name, strip in self.strips.items():
            if not strip.refresh():
                self.generation += 1
                self.advanced.clear()
                self._plan = None if name == "ledger" else self._plan
        self._seen = seen

    def until(self, moment):
        """The rows of each table up to a moment, by the table's name."""
        return SimpleNamespace(
            **{name: strip.until(moment) for name, strip in self.strips.items()}
        )

    def mark_book(self, force, entrant_ids, moment=None):
        """The MarkBook under a plan, now or as of a moment; both are kept and added to."""
        self._bring_up(force, entrant_ids)
        if moment is None:
            return self._now
        if self._then is None or moment < self._then_moment:
            self._then, self._ahead = MarkBook(force.plan, entrant_ids), list(self._events)
        # Time goes on: the book of ten minutes ago takes in what has become old enough.
        for event in self._ahead:
            if event.at <= moment:
                self._then.apply(event)
        self._ahead = [event for event in self._ahead if event.at > moment]
        self._then_moment = moment
        return self._then

    def _bring_up(self, force, entrant_ids):
        rows = self.strips["ledger"].rows
        known = self._plan
        if known is None or known[0] != force.version_id:
            self._events, self._read_rows = [], 0
        if known != (force.version_id, entrant_ids):
            self._then = None
            self._now = MarkBook(force.plan, entrant_ids)
            for event in self._events:
                self._now.apply(event)
        self._plan = (force.version_id, entrant_ids)
        for row in rows[self._read_rows:]:
            event = read_event(force.plan, row)
            if event is not None:
                self._events.append(event)
                self._now.apply(event)
                self._ahead.append(event)
        self._read_rows = len(rows)


def _seen_by(session):
    """What tells that a transaction still sees the same rows: itself, and how many it has written.

    None where it tells nothing: before a transaction began, and on PostgreSQL, where each statement sees
    what others have committed since. On SQLite a transaction sees one state and its own writes. One that
    was nested and is gone is another one, so what it wrote and took back is not believed.
    """
    if session.autoflush:
        session.flush()
    begun = session.get_nested_transaction() or session.get_transaction()
    if begun is None or db.engine.dialect.name != "sqlite":
        return None
    return ref(begun), session.connection().connection.dbapi_connection.total_changes


# One set of readings for each database this process talks to (a test makes many).
_readings = WeakKeyDictionary()
_making = RLock()


def reading_of(contest_id):
    """This process's Reading of a contest; hold its lock while using it."""
    with _making:
        return _readings.setdefault(db.engine, {}).setdefault(contest_id, Reading(contest_id))


def forget_readings():
    """Throw away what was read from this database; the next question reads everything."""
    with _making:
        _readings.pop(db.engine, None)
