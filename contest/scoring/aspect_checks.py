"""Clause 1, continued. Do the numbers of an aspect and of a panel agree with each other?"""

from contest.scoring.marks import value_range
from contest.scoring.scheme import Aspect, Module, Problem
from contest.scoring.units import DECIMALS, text_of
from contest.scoring.words import listed


def aspect_problems(aspect: Aspect, path: str) -> list[Problem]:
    """Everything in one aspect that contradicts itself."""
    return [
        *ASPECT_CHECKS[aspect.kind](aspect, path),
        *_attempt_problems(aspect, path),
        *_apart_problems(aspect, path),
    ]


def _check_points(aspect, path):
    kept = aspect.attempts - aspect.drop_best - aspect.drop_worst
    shared = max(kept, 1) if aspect.take == "sum" and aspect.attempts > 1 else 1
    if aspect.max % (aspect.step * shared):
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
    ways = [bool(aspect.table), aspect.formula is not None, aspect.power is not None]
    if [*ways, aspect.itself].count(True) != 1:
        yield Problem(
            path,
            "%(aspect)s needs one way to turn its value into points: a table, a formula, a power "
            "formula, or itself = true.",
            {"aspect": aspect.key},
        )
    highest = value_range(aspect)[1]
    if aspect.itself and highest > aspect.max:
        yield Problem(
            f"{path}.max",
            "%(aspect)s counts as it is measured, up to %(highest)s, "
            "so its top mark of %(top)s is too low.",
            {
                "aspect": aspect.key,
                "highest": text_of(highest),
                "top": text_of(aspect.max),
            },
        )
    yield from _table_problems(aspect, path)


def _table_problems(aspect, path):
    steps = [bracket.upto for bracket in aspect.table]
    if any(left >= right for left, right in zip(steps, steps[1:], strict=False)):
        yield Problem(
            f"{path}.table",
            "The values in the table of %(aspect)s must rise from row to row: %(values)s.",
            {"aspect": aspect.key, "values": listed(map(text_of, steps))},
        )
    highest = max([aspect.beyond, *(bracket.points for bracket in aspect.table)])
    if highest > aspect.max and aspect.clamp:
        yield Problem(
            f"{path}.table",
            "The table of %(aspect)s gives %(points)s points, "
            "more than the top mark of %(top)s.",
            {"aspect": aspect.key, "points": text_of(highest), "top": text_of(aspect.max)},
        )


def _check_grade(aspect, path):
    keys = [grade.key for grade in aspect.grades]
    if len(keys) < 2 or len(set(keys)) != len(keys):
        yield Problem(
            f"{path}.grades",
            "%(aspect)s needs two grades or more, each with a key of its own.",
            {"aspect": aspect.key},
        )
    highest = max((grade.points for grade in aspect.grades), default=0)
    if highest != aspect.max:
        yield Problem(
            f"{path}.max",
            "The best grade of %(aspect)s earns %(points)s points, so its top mark is that, "
            "not %(top)s.",
            {"aspect": aspect.key, "points": text_of(highest), "top": text_of(aspect.max)},
        )


def _check_rank(aspect, path):
    return ()


ASPECT_CHECKS = {
    "points": _check_points,
    "deductions": _check_deductions,
    "checklist": _check_checklist,
    "judgement": _check_judgement,
    "measured": _check_measured,
    "grade": _check_grade,
    "rank": _check_rank,
}


def _attempt_problems(aspect, path):
    drops = aspect.drop_best + aspect.drop_worst
    if drops and (aspect.take not in ("sum", "mean") or drops >= aspect.attempts):
        yield Problem(
            f"{path}.drop_best",
            "%(aspect)s drops %(drops)s of %(attempts)s attempts; only a sum or a mean drops any, "
            "and at least one must be left.",
            {"aspect": aspect.key, "drops": drops, "attempts": aspect.attempts},
        )
    if aspect.kind != "measured" or aspect.attempts == 1 or aspect.itself:
        return
    if aspect.take == "mean":
        yield Problem(
            f"{path}.take",
            "The mean of the attempts of %(aspect)s can only count itself (itself = true).",
            {"aspect": aspect.key},
        )
    if aspect.power is not None and aspect.power.better != aspect.better:
        yield Problem(
            f"{path}.better",
            "%(aspect)s says twice, and differently, whether more is better.",
            {"aspect": aspect.key},
        )


def _apart_problems(aspect, path):
    if aspect.apart is None:
        return
    step = aspect.step if aspect.kind == "points" else 10 ** (DECIMALS - aspect.places)
    if aspect.apart % step:
        yield Problem(
            f"{path}.apart",
            "The marks of %(aspect)s are given in steps of %(step)s, "
            "so they cannot be held to lie at most %(apart)s apart.",
            {"aspect": aspect.key, "step": text_of(step), "apart": text_of(aspect.apart)},
        )
    widest = _widest(aspect)
    if aspect.apart > widest > 0:
        yield Problem(
            f"{path}.apart",
            "The marks of %(aspect)s lie at most %(widest)s apart, "
            "so a limit of %(apart)s would never be reached.",
            {"aspect": aspect.key, "widest": text_of(widest), "apart": text_of(aspect.apart)},
        )


def _widest(aspect):
    """How far two judges' marks can lie apart; 0 or less where the aspect contradicts itself already."""
    if aspect.kind == "points":
        return aspect.max
    kept = aspect.attempts - aspect.drop_best - aspect.drop_worst
    times = kept if aspect.attempts > 1 and aspect.take == "sum" else 1
    return (aspect.highest - aspect.lowest) * times


def panel_problems(module: Module, path: str) -> list[Problem]:
    """Everything in the panels of a module that contradicts itself."""
    problems = []
    for index, panel in enumerate(module.all_panels):
        here = f"{path}.panels[{index}]" if module.panels else f"{path}.panel"
        kinds = [module.aspects[i].kind for i in module.aspect_indexes(panel)]
        problems += _drop_problems(module, panel, here)
        problems += _order_problems(module, panel, here, kinds)
        problems += _weight_problems(module, panel, here)
        if panel.remark and "judgement" not in kinds:
            problems.append(
                Problem(
                    f"{here}.remark",
                    "Only judgements of 0 to 3 are given again; module %(module)s has none.",
                    {"module": module.key},
                )
            )
    return problems


def _drop_problems(module, panel, path):
    if panel.drop_from > panel.judges:
        yield Problem(
            f"{path}.drop_from",
            "Marks of module %(module)s are dropped from %(from)s judges up, "
            "but there are only %(judges)s.",
            {"module": module.key, "from": panel.drop_from, "judges": panel.judges},
        )
    if panel.counting < 1:
        yield Problem(
            path,
            "Module %(module)s drops %(high)s + %(low)s = %(dropped)s of %(judges)s marks; "
            "at least one must be left.",
            {
                "module": module.key,
                "high": panel.drop_high,
                "low": panel.drop_low,
                "dropped": panel.drop_high + panel.drop_low,
                "judges": panel.judges,
            },
        )
    if not panel.tolerance:
        return
    least = [row.least for row in panel.tolerance]
    falls = all(a > b for a, b in zip(least, least[1:], strict=False))
    if not falls or panel.method not in ("mean", "sum") or not panel.dropped:
        yield Problem(
            f"{path}.tolerance",
            "The tolerance of module %(module)s needs rows whose least falls from row to row, "
            "a mean or a sum, and marks that are dropped.",
            {"module": module.key},
        )


def _order_problems(module, panel, path, kinds):
    if not panel.by_order:
        if "rank" in kinds:
            yield Problem(
                f"{path}.method",
                "Judges of module %(module)s give ranks, so its method is majority or borda.",
                {"module": module.key},
            )
        return
    plain = (
        panel.level == "sheet" and not panel.drop_high and not panel.drop_low
        and not panel.weights and not panel.remark
    )
    if not plain or module.panels or module.adjustment.method != "none":
        yield Problem(
            path,
            "Module %(module)s goes by the judges' orders: it has one panel, whole sheets, "
            "nothing dropped, no weights and no adjustment.",
            {"module": module.key},
        )
    if "rank" in kinds and len(kinds) > 1:
        yield Problem(
            path,
            "A sheet on which judges of module %(module)s give a rank has no other aspect.",
            {"module": module.key},
        )


def _weight_problems(module, panel, path):
    if not panel.weights:
        return
    plain = panel.method == "mean" and not panel.dropped and not panel.tolerance
    if len(panel.weights) != panel.judges or not plain:
        yield Problem(
            f"{path}.weights",
            "Module %(module)s needs one weight for each of its %(judges)s judges, "
            "a mean, and nothing dropped.",
            {"module": module.key, "judges": panel.judges},
        )
