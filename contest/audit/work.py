"""Doing one thing: save together, write the trail, bind both into the contest's chain, then tell."""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from contest import clock
from contest.audit.chaining import link_work
from contest.audit.models import TrailRow
from contest.db import db
from contest.prepared import Prepared

_trail = TrailRow.__table__
_add_row = Prepared(
    _trail.insert().returning(_trail.c.id), [column.name for column in _trail.c if column.name != "id"]
)


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
        link_work(_add_row.first(**row).id, row)
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    if tell is not None:
        tell.send(did, contest_id=contest_id)
