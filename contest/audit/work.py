"""Doing one thing: save together, write the trail, bind both into the contest's chain, then tell."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from contest import clock
from contest.audit.chaining import link_work
from contest.audit.models import TrailRow
from contest.db import db

_add_row = TrailRow.__table__.insert()


@dataclass(frozen=True)
class Actor:
    """Who does it: a signed-in person, or a program that says its name (then `user_id` is None).

    word_at: when the person typed the password or PIN again for this act (accounts.reentry).
    """

    user_id: int | None
    name: str
    word_at: datetime | None = None


@contextmanager
def work(actor, did, *, contest_id=None, subject="", tell=None, **facts):
    """Commit once at the end with a row in the trail, or not at all; listeners hear afterwards.

    Yields the dict of facts, so that the block can add what it learns (old and new values,
    ids after a flush). `tell` is a signal; it is sent with `contest_id`.
    """
    try:
        yield facts
        db.session.flush()
        # Straight into the table: every operation of every tablet comes through here.
        row = {
            "at": clock.now(), "who": actor.name, "user_id": actor.user_id, "did": did,
            "contest_id": contest_id, "subject": str(subject), "facts": facts,
        }
        added = db.session.connection().execute(_add_row, row)
        link_work(added.inserted_primary_key[0], row)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    if tell is not None:
        tell.send(did, contest_id=contest_id)
