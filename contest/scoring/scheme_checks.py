"""Clause 1, continued. Do a plan's numbers agree with each other? Every refusal shows its sum."""

from contest.scoring.aspect_checks import aspect_problems, panel_problems
from contest.scoring.award_checks import award_problems, key_problems, team_problems, tie_problems
from contest.scoring.scheme import Problem
from contest.scoring.sum_words import terms_of
from contest.scoring.tops import top_of_module, top_of_part, top_of_stage
from contest.scoring.units import text_of
from contest.scoring.words import listed

HUNDRED = 100 * 10_000


def sense_problems(plan) -> list[Problem]:
    """Everything in a well-formed plan that contradicts itself."""
    # A part that leads to no stage comes before the stage that lacks it.
    problems = [*_doubled_keys(plan), *_nesting_problems(plan), *_stage_problems(plan)]
    problems += _rounding_problems(plan)
    for index, module in enumerate(plan.modules):
        problems += _module_problems(plan, module, f"modules[{index}]")
    problems += _low_problems(plan)
    if not problems:
        # Tops can be told only where nothing stands within itself.
        problems += [*_part_problems(plan), *_pass_problems(plan)]
    problems += tie_problems(plan)
    problems += team_problems(plan)
    problems += award_problems(plan)
    return problems


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
        yield from _doubles(module.panels, f"modules[{index}].panels")
        if module.key in stages:
            # Penalties name a module or a stage by its key alone.
            yield Problem(
                f"modules[{index}].key",
                "The key %(key)s is a stage's already; a module needs another.",
                {"key": module.key},
            )


def _rounding_problems(plan):
    for index, own in enumerate(plan.rounding.own):
        if own.places > plan.rounding.places:
            yield Problem(
                f"rounding.own[{index}].places",
                "Step %(step)s has %(places)s decimals, more than the plan's %(most)s.",
                {"step": own.step, "places": own.places, "most": plan.rounding.places},
            )


def _stage_problems(plan):
    if not plan.stages:
        yield Problem("stages", "A plan needs at least one stage.", {})
        return
    for index, stage in enumerate(plan.stages):
        yield from _one_stage(plan, index, stage, plan.parts_of(stage.key))
        yield from _advance_problems(plan, index, stage)


def _one_stage(plan, index, stage, parts):
    path = f"stages[{index}]"
    is_last = index == len(plan.stages) - 1
    total = sum(part.weight for part in parts)
    if parts and stage.combine == "weights" and total != HUNDRED:
        yield Problem(
            path,
            "The parts of stage %(stage)s weigh %(sum)s in all; "
            "they must add up to 100: %(terms)s.",
            {"stage": stage.key, "sum": text_of(total), "terms": terms_of(parts)},
        )
    if stage.combine == "points" and total:
        yield Problem(
            path,
            "The points of stage %(stage)s are added up, so its parts have no weights: %(terms)s.",
            {"stage": stage.key, "terms": terms_of(parts)},
        )
    if is_last and not parts:
        yield Problem(
            path, "The last stage, %(stage)s, needs at least one part.", {"stage": stage.key}
        )
    before = plan.stages[index - 1] if index else None
    if stage.carry_percent and (before is None or not plan.parts_of(before.key)):
        yield Problem(
            f"{path}.carry_percent",
            "Stage %(stage)s cannot take over %(percent)s percent: "
            "no stage before it has a result.",
            {"stage": stage.key, "percent": text_of(stage.carry_percent)},
        )


def _advance_problems(plan, index, stage):
    path = f"stages[{index}]"
    is_last = index == len(plan.stages) - 1
    if stage.lets_on and (is_last or not plan.parts_of(stage.key)):
        yield Problem(
            f"{path}.advance",
            "Nobody can go on from stage %(stage)s: "
            "it is the last one, or nothing is marked in it.",
            {"stage": stage.key},
        )
    if stage.advance is not None and stage.advance_percent is not None:
        yield Problem(
            f"{path}.advance_percent",
            "Stage %(stage)s lets on either a number or a percentage, not both.",
            {"stage": stage.key},
        )
    if (stage.advance_line == "key") != (stage.advance_by is not None):
        yield Problem(
            f"{path}.advance_by",
            "Stage %(stage)s needs advance_by exactly where equals on the line go on by a key.",
            {"stage": stage.key},
        )
    elif stage.advance_by is not None:
        yield from key_problems(plan, stage.advance_by, f"{path}.advance_by")


def _nesting_problems(plan):
    """Every part stands in one stage or within one part, never within itself."""
    stages = {stage.key for stage in plan.stages}
    within = {part.key: part.within for part in plan.parts}
    for index, part in enumerate(plan.parts):
        path = f"parts[{index}]"
        if bool(part.stage) == bool(part.within):
            yield Problem(
                path,
                "Part %(part)s must stand either in a stage or within another part.",
                {"part": part.key},
            )
        if part.stage and part.stage not in stages:
            yield Problem(
                f"{path}.stage",
                "Part %(part)s belongs to stage %(stage)s, which does not exist.",
                {"part": part.key, "stage": part.stage},
            )
        if part.within and part.within not in within:
            yield Problem(
                f"{path}.within",
                "Part %(part)s stands within %(other)s, which does not exist.",
                {"part": part.key, "other": part.within},
            )
        if _is_within_itself(part.key, within):
            yield Problem(
                f"{path}.within", "Part %(part)s stands within itself.", {"part": part.key}
            )
        if part.to == "team" and (plan.teams is None or part.within or not part.weight):
            yield Problem(
                f"{path}.to",
                "Part %(part)s counts for teams: the plan needs teams, and the part a stage "
                "and a weight in percent.",
                {"part": part.key},
            )


def _is_within_itself(key, within):
    seen, at = set(), within.get(key)
    while at and at not in seen:
        if at == key:
            return True
        seen.add(at)
        at = within.get(at)
    return False


def _part_problems(plan):
    for index, part in enumerate(plan.parts):
        path = f"parts[{index}]"
        modules = plan.modules_of(part.key)
        inside = (*modules, *plan.parts_within(part.key))
        total = sum(thing.weight for thing in inside)
        if not inside:
            yield Problem(path, "Part %(part)s has no module.", {"part": part.key})
        elif part.combine == "weights" and total != HUNDRED:
            yield Problem(
                path,
                "The modules of part %(part)s weigh %(sum)s in all; "
                "they must add up to 100: %(terms)s.",
                {"part": part.key, "sum": text_of(total), "terms": terms_of(inside)},
            )
        elif part.combine != "weights" and total:
            yield Problem(
                path,
                "The points of part %(part)s are added up, "
                "so nothing in it has a weight: %(terms)s.",
                {"part": part.key, "terms": terms_of(inside)},
            )
        if part.combine == "best":
            yield from _best_problems(plan, part, inside, path)


def _best_problems(plan, part, inside, path):
    tops = {_top(plan, thing) for thing in inside}
    if len(tops) > 1:
        words = listed(text_of(int(top)) for top in sorted(tops))
        yield Problem(
            path,
            "The best of part %(part)s can be told only where all have one top mark; "
            "these are: %(tops)s.",
            {"part": part.key, "tops": words},
        )
    if part.best > len(inside):
        yield Problem(
            f"{path}.best",
            "Part %(part)s takes the best %(best)s, but has only %(count)s.",
            {"part": part.key, "best": part.best, "count": len(inside)},
        )


def _top(plan, thing):
    is_module = hasattr(thing, "criteria")
    return top_of_module(thing) if is_module else top_of_part(plan, thing)


def _low_problems(plan):
    """Where less is better, nothing is passed by having enough, and no best is the highest."""
    if plan.ranking.order != "low":
        return
    things = (*plan.stages, *plan.parts, *plan.modules)
    bad = [thing.key for thing in things if thing.pass_mark is not None]
    bad += [part.key for part in plan.parts if part.combine == "best"]
    if bad:
        yield Problem(
            "ranking.order",
            "Where the lower total is better, nothing has a pass mark and no part takes the best: "
            "%(keys)s.",
            {"keys": listed(bad)},
        )


def _pass_problems(plan):
    groups = (
        ("stages", plan.stages, lambda thing: top_of_stage(plan, thing)),
        ("parts", plan.parts, lambda thing: top_of_part(plan, thing)),
        ("modules", plan.modules, top_of_module),
    )
    for name, things, top_of in groups:
        for index, thing in enumerate(things):
            if thing.pass_mark is None or thing.pass_mark <= top_of(thing):
                continue
            yield Problem(
                f"{name}[{index}].pass_mark",
                "The pass mark %(mark)s of %(key)s is above its top mark of %(top)s.",
                {
                    "mark": text_of(thing.pass_mark),
                    "key": thing.key,
                    "top": text_of(int(top_of(thing))),
                },
            )


def _module_problems(plan, module, path):
    if module.part not in {part.key for part in plan.parts}:
        yield Problem(
            f"{path}.part",
            "Module %(module)s belongs to part %(part)s, which does not exist.",
            {"module": module.key, "part": module.part},
        )
    if module.difficulty is not None and module.difficulty.lowest > module.difficulty.highest:
        yield Problem(
            f"{path}.difficulty.highest",
            "The highest difficulty of %(module)s must not be below the lowest, %(lowest)s.",
            {"module": module.key, "lowest": text_of(module.difficulty.lowest)},
        )
    if module.entry == "scores":
        if module.all_panels or module.criteria:
            yield Problem(
                path,
                "Module %(module)s takes scores, so it has no panel and no criteria.",
                {"module": module.key},
            )
        return
    if not module.all_panels or (module.panel and module.panels) or not module.aspects:
        yield Problem(
            path,
            "Module %(module)s is marked on sheets, so it needs a panel and at least one aspect.",
            {"module": module.key},
        )
        return
    yield from _sheet_problems(module, path)


def _sheet_problems(module, path):
    known = {panel.key for panel in module.panels} or {""}
    for c, criterion in enumerate(module.criteria):
        if criterion.panel not in known:
            yield Problem(
                f"{path}.criteria[{c}].panel",
                "Criterion %(criterion)s must say which of the panels marks it: %(panels)s.",
                {"criterion": criterion.key, "panels": listed(sorted(known)) or "–"},
            )
    if any(not module.aspect_indexes(panel) for panel in module.panels):
        yield Problem(
            f"{path}.panels",
            "Every panel of module %(module)s needs a criterion to mark.",
            {"module": module.key},
        )
        return
    yield from _sum_problems(module, path)
    yield from panel_problems(module, path)
    for c, criterion in enumerate(module.criteria):
        for a, aspect in enumerate(criterion.aspects):
            yield from aspect_problems(aspect, f"{path}.criteria[{c}].aspects[{a}]")


def _sum_problems(module, path):
    total = sum(aspect.max for aspect in module.aspects)
    if total != module.max and not any(panel.by_order for panel in module.all_panels):
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
