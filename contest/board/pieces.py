"""A rendered board in pieces, and what somebody who has one must be told to have the next."""

from dataclasses import dataclass, field
from functools import cached_property

# The lists of a board, and the templates' word for one line of each.
LISTS = {"entrants": "entrant", "teams": "team", "organisations": "organisation"}


class Line:
    """One line: its two halves (its place; what was marked), and the whole, made when it is needed.

    After a mark hundreds are only pushed along; the event that waits for them says their places.
    """

    def __init__(self, place, body, make):
        self.place, self.body, self._make = place, body, make

    @cached_property
    def html(self):
        """The whole line."""
        whole, self._make = self._make(), None  # which would hold on to the board it was made from
        return whole


@dataclass(frozen=True)
class Pieces:
    """One rendered board: the head, the news, and each list as {line's key: Line} in order."""

    head: str
    news: str
    entrants: dict
    teams: dict
    organisations: dict = field(default_factory=dict)
    # How long each list is where a page has its first lines only, or says its length.
    counts: dict = field(default_factory=dict)
    # What the lines' halves were made from, to know them again.
    halves: dict = field(repr=False, default_factory=dict)
    shape: tuple = field(repr=False, default=())
    # What the page around the pieces says: columns, lists, names. No event replaces that.
    frame: tuple = field(repr=False, default=())


ANEW = {"page": "anew"}  # told to a page whose frame is another one: new cells stood under old headings


def difference(before, after):
    """What a page with the pieces `before` must be told to show `after`; None when nothing changed."""
    if before.frame != after.frame:
        return ANEW
    told = {}
    for name in ("head", "news", "counts"):
        if getattr(before, name) != getattr(after, name):
            told[name] = getattr(after, name)
    for name in LISTS:
        if changes := _changes(getattr(before, name), getattr(after, name)):
            told[name] = changes
    return told or None


def _changes(old, new):
    """What is new in one list, as small as can be: a thousand boards wait for it.

    rows: new lines whole, by key. order: all keys; or, where the others kept theirs, moves: [key,
    position] of the lines that did not, and gone: keys. places: of lines that were only pushed along
    the first half, in runs [position, half, half, …] of the new order.
    """
    rows, runs = {}, []
    last = None
    for at, (key, line) in enumerate(new.items()):
        known = old.get(key)
        if known is None or known.body != line.body:
            rows[key] = line.html
        elif known.place != line.place:
            if last != at - 1:
                runs.append([at])
            runs[-1].append(line.place)
            last = at
    told = {"rows": rows, **_order(list(old), list(new), rows), "places": runs}
    return {name: value for name, value in told.items() if value}


def _order(old, new, rows):
    if old == new:
        return {}
    left = [key for key in old if key not in rows]
    known = set(new)
    if [key for key in new if key not in rows] == [key for key in left if key in known]:
        moves = [[key, at] for at, key in enumerate(new) if key in rows]
        return {"moves": moves, "gone": [key for key in old if key not in known]}
    return {"order": new}
