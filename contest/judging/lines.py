"""A sheet as a person reads it: every aspect with its mark in words and what it earns."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from contest.judging.rules import (
    SheetAnswer,
    missing_aspects,
    next_state,
    points_by_aspect,
    sheet_sum,
)
from contest.scoring.exact import Exact
from contest.scoring.marks import MarkError, canonical_mark
from contest.scoring.rounding import round_to
from contest.scoring.scheme import Aspect, Criterion
from contest.scoring.units import text_of

QUICK_SHARES = (0, 25, 50, 60, 70, 80, 90, 100)


@dataclass(frozen=True)
class Choice:
    """One reason, item or level of an aspect, with its points as text and what the judge gave."""

    index: int
    name: str
    name_en: str
    points: str = ""
    most: int = 1
    value: object = None


@dataclass(frozen=True)
class Line:
    """One aspect of a sheet. value: as typed or stored; points: what it earns, as text, or None."""

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

    @property
    def is_given(self):
        """True when the mark counts as given."""
        return self.points is not None


@dataclass(frozen=True)
class Block:
    """One criterion with its lines."""

    criterion: Criterion
    lines: tuple[Line, ...]
    top: str


@dataclass(frozen=True)
class Reading:
    """A whole sheet: its blocks, its total as text and the keys of what is missing."""

    blocks: tuple[Block, ...]
    total: str
    top: str
    missing: tuple[str, ...]
    count: int

    @property
    def given(self):
        """How many aspects are marked."""
        return self.count - len(self.missing)

    @property
    def lines(self):
        """Every line, block after block."""
        return [line for block in self.blocks for line in block.lines]


def shown_points(units, rounding):
    """Units (int or Fraction) as text with the places and the rounding of the plan."""
    exact = Fraction(units)
    column = Exact(np.array([exact.numerator], dtype=np.int64), exact.denominator)
    return text_of(round_to(column, rounding)[0], rounding.places)


def answer_of(module, rounding, revision, state=None, replayed=False):
    """What the server holds at a revision, as a SheetAnswer."""
    points = points_by_aspect(module, revision.marks)
    return SheetAnswer(
        rev=revision.rev,
        state=state or next_state("", revision.kind),
        marks=revision.marks,
        total=shown_points(sheet_sum(points), rounding),
        missing=missing_aspects(module, points),
        points={key: shown_points(value, rounding) for key, value in points.items()},
        at=revision.at,
        replayed=replayed,
    )


def read_sheet(module, marks, rounding, errors=None):
    """The Reading of a sheet; typed values that are no marks are shown and earn nothing."""
    good = {}
    for aspect in module.aspects:
        try:
            good[aspect.key] = canonical_mark(aspect, marks.get(aspect.key))
        except MarkError:
            good[aspect.key] = None
    points = points_by_aspect(module, good)
    texts = {key: shown_points(value, rounding) for key, value in points.items()}
    blocks = tuple(
        Block(
            criterion,
            tuple(
                _line(aspect, marks.get(aspect.key), texts.get(aspect.key),
                      (errors or {}).get(aspect.key))
                for aspect in criterion.aspects
            ),
            text_of(criterion.max),
        )
        for criterion in module.criteria
    )
    return Reading(
        blocks,
        shown_points(sheet_sum(points), rounding),
        text_of(module.max),
        missing_aspects(module, points),
        len(module.aspects),
    )


def _line(aspect, value, points, error):
    return Line(
        aspect, value, points, error, _choices(aspect, value),
        quick=_quick(aspect) if aspect.kind == "points" else (),
        top=text_of(aspect.max), step=text_of(aspect.step),
        lowest=text_of(aspect.lowest), highest=text_of(aspect.highest),
    )


def _choices(aspect, value):
    if aspect.kind == "deductions":
        counts = value if isinstance(value, dict) else {}
        return tuple(
            Choice(i, r.name, r.name_en, text_of(r.points), r.most, counts.get(str(i), 0))
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
    return ()


def _quick(aspect):
    """A few round marks to tap: shares of the top mark, moved down to the step."""
    shares = (aspect.max * share // 100 for share in QUICK_SHARES)
    marks = {share - share % aspect.step for share in shares} | {0, aspect.max}
    steps = aspect.max // aspect.step
    if steps <= len(QUICK_SHARES):
        marks = {step * aspect.step for step in range(steps + 1)} | {aspect.max}
    return tuple(text_of(mark) for mark in sorted(marks) if mark % aspect.step == 0)
