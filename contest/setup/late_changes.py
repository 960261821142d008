"""Whether what counts may still be changed, asked before every single change of it."""

from contest import signals


def check_not_held(contest_id, entrant_id=None):
    """Refused while published results are held, as after the ceremony when nobody has asked in time."""
    refusals = []
    signals.change_asked.send(
        "change", contest_id=contest_id, entrant_id=entrant_id, refusals=refusals
    )
    if refusals:
        raise refusals[0]
