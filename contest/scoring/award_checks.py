"""Clause 1, continued. Do ties, teams and awards agree with the rest of the plan?"""

from contest.scoring.scheme import Problem
from contest.scoring.sum_words import terms_of
from contest.scoring.units import text_of

HUNDRED = 100 * 10_000


def tie_problems(plan) -> list[Problem]:
    """Every tie key that looks at something which is not there, or stands twice."""
    problems, seen = [], set()
    for index, tie in enumerate(plan.ranking.ties):
        path = f"ranking.ties[{index}]"
        problems += key_problems(plan, tie, path)
        if tie.label in seen:
            problems.append(
                Problem(path, "Ties are to be broken by %(tie)s twice.", {"tie": tie.label})
            )
        seen.add(tie.label)
    return problems


def key_problems(plan, tie, path) -> list[Problem]:
    """What one key looks at must be there."""
    if TIE_EXISTS[tie.by](plan, tie):
        return []
    return [
        Problem(
            path, "Ties are to be broken by %(tie)s, which does not exist.", {"tie": tie.label}
        )
    ]


def _has(things, key):
    return key in {thing.key for thing in things}


def _has_aspect(plan, tie):
    if not _has(plan.modules, tie.module):
        return False
    module = plan.module(tie.module)
    return _has(module.aspects, tie.key) and module.aspect(tie.key).kind != "rank"


def _has_attempts(plan, tie):
    if not _has_aspect(plan, tie):
        return False
    return plan.module(tie.module).aspect(tie.key).kind in ("points", "measured")


TIE_EXISTS = {
    "part": lambda plan, tie: _has(plan.parts, tie.key),
    "module": lambda plan, tie: _has(plan.modules, tie.key),
    "stage": lambda plan, tie: _has(plan.stages, tie.key),
    "aspect": _has_aspect,
    "attempt": _has_attempts,
    "untrimmed": lambda plan, tie: True,
    "better_places": lambda plan, tie: True,
    "data": lambda plan, tie: True,
    "sum": lambda plan, tie: bool(tie.keys) and all(_has(plan.modules, k) for k in tie.keys),
}


def team_problems(plan) -> list[Problem]:
    """What the rules of the teams leave out or contradict."""
    teams = plan.teams
    if teams is None:
        return []
    problems = []
    if teams.method == "best" and teams.best is None:
        problems.append(
            Problem("teams.best", "Say how many of the best members count for the team.", {})
        )
    if teams.method == "mean" and teams.size is None:
        problems.append(
            Problem("teams.size", "Say by how many members the team's mean is divided.", {})
        )
    if teams.method == "places" and not teams.place_points:
        problems.append(
            Problem("teams.place_points", "Say how many points each place counts for the team.", {})
        )
    if teams.method == "best" and teams.best and teams.size and teams.best > teams.size:
        problems.append(
            Problem(
                "teams.best",
                "The best %(best)s cannot be taken from a team of %(size)s.",
                {"best": teams.best, "size": teams.size},
            )
        )
    return problems


def award_problems(plan) -> list[Problem]:
    """Everything in the awards that contradicts itself or the rest of the plan."""
    problems = []
    for index, award in enumerate(plan.awards):
        path = f"awards[{index}]"
        problems += _award_problems(plan, award, path)
        problems += _share_problems(plan, award, path)
        problems += _condition_problems(plan, award, path, plan.awards[:index])
    problems += _ratio_problems(plan)
    if plan.organisations is not None:
        seen = set()
        for index, row in enumerate(plan.organisations.points):
            counted = [award for award in plan.awards if award.to in ("entrant", "team")]
            path = f"organisations.points[{index}].award"
            if row.award in seen:
                problems.append(Problem(path, "The key %(key)s is used twice.", {"key": row.award}))
            seen.add(row.award)
            if not _has(counted, row.award):
                problems.append(
                    Problem(path, "There is no award %(award)s.", {"award": row.award})
                )
    return problems


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
    if award.to in ("judge", "coach") and award.rule != "vote":
        yield Problem(
            f"{path}.rule",
            "%(award)s goes to a judge or a coach, so the committee decides on it.",
            {"award": award.key},
        )
    if award.first > award.last:
        yield Problem(
            f"{path}.first",
            "%(award)s goes from place %(first)s to place %(last)s; the first is after the last.",
            {"award": award.key, "first": award.first, "last": award.last},
        )
    if award.part and not _has(plan.parts, award.part):
        yield Problem(
            f"{path}.part",
            "%(award)s looks at part %(part)s, which does not exist.",
            {"award": award.key, "part": award.part},
        )
    if award.module and not _has(plan.modules, award.module):
        yield Problem(
            f"{path}.module",
            "%(award)s looks at module %(module)s, which does not exist.",
            {"award": award.key, "module": award.module},
        )
    if [bool(award.part), bool(award.module), award.any_module].count(True) > 1:
        yield Problem(
            path,
            "%(award)s looks at a part, at a module, or at any module: one of them.",
            {"award": award.key},
        )
    looks_closer = award.part or award.module or award.any_module
    if award.to == "team" and (looks_closer or award.passed or award.only or award.shift):
        yield Problem(
            path,
            "%(award)s goes to a team; parts, passing and conditions are for single entrants.",
            {"award": award.key},
        )


def _share_problems(plan, award, path):
    if award.rule == "ratio" and bool(award.ratio) == bool(award.fraction):
        yield Problem(
            f"{path}.ratio",
            "%(award)s needs either a ratio in percent or a fraction such as 1/12.",
            {"award": award.key},
        )
    if award.shift is not None and plan.ranking.by_group:
        yield Problem(
            f"{path}.shift",
            "%(award)s shifts a group's share, so groups cannot be ranked apart.",
            {"award": award.key},
        )


def _condition_problems(plan, award, path, before):
    for key in award.unless:
        if not _has(before, key):
            yield Problem(
                f"{path}.unless",
                "%(award)s is not for those with %(other)s, "
                "but no award before it is called that.",
                {"award": award.key, "other": key},
            )
    only = award.only
    if only is not None and (only.most_age or only.least_age) and not only.on:
        yield Problem(
            f"{path}.only.on",
            "%(award)s asks for an age, so it must say on which day.",
            {"award": award.key},
        )


def _ratio_problems(plan):
    for to in ("entrant", "team"):
        some = [
            award for award in plan.awards
            if award.rule == "ratio" and award.to == to and not award.cumulative
        ]
        total = sum(award.share for award in some)
        if total > 1:
            units = [award for award in some if not award.fraction]
            yield Problem(
                "awards",
                "The prizes by ratio take %(sum)s percent in all, more than there are: %(terms)s.",
                {"sum": text_of(int(total * HUNDRED)), "terms": terms_of(units, "ratio")},
            )
