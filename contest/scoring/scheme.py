"""Clause 1. The plan of a contest: what is marked, how much it weighs, how ties and prizes go.

A plan is made by `scheme_reading.plan_from(document)` and never changes. Every amount of points,
weights (percent) and measured values is an int in units of 1/10,000: a weight of 20 percent is
200_000, a step of half a point is 5_000. Words that people confuse: a *module* is one thing that
is marked as a whole (the theory paper, the fire drill); a *part* is several modules that count
together (theory, practical); a *stage* is a round (preliminary, final). A *criterion* groups the
*aspects* of a sheet; an aspect is what a judge marks. docs/rules/README.md says what each field
means.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil

from contest.scoring.scheme_aspects import (
    Aspect,
    Bracket,
    Criterion,
    Formula,
    Grade,
    Item,
    Level,
    Power,
    Reason,
)
from contest.scoring.scheme_awards import (
    Award,
    AwardPoints,
    Only,
    Organisations,
    Prizes,
    Shift,
)

__all__ = [
    "Adjustment", "Aspect", "Award", "AwardPoints", "Bracket", "Criterion", "Difficulty",
    "Formula", "Grade", "Item", "Level", "Module", "Only", "Organisations", "Panel", "Part",
    "Penalties", "Plan", "PlanError", "Power", "Prizes", "Problem", "Ranking", "Reason",
    "Rounding", "Shift", "Stage", "StepRounding", "Teams", "Tie", "Tolerance",
]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a plan document: where, a whole sentence, and its parameters.

    path: like "modules[2].panel.judges" (counted from 0), or "" for the plan as a whole.
    line: of the file it was read from, where there is one (scheme_lines.located), or 0.
    """

    path: str
    message: str
    params: dict
    line: int = 0

    @property
    def place(self) -> str:
        """Where it is: "line 37, modules[2].panel.judges", as far as it is known."""
        return ", ".join(filter(None, [f"line {self.line}" if self.line else "", self.path]))

    def __str__(self):
        sentence = self.message % self.params if self.params else self.message
        return f"{self.place}: {sentence}" if self.place else sentence


class PlanError(ValueError):
    """A plan document that cannot be used; `problems` holds every problem found."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Tolerance:
    """Where the kept marks' mean is at least `least`, they may lie `apart` units from each other."""

    least: int
    apart: int


@dataclass(frozen=True)
class Panel:
    """How several judges' sheets become one mark.

    level: sheet (combine the sheets' totals) | aspect (combine each aspect, then add).
    method: mean | sum | median | majority | borda. drop_from: drop only from so many marks up.
    tolerance: kept marks further apart than allowed bring back the dropped ones. weights: one for
    each seat. factor: units, the combined mark is multiplied by it. spread: units; totals further
    apart than this are odd, or None. remark: marks of a judgement more than a step apart have to
    be given again. key, name: of one of several panels of a module.
    """

    judges: int
    level: str = "sheet"
    method: str = "mean"
    drop_high: int = 0
    drop_low: int = 0
    spread: int | None = None
    drop_from: int = 0
    tolerance: tuple[Tolerance, ...] = ()
    weights: tuple[int, ...] = ()
    factor: int = 10_000
    remark: bool = False
    key: str = ""
    name: str = ""
    name_en: str = ""

    def drops(self, marks: int) -> tuple[int, int]:
        """How many of so many marks are left out, (low, high)."""
        return (self.drop_low, self.drop_high) if marks >= self.drop_from else (0, 0)

    @property
    def dropped(self) -> int:
        """How many marks of a full panel are left out."""
        return sum(self.drops(self.judges))

    @property
    def counting(self) -> int:
        """How many marks of a full panel count."""
        return self.judges - self.dropped

    @property
    def by_order(self) -> bool:
        """True where only the order in which each judge puts the entrants counts."""
        return self.method in ("majority", "borda")


@dataclass(frozen=True)
class Difficulty:
    """The range of the factor that each entrant brings, in units."""

    lowest: int
    highest: int
    places: int = 1


@dataclass(frozen=True)
class Adjustment:
    """How rooms in which different judges marked are made comparable.

    method: none | group_mean | z | robust. least: the smallest room for which it is done.
    """

    method: str = "none"
    least: int = 10


@dataclass(frozen=True)
class Module:
    """One thing that is marked as a whole. weight: units of percent of its part. max: units.

    entry: sheets (judges mark, the panel and `criteria` say how) | scores (one score comes in).
    kind: theory | practical | work | quiz, for words and icons only. panel: its one panel, or
    None where scores come in or where there are several `panels`. adjust: the most the chief may
    add or take, or None.
    """

    key: str
    part: str
    name: str
    max: int
    weight: int = 0
    name_en: str = ""
    entry: str = "sheets"
    kind: str = "practical"
    blind: bool = False
    speciality: str = ""
    lowest: int = 0
    cap: int | None = None
    pass_mark: int | None = None
    adjust: int | None = None
    difficulty: Difficulty | None = None
    adjustment: Adjustment = Adjustment()
    panel: Panel | None = None
    panels: tuple[Panel, ...] = ()
    criteria: tuple[Criterion, ...] = ()

    @cached_property
    def aspects(self) -> tuple[Aspect, ...]:
        """All aspects in the order of the sheet."""
        return tuple(aspect for criterion in self.criteria for aspect in criterion.aspects)

    @cached_property
    def all_panels(self) -> tuple[Panel, ...]:
        """Its one panel, or its several; none where scores come in."""
        return self.panels or ((self.panel,) if self.panel else ())

    @cached_property
    def seats(self) -> int:
        """How many judges mark it, all panels together; axis 1 of the book's arrays."""
        return sum(panel.judges for panel in self.all_panels)

    @cached_property
    def columns(self) -> tuple[tuple[int, int], ...]:
        """(index of the aspect, number of the attempt from 0) of axis 2 of the book's arrays."""
        return tuple(
            (index, attempt)
            for index, aspect in enumerate(self.aspects)
            for attempt in range(aspect.attempts)
        )

    def exact_top(self, trimmed: bool = True) -> Fraction:
        """The most its mark can be, in units; trimmed False: as though no mark were dropped."""
        if self.adjustment.method == "robust":
            return Fraction(1000 * 10_000)
        top = Fraction(0)
        for panel in self.all_panels:
            own = self.max
            if self.panels and not panel.by_order:
                own = sum(self.aspects[index].max for index in self.aspect_indexes(panel))
            kept = 1
            if panel.method == "sum":
                kept = panel.counting if trimmed else panel.judges
            top += Fraction(own * kept * panel.factor, 10_000)
        if not self.all_panels:
            top = Fraction(self.max)
        return top * self.difficulty.highest / 10_000 if self.difficulty else top

    @property
    def top(self) -> int:
        """The most its mark can be, in units, rounded up to whole ones."""
        return ceil(self.exact_top())

    def seats_of(self, panel: Panel) -> range:
        """The seats of one of its panels, counted from 0."""
        start = 0
        for each in self.all_panels:
            if each.key == panel.key:
                return range(start, start + each.judges)
            start += each.judges
        raise KeyError(panel.key)

    def panel_at(self, seat: int) -> Panel:
        """The panel on which a seat sits, counted from 0."""
        return next(p for p in self.all_panels if seat in self.seats_of(p))

    def aspect_indexes(self, panel: Panel) -> tuple[int, ...]:
        """Which of `aspects` a panel marks, by index."""
        owner = [criterion.panel for criterion in self.criteria for _ in criterion.aspects]
        if not self.panels:
            return tuple(range(len(owner)))
        return tuple(index for index, key in enumerate(owner) if key == panel.key)

    def criteria_at(self, seat: int) -> tuple[Criterion, ...]:
        """The criteria on the sheet of a seat, counted from 0."""
        if not self.panels:
            return self.criteria
        key = self.panel_at(seat).key
        return tuple(criterion for criterion in self.criteria if criterion.panel == key)

    def aspect(self, key: str) -> Aspect:
        """The aspect called `key`; KeyError when there is none."""
        return _named(self.aspects, key)

    def panel_called(self, key: str) -> Panel:
        """The panel called `key`; KeyError when there is none."""
        return _named(self.all_panels, key)


@dataclass(frozen=True)
class Part:
    """Several modules, or parts, that count together. weight: units of percent of what it is in.

    Where it stands: in a `stage`, or `within` another part. combine: weights (out of 100) |
    points (added up) | best (the `best` highest). to: entrant | team, whose mark it is.
    """

    key: str
    name: str
    stage: str = ""
    within: str = ""
    weight: int = 0
    name_en: str = ""
    combine: str = "weights"
    best: int = 1
    lowest: int = 0
    cap: int | None = None
    pass_mark: int | None = None
    to: str = "entrant"


@dataclass(frozen=True)
class Tie:
    """One key that separates equals. order: high | low.

    by: part | module | stage | aspect | attempt | untrimmed | better_places | data | sum.
    """

    by: str
    key: str = ""
    module: str = ""
    order: str = "high"
    keys: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What `decided_by` says: "part:practical", "aspect:drill.A1", "untrimmed"."""
        key = f"{self.module}.{self.key}" if self.module else self.key
        key = "+".join(self.keys) or key
        return f"{self.by}:{key}" if key else self.by


@dataclass(frozen=True)
class Stage:
    """A round of the contest. advance or advance_percent: how many go on to the next, or None.

    combine: weights (out of 100) | points. carry_percent: units of percent of the stage before
    that count in this stage's result. base: units everybody starts with. advance_cap: at most so
    many of one organisation, 0 for no limit. advance_line: in | out | key, equals on the last
    place, by `advance_by`. scale: none | robust, one more printed column.
    """

    key: str
    name: str
    name_en: str = ""
    advance: int | None = None
    carry_percent: int = 0
    combine: str = "weights"
    base: int = 0
    lowest: int = 0
    cap: int | None = None
    pass_mark: int | None = None
    advance_percent: int | None = None
    advance_rounding: str = "half_up"
    advance_cap: int = 0
    advance_line: str = "in"
    advance_by: Tie | None = None
    scale: str = "none"

    @property
    def lets_on(self) -> bool:
        """True where the plan says how many go on to the next stage."""
        return self.advance is not None or self.advance_percent is not None


@dataclass(frozen=True)
class StepRounding:
    """The places and the mode of one step that differs from the plan's."""

    step: str
    places: int
    mode: str = "half_up"


@dataclass(frozen=True)
class Rounding:
    """Where and how numbers are rounded. compare: rounded | exact, what places are made from."""

    places: int = 2
    mode: str = "half_up"
    steps: tuple[str, ...] = ("module", "part", "stage", "team")
    compare: str = "rounded"
    own: tuple[StepRounding, ...] = ()

    def at(self, step: str) -> tuple[int, str]:
        """The places and the mode of a step."""
        for each in self.own:
            if each.step == step:
                return each.places, each.mode
        return self.places, self.mode


@dataclass(frozen=True)
class Penalties:
    """order: cap_first | penalty_first, what comes first. percent: penalties are percents."""

    order: str = "cap_first"
    percent: bool = False


@dataclass(frozen=True)
class Ranking:
    """How places are given. order: high | low, which total is better.

    shared: equals share a place, else the chief must rule. dense: 1-2-2-3 instead of 1-2-2-4.
    passed_only: who misses a pass mark has no place.
    """

    shared: bool = True
    by_group: bool = False
    ties: tuple[Tie, ...] = ()
    order: str = "high"
    dense: bool = False
    passed_only: bool = False


@dataclass(frozen=True)
class Teams:
    """How members make a team's mark: their sum, mean (over `size`), sum of the `best` best, or the
    points of their places (`place_points`, units, from the first place on).

    size: how many members a team has, or None when the plan is silent.
    """

    method: str = "sum"
    best: int | None = None
    size: int | None = None
    place_points: tuple[int, ...] = ()


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
    penalties: Penalties = Penalties()
    ranking: Ranking = Ranking()
    teams: Teams | None = None
    organisations: Organisations | None = None
    prizes: Prizes = Prizes()
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
        """The entrants' parts that stand in a stage itself, in the plan's order."""
        return tuple(p for p in self.parts if p.stage == stage and p.to == "entrant")

    def team_parts_of(self, stage: str) -> tuple[Part, ...]:
        """The parts of a stage that count for teams only."""
        return tuple(p for p in self.parts if p.stage == stage and p.to == "team")

    def parts_within(self, part: str) -> tuple[Part, ...]:
        """The parts that stand within a part, in the plan's order."""
        return tuple(p for p in self.parts if p.within == part)

    def parts_under(self, stage: str) -> tuple[Part, ...]:
        """The entrants' parts of a stage and all parts within them."""
        found = []
        waiting = list(self.parts_of(stage))
        while waiting:
            found.append(waiting.pop(0))
            waiting[:0] = self.parts_within(found[-1].key)
        return tuple(found)

    def modules_of(self, part: str) -> tuple[Module, ...]:
        """The modules of a part itself, in the plan's order."""
        return tuple(module for module in self.modules if module.part == part)

    def modules_of_stage(self, stage: str) -> tuple[Module, ...]:
        """The modules of all entrants' parts of a stage, part by part."""
        return tuple(m for part in self.parts_under(stage) for m in self.modules_of(part.key))

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
