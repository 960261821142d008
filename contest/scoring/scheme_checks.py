"""Clause 1, continued. Do a plan's numbers agree with each other? Every refusal shows its sum."""

from contest.scoring.scheme import Problem
from contest.scoring.units import text_of

HUNDRED = 100 * 10_000


def sense_problems(plan) -> list[Problem]:
    """Everything in a well-formed plan that contradicts itself."""
    problems = [*_doubled_keys(plan), *_stage_problems(plan), *_part_problems(plan)]
    for index, module in enumerate(plan.modules):
        problems += _module_problems(plan, module, f"modules[{index}]")
    problems += _tie_problems(plan)
    problems += _team_problems(plan)
    for index, award in enumerate(plan.awards):
        problems += _award_problems(plan, award, f"awards[{index}]")
    problems += _ratio_problems(plan)
    return problems


def terms_of(things, attribute="weight") -> str:
    """The sum written out: "practical 70 + theory 20 = 90"."""
    terms = " + ".join(f"{thing.key} {text_of(getattr(thing, attribute))}" for thing in things)
    return f"{terms} = {text_of(sum(getattr(thing, attribute) for thing in things))}"


def _doubles(things, path):
    seen = set()
    for index, thing in enumerate(things):
        if thing.key in seen:
            yield Problem(
                f"{path}[{index}].key", "The key %(key)s is used twice.", {"key": thing.key}
            )
        seen.add(thing.key)


def _doubled_keys(plan):
    for name in ("stages", "parts", "modules", "awards"):
        yield from _doubles(getattr(plan, name), name)
    stages = {stage.key for stage in plan.stages}
    for index, module in enumerate(plan.modules):
        yield from _doubles(module.criteria, f"modules[{index}].criteria")
        yield from _doubles(module.aspects, f"modules[{index}].aspects")
        if module.key in stages:
            # Penalties name a module or a stage by its key alone.
            yield Problem(
                f"modules[{index}].key",
                "The key %(key)s is a stage's already; a module needs another.",
                {"key": module.key},
            )


def _stage_problems(plan):
    if not plan.stages:
        yield Problem("stages", "A plan needs at least one stage.", {})
        return
    for index, stage in enumerate(plan.stages):
        yield from _one_stage(plan, index, stage, plan.parts_of(stage.key))


def _one_stage(plan, index, stage, parts):
    path = f"stages[{index}]"
    is_last = index == len(plan.stages) - 1
    total = sum(part.weight for part in parts)
    if parts and total != HUNDRED:
        yield Problem(
            path,
            "The parts of stage %(stage)s weigh %(sum)s in all; "
            "they must add up to 100: %(terms)s.",
            {"stage": stage.key, "sum": text_of(total), "terms": terms_of(parts)},
        )
    if is_last and not parts:
        yield Problem(
            path, "The last stage, %(stage)s, needs at least one part.", {"stage": stage.key}
        )
    if stage.advance is not None and (is_last or not parts):
        yield Problem(
            f"{path}.advance",
            "Nobody can go on from stage %(stage)s: "
            "it is the last one, or nothing is marked in it.",
            {"stage": stage.key},
        )
    before = plan.stages[index - 1] if index else None
    if stage.carry_percent and (before is None or not plan.parts_of(before.key)):
        yield Problem(
            f"{path}.carry_percent",
            "Stage %(stage)s cannot take over %(percent)s percent: "
            "no stage before it has a result.",
            {"stage": stage.key, "percent": text_of(stage.carry_percent)},
        )


def _part_problems(plan):
    stages = {stage.key for stage in plan.stages}
    for index, part in enumerate(plan.parts):
        path = f"parts[{index}]"
        if part.stage not in stages:
            yield Problem(
                f"{path}.stage",
                "Part %(part)s belongs to stage %(stage)s, which does not exist.",
                {"part": part.key, "stage": part.stage},
            )
        modules = plan.modules_of(part.key)
        total = sum(module.weight for module in modules)
        if not modules:
            yield Problem(path, "Part %(part)s has no module.", {"part": part.key})
        elif total != HUNDRED:
            yield Problem(
                path,
                "The modules of part %(part)s weigh %(sum)s in all; "
                "they must add up to 100: %(terms)s.",
                {"part": part.key, "sum": text_of(total), "terms": terms_of(modules)},
            )


def _module_problems(plan, module, path):
    if module.part not in {part.key for part in plan.parts}:
        yield Problem(
            f"{path}.part",
            "Module %(module)s belongs to part %(part)s, which does not exist.",
            {"module": module.key, "part": module.part},
        )
    if module.entry == "scores":
        if module.panel is not None or module.criteria:
            yield Problem(
                path,
                "Module %(module)s takes scores, so it has no panel and no criteria.",
                {"module": module.key},
            )
        return
    if module.panel is None or not module.aspects:
        yield Problem(
            path,
            "Module %(module)s is marked on sheets, so it needs a panel and at least one aspect.",
            {"module": module.key},
        )
        return
    total = sum(aspect.max for aspect in module.aspects)
    if total != module.max:
        yield Problem(
            f"{path}.max",
            "The aspects of module %(module)s add up to %(sum)s, "
            "but its top mark is %(top)s: %(terms)s.",
            {
                "module": module.key,
                "sum": text_of(total),
                "top": text_of(module.max),
                "terms": terms_of(module.aspects, "max"),
            },
        )
    panel = module.panel
    if panel.counting < 1:
        yield Problem(
            f"{path}.panel",
            "Module %(module)s drops %(high)s + %(low)s = %(dropped)s of %(judges)s marks; "
            "at least one must be left.",
            {
                "module": module.key,
                "high": panel.drop_high,
                "low": panel.drop_low,
                "dropped": panel.dropped,
                "judges": panel.judges,
            },
        )
    for c, criterion in enumerate(module.criteria):
        for a, aspect in enumerate(criterion.aspects):
            yield from ASPECT_CHECKS[aspect.kind](aspect, f"{path}.criteria[{c}].aspects[{a}]")


def _check_points(aspect, path):
    if aspect.max % aspect.step:
        yield Problem(
            f"{path}.step",
            "The top mark %(top)s of %(aspect)s cannot be reached in steps of %(step)s.",
            {"aspect": aspect.key, "top": text_of(aspect.max), "step": text_of(aspect.step)},
        )


def _check_deductions(aspect, path):
    if not aspect.reasons:
        yield Problem(
            f"{path}.reasons",
            "%(aspect)s needs at least one reason for a deduction.",
            {"aspect": aspect.key},
        )


def _check_checklist(aspect, path):
    total = sum(item.points for item in aspect.items)
    if not aspect.items or total != aspect.max:
        terms = " + ".join(text_of(item.points) for item in aspect.items) or "0"
        yield Problem(
            f"{path}.items",
            "The lines of %(aspect)s add up to %(sum)s, but its top mark is %(top)s: %(terms)s.",
            {
                "aspect": aspect.key,
                "sum": text_of(total),
                "top": text_of(aspect.max),
                "terms": f"{terms} = {text_of(total)}",
            },
        )


def _check_judgement(aspect, path):
    if len(aspect.levels) != 4:
        yield Problem(
            f"{path}.levels",
            "%(aspect)s needs four descriptions, for 0, 1, 2 and 3; it has %(count)s.",
            {"aspect": aspect.key, "count": len(aspect.levels)},
        )


def _check_measured(aspect, path):
    if aspect.lowest >= aspect.highest:
        yield Problem(
            f"{path}.highest",
            "The highest value of %(aspect)s must be above the lowest, %(lowest)s.",
            {"aspect": aspect.key, "lowest": text_of(aspect.lowest)},
        )
    if bool(aspect.table) == (aspect.formula is not None):
        yield Problem(
            path,
            "%(aspect)s needs either a table or a formula that turns its value into points.",
            {"aspect": aspect.key},
        )
    steps = [bracket.upto for bracket in aspect.table]
    if any(left >= right for left, right in zip(steps, steps[1:], strict=False)):
        yield Problem(
            f"{path}.table",
            "The values in the table of %(aspect)s must rise from row to row: %(values)s.",
            {"aspect": aspect.key, "values": ", ".join(map(text_of, steps))},
        )
    highest = max([aspect.beyond, *(bracket.points for bracket in aspect.table)])
    if highest > aspect.max:
        yield Problem(
            f"{path}.table",
            "The table of %(aspect)s gives %(points)s points, "
            "more than the top mark of %(top)s.",
            {"aspect": aspect.key, "points": text_of(highest), "top": text_of(aspect.max)},
        )


ASPECT_CHECKS = {
    "points": _check_points,
    "deductions": _check_deductions,
    "checklist": _check_checklist,
    "judgement": _check_judgement,
    "measured": _check_measured,
}


def _tie_problems(plan):
    parts = {part.key for part in plan.parts}
    modules = {module.key: module for module in plan.modules}
    exists = {
        "part": lambda tie: tie.key in parts,
        "module": lambda tie: tie.key in modules,
        "aspect": lambda tie: (
            tie.module in modules and tie.key in {a.key for a in modules[tie.module].aspects}
        ),
        "untrimmed": lambda tie: True,
    }
    seen = set()
    for index, tie in enumerate(plan.ranking.ties):
        path = f"ranking.ties[{index}]"
        if not exists[tie.by](tie):
            yield Problem(
                path, "Ties are to be broken by %(tie)s, which does not exist.", {"tie": tie.label}
            )
        if tie.label in seen:
            yield Problem(
                path, "Ties are to be broken by %(tie)s twice.", {"tie": tie.label}
            )
        seen.add(tie.label)


def _team_problems(plan):
    teams = plan.teams
    if teams is None:
        return
    if teams.method == "best" and teams.best is None:
        yield Problem("teams.best", "Say how many of the best members count for the team.", {})
    if teams.method == "mean" and teams.size is None:
        yield Problem("teams.size", "Say by how many members the team's mean is divided.", {})
    if teams.method == "best" and teams.best and teams.size and teams.best > teams.size:
        yield Problem(
            "teams.best",
            "The best %(best)s cannot be taken from a team of %(size)s.",
            {"best": teams.best, "size": teams.size},
        )


def _award_problems(plan, award, path):
    if award.to == "team" and plan.teams is None:
        yield Problem(
            f"{path}.to",
            "%(award)s goes to a team, but the plan has no teams.",
            {"award": award.key},
        )
    if award.to == "organisation" and award.rule != "vote":
        yield Problem(
            f"{path}.rule",
            "%(award)s goes to an organisation, so it is given by vote.",
            {"award": award.key},
        )
    if award.first > award.last:
        yield Problem(
            f"{path}.first",
            "%(award)s goes from place %(first)s to place %(last)s; the first is after the last.",
            {"award": award.key, "first": award.first, "last": award.last},
        )
    if award.part and award.part not in {part.key for part in plan.parts}:
        yield Problem(
            f"{path}.part",
            "%(award)s looks at part %(part)s, which does not exist.",
            {"award": award.key, "part": award.part},
        )
    if award.to == "team" and (award.part or award.passed):
        yield Problem(
            path,
            "%(award)s goes to a team; parts and passing are for single entrants.",
            {"award": award.key},
        )


def _ratio_problems(plan):
    for to in ("entrant", "team"):
        some = [award for award in plan.awards if award.rule == "ratio" and award.to == to]
        total = sum(award.ratio for award in some)
        if total > HUNDRED:
            yield Problem(
                "awards",
                "The prizes by ratio take %(sum)s percent in all, more than there are: %(terms)s.",
                {"sum": text_of(total), "terms": terms_of(some, "ratio")},
            )
