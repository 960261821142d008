"""Noting in the trail what was refused."""

from datetime import timedelta

from contest import clock
from contest.audit import contest_queries, queries
from contest.audit.rules import GUEST, GUESTS_AN_HOUR
from contest.audit.work import Actor, work
from contest.db import db, writing


def note_refusal(actor, path, contest_id=None, **facts):
    """Write down that somebody asked for what is not theirs, apart from the refused work."""
    db.session.rollback()
    with writing():
        if contest_id is not None and contest_queries.find_heading(contest_id) is None:
            contest_id = None
        with work(actor, "request.refused", contest_id=contest_id, subject=path[:200], **facts):
            pass


def note_guest(path, **facts):
    """Write down that a guest was refused, such as at a guessed card; a limited number an hour."""
    if queries.count_refused_guests(clock.now() - timedelta(hours=1)) < GUESTS_AN_HOUR:
        note_refusal(Actor(None, GUEST), path, **facts)
