"""How that which the results of a stage follow from becomes a fingerprint, in parts that say what changed.

Each part is a SHA-256 over plain JSON in the order of the entrants' ids. What is empty is left out, so
that a kind of mark that comes to the program later changes no fingerprint of a contest without it.
A signature is compared in the version of the encoding it was made with: whoever changes what stands in
a part gives it a new version and leaves the old ones as they are.
"""

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from contest.figures.rules import BIRTH_DATE
from contest.scoring.book import Book

# What the sum is reckoned from: fields of scoring's Book. sign_rules.CHANGED says what each part means.
PARTS = {
    "marks": ("raw", "submitted", "excused", "difficulty"),
    "scores": ("score",),
    "figures": ("data",),
    "penalties": ("penalty",),
    "adjustments": ("adjustment",),
    "states": ("state", "module_state", "entered"),
    "rulings": ("ruling",),
    "people": ("group", "organisation", "room", "gender", "employment", "titles"),
}
# Whether there is a mark at all: what stands where there is none is never read.
GIVEN = {"raw": "given", "score": "score_given", "data": "data_given", "difficulty": "difficulty_given"}
# By version of the encoding, those recorded numbers that say who somebody is: of "people", not of "figures".
PERSONAL = {1: (), 2: (BIRTH_DATE,)}
NEWEST = 2
VERSION = "version"  # beside the parts of a fingerprint; the first ones do not have it


@dataclass(frozen=True)
class Facts:
    """Everything that a stage's results follow from, and the results. plan: number and hash of the version.

    who, teams: lines of the lists. result: stage, rows and teams of the standings.
    """

    plan: list
    book: Book
    who: list
    teams: list
    result: list


def version_of(fingerprint):
    """The version of the encoding in which a fingerprint was made."""
    return fingerprint.get(VERSION, 1)


def encode(facts, version):
    """{part: SHA-256} of the Facts in a version of the encoding; None in one that nobody here knows."""
    if version not in PERSONAL:
        return None
    made = facts.book
    order = sorted(range(made.count), key=lambda row: int(made.entrants[row]))
    found = {"plan": _hash(facts.plan)}
    for part, fields in PARTS.items():
        values = {name: _field(made, name, order) for name in fields}
        if part == "figures":
            values["data"] = {k: rows for k, rows in values["data"].items() if k not in PERSONAL[version]}
        if part == "people":
            data = _field(made, "data", order)
            values |= {k: data[k] for k in PERSONAL[version] if k in data}
            values |= {"who": facts.who, "teams": facts.teams}
        if part == "rulings":
            values["teams"] = sorted(zip(made.teams, made.team_ruling.tolist(), strict=True))
        found[part] = _hash({name: one for name, one in values.items() if one})
    found["result"] = _hash(facts.result)
    return found if version == 1 else {VERSION: version, **found}


def whole(parts, revisions):
    """One word for some parts of a fingerprint and the revisions of the sheets."""
    return _hash([parts, sorted(revisions.items())])


def _field(made, name, order):
    value = getattr(made, name)
    if hasattr(value, "items"):
        given = getattr(made, GIVEN[name]) if name in GIVEN else {}
        found = {key: _rows(one, given.get(key), order) for key, one in sorted(value.items())}
        return {key: rows for key, rows in found.items() if rows}
    return _rows(value, None, order)


def _rows(value, given, order):
    """The rows in their order as JSON; [] where nothing says anything."""
    if isinstance(value, np.ndarray):
        if given is not None:
            if not given.any():
                return []
            return [np.where(given, value, 0)[order].tolist(), given[order].tolist()]
        return value[order].tolist() if value.any() else []
    plain = [sorted(value[row]) if isinstance(value[row], frozenset) else value[row] for row in order]
    return plain if any(plain) else []


def _hash(value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
