"""Comparing a list that was sent in with the people who are registered already."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from contest.i18n import N_
from contest.people.tables import Problem

# What an entry says about a person in this contest, in the order of the list.
DETAILS = (
    "team", "gender", "born_on", "group", "trade", "skill_level", "employment", "room", "titles",
    "number",
)


@dataclass(frozen=True)
class Registered:
    """Somebody who is registered: ids, and the same values as a row of the list ("" for none)."""

    entrant_id: int
    name: str
    organisation: str
    values: dict  # DETAILS -> text


@dataclass(frozen=True)
class Line:
    """What one row means: a new entrant (entrant_id None), a change, or nothing."""

    row: int
    values: dict
    entrant_id: int | None
    changes: dict  # key -> (old, new)

    @property
    def kind(self):
        """new, changed or unchanged."""
        if self.entrant_id is None:
            return "new"
        return "changed" if self.changes else "unchanged"


def old_and_new(changes):
    """A line's changes {key: (old, new)} as the trail keeps them."""
    return {
        "old": {key: old for key, (old, _) in changes.items()},
        "new": {key: new for key, (_, new) in changes.items()},
    }


def same_words(text):
    """An organisation's or a team's name as it is compared: one width, no blanks, no case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or "")).casefold()


def as_text(value):
    """A value of a list as one text: several short ones with 、 between, nothing as ""."""
    return "、".join(value) if isinstance(value, list) else value or ""


# A row in which one of these cannot be read might mean anybody.
IDENTITY = ("Name", "Organisation", "Date of birth")


def compare(rows, registered, teams, unsure=frozenset()):
    """Lines and problems for `rows` (dicts with row and values).

    teams: {team's name: organisation's name} of this contest. A person is known by name,
    birth date and organisation; without a birth date on one side, name and organisation must
    point to one person only. An empty cell leaves what is registered as it is.
    unsure: numbers of rows that might mean anybody. While there is one, rows are compared with each
    other only: it may be the one that is missing, or who gives an entry number up.
    """
    index = _Index(() if unsure else registered)
    lines = [_line(row, index.find(row["values"])) for row in rows]
    sure = [line for line in lines if line.row not in unsure]
    problems = [*_doubles(sure), *_shared_numbers(lines, () if unsure else registered),
                *_shared_teams(sure, teams)]
    found = {line.entrant_id for line in lines}
    if not unsure and (left := sum(one.entrant_id not in found for one in registered)):
        problems.append(
            Problem(
                "note", "Registered but not in the file: %(count)s. They stay registered.", count=left
            )
        )
    return lines, problems


class _Index:
    """Finds the registered person whom a row means."""

    def __init__(self, registered):
        self.by_name = {}
        for one in registered:
            key = (one.name, same_words(one.organisation))
            self.by_name.setdefault(key, []).append(one)

    def find(self, values):
        """The one registered person of this name and organisation whose birth date agrees."""
        those = self.by_name.get((values["name"], same_words(values["organisation"])), [])
        born_on = values.get("born_on") or ""
        exact = [one for one in those if one.values["born_on"] == born_on]
        if len(exact) == 1:
            return exact[0]
        if exact:
            number = values.get("number")
            return next((one for one in exact if one.values["number"] == number), exact[0])
        open_ones = [one for one in those if not (born_on and one.values["born_on"])]
        return open_ones[0] if len(open_ones) == 1 else None


def _line(row, known):
    values = row["values"]
    if known is None:
        return Line(row["row"], values, None, {})
    changes = {
        key: (known.values[key], new)
        for key in DETAILS
        if (new := as_text(values.get(key))) and new != known.values[key]
    }
    return Line(row["row"], values, known.entrant_id, changes)


def _doubles(lines):
    """The same person twice is refused; a namesake is a question."""
    seen, names = {}, {}
    for line in lines:
        values = line.values
        key = (values["name"], values.get("born_on") or "", same_words(values["organisation"]))
        first = seen.setdefault(line.entrant_id or key, line)
        if first is not line:
            if first.values.get("team") != values.get("team"):
                yield Problem(
                    "bad",
                    "The same person stands in row %(first)s already, in another team.",
                    row=line.row,
                    column=N_("Name"),
                    cell=values["name"],
                    first=first.row,
                )
            else:
                yield Problem(
                    "bad",
                    "The same person stands in row %(first)s already.",
                    row=line.row,
                    column=N_("Name"),
                    cell=values["name"],
                    first=first.row,
                )
            continue
        namesake = names.setdefault(values["name"], line)
        if namesake is not line and _may_be_one(namesake.values, values):
            yield Problem(
                "warn",
                "Row %(first)s has the same name; is it the same person?",
                row=line.row,
                column=N_("Name"),
                cell=values["name"],
                first=namesake.row,
            )


def _may_be_one(one, other):
    born = {one.get("born_on"), other.get("born_on")} - {None, ""}
    return len(born) < 2


def _shared_numbers(lines, registered):
    # Whoever gets another number in the same file gives the old one up.
    moved = {line.entrant_id for line in lines if "number" in line.changes}
    holders = {
        one.values["number"]: one.entrant_id for one in registered if one.entrant_id not in moved
    }
    in_file = {}
    for line in lines:
        number = line.values.get("number")
        if not number:
            continue
        if in_file.setdefault(number, line.row) != line.row:
            yield Problem(
                "bad",
                "Row %(first)s has the same entry number.",
                row=line.row,
                column=N_("Entry number"),
                cell=number,
                first=in_file[number],
            )
        elif holders.get(number, line.entrant_id) != line.entrant_id:
            yield Problem(
                "bad",
                "Somebody else has this entry number already.",
                row=line.row,
                column=N_("Entry number"),
                cell=number,
            )


def _shared_teams(lines, teams):
    """A team belongs to one organisation."""
    homes = {same_words(team): same_words(home) for team, home in teams.items()}
    for line in lines:
        team, home = line.values.get("team"), line.values["organisation"]
        if team and homes.setdefault(same_words(team), same_words(home)) != same_words(home):
            yield Problem(
                "bad",
                "A team of this name belongs to another organisation.",
                row=line.row,
                column=N_("Team"),
                cell=team,
            )


def next_numbers(taken, count):
    """Entry numbers that follow the highest of `taken` in its own form (A014: A015); else 001."""
    forms = [found for number in taken if (found := re.fullmatch(r"(.*?)([0-9]{1,9})", number))]
    prefix = Counter(found[1] for found in forms).most_common(1)[0][0] if forms else ""
    mine = [found[2] for found in forms if found[1] == prefix]
    width = max((len(digits) for digits in mine), default=3)
    highest = max((int(digits) for digits in mine), default=0)
    return [f"{prefix}{highest + n:0{width}d}" for n in range(1, count + 1)]


def counts_of(lines):
    """{"new": n, "changed": n, "unchanged": n}."""
    return {kind: 0 for kind in ("new", "changed", "unchanged")} | Counter(
        one.kind for one in lines
    )
