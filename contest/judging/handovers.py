"""One sheet going from one judge to another; the caller commits, with a row in the trail."""

from contest import clock
from contest.db import db
from contest.judging.models import Handover, Sheet


def hand_over(sheet, judge, kind, reason="", by_id=None):
    """Give an untouched sheet to another judge under a new number; returns the new sheet.

    A tablet may hold marks for the old number. kind: recusal (of which no reason is told, it would
    say who is behind the code) or substitute.
    """
    old_id = sheet.judge_id
    facts = {"contest_id": sheet.contest_id, "module_key": sheet.module_key, "seat": sheet.seat,
             "entrant_id": sheet.entrant_id}
    db.session.delete(sheet)
    db.session.flush()
    new = Sheet(**facts, judge_id=judge.id, marks={})
    db.session.add(new)
    db.session.flush()
    note_handover(new, old_id, judge.id, kind, reason, by_id)
    return new


def note_handover(sheet, old_id, new_id, kind, reason="", by_id=None):
    """Keep who had a sheet before, and why it was taken away."""
    db.session.add(Handover(
        contest_id=sheet.contest_id, sheet_id=sheet.id, from_id=old_id, to_id=new_id, kind=kind,
        reason=reason, by_id=by_id, at=clock.now(),
    ))
    db.session.flush()
