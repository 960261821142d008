"""Clause 1. The plan of a contest: what is marked, how much it weighs, how ties and prizes go.

A plan is made by `scheme_reading.plan_from(document)` and never changes. Every amount of points,
weights (percent) and measured values is an int in units of 1/10,000: a weight of 20 percent is
200_000, a step of half a point is 5_000. Words that people confuse: a *module* is one thing that
is marked as a whole (the theory paper, the fire drill); a *part* is several modules that count
together (theory, practical); a *stage* is a round (preliminary, final). A *criterion* groups the
*aspects* of a sheet; an aspect is what a judge marks.
"""

from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a plan document: where, a whole sentence, and its parameters.

    path: like "modules[2].panel.judges" (counted from 0), or "" for the plan as a whole.
    """

    path: str
    message: str
    params: dict

    def __str__(self):
        sentence = self.message % self.params if self.params else self.message
        return f"{self.path}: {sentence}" if self.path else sentence


class PlanError(ValueError):
    """A plan document that cannot be used; `problems` holds every problem found."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Reason:
    """A preset reason for a deduction: `points` units off, at most `most` times."""

    name: str
    points: int
    name_en: str = ""
    most: int = 1


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
class Aspect:
    """One thing a judge marks. `max` is its top mark in units; the rest depends on `kind`.

    kind: points (step) | deductions (reasons) | checklist (items) | judgement (levels) |
    measured (unit, places, lowest, highest, and a table with `beyond`, or a formula).
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
    unit: str = ""
    unit_en: str = ""
    places: int = 0
    lowest: int = 0
    highest: int = 0
    table: tuple[Bracket, ...] = ()
    beyond: int = 0
    formula: Formula | None = None


@dataclass(frozen=True)
class Criterion:
    """A heading on the sheet with its aspects."""

    key: str
    name: str
    aspects: tuple[Aspect, ...]
    name_en: str = ""

    @property
    def max(self) -> int:
        """Top mark of the criterion in units."""
        return sum(aspect.max for aspect in self.aspects)


@dataclass(frozen=True)
class Panel:
    """How several judges' sheets become one mark.

    level: sheet (combine the sheets' totals) | aspect (combine each aspect, then add).
    method: mean | sum | median. spread: units; totals further apart than this are odd, or None.
    """

    judges: int
    level: str = "sheet"
    method: str = "mean"
    drop_high: int = 0
    drop_low: int = 0
    spread: int | None = None

    @property
    def dropped(self) -> int:
        """How many marks are left out."""
        return self.drop_high + self.drop_low

    @property
    def counting(self) -> int:
        """How many marks of a full panel count."""
        return self.judges - self.dropped


@dataclass(frozen=True)
class Module:
    """One thing that is marked as a whole. weight: units of percent of its part. max: units.

    entry: sheets (judges mark, `panel` and `criteria` say how) | scores (one score comes in).
    kind: theory | practical | work | quiz, for words and icons only.
    """

    key: str
    part: str
    name: str
    weight: int
    max: int
    name_en: str = ""
    entry: str = "sheets"
    kind: str = "practical"
    blind: bool = False
    speciality: str = ""
    panel: Panel | None = None
    criteria: tuple[Criterion, ...] = ()

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """All aspects in the order of the sheet; axis 2 of the book's arrays."""
        return tuple(aspect for criterion in self.criteria for aspect in criterion.aspects)

    def aspect(self, key: str) -> Aspect:
        """The aspect called `key`; KeyError when there is none."""
        return _named(self.aspects, key)

    @property
    def top(self) -> int:
        """Top mark of the whole panel in units: `max`; for a sum, `max` for each counting judge."""
        if self.panel is not None and self.panel.method == "sum":
            return self.max * self.panel.counting
        return self.max


@dataclass(frozen=True)
class Part:
    """Several modules that count together, out of 100. weight: units of percent of its stage."""

    key: str
    stage: str
    name: str
    weight: int
    name_en: str = ""
    pass_mark: int | None = None


@dataclass(frozen=True)
class Stage:
    """A round of the contest, out of 100. advance: how many go on to the next, or None.

    carry_percent: units of percent of the stage before that count in this stage's result.
    """

    key: str
    name: str
    name_en: str = ""
    advance: int | None = None
    carry_percent: int = 0


@dataclass(frozen=True)
class Rounding:
    """Where and how numbers are rounded. compare: rounded | exact, what places are made from."""

    places: int = 2
    mode: str = "half_up"
    steps: tuple[str, ...] = ("module", "part", "stage", "team")
    compare: str = "rounded"


@dataclass(frozen=True)
class Tie:
    """One key that separates equals. by: part | module | aspect | untrimmed. order: high | low."""

    by: str
    key: str = ""
    module: str = ""
    order: str = "high"

    @property
    def label(self) -> str:
        """What `decided_by` says: "part:practical", "aspect:drill.A1", "untrimmed"."""
        key = f"{self.module}.{self.key}" if self.module else self.key
        return f"{self.by}:{key}" if key else self.by


@dataclass(frozen=True)
class Ranking:
    """How places are given. shared: equals share a place (1-2-2-4), else the chief must rule."""

    shared: bool = True
    by_group: bool = False
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True)
class Teams:
    """How members make a team's mark: their sum, mean (over `size`), or sum of the `best` best.

    method: sum | mean | best. size: how many members a team has, or None when the plan is silent.
    """

    method: str = "sum"
    best: int | None = None
    size: int | None = None


@dataclass(frozen=True)
class Award:
    """A prize or a title and the rule that gives it.

    to: entrant | team | organisation. rule: ratio | count | threshold | top | vote.
    ratio: units of percent. border: in | out, what happens to equals on the last place.
    """

    key: str
    name: str
    to: str
    rule: str
    name_en: str = ""
    ratio: int = 0
    of: str = "competed"
    rounding: str = "half_up"
    count: int = 0
    border: str = "in"
    least: int = 0
    part: str = ""
    first: int = 1
    last: int = 1
    passed: bool = False
    title: bool = False
    level: str = ""
    note: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class Plan:
    """The whole plan of one contest."""

    name: str
    stages: tuple[Stage, ...]
    parts: tuple[Part, ...]
    modules: tuple[Module, ...]
    format: int = 1
    name_en: str = ""
    scenario: str = ""
    summary: str = ""
    summary_en: str = ""
    rounding: Rounding = Rounding()
    ranking: Ranking = Ranking()
    teams: Teams | None = None
    awards: tuple[Award, ...] = ()

    def stage(self, key: str) -> Stage:
        """The stage called `key`; KeyError when there is none."""
        return _named(self.stages, key)

    def part(self, key: str) -> Part:
        """The part called `key`; KeyError when there is none."""
        return _named(self.parts, key)

    def module(self, key: str) -> Module:
        """The module called `key`; KeyError when there is none."""
        return _named(self.modules, key)

    def award(self, key: str) -> Award:
        """The award called `key`; KeyError when there is none."""
        return _named(self.awards, key)

    def parts_of(self, stage: str) -> tuple[Part, ...]:
        """The parts of a stage, in the plan's order."""
        return tuple(part for part in self.parts if part.stage == stage)

    def modules_of(self, part: str) -> tuple[Module, ...]:
        """The modules of a part, in the plan's order."""
        return tuple(module for module in self.modules if module.part == part)

    def modules_of_stage(self, stage: str) -> tuple[Module, ...]:
        """The modules of all parts of a stage, part by part."""
        return tuple(m for part in self.parts_of(stage) for m in self.modules_of(part.key))

    @property
    def last_stage(self) -> Stage:
        """The stage that decides the contest."""
        return self.stages[-1]

    def stage_before(self, key: str) -> Stage | None:
        """The stage before the one called `key`, or None for the first."""
        index = [stage.key for stage in self.stages].index(key)
        return self.stages[index - 1] if index else None


def _named(things, key):
    for thing in things:
        if thing.key == key:
            return thing
    raise KeyError(key)
