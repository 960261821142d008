"""Why the public board must stay frozen: later areas say so here."""

# fn(contest_id) -> a Refusal: why the board cannot be revealed now, or None.
HOLDS_BOARD = []


def why_board_is_held(contest_id):
    """Why the board must stay frozen, as a Refusal; None when it may be revealed."""
    return next((why for holds in HOLDS_BOARD if (why := holds(contest_id))), None)
