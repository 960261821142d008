"""A tablet that behaves as static/sheet_outbox.js and the like do, and a server of the real actions.

The tablet keeps a record for each sheet: what it shows, the revision that stands on, a queue of
operations. One operation of a sheet is on its way at a time; the next one stands on the revision
that the one before it will make, and shares its fate when it is refused. `bugs` plants mistakes.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from contest import clock
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Refusal
from contest.judging import actions, chief_actions, forms, rules, tablet_actions
from contest.judging.sheet_rules import RulesChanged, form_hash
from contest.judging.tablet_rules import SetBack
from contest.scoring.scheme_reading import plan_from

LOST = None  # no answer of ours came


@dataclass
class Op:
    """One operation, never changed once it is made.

    stands_on: the marks that its author knew, and had seen, as those of the revision below it.
    """

    name: str
    sheet: int
    body: dict
    stands_on: dict
    state: str = "local"  # local, accepted, refused, conflict
    rev: int = 0

    @property
    def waits(self):
        """True while nobody has said what became of it."""
        return self.state == "local"


@dataclass
class Record:
    """What a tablet holds of one sheet: the revision it knows, that one's marks, what is on the screen."""

    rev: int = 0
    known: dict = field(default_factory=dict)
    shown: dict = field(default_factory=dict)
    queue: list = field(default_factory=list)
    clash: bool = False
    rules: str = ""  # of the form on the screen


@dataclass(frozen=True)
class Summary:
    """The page from which a sheet is handed in, as the server made it: revision, marks and rules."""

    rev: int
    marks: dict
    rules: str


@dataclass
class Tablet:
    """One device of one judge. epoch: the start of the server that everything accepted was offered to."""

    name: str
    judge: int  # whose session it is
    sheets: tuple
    bugs: frozenset
    records: dict = field(default_factory=dict)
    ops: dict = field(default_factory=dict)  # name: Op
    seq: int = 0
    epoch: str = ""
    is_signed_in: bool = True
    hours: int = 0  # by how much its clock is wrong
    made: int = 0
    first_rules: str = ""  # of the forms with which the contest began

    def record(self, sheet):
        """The record of a sheet."""
        return self.records.setdefault(sheet, Record(rules=self.first_rules))

    def enter(self, sheet, marks, kind="draft"):
        """The judge types; an operation is written to the disk. None while a choice is asked for."""
        record = self.record(sheet)
        if record.clash:
            return None
        waiting = len(record.queue)
        below = self.ops[record.queue[-1]].body["marks"] if waiting else record.known
        return self._write(sheet, marks, kind, below)

    def hand_in_from(self, sheet, summary):
        """The button on a summary, however old that is; None where the tablet sends back to the sheet."""
        record = self.record(sheet)
        is_newer = record.queue or record.clash or record.rev > summary.rev or (
            record.rev == summary.rev and record.known != summary.marks
        )
        covers = "the summary covers what waits with what it shows" in self.bugs
        if "the summary forgets what waits" in self.bugs:
            record.queue, record.clash = [], False
        elif is_newer and not covers:
            return None
        if not (covers and is_newer):
            record.rev, record.known = summary.rev, summary.marks
        record.rules = summary.rules
        return self._write(sheet, summary.marks, "submit", summary.marks)

    def _write(self, sheet, marks, kind, below):
        """An operation goes to the disk; `below`: what its author saw as the marks that it replaces."""
        record = self.record(sheet)
        self.seq += 1
        name = f"{self.name}{self.seq}"
        waiting = len(record.queue)
        body = {
            "op_id": self.new_id(), "base_rev": record.rev + waiting, "kind": kind,
            "marks": marks, "device": name, "rules": record.rules,
            "entered_at": f"2026-11-{23 + self.hours // 24:02d}T04:00:00+00:00",
        }
        op = Op(name, sheet, body, below)
        record.shown = marks
        record.queue.append(name)
        self.ops[name] = op
        return op

    def new_id(self):
        """An id that is no other's, and the same in every run."""
        self.made += 1
        number = int.from_bytes(f"{self.name}{self.made}".encode(), "big")
        return str(UUID(int=number, version=4))

    def next_of(self, sheet):
        """The operation of a sheet that goes next, or None."""
        queue = self.record(sheet).queue
        if not queue:
            return None
        at = -1 if "newest goes first" in self.bugs else 0
        return self.ops[queue[at]]

    def bytes_of(self, op):
        """What is sent; the very same each time."""
        if "a new id for each try" in self.bugs:
            op.body = {**op.body, "op_id": self.new_id()}
        if "a resend carries what is shown now" in self.bugs:
            op.body = {**op.body, "marks": self.record(op.sheet).shown}
        return json.dumps(op.body).encode()

    def hear(self, op, answer):
        """What becomes of an operation, and of those that stand on it, after an answer."""
        record = self.record(op.sheet)
        if answer is LOST:
            if "forgotten once it is sent" in self.bugs:
                self._forget(record, op)
            return
        status, document = answer
        if status == 401:
            self.is_signed_in = False
            if "signing out empties the queue" in self.bugs:
                for name in record.queue:
                    del self.ops[name]
                record.queue = []
            return
        if op.name not in record.queue:
            return  # a late copy of an answer that was heard before
        if status == 200:
            op.state, op.rev, record.rev = "accepted", document["rev"], document["rev"]
            record.known = op.body["marks"]
            record.queue.remove(op.name)
            if "accepted ones are not kept" in self.bugs:
                del self.ops[op.name]
            return
        is_clash = status == 409 and "rev" in document
        if is_clash and "a conflict is sent again on the new revision" in self.bugs:
            self.seq += 1
            op.body = {**op.body, "op_id": self.new_id(), "base_rev": document["rev"]}
            record.rev = document["rev"]
            return
        if status == 409 and "rules" in document:
            self._load_form(record, op, document["rules"])
            return
        alone = "later ones go on after a refusal" in self.bugs
        self.give_up(record, status, [op.name] if alone else list(record.queue))
        if status == 409:
            record.rev = document["rev"]

    def _load_form(self, record, op, rules):
        """The form in force comes; what was typed into the old one is typed anew, as another operation."""
        if "marks of an old form go as those of the new one" in self.bugs:
            op.body = {**op.body, "op_id": self.new_id(), "rules": rules}
        else:
            self.give_up(record, 422, list(record.queue))
        record.rules = rules

    def give_up(self, record, status, names):
        """Operations that were not taken stay, and say so; what stands on them shares their fate."""
        dropped = "a conflict is dropped" if status == 409 else "a refusal is dropped"
        for name in names:
            if name in record.queue:
                record.queue.remove(name)
            if dropped in self.bugs:
                del self.ops[name]
            else:
                self.ops[name].state = "conflict" if status == 409 else "refused"
        record.clash = status == 409 and "a conflict is not shown" not in self.bugs

    def _forget(self, record, op):
        if op.name in record.queue:
            record.queue.remove(op.name)
            del self.ops[op.name]

    def look(self, sheet, rev, marks, rules):
        """The page is loaded anew: what the server holds is shown, unless something waits here."""
        record = self.record(sheet)
        if record.queue:
            return
        record.rev, record.known, record.shown, record.clash = rev, marks, marks, False
        record.rules = rules

    def crash(self):
        """The tab is killed; what was on the disk is there again."""
        if "the queue is in memory" in self.bugs:
            for record in self.records.values():
                for name in record.queue:
                    del self.ops[name]
                record.queue = []

    def to_offer_again(self):
        """When another start of the server answers: everything it had accepted, oldest first."""
        kept = [op for op in self.ops.values() if op.state == "accepted"]
        return sorted(kept, key=lambda op: (op.sheet, op.rev))


class Server:
    """The real actions on a database in memory, with the checks that the door makes before them.

    What it holds is read past the program, straight from the database: this is done after every step.
    """

    def __init__(self, template, judge_user, chief_user):
        self.judge, self.chief = judge_user, chief_user
        self.losses = 0  # how often it was set back
        self.losses_at = {"": 0}  # by start of the server
        self.has_role = True
        self.die = False  # at the next commit
        self.backup = None
        self.load(template)

    def load(self, image):
        """Replace everything that the database holds by what `sqlite3.Connection.serialize` made."""
        db.session.remove()
        with db.engine.connect() as connection:
            self.raw = connection.connection.driver_connection
        self.raw.deserialize(image)

    def _read(self, statement, *values):
        return self.raw.execute(statement, values).fetchall()

    @property
    def epoch(self):
        """The start that answers."""
        rows = self._read("SELECT token FROM server_start ORDER BY id DESC LIMIT 1")
        return rows[0][0] if rows else ""

    def start(self):
        """Be started (anew): tablets can tell, and cannot tell whether anything was lost."""
        tablet_actions.note_start()
        self.losses_at[self.epoch] = self.losses

    def lacks_nothing_of(self, tablet):
        """True while nothing is lost of what stood in the ledger when this tablet met the server."""
        return self.losses_at[tablet.epoch] == self.losses

    def post(self, user_id, sheet, body, epoch=None):
        """(status, document), as the door answers; LOST when the server dies before its commit."""
        try:
            operation = forms.operation_from_json(body)
            with self.death():
                outcome = actions.take_operation(
                    Actor(user_id, "J"), sheet, operation, is_judge=self.has_role, epoch=epoch
                )
        except SetBack as refused:
            db.session.rollback()
            return refused.status, {"epoch": refused.epoch}
        except RulesChanged as refused:
            db.session.rollback()
            return refused.status, {"rules": refused.rules}
        except Refusal as refused:
            db.session.rollback()
            return refused.status, {}
        except Died:
            db.session.rollback()
            return LOST
        finally:
            db.session.remove()
        if isinstance(outcome, rules.Clash):
            return 409, {"rev": outcome.rev, "marks": outcome.marks}
        return 200, {"rev": outcome.rev, "marks": outcome.marks, "replayed": outcome.replayed}

    @contextmanager
    def death(self):
        """Where the server is to die, the transaction ends without its commit."""
        if not self.die:
            yield
            return
        self.die = False
        commit = db.session.commit
        db.session.commit = _die
        try:
            yield
        finally:
            db.session.commit = commit

    def sheet(self, sheet):
        """(rev, marks, state) as it stands."""
        [(rev, marks, state)] = self._read("SELECT rev, marks, state FROM sheet WHERE id = ?", sheet)
        return rev, json.loads(marks), state

    def form(self, sheet, document_hash=None):
        """The hash of a sheet's form by the plan with this document's hash, or by the one in force."""
        if document_hash is None:
            [(document_hash,)] = self._read(
                "SELECT document_hash FROM plan_version WHERE in_force_at IS NOT NULL AND contest_id = "
                "(SELECT contest_id FROM sheet WHERE id = ?) ORDER BY number DESC LIMIT 1", sheet,
            )
        [(module, seat)] = self._read("SELECT module_key, seat FROM sheet WHERE id = ?", sheet)
        return _form(self.raw, document_hash, module, seat)

    def reopen(self, contest_id, sheet):
        """The chief judge opens a closed sheet, or is refused."""
        try:
            chief_actions.reopen_sheet(Actor(self.chief, "C", word_at=clock.now()), contest_id, sheet, "再看")
        except Conflict:
            db.session.rollback()
        finally:
            db.session.remove()

    def ledger(self):
        """Every revision, oldest first, with the hash of the plan that it was counted by."""
        rows = self._read(
            "SELECT r.sheet_id, r.rev, r.base_rev, r.kind, r.device, r.marks, r.by_id, v.document_hash "
            "FROM sheet_revision r JOIN plan_version v ON v.id = r.plan_version_id ORDER BY r.id"
        )
        return [(*row[:5], json.loads(row[5]), *row[6:]) for row in rows]

    def make_backup(self):
        """Keep a copy of the database."""
        self.backup = self.raw.serialize()

    def restore(self):
        """Set the database back to the copy."""
        if self.backup is None:
            return False
        self.load(self.backup)
        self.losses += 1
        self.start()
        return True


class Died(Exception):
    """The process is gone."""


def _die():
    raise Died


_forms = {}


def _form(raw, document_hash, module, seat):
    """A form's hash, made once of each document: what a document's hash stands for never changes."""
    key = document_hash, module, seat
    if key not in _forms:
        [document] = raw.execute(
            "SELECT document FROM plan_version WHERE document_hash = ? LIMIT 1", key[:1]
        ).fetchone()
        _forms[key] = form_hash(rules.on_seat(plan_from(json.loads(document)).module(module), seat))
    return _forms[key]
