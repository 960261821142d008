"""Contests whose results have no rows, or none with a place."""

from contest.db import db
from contest.people.models import StateEvent
from tests import factories


def empty(awards=(), **values):
    """A contest that nobody has entered."""
    return factories.make_contest(factories.plan_document(awards=list(awards)), **values)


def withdrawn(awards=(), **values):
    """A contest whose two contestants have both withdrawn."""
    contest = empty(awards, **values)
    for name in ("张三", "李四"):
        entrant = factories.make_entrant(contest, name)
        db.session.add(StateEvent(
            contest_id=contest.id, entrant_id=entrant.id, module_key="", state="withdrawn", reason="ill",
            at=contest.created_at,
        ))
    db.session.commit()
    return contest
