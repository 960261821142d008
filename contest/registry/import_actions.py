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
    level_rules,
    listing,
)
from contest.registry.honour_actions import find_unit
from contest.registry.level_actions import new_event, tell_level
from contest.registry.life_models import CraftsmanWork
from contest.registry.person_models import RegisterImport
from contest.registry.taking import People, craftsmen_of

MOST_ROWS = 5_000
BATCH = 50  # rows in one transaction


def upload_register(actor, data, file_name):
    """Read a register and keep it for a yes; returns the pending list's id. Invalid for no such list."""
    db.session.rollback()  # reading may take seconds; nobody else should wait for the database
    documents = documents_of(*read_table(data, file_name, import_rules.COLUMNS), MOST_ROWS)
    with work(actor, "registry.upload", subject=file_name[:100], rows=len(documents)):
        import_queries.forget_old()
        pending = RegisterImport(
            file_name=file_name[:200], file_hash=hashlib.sha256(data).hexdigest(), rows=documents,
            by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(pending)
        db.session.flush()
    return pending.id


def documents_of(rows, problems, most):
    """What read_table gave as plain JSON, each row with its first bad cell; Invalid for too many rows."""
    if len(rows) > most:
        raise Invalid("At most %(most)s rows are taken at once.", most=most)
    bad = {}
    for one in problems:
        if one.kind == "bad":
            if one.row is None:
                raise Invalid(one.message, **one.params)
            bad.setdefault(one.row, one)
    return [
        {"row": row.number, "values": row.values,
         "problem": bad[row.number].to_document() if row.number in bad else None}
        for row in rows
    ]


def confirm_register(actor, import_id, leaves_faulty_out, are_same=False):
    """Store every row that can be taken, a batch at a time so that nobody waits; returns counts.

    What was broken off is confirmed again: rows that are stored by then count as on record. Each batch is
    judged anew while the list is locked: what somebody else stored meanwhile is not stored twice.
    are_same: somebody looked at the rows that were found by name and unit alone. Conflict while rows are
    faulty and nobody said to leave them out, or nobody looked; when somebody else took the list in
    meanwhile; and when the list brings levels of a ladder on which two people confirm, and the same person
    sent it in.
    """
    pending = import_queries.get_pending(import_id)
    rows = import_queries.rows_of(pending.rows)
    counts = import_rules.counts_of(rows)
    import_rules.check_faulty(counts, leaves_faulty_out)
    import_rules.check_doubtful(rows, are_same)
    if import_queries.asks_for_two(rows) and pending.by_id == actor.user_id:
        raise Conflict(
            "The list brings levels on which two people decide: another curator has to confirm it."
        )
    taker, are_taken = _Taker(actor, pending.by_id), {row.number for row in rows if row.is_taken}
    # Each commit forgets what was read: asked again for each batch, the whole list would be read again.
    file_name, file_hash = pending.file_name, pending.file_hash
    taken = [one for one in pending.rows if one["row"] in are_taken]
    for at in range(0, max(1, len(taken)), BATCH):
        with work(
            actor, "registry.import", subject=file_name, file_hash=file_hash, count=len(taken),
        ) as facts:
            import_queries.hold_pending(import_id)
            batch = _judged_anew(taken[at:at + BATCH], taker.people, leaves_faulty_out, are_same)
            facts["rows"] = len(batch)
            with signals.together():
                facts["kept"] = taker.store(batch)
            if at + BATCH >= len(taken):
                import_queries.forget(import_id)
    return counts


def _judged_anew(documents, people, leaves_faulty_out, are_same):
    """The rows that can still be taken; whom this list itself brought does not count as known."""
    rows = import_queries.rows_of(documents, people.made_ids)
    import_rules.check_faulty(import_rules.counts_of(rows), leaves_faulty_out)
    import_rules.check_doubtful(rows, are_same)
    return [row for row in rows if row.is_taken]


class _Taker:
    """Stores rows a batch at a time; what many rows share is read once. Commits nothing."""

    def __init__(self, actor, sent_by_id):
        self.actor, self.sent_by_id = actor, sent_by_id
        self.house = ladder_queries.house_ladders()
        self.people, self.works = People(), set()

    def store(self, rows):
        """The people, the register's rows, the honours, the levels; the people's ids, row by row.

        First everything is written, then told: each table is written once for all rows.
        """
        known = person_queries.organisations_by_name()
        units = [find_unit(row.values["organisation"], known) for row in rows]
        humans = self.people.find([(row.human_id, row.values) for row in rows], units)
        craftsmen = craftsmen_of(humans)
        honours = []
        for row, unit, human in zip(rows, units, humans, strict=True):
            craftsman, values = craftsmen[human.id], row.values
            listing.describe(craftsman, values.get("trade"), unit.name, values.get("place") or unit.region)
            craftsman.listed_at = craftsman.listed_at or clock.now()
            craftsman.words = craftsman.words or values.get("words") or ""
            if values.get("honour"):
                honours.append(_new_honour(self.actor, craftsman, unit, values))
        self._add_works(rows, [craftsmen[one.id] for one in humans])
        events = self._new_events(rows, humans)
        listing.show_levels(list(craftsmen.values()))
        for honour in honours:
            signals.honour_changed.send("registry.import", honour_id=honour.id, state="listed")
        for event in events:
            tell_level(event)
        return [human.id for human in humans]

    def _add_works(self, rows, craftsmen):
        """The works and patents, each once, however many rows of a person name it."""
        db.session.flush()  # who is new has a number now
        for row, craftsman in zip(rows, craftsmen, strict=True):
            for kind, title, number in import_rules.works_of(row.values):
                if (craftsman.id, kind, title, number) in self.works:
                    continue
                self.works.add((craftsman.id, kind, title, number))
                db.session.add(CraftsmanWork(
                    craftsman_id=craftsman.id, kind=kind, title=title, number=number,
                    on=date.fromisoformat(row.values["work_on"]), by_id=self.actor.user_id, at=clock.now(),
                ))

    def _new_events(self, rows, humans):
        """The levels of the old register; nobody goes down by it."""
        latest = ladder_queries.latest_events([one.id for one in humans])
        now, events = {key: event.now for key, event in latest.items()}, []
        for row, human in zip(rows, humans, strict=True):
            if not row.step:
                continue
            (key, step), house = row.step, self.house[row.step[0]]
            was, since = now.get((human.id, key), ""), row.values.get("level_on")
            if house.ladder.height(step) <= house.ladder.height(was):
                continue
            now[human.id, key] = step
            events.append(new_event(
                human, key, was, step, "taken_over",
                {"ladder": house.number, "findings": [level_rules.TAKEN_OVER]},
                on=date.fromisoformat(since) if since else clock.today(),
                document_number=row.values.get("document") or "", by_id=self.sent_by_id,
                second_id=self.actor.user_id,
            ))
        return events


def _new_honour(actor, craftsman, unit, values):
    return listing.new_honour(
        actor.user_id, {"craftsman": craftsman, "unit": unit.name}, name=values["honour"],
        authority=values["authority"], document_number=values.get("document") or "",
        granted_on=date.fromisoformat(values["granted_on"]),
        # Titles open services: an honour is one only where the register says so.
        is_title=values.get("is_title") == "yes", evidence={"by_hand": True, "imported": True},
    )
