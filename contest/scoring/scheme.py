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
from contest.scoring.scheme_modules import (
    Adjustment,
    Difficulty,
    Module,
    Panel,
    Tolerance,
    named,
)
from contest.scoring.words import in_english

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
        sentence = in_english(self.message, self.params)
        return f"{self.place}: {sentence}" if self.place else sentence


class PlanError(ValueError):
    """A plan document that cannot be used; `problems` holds every problem found."""

    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


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
        return named(self.stages, key)

    def part(self, key: str) -> Part:
        """The part called `key`; KeyError when there is none."""
        return named(self.parts, key)

    def module(self, key: str) -> Module:
        """The module called `key`; KeyError when there is none."""
        return named(self.modules, key)

    def award(self, key: str) -> Award:
        """The award called `key`; KeyError when there is none."""
        return named(self.awards, key)

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
