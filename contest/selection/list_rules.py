"""Who comes onto the list: places of the expert review, shared out by kind of unit, with reasons.

In each category every kind of unit gets its places (shares with their shifts, registry.quota_rules) and
fills them by the place in the review. Places that a kind cannot fill go to the best of the others. Where
more people share a place than places are left, nobody of them is taken silently: they wait for a ruling.
"""

import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from contest.errors import Conflict
from contest.i18n import N_
from contest.registry.quota_rules import places_by_kind

CHOSEN, MOVED, NOT, WAITS, GONE = "chosen", "moved", "not", "waits", "gone"
OUTCOMES = {
    CHOSEN: N_("On the list"), MOVED: N_("On the list, on a place left free"), NOT: N_("Not on the list"),
    WAITS: N_("Waits for a ruling"), GONE: N_("Left the list"),
}
OUTCOME_BADGES = {CHOSEN: "good", MOVED: "good", NOT: "idle", WAITS: "warn", GONE: "bad"}


@dataclass(frozen=True)
class Candidate:
    """One entrant of the review. place: within the category, None without one; total: as published."""

    entrant_id: int
    category: str
    kind: str
    place: int | None
    total: str | None


@dataclass(frozen=True)
class Line:
    """One candidate with what became of it, and why (English sentence, parameters)."""

    candidate: Candidate
    outcome: str  # CHOSEN, MOVED, NOT, WAITS, GONE
    message: str
    params: dict

    @property
    def is_chosen(self):
        """True for who stands on the list."""
        return self.outcome in (CHOSEN, MOVED)


def places_of(terms):
    """{category: {kind of unit: places}}; without shares all places of a category stand under ""."""
    return {
        category: places_by_kind(terms.shares, places) if terms.shares else {"": places}
        for category, places in terms.categories
    }


def choose(candidates, terms, gone=()):
    """A Line for each candidate, category by category, the best first. gone: ids of who left the list.

    >>> from contest.selection.call_rules import Terms
    >>> few = [Candidate(n, "工匠", "", n, "90") for n in (1, 2, 3)]
    >>> [line.outcome for line in choose(few, Terms(categories=(("工匠", 2),)))]
    ['chosen', 'chosen', 'not']
    """
    due = places_of(terms)
    names = [*due, *sorted({one.category for one in candidates} - set(due))]
    lines = []
    for category in names:
        own = sorted(
            (one for one in candidates if one.category == category),
            key=lambda one: (one.place is None, one.place or 0, one.entrant_id),
        )
        lines += _choose(own, due.get(category, {}), terms.least, gone)
    return lines


def _choose(candidates, due, least, gone):
    found = {one.entrant_id: barred for one in candidates if (barred := _barred(one, least, gone))}
    able = [one for one in candidates if one.entrant_id not in found]
    kind_of = (lambda one: one.kind) if set(due) != {""} else (lambda one: "")
    left = 0
    for kind, places in due.items():
        own = [one for one in able if kind_of(one) == kind]
        left += _fill(own, places, found, lambda one, kind=kind, places=places: _taken(one, kind, places))
    rest = [one for one in able if one.entrant_id not in found]
    # Whoever loses a ruling competes for the places left free, and stands better than the rest.
    is_undecided = any(line.outcome == WAITS for line in found.values())
    _fill(rest, left, found, _held_back if is_undecided else _taken_over)
    return [
        found.get(one.entrant_id) or Line(one, NOT, *_no_place(one, kind_of(one), due)) for one in candidates
    ]


def _barred(one, least, gone):
    """The Line of somebody who cannot be chosen at all, or None."""
    if one.entrant_id in gone:
        return Line(one, GONE, N_("Left the list before it was published."), {})
    if one.place is None or one.total is None:
        return Line(one, NOT, N_("Without a place in the review."), {})
    if least and Decimal(one.total) < Decimal(least):
        return Line(one, NOT, N_("The total %(total)s lies below the least, %(least)s."),
                    {"total": one.total, "least": least})
    return None


def _fill(candidates, places, found, line_of):
    """Give out places, best first; returns how many are left for others. Fills `found`."""
    for place, group in groupby(candidates, key=lambda one: one.place):
        equals = list(group)
        if not places:
            return 0
        if len(equals) > places:
            for one in equals:
                found[one.entrant_id] = Line(
                    one, WAITS,
                    N_("Place %(place)s is shared by %(count)s, and %(left)s of them can be taken: the chief "
                       "judge rules first."),
                    {"place": place, "count": len(equals), "left": places},
                )
            return 0
        for one in equals:
            found[one.entrant_id] = line_of(one)
        places -= len(equals)
    return places


def _taken(one, kind, places):
    if kind:
        return Line(one, CHOSEN, N_("Place %(place)s; units of the kind “%(kind)s” have %(places)s places."),
                    {"place": one.place, "kind": kind, "places": places})
    return Line(one, CHOSEN, N_("Place %(place)s; the category has %(places)s places."),
                {"place": one.place, "places": places})


def _taken_over(one):
    return Line(one, MOVED, N_("Place %(place)s; takes a place that another kind of unit could not fill."),
                {"place": one.place})


def _held_back(one):
    return Line(
        one, WAITS,
        N_("Place %(place)s; the places that another kind of unit could not fill are given out once the "
           "chief judge has ruled on a shared place."),
        {"place": one.place},
    )


def _no_place(one, kind, due):
    if kind:
        return N_("Place %(place)s; the %(places)s places of the kind “%(kind)s” went to better ones."), {
            "place": one.place, "kind": kind, "places": due.get(kind, 0),
        }
    return N_("Place %(place)s; the %(places)s places of the category went to better ones."), {
        "place": one.place, "places": sum(due.values()),
    }


def check_decided(lines):
    """A list goes out when nobody on it waits for a ruling; Conflict."""
    if waiting := [line for line in lines if line.outcome == WAITS]:
        raise Conflict(
            "Contestants who share a place on the edge of the list: %(count)s. The chief judge rules first.",
            count=len(waiting),
        )


def check_listable(state, is_listed):
    """A list rests on final results, and goes out once; Conflict."""
    if state not in ("final", "archived"):
        raise Conflict("The results of the review are not final yet; the list can be previewed only.")
    if is_listed:
        raise Conflict("The list has been published already.")


def document_hash(document):
    """The fingerprint of a published list: SHA-256 of its JSON with sorted keys."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def honour_name(title, category, categories):
    """What the honour is called: the category is told where there are several."""
    return f"{title}（{category}）" if len(categories) > 1 else title
