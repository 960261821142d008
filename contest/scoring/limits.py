"""Clause 1, continued. How large the sums of a plan can grow, so that 64 bits always suffice.

Each column of marks has a *scale*: the denominator that fits every case the plan allows (any number
of judges struck out, any measured value), and the lowest and highest numerator that can stand over
it. `modules.py` and `totals.py` compute with these very denominators.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from contest.scoring import UNITS_PER_POINT
from contest.scoring.attempts import denominator_of
from contest.scoring.earning import RULES, common_denominator, earned_range
from contest.scoring.marks import value_range
from contest.scoring.panel import METHODS, denominator_of_panel, whole_weights
from contest.scoring.scheme import Aspect, Module, Panel, Plan, Problem, Rounding
from contest.scoring.scheme_fields import POINTS_TOP
from contest.scoring.tops import part_terms, stage_terms
from contest.scoring.units import DECIMALS, text_of

LARGEST = 2**63 - 1
MOST_MEMBERS = 100  # of a team, where the plan does not say
HUNDRED = 100 * 10_000


@dataclass(frozen=True)
class Scale:
    """Numerators between `low` and `peak` over `denominator`, in units."""

    denominator: int
    peak: int
    low: int = 0


@dataclass(frozen=True)
class ModuleScales:
    """A module on its way: one aspect, one sheet, the panels together, after rounding."""

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


def largest_quantum(rounding: Rounding) -> int:
    """Units in one step of the last decimal of the coarsest rounding."""
    return 10 ** (DECIMALS - min([rounding.places, *(own.places for own in rounding.own)]))


def denominator_of_mean(panel: Panel) -> int:
    """The denominator that fits a plain mean of all judges who count."""
    return METHODS["mean"].denominator(panel.judges)


def weighted_scale(terms) -> Scale:
    """The scale of a sum of columns, each (scale, factor as Fraction)."""
    denominator = lcm(*(scale.denominator * factor.denominator for scale, factor in terms))
    peak = low = 0
    for scale, factor in terms:
        grown = factor.numerator * (denominator // (scale.denominator * factor.denominator))
        peak += scale.peak * grown
        low += scale.low * grown
    return Scale(denominator, peak, low)


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
            problem = _problem_of(path, key, scale, largest_quantum(plan.rounding))
            if problem is not None and problem not in problems:
                problems.append(problem)
    return problems


def _problem_of(path, key, scale, step):
    # Beside the sum there must be room to take a penalty off and to tell a half when rounding.
    peak = max(scale.peak, -scale.low)
    need = peak + 2 * scale.denominator * step
    if need <= LARGEST:
        return None
    return Problem(
        path,
        "The exact marks of %(key)s go up to %(top)s points in steps of 1/%(steps)s point: "
        "%(top)s × %(steps)s is about %(product)s, but only up to %(limit)s "
        "can be counted exactly. Round at an earlier step, or use smaller or rounder numbers.",
        {
            "key": key,
            "top": text_of(-(-peak // scale.denominator)),
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
        if step not in self.plan.rounding.steps:
            return scale
        places, _ = self.plan.rounding.at(step)
        quantum = 10 ** (DECIMALS - places)
        unit = scale.denominator * quantum
        return Scale(1, -(-scale.peak // unit) * quantum, (scale.low // unit) * quantum)

    def settled(self, thing, scale, path, step):
        """After penalty, lowest and rounding."""
        if self.plan.penalties.percent:
            scale = Scale(scale.denominator * HUNDRED, scale.peak * HUNDRED, scale.low * HUNDRED)
        low = thing.lowest * scale.denominator
        scale = self.note(path, thing.key, Scale(scale.denominator, scale.peak, low))
        return self.rounded(scale, step)

    def scales(self):
        plan = self.plan
        modules = {
            module.key: self.module(module, f"modules[{index}]")
            for index, module in enumerate(plan.modules)
        }
        results = {key: scales.result for key, scales in modules.items()}
        parts = self.parts(results)
        stages, teams = {}, {}
        for index, stage in enumerate(plan.stages):
            columns = {"parts": parts, "stages": stages}
            terms = [
                (columns[kind][key], factor)
                for kind, key, factor in stage_terms(plan, stage, self.trimmed)
            ]
            if terms:
                whole = weighted_scale(terms)
                whole = Scale(
                    whole.denominator, whole.peak + stage.base * whole.denominator, whole.low
                )
                stages[stage.key] = self.settled(stage, whole, f"stages[{index}]", "stage")
        if plan.teams is not None:
            self.teams(results, parts, stages, teams)
        self.sums(results)
        return Scales(modules, parts, stages, teams)

    def parts(self, results):
        """Parts within parts first: what they stand in needs their scale."""
        plan, parts = self.plan, {}
        waiting = list(enumerate(plan.parts))
        while waiting:
            index, part = waiting.pop(0)
            terms = part_terms(plan, part, self.trimmed)
            columns = {"modules": results, "parts": parts}
            if any(key not in columns[kind] for kind, key, _ in terms):
                waiting.append((index, part))
                continue
            whole = weighted_scale([(columns[kind][key], factor) for kind, key, factor in terms])
            parts[part.key] = self.settled(part, whole, f"parts[{index}]", "part")
        return parts

    def sums(self, results):
        for tie in self.plan.ranking.ties:
            if tie.by == "sum":
                terms = [(results[key], Fraction(1)) for key in tie.keys]
                scale = self.note("ranking", tie.label, weighted_scale(terms))
                if self.plan.teams is not None:
                    self.team(scale, tie.label)

    def teams(self, results, parts, stages, teams):
        plan = self.plan
        for key, scale in stages.items():
            whole = self.member_scale(scale)
            terms = [(whole, Fraction(1))] + [
                (parts[part.key], Fraction(part.weight, HUNDRED))
                for part in plan.team_parts_of(key)
            ]
            teams[key] = self.rounded(self.note("teams", key, weighted_scale(terms)), "team")
        for kind, column in (("part", parts), ("module", results), ("stage", stages)):
            for tie in plan.ranking.ties:
                if tie.by == kind and tie.key in column:
                    self.team(column[tie.key], tie.label)
        for tie in plan.ranking.ties:
            if tie.by == "data":
                self.team(Scale(1, POINTS_TOP), tie.label)

    def member_scale(self, scale):
        """What the members make together, before the team's own parts."""
        teams = self.plan.teams
        members = teams.best or teams.size or MOST_MEMBERS
        if teams.method == "places":
            return Scale(1, max(teams.place_points, default=0) * members)
        denominator = scale.denominator * (teams.size if teams.method == "mean" else 1)
        return Scale(denominator, scale.peak * members, scale.low * members)

    def team(self, scale, key):
        """A tie key, added up over the members that count."""
        teams = self.plan.teams
        members = teams.best or teams.size or MOST_MEMBERS
        self.note("teams", key, Scale(scale.denominator, scale.peak * members, scale.low * members))

    def module(self, module, path):
        if not module.all_panels:
            scale = Scale(1, module.max, module.lowest)
            whole = self.after_the_panels(module, scale, path)
            return ModuleScales(1, scale, whole, self.end(module, whole, path))
        for aspect in module.aspects:
            self.note(path, f"{module.key}.{aspect.key}", Scale(1, _met(aspect)))
        aspects = common_denominator(module.aspects)
        low = peak = 0
        for aspect in module.aspects:
            least, most = _earned(aspect, aspects)
            low, peak = low + least, peak + most
        sheet = self.note(path, module.key, Scale(aspects, peak, low))
        whole = self.panels(module, sheet, path)
        for tie in self.plan.ranking.ties:
            if tie.by in ("aspect", "attempt") and tie.module == module.key:
                self.tie_aspect(module, module.aspect(tie.key), aspects, path)
        return ModuleScales(aspects, sheet, whole, self.end(module, whole, path))

    def panels(self, module, sheet, path):
        terms = []
        for panel in module.all_panels:
            if panel.by_order:
                scale = Scale(2, 2 * module.max)
            else:
                own = self.rounded(sheet, "sheet") if panel.level == "sheet" else sheet
                fit = denominator_of_panel(panel, self.trimmed)
                kept = panel.counting if self.trimmed else panel.judges
                marks = kept if panel.method == "sum" else 1
                scale = Scale(own.denominator * fit, own.peak * fit * marks, own.low * fit * marks)
                # Before the division by their number, all the marks stand side by side.
                weights = sum(whole_weights(panel)) if panel.weights else panel.judges
                side_by_side = max(own.peak, -own.low) * max(weights, 2)
                self.note(path, module.key, Scale(own.denominator, side_by_side))
            scale = self.rounded(self.note(path, module.key, scale), "panel")
            terms.append((scale, Fraction(panel.factor, 10_000)))
        return self.after_the_panels(module, weighted_scale(terms), path)

    def after_the_panels(self, module, scale, path):
        """× difficulty, ± what the chief may add."""
        if module.difficulty is not None:
            highest = module.difficulty.highest
            scale = Scale(scale.denominator * 10_000, scale.peak * highest, scale.low * highest)
        if module.adjust is not None:
            moved = module.adjust * scale.denominator
            scale = Scale(scale.denominator, scale.peak + moved, scale.low - moved)
        return self.note(path, module.key, scale)

    def end(self, module, whole, path):
        result = self.settled(module, whole, path, "module")
        if module.adjustment.method == "none":
            return result
        top = int(module.exact_top())
        return Scale(1, max(top, result.peak // result.denominator + 1), module.lowest)

    def tie_aspect(self, module, aspect, aspects, path):
        scale = aspect_tie_scale(module, aspect, aspects)
        if self.plan.teams is not None:
            self.team(scale, f"{module.key}.{aspect.key}")
        self.note(path, f"{module.key}.{aspect.key}", scale)


def _earned(aspect, denominator):
    low, high, _ = earned_range(aspect, *value_range(aspect))
    grown = denominator // RULES[aspect.kind].denominator(aspect)
    return low * grown, high * grown


def _met(aspect):
    """The largest number met while the attempts are taken and turned into points."""
    lowest, highest = value_range(aspect)
    tries = aspect.attempts if aspect.take in ("sum", "mean") else 1
    return max(abs(lowest) * tries, abs(highest) * tries, *map(
        abs, earned_range(aspect, lowest, highest)
    ))


def aspect_tie_scale(module: Module, aspect: Aspect, aspects: int) -> Scale:
    """The scale of one aspect as a tie key; `aspects` the denominator of the module's points."""
    index = module.aspects.index(aspect)
    panel = next(p for p in module.all_panels if index in module.aspect_indexes(p))
    fit = denominator_of_mean(panel)
    if aspect.kind == "measured":
        lowest, highest = value_range(aspect)
        unit = denominator_of(aspect)
        return Scale(fit * unit, max(abs(lowest), abs(highest)) * fit * unit)
    _, most = _earned(aspect, aspects)
    if panel.level == "aspect" and not panel.by_order:
        fit = lcm(fit, denominator_of_panel(panel, True))
        kept = panel.counting if panel.method == "sum" else 1
        return Scale(aspects * fit, most * fit * kept)
    return Scale(aspects * fit, most * fit)
