"""What counts as a theory score, and how a list of scores is matched with the entrants."""

from dataclasses import dataclass

from contest.errors import Conflict, Invalid, Missing
from contest.people.tables import Problem
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.units import text_of, units_of

ABSENT_WORDS = ("缺考", "缺席", "未参加", "absent", "abs")
SCORE_LABEL = "Score"
LONGEST_REASON = 300


class BadList(Invalid):
    """A list with cells that cannot be taken; `problems` names each of them."""

    def __init__(self, problems):
        count = sum(problem.kind == "bad" for problem in problems)
        super().__init__(
            "The file was not taken: %(count)s cells have to be mended first.", count=count
        )
        self.problems = problems


@dataclass(frozen=True)
class Score:
    """A score: scored with units of 1/10,000 point, absent, void, or withdrawn (taken back)."""

    state: str
    units: int | None = None

    @property
    def text(self):
        """The points as the shortest plain text, or nothing."""
        return text_of(self.units) if self.units is not None else ""


@dataclass(frozen=True)
class Known:
    """An entrant as far as a list of scores needs to know him or her; `score` may be None."""

    entrant_id: int
    number: str
    name: str
    score: Score | None = None


@dataclass(frozen=True)
class Line:
    """One row of a list and what it would do. kind: new, changed, unchanged."""

    row: int
    known: Known
    score: Score
    kind: str


def check_open(contest):
    """Scores are taken while the contest is being judged; Conflict otherwise."""
    if not contest.takes_marks:
        raise Conflict("Scores are taken only while the contest is being judged.")


def check_takes_scores(module):
    """Only modules that are not marked on sheets take a score; Missing."""
    if module is None or module.entry != "scores":
        raise Missing("There is no such module with scores in the plan.")


def check_seen(seen, latest):
    """Whoever corrects a score must have seen the one that stands (ids of entries); Conflict."""
    if seen != latest:
        raise Conflict(
            "Somebody else entered a score for this contestant meanwhile. "
            "Nothing was overwritten: reload the page to see it."
        )


def read_score(typed, top):
    """The Score in a typed text: a number from 0 to `top` units, or a word for absent.

    Full-width digits are understood; everything else is Invalid, naming the range.
    """
    text = (typed or "").strip()
    if text.casefold() in ABSENT_WORDS:
        return Score("absent")
    try:
        units = units_of(parse_number(text))
    except MarkError:
        units = None
    if units is None or not 0 <= units <= top:
        why = Invalid(
            "“%(text)s” is no score: it must be a number between 0 and %(top)s "
            "with at most 4 decimals, or 缺考 for absent.",
            text=text[:20], top=text_of(top),
        )
        raise Invalid(why.message, fields={"score": why}, **why.params)
    return Score("scored", units)


def check_can_clear(is_cleared, old):
    """Only a score that stands can be cleared; Conflict."""
    if is_cleared and old is None:
        raise Conflict("There is no score to clear.")


def read_reason(typed):
    """Why a score that was recorded changes, at most 300 characters; Invalid at `reason` without one."""
    words = " ".join((typed or "").split())
    if not words or len(words) > LONGEST_REASON:
        why = Invalid(
            "A score was recorded already: write down why it changes, in at most %(most)s "
            "characters.", most=LONGEST_REASON,
        )
        raise Invalid(why.message, fields={"reason": why}, **why.params)
    return words


def match_rows(rows, entrants, top):
    """Lines and problems of a list: each row found by entry number, its name checked.

    rows: pairs (row number, {"number", "name", "score"}). entrants: Known. A row without a score
    is skipped and told; a list that holds 1, 2, … n once each is doubted: those look like places.
    """
    by_number = {entrant.number.casefold(): entrant for entrant in entrants}
    lines, problems, seen, blank = [], [], {}, 0
    for row, values in rows:
        number = (values["number"] or "").casefold()
        known = by_number.get(number)
        if wrong := _wrong_person(row, values, known, seen):
            problems.append(wrong)
            continue
        seen[number] = row
        if not (values["score"] or "").strip():
            blank += 1
            continue
        try:
            score = read_score(values["score"], top)
        except Invalid as why:
            problems.append(
                Problem("bad", why.message, row=row, column=SCORE_LABEL, **why.params)
            )
            continue
        lines.append(Line(row, known, score, _kind_of(known.score, score)))
    if blank:
        problems.append(Problem("note", "Rows without a score: %(count)s. They change nothing.",
                                count=blank))
    return lines, problems + _doubt_places(lines) + _left_out(entrants, seen)


def _wrong_person(row, values, known, seen):
    number = values["number"] or ""
    if known is None:
        return Problem("bad", "Nobody has the entry number %(number)s.", row=row,
                       column="Number", number=number[:20])
    if number.casefold() in seen:
        return Problem("bad", "The entry number %(number)s stands in row %(other)s already.",
                       row=row, column="Number", number=number[:20],
                       other=seen[number.casefold()])
    if values["name"] and values["name"] != known.name:
        return Problem(
            "bad", "The name is %(given)s, but %(number)s belongs to %(name)s.", row=row,
            column="Name", given=values["name"][:40], number=number[:20], name=known.name,
        )
    return None


def _kind_of(old, new):
    if old is None:
        return "new"
    return "unchanged" if old == new else "changed"


def _doubt_places(lines):
    units = sorted(line.score.units for line in lines if line.score.units is not None)
    if len(units) < 3 or units != [n * 10_000 for n in range(1, len(units) + 1)]:
        return []
    return [Problem(
        "warn",
        "This column holds each number from 1 to %(count)s once; are these places, not scores?",
        column=SCORE_LABEL, count=len(units),
    )]


def _left_out(entrants, seen):
    missing = [e for e in entrants if e.number.casefold() not in seen and e.score is None]
    if not missing:
        return []
    return [Problem("note", "Not in the list and still without a score: %(count)s.",
                    count=len(missing))]


def counts_of(lines):
    """How many lines are new, changed and unchanged."""
    return {kind: sum(line.kind == kind for line in lines)
            for kind in ("new", "changed", "unchanged")}
