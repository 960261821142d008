"""Taking an existing register in: read it, look at every row, store those that can be taken after a yes."""

import hashlib
from datetime import date

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.people import person_queries
from contest.people.tables import read_table
from contest.registry import (
    import_queries,
    import_rules,
    ladder_queries,
    level_queries,
    level_rules,
)
from contest.registry.honour_actions import find_unit, make_person
from contest.registry.level_actions import note_level
from contest.registry.listing_actions import list_person, show_level
from contest.registry.models import Honour
from contest.registry.person_models import RegisterImport

MOST_ROWS = 2_000
BATCH = 20  # rows in one transaction


def upload_register(actor, data, file_name):
    """Read a register and keep it for a yes; returns the pending list's id. Invalid for no such list."""
    db.session.rollback()  # reading may take seconds; nobody else should wait for the database
    rows, problems = read_table(data, file_name, import_rules.COLUMNS)
    if len(rows) > MOST_ROWS:
        raise Invalid("At most %(most)s rows are taken at once.", most=MOST_ROWS)
    bad = {}
    for one in problems:
        if one.kind == "bad":
            if one.row is None:
                raise Invalid(one.message, **one.params)
            bad.setdefault(one.row, one)
    documents = [
        {"row": row.number, "values": row.values,
         "problem": bad[row.number].to_document() if row.number in bad else None}
        for row in rows
    ]
    with work(actor, "registry.upload", subject=file_name[:100], rows=len(documents)):
        import_queries.forget_old()
        pending = RegisterImport(
            file_name=file_name[:200], file_hash=hashlib.sha256(data).hexdigest(), rows=documents,
            by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(pending)
        db.session.flush()
    return pending.id


def confirm_register(actor, import_id, leaves_faulty_out):
    """Store every row that can be taken, a batch at a time so that nobody waits; returns counts.

    What was broken off is confirmed again: rows that are stored by then count as on record.
    Conflict while rows are faulty and nobody said to leave them out; and when the list brings levels of
    a ladder on which two people confirm, and the same person sent it in.
    """
    pending = import_queries.get_pending(import_id)
    rows = import_queries.rows_of(pending.rows)
    counts = import_rules.counts_of(rows)
    if counts["faulty"] and not leaves_faulty_out:
        raise Conflict(
            "%(count)s rows cannot be taken. Mend the file, or tick that they are left out.",
            count=counts["faulty"],
        )
    if import_queries.asks_for_two(rows) and pending.by_id == actor.user_id:
        raise Conflict(
            "The list brings levels on which two people decide: another curator has to confirm it."
        )
    taken, taker = [row for row in rows if row.is_taken], _Taker(actor, pending)
    for at in range(0, max(1, len(taken)), BATCH):
        batch = taken[at:at + BATCH]
        with work(
            actor, "registry.import", subject=pending.file_name, file_hash=pending.file_hash, rows=len(batch),
            count=len(taken),
        ) as facts:
            facts["kept"] = [taker.store(row) for row in batch]
            if at + BATCH >= len(taken):
                db.session.delete(pending)
    return counts


class _Taker:
    """Stores rows one by one; what many rows share is read once. Commits nothing."""

    def __init__(self, actor, pending):
        self.actor, self.pending = actor, pending
        self.units = person_queries.organisations_by_name()
        self.house = ladder_queries.house_ladders()
        self.made = {}  # new people of this file

    def store(self, row):
        """One row: the person, the register's row, the honour, the level; the person's id."""
        values = row.values
        unit = find_unit(values["organisation"], self.units)
        human = self._human(row, unit)
        place = values.get("place") or unit.region
        craftsman = list_person(human, values.get("trade") or "", unit.name, place)
        craftsman.words = craftsman.words or values.get("words") or ""
        if values.get("honour"):
            _add_honour(self.actor, craftsman, unit, values)
        if row.step:
            self._take_level(human, row)
        show_level(craftsman)
        return human.id

    def _human(self, row, unit):
        if row.human_id:
            return person_queries.get_person(row.human_id)
        born_on = row.values.get("born_on")
        born_on = date.fromisoformat(born_on) if born_on else None
        key = (row.values["name"], unit.id, born_on)
        if key not in self.made:
            self.made[key] = make_person(row.values["name"], unit, born_on)
        return self.made[key]

    def _take_level(self, human, row):
        """The level of the old register; nobody goes down by it."""
        (key, step), house = row.step, self.house[row.step[0]]
        now = ladder_queries.step_key_of(human.id, key)
        if house.ladder.height(step) <= house.ladder.height(now):
            return
        since = row.values.get("level_on")
        note_level(
            human, key, now, step, "taken_over",
            {"ladder": house.number, "findings": [level_rules.TAKEN_OVER]},
            on=date.fromisoformat(since) if since else level_queries.today(),
            document_number=row.values.get("document") or "", by_id=self.pending.by_id,
            second_id=self.actor.user_id,
        )


def _add_honour(actor, craftsman, unit, values):
    honour = Honour(
        craftsman_id=craftsman.id, unit=unit.name, name=values["honour"], authority=values["authority"],
        document_number=values.get("document") or "", granted_on=date.fromisoformat(values["granted_on"]),
        # Titles open services: an honour is one only where the register says so.
        is_title=values.get("is_title") == "yes", state="listed",
        evidence={"by_hand": True, "imported": True}, confirmed_by_id=actor.user_id, confirmed_at=clock.now(),
    )
    db.session.add(honour)
    db.session.flush()
    signals.honour_changed.send("registry.import", honour_id=honour.id, state="listed")
