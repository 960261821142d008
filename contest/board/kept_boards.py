"""The board that was made last of each contest, given out again while it is made of the same things."""

MOST = 64
_boards = {}  # by slug: (what it is made of, the board)


def kept(slug, made_of, make):
    """The very same board as the last time if that was made of equal things, else what make() gives."""
    known = _boards.get(slug)
    if known is None or known[0] != made_of:
        if len(_boards) >= MOST:
            _boards.clear()
        known = _boards[slug] = made_of, make()
    return known[1]
