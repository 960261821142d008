"""Clause 1, continued. What a judge marks: aspects, criteria, and how an aspect earns points.

docs/rules/README.md, section 1, says what each field means.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """A preset reason for a deduction: `points` units off, at most `most` times.

    loses: seen once, the whole aspect earns nothing.
    """

    name: str
    points: int
    name_en: str = ""
    most: int = 1
    loses: bool = False


@dataclass(frozen=True)
class Item:
    """One line of a yes/no checklist, worth `points` units when ticked."""

    name: str
    points: int
    name_en: str = ""


@dataclass(frozen=True)
class Level:
    """The description of one step, 0 to 3, of a judgement."""

    name: str
    name_en: str = ""


@dataclass(frozen=True)
class Grade:
    """One grade that a judge may give, and the units it earns."""

    key: str
    name: str
    points: int
    name_en: str = ""


@dataclass(frozen=True)
class Bracket:
    """One row of a table: a measured value up to and including `upto` earns `points` units."""

    upto: int
    points: int


@dataclass(frozen=True)
class Formula:
    """start + points × (value − origin) / per, then held between 0 and the aspect's top mark.

    `whole`: only whole steps of `per` count, towards `origin`.
    """

    start: int
    origin: int
    points: int
    per: int
    whole: bool = False


@dataclass(frozen=True)
class Power:
    """⌊scale × d ^ exponent⌋ whole points; d = value − origin, or origin − value where low is better.

    scale: in 1/100,000,000. exponent: in 1/1000. Rule: scoring tables of combined events.
    """

    scale: int
    origin: int
    exponent: int
    better: str = "high"


@dataclass(frozen=True)
class Aspect:
    """One thing a judge marks. `max` is its top mark in units; the rest depends on `kind`.

    kind: points (step) | deductions (reasons) | checklist (items) | judgement (levels) |
    measured (unit, places, lowest, highest, and one of table with `beyond`, formula, power,
    itself) | grade (grades) | rank. take, drop_best, drop_worst, better: what stands of several
    `attempts`. key_item: "" | sheet | module, what is lost when the aspect earns nothing. apart: of
    points and measured values; judges' marks further apart than this are odd, or None. record: a measured
    value that may be a record; no mark counts by it.
    """

    key: str
    name: str
    kind: str
    max: int
    name_en: str = ""
    step: int = 10_000
    reasons: tuple[Reason, ...] = ()
    items: tuple[Item, ...] = ()
    levels: tuple[Level, ...] = ()
    grades: tuple[Grade, ...] = ()
    unit: str = ""
    unit_en: str = ""
    places: int = 0
    lowest: int = 0
    highest: int = 0
    table: tuple[Bracket, ...] = ()
    beyond: int = 0
    formula: Formula | None = None
    power: Power | None = None
    itself: bool = False
    clamp: bool = True
    attempts: int = 1
    take: str = "best"
    better: str = "high"
    drop_best: int = 0
    drop_worst: int = 0
    key_item: str = ""
    apart: int | None = None
    record: bool = False


@dataclass(frozen=True)
class Criterion:
    """A heading on the sheet with its aspects; `panel` says whose, where a module has several."""

    key: str
    name: str
    aspects: tuple[Aspect, ...]
    name_en: str = ""
    panel: str = ""

    @property
    def max(self) -> int:
        """Top mark of the criterion in units."""
        return sum(aspect.max for aspect in self.aspects)
