"""Taking a whole contest over from its archive, once it was verified, and withdrawing it."""

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.offline import archive_check, archive_command, archived_files
from contest.registry import level_rules, whole_queries, whole_rules, whole_trail_queries
from contest.registry.whole_models import WholeContest

_BROKEN = (KeyError, TypeError, ValueError, AttributeError, RuntimeError, ArithmeticError)


def bring_in(actor, data, file_name, wait=None, limits=whole_rules.OF_UPLOAD):
    """Verify an archive and take its contest over; returns the WholeContest.

    Invalid for what is no archive, is too large or does not hold, Conflict for a contest that is not over
    or here already. wait(seconds) is told while the second scorer counts.
    """
    _check_packing(data)
    db.session.rollback()  # verifying takes seconds; nobody else should wait for the database
    report, lines = _verify(data, wait, limits)
    shown = whole_rules.read(report, lines) | {"trail": whole_trail_queries.count_trail(data)}
    about, head = shown["about"], report.findings.head
    whole_rules.check_new(whole_queries.is_there(report.genesis))
    shown = whole_rules.without_names(shown, _withheld_before(report.genesis))
    with work(
        actor, "registry.whole", subject=about["name"], head=str(head), genesis=report.genesis,
        file_hash=hashlib.sha256(data).hexdigest(), links=report.findings.links,
    ) as facts:
        whole = WholeContest(
            slug=about["slug"], name=about["name"], name_en=about["name_en"], state=about["state"],
            held_on=date.fromisoformat(about["starts_on"]) if about["starts_on"] else None,
            genesis=report.genesis, head_seq=head.seq, head_hash=head.hash.hex(), shown=shown,
            content=data, file_name=Path(file_name).name[:200], file_hash=facts["file_hash"],
            by_id=actor.user_id, at=clock.now(),
        )
        db.session.add(whole)
        try:
            db.session.flush()
        except IntegrityError as other_was_first:
            raise Conflict(
                "This contest is here already: its chain begins with the same link."
            ) from other_was_first
        facts["whole"] = whole.id
    return whole


def _withheld_before(genesis):
    """Entrants whose names were erased from this contest when it was here before."""
    erasures = db.metadata.tables["personal_erasure"]  # a later area's
    return {
        entrant_id for names in db.session.scalars(select(erasures.c.whole_names))
        for where, entrant_id in names if where == genesis
    }


def _check_packing(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            methods = {each.filename: each.compress_type for each in archive.infolist()}
    except (*archived_files.DAMAGED, ValueError) as error:
        raise Invalid("This is no archive: a zip file as ledger.zip is expected.") from error
    whole_rules.check_packing(methods)


def _verify(data, wait, limits):
    """(archive_check's Report, its lines as pairs (is good, line)); Invalid."""
    try:
        report = archive_check.check(io.BytesIO(data), wait=wait, limits=limits)
        return report, list(archive_command.lines_of(report))
    except archived_files.TooLarge as error:
        raise whole_rules.too_large(error) from error
    except (archive_check.Unreadable, *_BROKEN) as error:
        why = str(error).replace("ledger.zip: ", "")
        raise Invalid("This archive cannot be read: %(why)s", why=why) from error


def withdraw_whole(actor, whole_id, reason):
    """Take a whole contest off the register with a reason; its archive and what was shown are deleted."""
    whole = whole_queries.get_whole(whole_id)
    whole_rules.check_withdrawable(whole.withdrawn_at is not None)
    reason = level_rules.read_reason(reason)
    with work(
        actor, "registry.whole_withdraw", subject=whole.name, reason=reason, whole=whole.id,
        head=f"{whole.head_seq}:{whole.head_hash}",
    ):
        whole.withdrawn_at, whole.withdrawn_by_id = clock.now(), actor.user_id
        whole.withdrawn_reason, whole.content, whole.shown = reason, None, {}
    return whole
