"""Writing a line into the ledger of sheets; the caller commits, with a row in the trail."""

from uuid import uuid4

from sqlalchemy import bindparam, update

from contest import clock
from contest.audit.chaining import note_row
from contest.judging.models import Sheet, SheetRevision
from contest.judging.rules import next_state
from contest.prepared import Prepared
from contest.setup.models import Contest

# Straight into the tables: every operation of every tablet comes through here.
_ledger, _sheets = SheetRevision.__table__, Sheet.__table__
_add = Prepared(
    _ledger.insert().returning(_ledger.c.id), [column.name for column in _ledger.c if column.name != "id"]
)
_copy = Prepared(
    update(_sheets).where(_sheets.c.id == bindparam("sheet")), ["state", "rev", "marks", "changed_at"]
)
NOT_SIGNED = {"signer": "", "signature": "", "signed": ""}


def add_revision(actor, sheet, kind, marks, plan_version_id, *, op_id=None, fingerprint="",
                 units=None, reason="", device="", entered_at=None, device_id="",
                 device_seq=None, signed=None):
    """Add the next revision of a sheet and copy it onto the sheet's row; returns the moment.

    The sheet (a Sheet or a HeldSheet) is held, and stands in the database as it is known here.
    signed: key_rules.signed_by.
    """
    now = clock.now()
    values = dict(
        contest_id=sheet.contest_id, sheet_id=sheet.id, op_id=op_id or str(uuid4()),
        fingerprint=fingerprint, rev=sheet.rev + 1, base_rev=sheet.rev, kind=kind, marks=marks,
        units=units, plan_version_id=plan_version_id, reason=reason, device=device,
        by_id=actor.user_id, entered_at=entered_at, at=now, device_id=device_id,
        device_seq=device_seq, **(NOT_SIGNED | (signed or {})),
    )
    note_row("revision", values | {"id": _add.first(**values).id})
    copied = {
        "state": next_state(sheet.state, kind), "rev": sheet.rev + 1, "marks": marks, "changed_at": now,
    }
    _copy.run(**copied, sheet=sheet.id)
    sheet.become(copied)
    return now


_count = Prepared(
    update(Contest.__table__)
    .where(Contest.__table__.c.id == bindparam("contest"))
    .values(marks_version=Contest.__table__.c.marks_version + 1)
)


def count_marks(contest_id):
    """Say that something a standing depends on changes in this transaction."""
    _count.run(contest=contest_id)
