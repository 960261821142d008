"""What the public reads of one module by itself: its own places, and how far its marking has come."""

from collections import Counter
from functools import lru_cache
from hashlib import sha1

OUT = {"withdrawn", "disqualified", "absent"}
NO_PART = {"absent", "void"}


@lru_cache(maxsize=8192)
def key_of(*words):
    """A short name for a line of the page that is the same every time and says nothing."""
    return sha1("\n".join(words).encode(), usedforsecurity=False).hexdigest()[:10]


def module_places(rows, key, by_group, order):
    """{entrant id: place} by the printed marks of one module, within groups where the plan ranks so.

    Equal printed marks share a place: 1, 2, 2, 4. Nobody has one whose mark is not in, was taken
    away, or who is out of the contest. order: high or low, which mark is better.
    """
    groups = {}
    for row in rows:
        figure = row.modules[key]
        if figure.text is not None and not _is_taken(figure) and row.state not in OUT:
            group = groups.setdefault(row.group if by_group else "", [])
            group.append((row.entrant_id, figure.text))
    places = {}
    for marks in groups.values():
        place_of = _places_of(Counter(text for _, text in marks), order)
        places.update({entrant_id: place_of[text] for entrant_id, text in marks})
    return places


def _places_of(counts, order):
    """{printed mark: place}. Printed marks are short decimals: as floats they keep their order."""
    found, next_place = {}, 1
    for text in sorted(counts, key=float, reverse=order != "low"):
        found[text] = next_place
        next_place += counts[text]
    return found


def _is_taken(figure):
    """Absent, void and "every attempt failed" stand in the mark's place."""
    return figure.note in {"absent", "void", "no_result"}


def waiting(rows, key):
    """(how many marks of a module are due, [(number, name) of those whose mark is not in]).

    A mark is due of whoever is still in the contest and takes part in the module.
    """
    # Gone through once for each module at every mark.
    expected, found = 0, []
    for row in rows:
        figure = row.modules[key]
        if row.state in OUT or figure.note in NO_PART:
            continue
        expected += 1
        if not figure.done:
            found.append((row.number, row.name))
    return expected, found


def phase(state, complete, finished, columns=0):
    """How far one line has come: out, waiting (no mark yet), scoring (some), finished (all that is shown).

    columns: how many marks the line shows; under codes a total waits for more than these.
    """
    if state in {"absent", "unranked"}:
        return "out"
    if finished and (complete or 0 < columns <= finished):
        return "finished"
    return "scoring" if finished else "waiting"
