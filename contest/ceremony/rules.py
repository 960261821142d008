"""A reveal: scene(script, step) says what the hall sees; nothing else does.

A script is made once from a published revision: beats, told one after another, in chapters (a group,
a prize, the teams, the modules). Step 0 is the curtain; step n tells beat n; the step before is the
inverse of a step, and whoever starts again at a step sees the same scene.
"""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import groupby

from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.numbers import read_whole

KINDS = {
    "individuals": N_("From last to first"),
    "items": N_("Item by item"),
    "teams": N_("Team by team"),
    "prizes": N_("Prize by prize"),
}
# Why a script is the shape it is: so many lines are read from the last row of a hall.
MOST_ROWS = 8
LONGEST_TABLE = 10
FROM_PLACE = 10
NAMES = ("one", "all")


@dataclass(frozen=True)
class Line:
    """One entrant, team or organisation as it is told. cells: marks, of the modules opened so far."""

    key: str
    name: str
    organisation: str = ""
    organisation_en: str = ""
    team: str = ""
    place: int | None = None
    is_shared: bool = False
    total: str | None = None
    cells: tuple = ()
    members: tuple = ()
    moved: int | None = None


@dataclass(frozen=True)
class Heading:
    """The title of a chapter, or of a column."""

    name: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class Beat:
    """What one step tells. chapter: its number in the script; lines: told now, best first.

    kind: heading (the chapter's title alone), lines (one place), together (many at once), table (a
    whole standing), all (everything told in the chapter, without a spotlight).
    """

    kind: str
    chapter: int
    lines: tuple = ()
    columns: tuple = ()


@dataclass(frozen=True)
class Script:
    """A whole reveal, made from one revision. chapters: Headings; beats: in the order of telling."""

    kind: str
    chapters: tuple
    beats: tuple

    @property
    def last(self):
        """The number of the last step."""
        return len(self.beats)


@dataclass(frozen=True)
class Scene:
    """What the hall sees at a step, and nothing of what comes after.

    kind: curtain, blank, or that of the Beat. newest: lines in the spotlight; rows: everything told in the
    chapter so far that has room, best first. columns: Headings of the lines' cells; the last is new.
    """

    step: int
    kind: str
    heading: Heading = Heading()
    newest: tuple = ()
    rows: tuple = ()
    columns: tuple = ()


def scene(script, step):
    """The Scene of a step; Invalid for a step that the script does not have."""
    if not 0 <= step <= script.last:
        raise Invalid("This reveal has the steps 0 to %(last)s.", last=script.last)
    if step == 0:
        return Scene(0, "curtain")
    beat = script.beats[step - 1]
    heading = script.chapters[beat.chapter]
    if beat.kind in ("heading", "table"):
        return Scene(step, beat.kind, heading, (), beat.lines[:LONGEST_TABLE], beat.columns)
    told = [
        one for one in script.beats[:step]
        if one.chapter == beat.chapter and one.kind in ("lines", "together")
    ]
    rows = tuple(line for one in reversed(told) for line in one.lines)
    newest = beat.lines if beat.kind == "lines" else ()
    return Scene(step, beat.kind, heading, newest, rows[:_room(beat)])


def _room(beat):
    # With somebody in the spotlight fewer lines have room below.
    return MOST_ROWS if beat.kind == "lines" else LONGEST_TABLE


def ladder(chapter, lines, from_place=None, names="one"):
    """The beats of one chapter, from its last line to its first. lines: best first, each with a place.

    Equal places are told together, as many as a screen has room for. from_place: those behind it are
    told at once before the others; names "all": everybody at once.
    """
    behind = tuple(
        line for line in lines
        if names == "all" or (from_place is not None and line.place is not None and line.place > from_place)
    )
    # As many at once as a screen has room for, from the end.
    beats = [
        Beat("together", chapter, behind[max(0, end - LONGEST_TABLE) : end])
        for end in range(len(behind), 0, -LONGEST_TABLE)
    ]
    rest = [line for line in lines if line not in behind]
    steps = [part for _, group in groupby(rest, key=_step_of) for part in _parts(tuple(group))]
    return beats + [Beat("lines", chapter, part) for part in reversed(steps)]


def _parts(tied):
    # Of forty who share a place a screen has room for so many at once: they are told in several steps.
    count = -(-len(tied) // MOST_ROWS)
    size = -(-len(tied) // count)
    return [tied[at : at + size] for at in range(0, len(tied), size)]


def _step_of(line):
    # Who has no place (a prize by vote) has a step alone.
    return line.place if line.place is not None else line.key


def script_of_ladders(kind, chapters, from_place=None, names="one"):
    """A Script of chapters (Heading, lines best first): each its title, its lines, then all of them."""
    beats = []
    told = [(heading, lines) for heading, lines in chapters if lines]
    for number, (_, lines) in enumerate(told):
        if len(told) > 1 or kind == "prizes":
            beats.append(Beat("heading", number))
        beats += ladder(number, lines, from_place, names)
        if beats[-1].kind == "lines":
            beats.append(Beat("all", number))
    return Script(kind, tuple(heading for heading, _ in told), tuple(beats))


def script_of_tables(tables):
    """A Script of (Heading of the column opened, lines best first): each a table of all opened so far."""
    columns, beats, before = [], [], {}
    for number, (heading, lines) in enumerate(tables):
        columns.append(heading)
        placed = tuple(
            Line(**{**_fields(line), "moved": _moved(before.get(line.key), line.place)})
            for line in lines
        )
        before = {line.key: line.place for line in placed}
        beats += [Beat("heading", number), Beat("table", number, placed, tuple(columns))]
    return Script("items", tuple(columns), tuple(beats))


def _fields(line):
    return {name: getattr(line, name) for name in Line.__dataclass_fields__}


def _moved(before, now):
    return None if before is None or now is None else before - now


@dataclass(frozen=True)
class Note:
    """What a coming step will say, for whoever reads it out. step 0 is the curtain."""

    step: int
    scene: Scene


def notes(script, step):
    """The Notes of the next two steps; fewer at the end."""
    return tuple(
        Note(number, scene(script, number))
        for number in range(step + 1, min(step + 2, script.last) + 1)
    )


def document_of(script):
    """A Script as a plain document, as it is kept."""
    return asdict(script)


def script_from(document):
    """The Script that a document holds."""
    def line(found):
        return Line(**{**found, "cells": tuple(found["cells"]), "members": tuple(found["members"])})

    return Script(
        document["kind"], tuple(Heading(**one) for one in document["chapters"]),
        tuple(
            Beat(
                one["kind"], one["chapter"], tuple(line(each) for each in one["lines"]),
                tuple(Heading(**each) for each in one["columns"]),
            ) for one in document["beats"]
        ),
    )


def hash_of(document):
    """The fingerprint of a script's document."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def read_options(kind, form, groups, has_teams):
    """The options of a reveal from a form, as they are kept; Invalid names the field.

    groups: those that the results have, empty where the plan ranks everybody together.
    """
    if kind not in KINDS:
        raise _wrong("kind", N_("Choose how the results are revealed."))
    if kind == "teams" and not has_teams:
        raise _wrong("kind", N_("These results rank no teams."))
    group = (form.get("group") or "").strip()
    if group and group not in groups:
        raise _wrong("group", N_("There is no such group."))
    if kind == "items" and groups and not group:
        raise _wrong("group", N_("Choose a group: each has a table of its own."))
    names = form.get("names") or "one"
    if names not in NAMES:
        raise _wrong("names", N_("Names are told one by one or all together."))
    typed = (form.get("from_place") or str(FROM_PLACE)).strip()
    from_place = read_whole(typed, 0)
    if not 1 <= from_place <= 999:
        raise _wrong("from_place", N_("A place from 1 to 999."))
    return {"group": group, "names": names, "from_place": from_place}


def check_begin(script, knows_public, running):
    """A reveal begins when the hall does not know its end yet, and no other is running; Conflict.

    knows_public: the public already sees this revision.
    """
    if running is not None:
        raise Conflict("Another reveal is running; end it first.")
    if knows_public:
        raise Conflict(
            "The public already sees these results. Freeze the board before they are published: "
            "what has been seen cannot be revealed."
        )
    if not script.last:
        raise Conflict("There is nothing to reveal in this way.")


def check_step(step, last, is_paused):
    """A step that the script has, while nobody has paused it; Conflict."""
    if is_paused:
        raise Conflict("The reveal is paused. Go on first.")
    if not 0 <= step <= last:
        raise Conflict("There is no step after the last one, and none before the curtain.")


def check_end(step, last, opens_board):
    """The board opens at the end of a reveal, not in its midst: it would tell the rest; Conflict."""
    if opens_board and step != last:
        raise Conflict(
            "The reveal is not at its last step: the board would tell what the hall does not know yet."
        )


def stepped_meanwhile():
    """Somebody else was faster: the refusal of a press that was meant for another step."""
    return Conflict(
        "Another controller has just moved the reveal. Nothing was skipped: look, then press again."
    )


def _wrong(field, sentence):
    refused = Invalid(sentence)
    return Invalid(sentence, fields={field: refused})
