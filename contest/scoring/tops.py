"""Clause 4, continued. What a part and a stage are made of, and the most each thing can be.

What counts by weight is divided by its top before it is weighed.
"""

from fractions import Fraction

from contest.scoring.scheme import Module, Part, Plan, Stage

HUNDRED = 100 * 10_000


def top_of_module(module: Module, trimmed: bool = True) -> Fraction:
    """Units; trimmed False: as though no mark were dropped."""
    return module.exact_top(trimmed)


def top_of_part(plan: Plan, part: Part, trimmed: bool = True) -> Fraction:
    """Units: 100 points where weights are added up, else the tops of what is inside."""
    if part.combine == "weights":
        return Fraction(HUNDRED)
    tops = [top_of_module(module, trimmed) for module in plan.modules_of(part.key)]
    tops += [top_of_part(plan, inner, trimmed) for inner in plan.parts_within(part.key)]
    if part.combine == "best":
        return part.best * max(tops, default=Fraction(0))
    return sum(tops, Fraction(0))


def top_of_stage(plan: Plan, stage: Stage, trimmed: bool = True) -> Fraction:
    """Units: 100 points where weights are added up, else the tops of its parts; with the base."""
    top = Fraction(HUNDRED)
    if stage.combine == "points":
        top = sum((top_of_part(plan, p, trimmed) for p in plan.parts_of(stage.key)), Fraction(0))
        before = plan.stage_before(stage.key)
        if stage.carry_percent and before is not None:
            top += top_of_stage(plan, before, trimmed) * Fraction(stage.carry_percent, HUNDRED)
    return top + stage.base


def part_terms(plan: Plan, part: Part, trimmed: bool = True) -> list[tuple[str, str, Fraction]]:
    """The modules and parts inside a part, each (kind, key, factor)."""
    inside = [
        ("modules", module.key, module.weight, top_of_module(module, trimmed))
        for module in plan.modules_of(part.key)
    ]
    inside += [
        ("parts", inner.key, inner.weight, top_of_part(plan, inner, trimmed))
        for inner in plan.parts_within(part.key)
    ]
    by_weight = part.combine == "weights"
    return [
        (kind, key, Fraction(weight) / top if by_weight else Fraction(1))
        for kind, key, weight, top in inside
    ]


def stage_terms(plan: Plan, stage: Stage, trimmed: bool = True) -> list[tuple[str, str, Fraction]]:
    """The parts, then the stage before, each (kind, key, factor), that make up a stage."""
    carried = Fraction(stage.carry_percent, HUNDRED)
    terms = []
    for part in plan.parts_of(stage.key):
        factor = Fraction(1)
        if stage.combine == "weights":
            factor = (1 - carried) * Fraction(part.weight) / top_of_part(plan, part, trimmed)
        terms.append(("parts", part.key, factor))
    before = plan.stage_before(stage.key)
    if carried and before is not None:
        terms.append(("stages", before.key, carried))
    return terms
