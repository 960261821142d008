"""Bringing an earlier contest in from a list: read it, look at every row, store all of it after a yes."""

import hashlib
from datetime import date

from sqlalchemy.exc import IntegrityError

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.people import person_queries
from contest.people.tables import read_table
from contest.registry import (
    archive_queries,
    archive_rules,
    honour_queries,
    import_rules,
    level_rules,
    listing,
)
from contest.registry.archive_models import ArchiveContest, ArchiveImport, ArchiveResult
from contest.registry.honour_actions import find_unit
from contest.registry.import_actions import documents_of
from contest.registry.listing import revoke_within
from contest.registry.taking import People, craftsmen_of

MOST_ROWS = 1_000  # all of them in one transaction: a contest comes in whole or not at all


def upload_archive(actor, form, data, file_name):
    """Read the list of an earlier contest and keep it for a yes; returns the pending list's id.

    form: as archive_rules.read_about takes it. Invalid for no such list; Conflict when the contest is on
    record.
    """
    about = archive_rules.read_about(form, clock.now())
    _check_new(about)
    db.session.rollback()  # reading may take seconds; nobody else should wait for the database
    documents = documents_of(*read_table(data, file_name, archive_rules.COLUMNS), MOST_ROWS)
    with work(
        actor, "registry.archive_upload", subject=about.name, rows=len(documents), source=about.source
    ):
        archive_queries.forget_old()
        pending = ArchiveImport(
            about=about.document(), file_name=file_name[:200], file_hash=hashlib.sha256(data).hexdigest(),
            rows=documents, by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(pending)
        db.session.flush()
    return pending.id


def confirm_archive(actor, import_id, leaves_faulty_out, are_same=False):
    """Store every row that can be taken, all at once; returns the ArchiveContest.

    are_same: somebody looked at the rows that were found by name and unit alone. Conflict while rows are
    faulty and nobody said to leave them out, while nobody looked, when no row can be taken, and when somebody
    else brought this list or this contest in meanwhile.
    """
    pending = archive_queries.get_pending(import_id)
    archive_queries.hold_pending(import_id)
    about, rows = archive_rules.About.of(pending.about), archive_queries.rows_of(pending)
    _check_new(about)
    import_rules.check_faulty(import_rules.counts_of(rows), leaves_faulty_out)
    import_rules.check_doubtful(rows, are_same)
    taken = [row for row in rows if row.is_taken]
    if not taken:
        raise Conflict("No row of this list can be taken.")
    with work(
        actor, "registry.archive", subject=about.name, source=about.source, document=about.document_number,
        file_hash=pending.file_hash, rows=len(taken), faulty=len(rows) - len(taken),
    ) as facts:
        archive = ArchiveContest(
            **about.__dict__, file_name=pending.file_name, file_hash=pending.file_hash,
            sent_by_id=pending.by_id, by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(archive)
        db.session.delete(pending)
        try:
            db.session.flush()
        except IntegrityError as other_was_first:
            raise Conflict("This contest of this day has been brought in already.") from other_was_first
        with signals.together():
            results = _store(actor, archive, about, taken)
        # Row by row, as the list has them; 0 for a team or unit, and for a result without its own honour.
        facts["kept"] = [row.human_id or 0 for row in results]
        facts["honours"] = [row.honour_id or 0 for row in results]
    return archive


def _check_new(about):
    archive_rules.check_new(archive_queries.is_archived(about), archive_queries.was_held_here(about))


def _store(actor, archive, about, rows):
    """The ArchiveResults of the rows, with the people and honours behind them."""
    known = person_queries.organisations_by_name()
    units = [find_unit(row.values["organisation"], known) for row in rows]
    of_people = [(row, unit) for row, unit in zip(rows, units, strict=True) if row.values.get("name")]
    humans = iter(People().find([(row.human_id, row.values) for row, _ in of_people],
                                [unit for _, unit in of_people]))
    results = [
        _result(archive, row, unit, next(humans) if row.values.get("name") else None)
        for row, unit in zip(rows, units, strict=True)
    ]
    db.session.flush()
    honoured = [(row, one) for row, one in zip(rows, results, strict=True) if one.award]
    craftsmen = craftsmen_of([one.human for _, one in honoured if one.human])
    db.session.flush()  # who is new on the register has a number now
    there = honour_queries.marks_in_force(
        [one.id for one in craftsmen.values()], [one.organisation_id for _, one in honoured]
    )
    made = []
    for row, one in honoured:
        craftsman = craftsmen[one.human_id] if one.human_id else None
        made += _give_honour(actor, about, row, one, craftsman, there)
    listing.show_levels(list(craftsmen.values()))
    for honour in made:
        signals.honour_changed.send("registry.archive", honour_id=honour.id, state="listed")
    return results


def _result(archive, row, unit, human):
    values = row.values
    result = ArchiveResult(
        archive=archive, line=row.number, human=human, organisation=unit, unit=values["organisation"],
        team_name=values.get("team") or "", group=values.get("group") or "",
        place=int(values["place"]) if values.get("place") else None, total=values.get("total") or "",
        award=values.get("award") or "",
    )
    db.session.add(result)
    return result


def _give_honour(actor, about, row, result, craftsman, there):
    """[the honour of a result], to which it leads; [] when such an honour is on record already.

    there: honour_queries.marks_in_force; what is given joins it.
    """
    document, unit = archive_rules.document_of(row.values, about), result.organisation
    if craftsman is not None:
        listing.fill(craftsman, row.values.get("trade"), unit.name, unit.region)
        craftsman.listed_at = craftsman.listed_at or clock.now()
        holder = {"craftsman": craftsman, "unit": result.unit}
        mark = (craftsman.id, result.award, document)
    else:
        holder = listing.holder_of_unit(unit, result.team_name) | {"unit": result.unit}
        mark = ((unit.id, result.team_name), result.award, document)
    if mark in there:
        return []  # the honour on record keeps what it rests on
    there.add(mark)
    granted_on = row.values.get("granted_on")
    result.honour = listing.new_honour(
        actor.user_id, holder, name=result.award, is_title=row.values.get("is_title") == "yes",
        authority=about.authority, document_number=document, place=result.place,
        contest_level=about.contest_level,
        granted_on=date.fromisoformat(granted_on) if granted_on else about.held_on,
        evidence={"archive": result.archive_id, "imported": True, "total": result.total},
    )
    return [result.honour]


def withdraw_archive(actor, archive_id, reason):
    """Take an earlier contest off the register with a reason; its honours are revoked with it."""
    archive = archive_queries.get_archive(archive_id)
    archive_rules.check_withdrawable(archive.withdrawn_at is not None)
    reason = level_rules.read_reason(reason)
    with work(
        actor, "registry.archive_withdraw", subject=archive.name, reason=reason,
    ) as facts:
        archive.withdrawn_at, archive.withdrawn_by_id = clock.now(), actor.user_id
        archive.withdrawn_reason = reason
        standing = [one.honour for one in archive.results if one.honour and one.honour.state != "revoked"]
        with signals.together():
            for honour in standing:
                revoke_within("registry.archive_withdraw", honour, reason)
        facts["honours"] = [honour.id for honour in standing]
    return archive
