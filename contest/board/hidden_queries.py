"""What a frozen board still hides: later areas ask before they tell of a contest by doors of their own."""

from contest import clock
from contest.board.hold_queries import why_board_is_held
from contest.board.queries import find_cutoff
from contest.draw import public_queries as public_draws
from contest.results.queries import stage_of


def is_hidden(contest_id, at):
    """True while the public knows nothing yet of what happened at a moment.

    The board is frozen at an earlier one, or a reveal of a contest that nobody sees is running.
    """
    cutoff = find_cutoff(contest_id, clock.now())
    return why_board_is_held(contest_id) is not None if cutoff is None else at > cutoff


def frozen_among(contest_ids):
    """Those of some contests whose board is frozen now, or whose reveal is running."""
    now = clock.now()
    return {
        one for one in set(contest_ids)
        if find_cutoff(one, now) is not None or why_board_is_held(one) is not None
    }


def _hides_codes(contest_id, stage):
    """A map of codes would put names to the marks that a frozen board shows under codes."""
    cutoff = find_cutoff(contest_id, clock.now())
    return cutoff is not None and stage == stage_of(contest_id, as_of=cutoff)


public_draws.HIDES.append(_hides_codes)
