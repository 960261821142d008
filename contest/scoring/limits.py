"""Clause 1, continued. How large the sums of a plan can grow, so that 64 bits always suffice.

Each column of marks has a *scale*: the denominator that fits every case the plan allows (any number
of judges struck out, any measured value), and the largest numerator that can stand over it.
`totals.py` computes with these very denominators.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from contest.scoring import UNITS_PER_POINT
from contest.scoring.marks import common_denominator, raw_range
from contest.scoring.panel import METHODS
from contest.scoring.scheme import Aspect, Module, Panel, Plan, Problem, Rounding, Stage
from contest.scoring.units import DECIMALS, text_of

LARGEST = 2**63 - 1
MOST_MEMBERS = 100  # of a team, where the plan does not say
HUNDRED = 100 * 10_000


@dataclass(frozen=True)
class Scale:
    """Numerators between 0 and `peak` over `denominator`, in units."""

    denominator: int
    peak: int


@dataclass(frozen=True)
class ModuleScales:
    """A module on its way: one aspect, one sheet, the panel, after rounding."""

    aspects: int  # the denominator of every aspect's points
    sheet: Scale
    panel: Scale
    result: Scale


@dataclass(frozen=True)
class Scales:
    """The scales of a whole plan, by key, after rounding; `teams` by the stage that is ranked."""

    modules: dict[str, ModuleScales]
    parts: dict[str, Scale]
    stages: dict[str, Scale]
    teams: dict[str, Scale]


def quantum(rounding: Rounding) -> int:
    """Units in one step of the last published decimal."""
    return 10 ** (DECIMALS - rounding.places)


def denominator_of_panel(panel: Panel, trimmed: bool) -> int:
    """The denominator that fits the panel's method whatever number of marks is left.

    Seven judges, one dropped on each side: 1 to 5 marks are left, lcm(1, 2, 3, 4, 5) = 60.
    """
    most = panel.counting if trimmed else panel.judges
    return METHODS[panel.method].denominator(most)


def denominator_of_mean(panel: Panel) -> int:
    """The denominator that fits a plain mean of all judges who count."""
    return METHODS["mean"].denominator(panel.judges)


def weighted_scale(terms) -> Scale:
    """The scale of a sum of columns, each (scale, factor as Fraction)."""
    denominator = lcm(*(scale.denominator * factor.denominator for scale, factor in terms))
    peak = sum(
        scale.peak * factor.numerator * (denominator // (scale.denominator * factor.denominator))
        for scale, factor in terms
    )
    return Scale(denominator, peak)


def module_factor(module: Module, trimmed: bool = True) -> Fraction:
    """What a module's mark is multiplied by to count in its part: weight ÷ top mark."""
    return Fraction(module.weight, top_of(module, trimmed))


def top_of(module: Module, trimmed: bool) -> int:
    """Top mark of the whole panel in units, with or without dropping."""
    if module.panel is not None and module.panel.method == "sum" and not trimmed:
        return module.max * module.panel.judges
    return module.top


def stage_terms(plan: Plan, stage: Stage) -> list[tuple[str, str, Fraction]]:
    """The parts, then the stage before, each (kind, key, factor), that make up a stage."""
    own = Fraction(HUNDRED - stage.carry_percent, HUNDRED)
    terms = [
        ("parts", part.key, own * Fraction(part.weight, HUNDRED))
        for part in plan.parts_of(stage.key)
    ]
    before = plan.stage_before(stage.key)
    if stage.carry_percent and before is not None:
        terms.append(("stages", before.key, Fraction(stage.carry_percent, HUNDRED)))
    return terms


def scales_of(plan: Plan, trimmed: bool = True) -> Scales:
    """The scales of every column of the plan; `trimmed` False: as though no mark were dropped."""
    return _Measuring(plan, trimmed).scales()


def limit_problems(plan: Plan) -> list[Problem]:
    """Every column of the plan that 64 bits might not hold, with the arithmetic."""
    problems = []
    roads = [True, False] if any(tie.by == "untrimmed" for tie in plan.ranking.ties) else [True]
    for trimmed in roads:
        measuring = _Measuring(plan, trimmed)
        measuring.scales()
        for path, key, scale in measuring.seen:
            problem = _problem_of(path, key, scale, quantum(plan.rounding))
            if problem is not None and problem not in problems:
                problems.append(problem)
    return problems


def _problem_of(path, key, scale, step):
    # Beside the sum there must be room to take a penalty off and to tell a half when rounding.
    need = scale.peak + 2 * scale.denominator * step
    if need <= LARGEST:
        return None
    return Problem(
        path,
        "The exact marks of %(key)s go up to %(top)s points in steps of 1/%(steps)s point: "
        "%(top)s × %(steps)s is about %(product)s, but only up to %(limit)s "
        "can be counted exactly. Round at an earlier step, or use smaller or rounder numbers.",
        {
            "key": key,
            "top": text_of(-(-scale.peak // scale.denominator)),
            "steps": scale.denominator * UNITS_PER_POINT,
            "product": need,
            "limit": LARGEST,
        },
    )


class _Measuring:
    """Walks the road of a plan once, noting the scale of every sum on the way in `seen`."""

    def __init__(self, plan, trimmed):
        self.plan = plan
        self.trimmed = trimmed
        self.seen = []

    def note(self, path, key, scale):
        self.seen.append((path, key, scale))
        return scale

    def rounded(self, scale, step):
        """The scale after rounding, where the plan rounds at this step."""
        rounding = self.plan.rounding
        if step not in rounding.steps:
            return scale
        unit = scale.denominator * quantum(rounding)
        return Scale(1, -(-scale.peak // unit) * quantum(rounding))

    def scales(self):
        plan = self.plan
        modules = {
            module.key: self.module(module, f"modules[{index}]")
            for index, module in enumerate(plan.modules)
        }
        parts = {}
        for index, part in enumerate(plan.parts):
            terms = [
                (modules[module.key].result, module_factor(module, self.trimmed))
                for module in plan.modules_of(part.key)
            ]
            scale = self.note(f"parts[{index}]", part.key, weighted_scale(terms))
            parts[part.key] = self.rounded(scale, "part")
        stages, teams = {}, {}
        for index, stage in enumerate(plan.stages):
            columns = {"parts": parts, "stages": stages}
            terms = [(columns[kind][key], factor) for kind, key, factor in stage_terms(plan, stage)]
            if terms:
                scale = self.note(f"stages[{index}]", stage.key, weighted_scale(terms))
                stages[stage.key] = self.rounded(scale, "stage")
        if plan.teams is not None:
            for key, scale in stages.items():
                teams[key] = self.team(scale, key)
            for kind, column in (("part", parts), ("module", modules)):
                for tie in plan.ranking.ties:
                    if tie.by == kind:
                        scale = column[tie.key]
                        self.team(getattr(scale, "result", scale), tie.label)
        return Scales(modules, parts, stages, teams)

    def module(self, module, path):
        if module.panel is None:
            scale = self.note(path, module.key, Scale(1, module.max))
            return ModuleScales(1, scale, scale, self.rounded(scale, "module"))
        panel = module.panel
        for aspect in module.aspects:
            self.note(path, f"{module.key}.{aspect.key}", Scale(1, _peak_of_rule(aspect)))
        aspects = common_denominator(module.aspects)
        sheet = self.note(path, module.key, Scale(aspects, module.max * aspects))
        if panel.level == "sheet":
            sheet = self.rounded(sheet, "sheet")
        fit = denominator_of_panel(panel, self.trimmed)
        marks = top_of(module, self.trimmed) // module.max
        whole = Scale(sheet.denominator * fit, sheet.peak * fit * marks)
        self.note(path, module.key, whole)
        for tie in self.plan.ranking.ties:
            if tie.by == "aspect" and tie.module == module.key:
                self.tie_aspect(module, module.aspect(tie.key), aspects, path)
        return ModuleScales(aspects, sheet, whole, self.rounded(whole, "module"))

    def tie_aspect(self, module, aspect, aspects, path):
        scale = aspect_tie_scale(module, aspect, aspects)
        if self.plan.teams is not None:
            scale = self.team(scale, f"{module.key}.{aspect.key}")
        self.note(path, f"{module.key}.{aspect.key}", scale)

    def team(self, scale, key):
        teams = self.plan.teams
        members = teams.best or teams.size or MOST_MEMBERS
        denominator = scale.denominator * (teams.size if teams.method == "mean" else 1)
        whole = self.note("teams", key, Scale(denominator, scale.peak * members))
        return self.rounded(whole, "team")


def aspect_tie_scale(module: Module, aspect: Aspect, aspects: int) -> Scale:
    """The scale of one aspect as a tie key; `aspects` the denominator of the module's points."""
    panel = module.panel
    if aspect.kind == "measured":
        fit = denominator_of_mean(panel)
        return Scale(fit, max(map(abs, raw_range(aspect))) * fit)
    if panel.level == "aspect":
        fit = denominator_of_panel(panel, True)
        return Scale(aspects * fit, aspect.max * aspects * fit * (module.top // module.max))
    fit = denominator_of_mean(panel)
    return Scale(aspects * fit, aspect.max * aspects * fit)


def _peak_of_rule(aspect):
    """The largest number met while a raw mark is turned into points."""
    formula = aspect.formula
    lowest, highest = raw_range(aspect)
    if formula is None:
        return max(abs(lowest), abs(highest), aspect.max)
    away = max(abs(lowest - formula.origin), abs(highest - formula.origin))
    if formula.whole:
        return max(away, abs(formula.start) + abs(formula.points) * (away // formula.per))
    slope = Fraction(formula.points, formula.per)
    risen = abs(formula.start) * slope.denominator + abs(slope.numerator) * away
    return max(away, risen, aspect.max * slope.denominator)
