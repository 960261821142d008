"""The plan as branches for the page on which it is written: figures, sums, and where trouble is."""

import re
from dataclasses import dataclass

from contest.scoring.scheme import Problem
from contest.scoring.units import text_of
from contest.setup.plan_tree import LIST_NODE, TOP_NODES

HUNDRED = 100 * 10_000


@dataclass(frozen=True)
class Branch:
    """A node as the tree shows it. sum: the weights or marks below it as text; is_off: wrong.

    figure: its weight "30 %", or its top mark as text, which is then in points (is_points).
    """

    address: str
    kind: str
    key: str
    name: str
    name_en: str
    figure: str
    is_points: bool
    sum: str
    is_off: bool
    problems: tuple[Problem, ...]
    branches: tuple["Branch", ...]

    @property
    def is_troubled(self):
        """True when this node or one below it has a problem."""
        return bool(self.problems) or any(branch.is_troubled for branch in self.branches)


def address_of(path):
    """The address of the node that a problem's path points into.

    >>> address_of("modules[2].criteria[0].aspects[1].max"), address_of("teams.best")
    ('modules.2.criteria.0.aspects.1', 'teams')
    """
    dotted = re.sub(r"\[(\d+)\]", r".\1", path)
    found = LIST_NODE.match(dotted)
    if found:
        return found.group()
    top = dotted.split(".")[0]
    return top if top in TOP_NODES else "plan"


def tree_of(plan, problems):
    """The whole plan as branches, each with its own problems; stages hold parts, parts modules."""
    by_address = {}
    for problem in problems:
        by_address.setdefault(address_of(problem.path), []).append(problem)
    return _Tree(plan, by_address).branches()


class _Tree:
    """The branches of one plan."""

    def __init__(self, plan, by_address):
        self.plan = plan
        self.by_address = by_address
        self.parts_seen = set()  # a draft may let a part stand within itself

    def branches(self):
        plan = self.plan
        awards = [
            self.branch(f"awards.{i}", "awards", award) for i, award in enumerate(plan.awards)
        ]
        stages = [self.stage(i, stage) for i, stage in enumerate(plan.stages)]
        lost = [
            self.part(i, part, by_weights=False) for i, part in enumerate(plan.parts)
            if part.key not in self.parts_seen
        ]
        return (
            self.branch("plan", "plan", plan), *stages, *lost,
            *(self.branch(name, name, None) for name in
              ("ranking", "rounding", "penalties", "teams", "organisations")),
            self.branch("prizes", "prizes", None, branches=awards),
        )

    def branch(self, address, kind, thing, *, figure="", points=False, total=None, wanted=None,
               branches=()):
        return Branch(
            address, kind, getattr(thing, "key", ""), getattr(thing, "name", ""),
            getattr(thing, "name_en", ""), figure, points, "" if total is None else text_of(total),
            total is not None and total != wanted, tuple(self.by_address.get(address, ())),
            tuple(branches),
        )

    def stage(self, index, stage):
        by_weights = stage.combine == "weights"
        inside = [(i, p) for i, p in enumerate(self.plan.parts) if p.stage == stage.key]
        own = [part for _, part in inside if part.to == "entrant"]
        return self.branch(
            f"stages.{index}", "stages", stage, wanted=HUNDRED,
            total=sum(part.weight for part in own) if by_weights and own else None,
            branches=[self.part(i, part, by_weights) for i, part in inside],
        )

    def part(self, index, part, by_weights):
        self.parts_seen.add(part.key)
        weighs = part.combine == "weights"
        parts = [
            (i, p) for i, p in enumerate(self.plan.parts)
            if p.within == part.key and p.key not in self.parts_seen
        ]
        modules = [(i, m) for i, m in enumerate(self.plan.modules) if m.part == part.key]
        inside = [thing for _, thing in (*parts, *modules)]
        return self.branch(
            f"parts.{index}", "parts", part, wanted=HUNDRED,
            figure=f"{text_of(part.weight)} %" if by_weights or part.weight else "",
            total=sum(thing.weight for thing in inside) if weighs else None,
            branches=[
                *(self.part(i, p, weighs) for i, p in parts),
                *(self.module(i, m, weighs) for i, m in modules),
            ],
        )

    def module(self, index, module, by_weights):
        address = f"modules.{index}"
        panels = [
            self.branch(f"{address}.panels.{p}", "panels", panel)
            for p, panel in enumerate(module.panels)
        ]
        criteria = [
            self.branch(
                f"{address}.criteria.{c}", "criteria", criterion, figure=text_of(criterion.max),
                branches=[
                    self.branch(f"{address}.criteria.{c}.aspects.{a}", "aspects", aspect,
                                figure=text_of(aspect.max))
                    for a, aspect in enumerate(criterion.aspects)
                ],
            )
            for c, criterion in enumerate(module.criteria)
        ]
        is_summed = module.entry == "sheets" and not any(p.by_order for p in module.all_panels)
        shown = by_weights or bool(module.weight)
        return self.branch(
            address, "modules", module,
            figure=f"{text_of(module.weight)} %" if shown else text_of(module.max),
            points=not shown, wanted=module.max,
            total=sum(aspect.max for aspect in module.aspects) if is_summed else None,
            branches=[*panels, *criteria],
        )
