"""Which sheets the results wait for, or rest on."""

from collections import Counter, defaultdict

from sqlalchemy import select

from contest.db import db
from contest.judging.called_queries import called
from contest.judging.models import Sheet
from contest.judging.queries import state_in
from contest.people import queries as people
from contest.people.rules import PRACTICE


def sheets_that_count(contest_id):
    """{module key: Counter of states} of the sheets that results wait for, or rest on.

    Without those of contestants who are out, and without what was never written for one who did
    not finish: every page that says what is in or missing counts alike.
    """
    counts = defaultdict(Counter)
    for row in _rows_that_count(contest_id):
        counts[row.module_key][row.state] += 1
    return counts


def _rows_that_count(contest_id, *conditions):
    rows = db.session.execute(
        select(Sheet.id, Sheet.module_key, Sheet.entrant_id, Sheet.seat, Sheet.state)
        .filter_by(contest_id=contest_id).where(Sheet.seat < PRACTICE, *conditions)
        .order_by(Sheet.id)
    ).all()
    states = people.entrant_states(contest_id) if rows else {}
    for row in rows:
        entrant_state = state_in(states, row.entrant_id, row.module_key)
        was_written = entrant_state == "not_finished" and row.state not in ("empty", "draft")
        if entrant_state == "normal" or was_written:
            yield row


def reopened_sheets(contest_id, module_keys=None):
    """What the sheets are called that count and were reopened: (not handed in again, unconfirmed).

    module_keys: only those of these modules.
    """
    rows = [
        row for row in _rows_that_count(contest_id, Sheet.state.in_(("reopened", "resubmitted")))
        if module_keys is None or row.module_key in module_keys
    ]
    return tuple(
        called(contest_id, [row for row in rows if row.state == state])
        for state in ("reopened", "resubmitted")
    )
