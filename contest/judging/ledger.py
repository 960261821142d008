"""Writing a line into the ledger of sheets; the caller commits, with a row in the trail."""

from uuid import uuid4

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value

from contest import clock
from contest.audit.chaining import note_row
from contest.db import db
from contest.judging.models import Sheet, SheetRevision
from contest.judging.rules import next_state
from contest.setup.models import Contest

# Straight into the tables: every operation of every tablet comes through here.
_add = SheetRevision.__table__.insert()
_copy = update(Sheet.__table__).where(Sheet.__table__.c.id == bindparam("sheet"))


def add_revision(actor, sheet, kind, marks, plan_version_id, *, op_id=None, fingerprint="",
                 units=None, reason="", device="", entered_at=None, device_id="",
                 device_seq=None):
    """Add the next revision of a sheet and copy it onto the sheet's row; returns the moment.

    The sheet is held, and stands in the database as it is known here.
    """
    now = clock.now()
    values = dict(
        contest_id=sheet.contest_id, sheet_id=sheet.id, op_id=op_id or str(uuid4()),
        fingerprint=fingerprint, rev=sheet.rev + 1, base_rev=sheet.rev, kind=kind, marks=marks,
        units=units, plan_version_id=plan_version_id, reason=reason, device=device,
        by_id=actor.user_id, entered_at=entered_at, at=now, device_id=device_id,
        device_seq=device_seq,
    )
    connection = db.session.connection()
    added = connection.execute(_add, values)
    note_row("revision", values | {"id": added.inserted_primary_key[0]})
    copied = {
        "state": next_state(sheet.state, kind), "rev": sheet.rev + 1, "marks": marks, "changed_at": now,
    }
    connection.execute(_copy, copied | {"sheet": sheet.id})
    for name, value in copied.items():
        set_committed_value(sheet, name, value)
    return now


_count = (
    update(Contest.__table__)
    .where(Contest.__table__.c.id == bindparam("contest"))
    .values(marks_version=Contest.__table__.c.marks_version + 1)
)


def count_marks(contest_id):
    """Say that something a standing depends on changes in this transaction."""
    db.session.connection().execute(_count, {"contest": contest_id})
