"""Which sheets are checked again, and when a review is done."""

import hashlib
from dataclasses import dataclass
from math import ceil

from contest.errors import Conflict, Invalid, NotAllowed

LONGEST_NOTE = 500
# Also after the decoding: the best of the whole may be others than the best of each half were.
CHECKED_IN = ("review", "decoded")


@dataclass(frozen=True)
class Line:
    """One sheet or score that counts: its revision now, and the last check of it (or None).

    check: a row with rev, agrees, note, at; it is void once the sheet has another revision.
    statement: the chief judge's to that check, or None.
    """

    sheet_id: int | str
    entrant_id: int
    rev: int
    check: object = None
    statement: object = None

    @property
    def is_void(self):
        """True when the sheet was changed after it was checked."""
        return self.check is not None and self.check.rev != self.rev

    @property
    def state(self):
        """open, void, agrees, explained or differs."""
        if self.check is None:
            return "open"
        if self.is_void:
            return "void"
        if self.check.agrees:
            return "agrees"
        return "explained" if self.statement else "differs"

    @property
    def is_done(self):
        """True when the sheet agrees as it stands, or the chief judge stated why it stands all the same."""
        return self.state in ("agrees", "explained")


@dataclass(frozen=True)
class Progress:
    """How far a review has come. differed: sheets of those reviewed that ever differed."""

    wanted: int
    done: int
    differed: int
    reviewed: int
    demands_all: bool

    @property
    def rate(self):
        """Sheets that differed in percent of those reviewed, to one decimal."""
        return round(100 * self.differed / self.reviewed, 1) if self.reviewed else 0.0


def top_of(rows, percent, count, by_group):
    """The entrants whose sheets are all checked: the first `count`, or `percent` of those placed.

    rows: with entrant_id, group, place (None without one). Whoever shares the last place is in it;
    a plan that ranks by group has a top in each.
    """
    groups = {}
    for row in rows:
        if row.place is not None:
            groups.setdefault(row.group if by_group else "", []).append(row)
    found = set()
    for placed in groups.values():
        last = count or ceil(percent * len(placed) / 100)
        found |= {row.entrant_id for row in placed if row.place <= last}
    return found


def top_members(teams, percent, count):
    """The entrants of the first `count` teams, or of `percent` of those placed; as top_of.

    teams: with place (None without one) and members, the entrants' ids.
    """
    placed = [team for team in teams if team.place is not None]
    last = count or ceil(percent * len(placed) / 100)
    return {one for team in placed if team.place <= last for one in team.members}


def draw_rest(sheet_ids, percent, seed):
    """The sheets drawn from those outside of the top, at least `percent` of them, by a seed.

    seed: the secret part, a slash and the public part. Anybody can draw again: the sheets stand in the
    order of SHA-256 of "seed:number", and the first ones are taken.
    """
    ids = list(sheet_ids)
    return draw_some(ids, ceil(percent * len(ids) / 100), seed)


def draw_some(sheet_ids, count, seed):
    """So many sheets drawn by a seed, as draw_rest says."""
    order = sorted(
        sheet_ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).hexdigest()
    )
    return in_order(order[:count])


def in_order(ids):
    """Ids of sheets (numbers) and of scores (text) in one order."""
    return sorted(ids, key=lambda one: (isinstance(one, str), one))


def next_seed(seed, number):
    """The seed of the next draw (its number: 2, 3, …) of a stage: nobody chooses it."""
    return hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:32]


def lacking(rest, drawn, percent):
    """How many sheets more are to be drawn, so that the drawn ones are that share of the rest."""
    return max(0, ceil(percent * len(rest) / 100) - len(set(rest) & set(drawn)))


def progress_of(lines, wanted, differed, error_percent, sample=frozenset()):
    """The Progress over the wanted sheets ({sheet id}); more errors than allowed demand all of them.

    lines: every Line that counts. differed: ids of sheets that any check found to differ. sample: ids
    as they were drawn, with sheets struck out since: what it demanded once it demands for good,
    however many faultless sheets are reviewed after it.
    """
    reviewed = [line for line in lines if line.check is not None]
    wrong = [line for line in reviewed if line.sheet_id in differed]
    # Over all that is wanted, not over the first few: one of the first three is not yet a third.
    counts = (
        (len(wrong), max(len(wanted), len(reviewed))),
        (len(differed & set(wanted)), len(wanted)), (len(differed & set(sample)), len(sample)),
    )
    demands_all = any(100 * found > error_percent * base for found, base in counts if base)
    asked = {line.sheet_id for line in lines} if demands_all else set(wanted)
    done = sum(line.is_done for line in lines if line.sheet_id in asked)
    return Progress(len(asked), done, len(wrong), len(reviewed), demands_all)


def check_drawn_in(state):
    """Sheets are drawn when the review begins."""
    if state != "review":
        raise Conflict("Sheets are drawn while the contest stands in its review.")


def check_may_draw_more(count):
    """More are drawn only when the share of the rest is no longer reached: nobody draws till it suits."""
    if not count:
        raise Conflict("Enough of the rest are drawn.")


def check_in_review(state):
    """Sheets are checked from the beginning of the review until results are published."""
    if state not in CHECKED_IN:
        raise Conflict("Sheets are checked again only while the contest stands in its review.")


def check_not_drawn(found):
    """The sheets of a stage are drawn once."""
    if found is not None:
        raise Conflict("The sheets have been drawn already.")


def check_seen(seen, rev):
    """What was checked is what stands: the revision that the page showed."""
    if seen != rev:
        raise Conflict("This sheet has changed since the page was loaded. Look again.")


def check_not_own(user_id, judge_user_id):
    """Nobody checks a sheet that is one's own."""
    if user_id is not None and user_id == judge_user_id:
        raise NotAllowed("You wrote this sheet yourself; another person checks it.")


def check_not_settled_alone(agrees, line):
    """What was found to differ is not found to agree by looking again; Conflict.

    The chief judge opens the sheet for a correction, or states why its figures stand.
    """
    if agrees and line.state == "differs":
        raise Conflict(
            "This sheet was found to differ: the chief judge opens it for a correction, or states why "
            "its figures stand."
        )


def check_still_open(state):
    """A difference is explained until the contest is archived; Conflict."""
    if state == "archived":
        raise Conflict("The contest is archived: nothing is written down any more.")


def check_explained(line, check_id, user_id):
    """A statement is for a difference that stands, by another person than who found it.

    line: the sheet's Line now, or None when it no longer counts.
    """
    if line is None or line.state != "differs" or line.check.id != check_id:
        raise Conflict("This sheet does not differ, or has changed since. Look again.")
    if user_id is not None and user_id == line.check.by_id:
        raise NotAllowed("You found this difference yourself; another chief judge states why it stands.")


def read_statement(words):
    """The chief judge's statement in words; Invalid without, and when too long."""
    words = (words or "").strip()
    if not words or len(words) > LONGEST_NOTE:
        sentence = Invalid("Write why the figures stand, in at most %(most)s characters.", most=LONGEST_NOTE)
        raise Invalid(sentence.message, fields={"statement": sentence}, **sentence.params)
    return words


def read_note(agrees, note):
    """What differs, in words, where something does; Invalid without."""
    words = (note or "").strip()
    if not agrees and not words:
        raise Invalid(
            "Write what differs: the chief judge corrects by it.",
            fields={"note": Invalid("Write what differs.")},
        )
    if len(words) > LONGEST_NOTE:
        too_long = Invalid("At most %(most)s characters.", most=LONGEST_NOTE)
        raise Invalid(too_long.message, fields={"note": too_long}, **too_long.params)
    return words
