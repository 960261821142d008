"""The board as data: the document that programs read, and what a numbered event says of a change.

docs/feed.md is the promise made here, docs/board.schema.json its form. Additions keep FORMAT;
whatever is taken away or means something else raises it.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache

from contest.board.pieces import Line, Pieces

FORMAT = 1
# The document's lists under the names that pages and their events use.
NAMES = {"entrants": "rows", "teams": "teams", "organisations": "organisations"}
PLACE = ("place", "is_shared", "moved", "complete")


def document_of(board):
    """The whole board as a dict for text_of(), the format's number first."""
    return {"format": FORMAT, "is_final": board.is_final, **_plain(board)}


def text_of(value):
    """JSON as it is sent: short, characters as they are, moments in ISO 8601."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value):
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value):
        # asdict() would copy every line of a large board after each mark.
        return {name: getattr(value, name) for name in _names_of(type(value))}
    raise TypeError(f"cannot be said in JSON: {value!r}")


@cache
def _names_of(kind):
    return [each.name for each in fields(kind)]


def pieces_of(board):
    """The board as Pieces of plain values: the head is every field that is no list of lines."""
    head = json.loads(text_of(document_of(board)))
    lists = {}
    for name, own in NAMES.items():
        lists[name] = {row["key"]: _line(row) for row in head.pop(own)}
    return Pieces(head, "", **lists)


def _line(row):
    place = {name: row[name] for name in PLACE if name in row}
    return Line(place, {name: value for name, value in row.items() if name not in place}, lambda: row)


def difference(before, after):
    """What a change event says: the fields that changed, and of each list what is new in it.

    changed: whole lines by key; places: of lines that were only pushed along; order: every key,
    best first, when it is another order.
    """
    told = {
        name: value for name, value in after.head.items() if before.head.get(name) != value
    }
    for name, own in NAMES.items():
        if changes := _changes(getattr(before, name), getattr(after, name)):
            told[own] = changes
    return told or None


def _changes(old, new):
    told = {"changed": {}, "places": {}}
    for key, line in new.items():
        known = old.get(key)
        if known is None or known.body != line.body:
            told["changed"][key] = line.html
        elif known.place != line.place:
            told["places"][key] = line.place
    if list(old) != list(new):
        told["order"] = list(new)
    return {name: value for name, value in told.items() if value}
