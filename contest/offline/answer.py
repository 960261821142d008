"""The answer as one object, docs/rules/README.md, section 10: amounts are text, nothing is lost."""

from fractions import Fraction

from contest.offline.standings import Scored
from contest.scoring import UNITS_PER_POINT
from contest.scoring.comparing import changes
from contest.scoring.score import stages_up_to
from contest.scoring.units import text_of

STATES = ("normal", "absent", "withdrawn", "disqualified", "not_finished")
MODULE_STATES = ("", "absent", "void")


def answer_of(scored: Scored) -> dict:
    """The object that `contest score --format json` prints."""
    standings = scored.standings
    codes = scored.book.entrants
    problems = problems_of(scored)
    held = {}
    for line in scored.awards:
        held.setdefault((line.to, line.index), []).append(line.award)
    return {
        "format": 1,
        "plan": scored.plan.name,
        "stage": standings.stage,
        "final": standings.is_final and scored.earlier_final and not problems,
        "open_ties": [[codes[row] for row in tie] for tie in sorted(standings.open_ties)],
        "open_team_ties": _team_ties(scored),
        "problems": problems,
        "entrants": [
            _entrant(scored, row, held.get(("entrant", row), [])) for row in range(len(codes))
        ],
        "teams": _teams(scored, held),
        "organisations": [_organisation(scored, row) for row in scored.organisations],
        "awards": _awards(scored),
        "quotas": [
            {
                "award": quota.award, "group": quota.group, "base": quota.base,
                "count": quota.count, "given": quota.given,
            }
            for quota in scored.quotas
        ],
    }


def problems_of(scored: Scored) -> list[str]:
    """Sentences about what keeps the standings from being final by refusal."""
    sentences = []
    for module in _modules_that_matter(scored):
        result = scored.standings.modules[module.key]
        for room in result.refused:
            sentences.append(
                f"The marks of {module.key} cannot be adjusted: the room “{room}” has fewer than "
                f"{module.adjustment.least} finished entrants."
            )
    return sentences


def _modules_that_matter(scored):
    """Those of the stage, and of earlier ones that let on or are carried."""
    plan, found = scored.plan, []
    stages = stages_up_to(plan, scored.standings.stage)
    for stage, after in zip(stages, (*stages[1:], None), strict=True):
        if after is None or stage.lets_on or after.carry_percent:
            found += plan.modules_of_stage(stage.key)
    return [module for module in plan.modules if module in found]


def _team_ties(scored):
    teams = scored.standings.teams
    if teams is None:
        return []
    return [[teams.teams[index] for index in tie] for tie in sorted(teams.open_ties)]


def changes_of(scored: Scored, other: Scored) -> dict:
    """The object that `contest score --against … --format json` prints."""
    found = changes(scored.standings, other.standings, scored.awards, other.awards)
    names = {"entrant": scored.book.entrants, "team": scored.book.teams}
    return {
        "format": 1,
        "plan": scored.plan.name,
        "stage": scored.standings.stage,
        "against": {"plan": other.plan.name, "stage": other.standings.stage},
        "changes": [
            {
                "to": change.to, "code": names[change.to][change.index],
                "before": _side(scored, change.before), "after": _side(other, change.after),
            }
            for change in found
        ],
    }


def _side(scored, side):
    return {
        "total": printed(scored, side.total), "place": side.place or None, "complete": side.complete,
        "awards": list(side.awards),
    }


def printed(scored, units) -> str:
    """An amount as the plan prints it."""
    return text_of(int(units), scored.plan.rounding.places)


def _entrant(scored, row, awards):
    standings, book = scored.standings, scored.book
    team = int(book.team[row])
    total = standings.total.exact.value(row) / UNITS_PER_POINT
    advance, scale = scored.advance, standings.scaled
    return {
        "code": book.entrants[row],
        "group": book.group[row],
        "team": book.teams[team] if team >= 0 else "",
        "organisation": book.organisation[row],
        "state": STATES[book.state[row]],
        "entered": bool(standings.entered[row]),
        "finished": int(standings.finished[row]),
        "complete": bool(standings.complete[row]),
        "passed": bool(standings.passed[row]),
        "goes_on": None if advance is None else bool(advance.goes_on[row]),
        "modules": {
            key: _module(scored, key, result, row) for key, result in standings.modules.items()
        },
        "parts": {key: _column(scored, one, row) for key, one in standings.parts.items()},
        "stages": {key: _column(scored, one, row) for key, one in standings.stages.items()},
        "total": printed(scored, standings.total.rounded[row]),
        "exact": fraction_text(total),
        "scaled": None if scale is None or scale[row] < 0 else int(scale[row]),
        "place": int(standings.place[row]) or None,
        "place_overall": int(standings.place_overall[row]) or None,
        "decided_by": standings.decided_by[row],
        "awards": awards,
    }


def fraction_text(value: Fraction) -> str:
    """A fraction of points, "86" or "257/3"."""
    return str(value)


def _module(scored, key, result, row):
    state = scored.book.module_state.get(key)
    done = bool(result.done[row])
    word = "" if state is None else MODULE_STATES[state[row]]
    return {
        "mark": printed(scored, result.rounded[row]) if done else None,
        "done": done,
        # Void without being cancelled: it stands at a failed attempt.
        "state": (word or "void") if result.void[row] else "",
        "raw": printed(scored, result.raw[row]) if result.marked[row] else None,
        "odd": bool(result.odd[row]),
    }


def _column(scored, result, row):
    return {"mark": printed(scored, result.rounded[row]), "done": bool(result.done[row])}


def _teams(scored, held):
    teams, book = scored.standings.teams, scored.book
    if teams is None:
        return []
    members = {}
    for row in teams.counting.nonzero()[0].tolist():
        members.setdefault(int(book.team[row]), []).append(book.entrants[row])
    return [
        {
            "team": name,
            "total": None if teams.too_many[index] else printed(scored, teams.total.rounded[index]),
            "done": bool(teams.total.done[index]),
            "place": int(teams.place[index]) or None,
            "decided_by": teams.decided_by[index],
            "counting": members.get(index, []),
            "modules": {
                key: printed(scored, result.rounded[index])
                for key, result in teams.modules.items()
            },
            "awards": held.get(("team", index), []),
        }
        for index, name in enumerate(teams.teams)
    ]


def _organisation(scored, row):
    return {
        "organisation": row.organisation, "counts": row.counts, "points": text_of(row.points),
        "average": printed(scored, row.average), "competed": row.competed, "place": row.place,
    }


def _awards(scored):
    """In the plan's order, best place first, then the book's order, whatever the group."""
    order = [award.key for award in scored.plan.awards]
    lines = sorted(
        scored.awards, key=lambda line: (order.index(line.award), line.place, line.index)
    )
    return [_award(scored, line) for line in lines]


def _award(scored, line):
    book = scored.book
    names = book.teams if line.to == "team" else book.entrants
    return {
        "award": line.award, "to": line.to, "code": names[line.index],
        "group": line.group,
        "place": line.place, "award_place": line.award_place,
    }
