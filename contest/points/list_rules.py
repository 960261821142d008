"""The lists of the points hall: who stands where, by the house's places.

Mission C12: each quarter the first 100 are rewarded; the first 10 of the year are put forward for a title.
Ties share a place (1, 2, 2, 4), and whoever shares the last place that counts is in: nobody is cut off.
"""

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from contest.errors import Conflict
from contest.i18n import N_
from contest.points.day_rules import period_of
from contest.scoring.ranking import Key, places

LISTS = {"people": N_("People"), "organisations": N_("Organisations")}
QUARTER_FIRST = 100
YEAR_FIRST = 10


@dataclass(frozen=True)
class Earned:
    """Points of one person or organisation in a period. unit: a person's organisation."""

    id: int
    name: str
    unit: str
    organisation_id: int
    points: int


@dataclass(frozen=True)
class Placed:
    """One line of a list; is_first: among those whom the list honours."""

    place: int
    earned: Earned
    is_first: bool


def placed(earned, is_year):
    """The Placed lines of those with points, best first; equals by name, then by number."""
    able = sorted((one for one in earned if one.points > 0), key=lambda one: (-one.points, one.name, one.id))
    if not able:
        return []
    yes = np.ones(len(able), dtype=bool)
    points = np.array([one.points for one in able], dtype=np.int64)
    first = YEAR_FIRST if is_year else QUARTER_FIRST
    return [
        Placed(int(place), one, int(place) <= first)
        for place, one in zip(places([Key("points", points, yes)], yes).place, able, strict=True)
    ]


def lists_over(earned_on, published, at):
    """The keys of the lists that leave out what was earned on a day, as it was booked after they were made.

    published: {key of a period: when its list was published}; at: when it was booked.
    """
    keys = (period_of(earned_on).key, period_of(earned_on, is_year=True).key)
    return [key for key in keys if key in published and published[key] < at]


def lines_of(placed_lines):
    """Placed lines as they are shown, names and all."""
    return [
        {"place": line.place, "id": line.earned.id, "name": line.earned.name, "unit": line.earned.unit,
         "organisation_id": line.earned.organisation_id, "points": line.earned.points,
         "is_first": line.is_first} for line in placed_lines
    ]


def document_of(placed_lines, period, by_what):
    """Placed lines as the document that is published: people by their numbers, so that names can go."""
    untold = "name" if by_what == "people" else None
    return {
        "period": period, "by": by_what,
        "lines": [
            {key: value for key, value in line.items() if key != untold} for line in lines_of(placed_lines)
        ],
    }


def document_hash(document):
    """The fingerprint of a published list: SHA-256 of its JSON with sorted keys."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def check_publishable(period, today, is_published, lines):
    """A list is published once, when its period is over and somebody has points; Conflict."""
    if today <= period.last:
        raise Conflict("%(period)s is not over yet; its list can be looked at only.", period=period.key)
    if is_published:
        raise Conflict("The list of %(period)s has been published already.", period=period.key)
    if not lines:
        raise Conflict("Nobody has points in %(period)s.", period=period.key)
