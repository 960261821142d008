"""By which word the public knows how far a contest has come."""

from contest import clock
from contest.audit import contest_queries
from contest.board import rules
from contest.board.queries import SHOWN_STATES, find_cutoff
from contest.board.shown_queries import shown


def told_state(heading):
    """The contest's state; while its board is frozen what the board says, which knows nothing newer.

    "Results are final" beside a frozen board would tell that all marks behind it are in and settled.
    """
    cutoff = find_cutoff(heading.id, clock.now())
    if cutoff is None or heading.state not in SHOWN_STATES:
        return heading.state
    sheet = shown(heading.id, cutoff)[1]
    return rules.board_state(heading.state, cutoff, sheet and sheet.kind)


contest_queries.STATE_TOLD.append(told_state)
