"""Noting in the trail what was refused."""

from contest.audit import contest_queries
from contest.audit.work import work
from contest.db import db, writing


def note_refusal(actor, path, contest_id=None, **facts):
    """Write down that somebody asked for what is not theirs, apart from the refused work."""
    db.session.rollback()
    with writing():
        if contest_id is not None and contest_queries.find_heading(contest_id) is None:
            contest_id = None
        with work(actor, "request.refused", contest_id=contest_id, subject=path[:200], **facts):
            pass
