"""A sheet as a person reads it: every aspect with its mark in words and what it earns."""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np

from contest.judging.attempt_lines import (
    NOTHING,
    Attempt,
    Standing,
    attempts_of,
    standing_of,
    stands_as_text,
)
from contest.judging.rules import (
    SheetAnswer,
    is_lost,
    missed_key_items,
    missing_aspects,
    next_state,
    points_by_aspect,
    sheet_sum,
)
from contest.judging.sheet_rules import aspect_hash
from contest.scoring.exact import Exact
from contest.scoring.marks import MarkError, canonical_mark, top_of_attempt
from contest.scoring.rounding import round_to
from contest.scoring.scheme import Aspect, Criterion
from contest.scoring.units import text_of

QUICK_SHARES = (0, 25, 50, 60, 70, 80, 90, 100)


@dataclass(frozen=True)
class Choice:
    """One reason, item, level or grade of an aspect, with its points as text and what was given.

    loses: a reason which, seen once, takes the whole aspect. key: a grade's.
    """

    index: int
    name: str
    name_en: str
    points: str = ""
    most: int = 1
    value: object = None
    loses: bool = False
    key: str = ""


@dataclass(frozen=True)
class Unit:
    """In what a value is measured, as a thing with a name in both languages."""

    name: str
    name_en: str


@dataclass(frozen=True)
class Line:
    """One aspect of a sheet. value: as typed or stored; points: what it earns, as text, or None.

    top: "" where what can be earned has no top worth showing. is_lost: a reason took all of it.
    is_missed: a key item that earns nothing.
    """

    aspect: Aspect
    value: object
    points: str | None
    error: object = None
    choices: tuple[Choice, ...] = ()
    quick: tuple[str, ...] = ()
    top: str = ""
    step: str = ""
    lowest: str = ""
    highest: str = ""
    attempts: tuple[Attempt, ...] = ()
    standing: Standing = NOTHING
    is_lost: bool = False
    is_missed: bool = False

    @property
    def rules(self):
        """What stands for all that the judge is told of this aspect."""
        return aspect_hash(self.aspect)

    @property
    def is_given(self):
        """True when the mark counts as given."""
        return self.points is not None

    @property
    def unit(self):
        """In what it is measured."""
        return Unit(self.aspect.unit, self.aspect.unit_en)

    @property
    def stands(self):
        """The value that stands of several attempts, as text; "" while none does."""
        return stands_as_text(self.standing)


@dataclass(frozen=True)
class Block:
    """One criterion with its lines."""

    criterion: Criterion
    lines: tuple[Line, ...]
    top: str


@dataclass(frozen=True)
class Reading:
    """A whole sheet: its blocks, its total as text and the keys of what is missing.

    top: "" where a sum has no top worth showing. is_lost: a missed key item took all of it.
    rank: the rank that is given on a sheet that orders the entrants, "" before; None elsewhere.
    """

    blocks: tuple[Block, ...]
    total: str
    top: str
    missing: tuple[str, ...]
    count: int
    is_lost: bool = False
    rank: str | None = None

    @property
    def given(self):
        """How many aspects are marked."""
        return self.count - len(self.missing)

    @property
    def lines(self):
        """Every line, block after block."""
        return [line for block in self.blocks for line in block.lines]

    @property
    def has_untaken(self):
        """True when an aspect counts although some of its attempts were left empty."""
        return any(
            line.is_given and any(not one.value and not one.is_void for one in line.attempts)
            for line in self.lines
        )


def shown_points(units, rounding, step=""):
    """Units (int or Fraction) as text with the places and the rounding of the plan at a step."""
    exact = Fraction(units)
    column = Exact(np.array([exact.numerator], dtype=np.int64), exact.denominator)
    return text_of(round_to(column, rounding, step)[0], rounding.at(step)[0])


def shown_total(units, rounding):
    """The sum of a sheet as text."""
    return shown_points(units, rounding, "sheet")


def answer_of(module, rounding, revision):
    """What the server holds at a stored revision, as a SheetAnswer; `module` as on the sheet's seat.

    Marks that the rules in force would not take are shown and earn nothing, as on the sheet itself.
    """
    marks = revision.marks
    points = points_by_aspect(module, _taken_marks(module, marks))
    return answer_to(
        module, rounding, marks, points, rev=revision.rev,
        state=next_state("", revision.kind), at=revision.at, replayed=True,
    )


def answer_to(module, rounding, marks, points, *, rev, state, at, replayed=False):
    """The SheetAnswer for stored marks and the points that they earn."""
    missed = missed_key_items(module, points)
    return SheetAnswer(
        rev=rev,
        state=state,
        marks=marks,
        total=shown_total(sheet_sum(module, rounding, points), rounding),
        missing=missing_aspects(module, points),
        points=_texts_of(points, rounding),
        notes={
            aspect.key: note for aspect in module.aspects
            if (note := _note(aspect, marks.get(aspect.key), aspect.key in missed))
        },
        is_lost=is_lost(module, points),
        at=at,
        replayed=replayed,
    )


def _taken_marks(module, marks):
    good = {}
    for aspect in module.aspects:
        try:
            good[aspect.key] = canonical_mark(aspect, marks.get(aspect.key))
        except MarkError:
            good[aspect.key] = None
    return good


def _texts_of(points, rounding):
    """What each aspect earns as text, rounded all at once: {key: text}."""
    if not points:
        return {}
    denominator = lcm(*(value.denominator for value in points.values()))
    numerators = [value.numerator * (denominator // value.denominator) for value in points.values()]
    units = round_to(Exact(np.array(numerators, dtype=np.int64), denominator), rounding)
    places = rounding.at("")[0]
    return {key: text_of(one, places) for key, one in zip(points, units.tolist(), strict=True)}


def _note(aspect, value, is_missed):
    """What is to be said of an aspect beside its points, for the tablet."""
    note, standing = {}, standing_of(aspect, value)
    if aspect.attempts > 1:
        note["stands"] = stands_as_text(standing)
        note["void"] = standing.is_void
        note["counting"] = list(standing.counting)
    elif standing.is_void:
        note["void"] = True
    if _loses(aspect, value):
        note["lost"] = True
    if is_missed:
        note["missed"] = True
    return note


def _loses(aspect, value):
    """True when a reason was seen which takes the whole aspect."""
    if aspect.kind != "deductions" or not isinstance(value, dict):
        return False
    return any(reason.loses and value.get(str(i), 0) for i, reason in enumerate(aspect.reasons))


def read_sheet(module, marks, rounding, errors=None):
    """The Reading of a sheet; typed values that are no marks are shown and earn nothing.

    module: as on the sheet's seat (`rules.on_seat`).
    """
    good = _taken_marks(module, marks)
    points = points_by_aspect(module, good)
    texts = _texts_of(points, rounding)
    missed = missed_key_items(module, points)

    def line(aspect):
        key = aspect.key
        return _line(aspect, marks.get(key), texts.get(key), (errors or {}).get(key), key in missed)

    blocks = tuple(
        Block(criterion, tuple(map(line, criterion.aspects)), _top_of(criterion.aspects))
        for criterion in module.criteria
    )
    is_rank = any(aspect.kind == "rank" for aspect in module.aspects)
    rank = good[module.aspects[0].key] if is_rank else None
    return Reading(
        blocks,
        shown_total(sheet_sum(module, rounding, points), rounding),
        _top_of(module.aspects),
        missing_aspects(module, points),
        len(module.aspects),
        is_lost(module, points),
        ("" if rank is None else str(rank)) if is_rank else None,
    )


def has_top(aspect):
    """False where more than the top mark can be earned, or nothing at all."""
    return aspect.kind != "rank" and not aspect.itself and aspect.clamp


def _top_of(aspects):
    if not all(map(has_top, aspects)):
        return ""
    return text_of(sum(aspect.max for aspect in aspects))


def _line(aspect, value, points, error, is_missed):
    choices = _choices(aspect, value)
    top = top_of_attempt(aspect)
    return Line(
        aspect, value, points, error, choices,
        quick=_quick(aspect) if aspect.kind == "points" and aspect.attempts == 1 else (),
        top=text_of(aspect.max) if has_top(aspect) else "", step=text_of(aspect.step),
        lowest=text_of(aspect.lowest) if aspect.kind == "measured" else "0",
        highest=text_of(aspect.highest if aspect.kind == "measured" else top),
        attempts=attempts_of(aspect, value), standing=standing_of(aspect, value),
        is_lost=_loses(aspect, value), is_missed=is_missed,
    )


def _choices(aspect, value):
    if aspect.kind == "deductions":
        counts = value if isinstance(value, dict) else {}
        return tuple(
            Choice(i, r.name, r.name_en, text_of(r.points), r.most, counts.get(str(i), 0), r.loses)
            for i, r in enumerate(aspect.reasons)
        )
    if aspect.kind == "checklist":
        answers = value if isinstance(value, list) else [None] * len(aspect.items)
        return tuple(
            Choice(i, item.name, item.name_en, text_of(item.points), value=answers[i])
            for i, item in enumerate(aspect.items)
        )
    if aspect.kind == "judgement":
        return tuple(
            Choice(i, level.name, level.name_en, value=str(value) == str(i))
            for i, level in enumerate(aspect.levels)
        )
    if aspect.kind == "grade":
        return tuple(
            Choice(i, grade.name, grade.name_en, text_of(grade.points),
                   value=str(value) == grade.key, key=grade.key)
            for i, grade in enumerate(aspect.grades)
        )
    return ()


def _quick(aspect):
    """A few round marks to tap: shares of the top mark, moved down to the step."""
    shares = (aspect.max * share // 100 for share in QUICK_SHARES)
    marks = {share - share % aspect.step for share in shares} | {0, aspect.max}
    steps = aspect.max // aspect.step
    if steps <= len(QUICK_SHARES):
        marks = {step * aspect.step for step in range(steps + 1)} | {aspect.max}
    return tuple(text_of(mark) for mark in sorted(marks) if mark % aspect.step == 0)
