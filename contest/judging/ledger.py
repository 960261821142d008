"""Writing a line into the ledger of sheets; the caller commits, with a row in the trail."""

from uuid import uuid4

from sqlalchemy import bindparam, update

from contest import clock
from contest.audit.chaining import note_row
from contest.db import db
from contest.judging.models import SheetRevision
from contest.judging.rules import next_state
from contest.setup.models import Contest


def add_revision(actor, sheet, kind, marks, plan_version_id, *, op_id=None, fingerprint="",
                 units=None, reason="", device="", entered_at=None, device_id="",
                 device_seq=None):
    """Add the next revision of a sheet and copy it onto the sheet's row; returns the revision."""
    now = clock.now()
    revision = SheetRevision(
        contest_id=sheet.contest_id, sheet_id=sheet.id, op_id=op_id or str(uuid4()),
        fingerprint=fingerprint, rev=sheet.rev + 1, base_rev=sheet.rev, kind=kind, marks=marks,
        units=units, plan_version_id=plan_version_id, reason=reason, device=device,
        by_id=actor.user_id, entered_at=entered_at, at=now, device_id=device_id,
        device_seq=device_seq,
    )
    db.session.add(revision)
    note_row("revision", revision)
    sheet.state = next_state(sheet.state, kind)
    sheet.rev += 1
    sheet.marks = marks
    sheet.changed_at = now
    return revision


# Straight into the table: every sheet that is handed in comes through here.
_count = (
    update(Contest.__table__)
    .where(Contest.__table__.c.id == bindparam("contest"))
    .values(marks_version=Contest.__table__.c.marks_version + 1)
)


def count_marks(contest_id):
    """Say that something a standing depends on changes in this transaction."""
    db.session.connection().execute(_count, {"contest": contest_id})
