"""Writing a score of a module that no judge marks; the caller commits, with a row in the trail."""

from contest import clock
from contest.db import db
from contest.theory.models import TheoryEntry


def add_entry(actor, contest_id, module_key, entrant_id, score, source, reason=""):
    """Add the score that stands from now on; source: clerk, quiz, or the name of a file."""
    db.session.add(
        TheoryEntry(
            contest_id=contest_id, module_key=module_key, entrant_id=entrant_id,
            units=score.units, state=score.state, source=source, reason=reason, by_id=actor.user_id,
            at=clock.now(),
        )
    )
