"""Taking a whole contest over from its archive, once it was verified, and withdrawing it."""

import hashlib
import io
import tempfile
import zipfile
import zlib
from datetime import date
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.offline import archive_check, archive_command
from contest.registry import level_rules, whole_queries, whole_rules
from contest.registry.whole_models import WholeContest

MOST_UNPACKED = 512 * 1024**2
_BROKEN = (
    KeyError, TypeError, ValueError, AttributeError, RuntimeError, EOFError, ArithmeticError, zlib.error,
)


def bring_in(actor, data, file_name, wait=None):
    """Verify an archive and take its contest over; returns the WholeContest.

    Invalid for what is no archive or does not hold, Conflict for a contest that is not over or here
    already. wait(seconds) is told while the second scorer counts.
    """
    _check_size(data)
    db.session.rollback()  # verifying takes seconds; nobody else should wait for the database
    report, lines = _verify(data, wait)
    shown = whole_rules.read(report, lines)
    about, head = shown["about"], report.findings.head
    whole_rules.check_new(whole_queries.is_there(report.genesis))
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


def _check_size(data):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
    except zipfile.BadZipFile as error:
        raise Invalid("This is no archive: a zip file as ledger.zip is expected.") from error
    if unpacked > MOST_UNPACKED:
        raise Invalid("This archive is too large: at most 512 MB unpacked.")


def _verify(data, wait):
    """(archive_check's Report, its lines as pairs (is good, line)); Invalid."""
    with tempfile.TemporaryDirectory(prefix="archive-") as folder:
        path = Path(folder, "ledger.zip")
        path.write_bytes(data)
        try:
            report = archive_check.check(path, wait=wait)
            return report, list(archive_command.lines_of(report))
        except (archive_check.Unreadable, *_BROKEN) as error:
            why = str(error).replace(f"{path}: ", "")
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
