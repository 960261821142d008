"""Which figures of teams are compared for a record: their totals, and what a team does as one."""

from decimal import Decimal
from fractions import Fraction

from contest.errors import Conflict
from contest.scoring.tops import HUNDRED, top_of_part, top_of_stage
from contest.scoring.units import units_of


def why_no_figure(line, plan):
    """A Conflict that says why a contest gives no such figure of teams; None when it does."""
    if plan.teams is None:
        return Conflict("The plan of this contest has no teams.")
    if line.what == "module":
        if plan.part(plan.module(line.key).part).to != "team":
            return Conflict(
                "“%(key)s” is marked for each member in this contest, and not for the team as one.",
                key=line.key,
            )
        return None
    if plan.teams.method == "places":
        return Conflict("Teams get points for places in this contest, which say nothing outside of it.")
    if _members_needed(plan) is None:
        return Conflict("The plan of this contest does not say how many members make a team's total.")
    return None


def _members_needed(plan):
    return plan.teams.best if plan.teams.method == "best" else plan.teams.size


def scale_of(line, plan, stage):
    """(the modules in it, the most it can be, whose decimals it has) of what is compared of teams."""
    if line.what == "module":
        module = plan.module(line.key)
        return [module], module.exact_top(), "module"
    own = plan.team_parts_of(stage.key)
    compared = [*plan.modules_of_stage(stage.key)]
    compared += [module for part in own for module in plan.modules_of(part.key)]
    times = 1 if plan.teams.method == "mean" else _members_needed(plan)
    top = top_of_stage(plan, stage) * times
    top += sum((top_of_part(plan, part) * Fraction(part.weight, HUNDRED) for part in own), Fraction(0))
    return compared, top, "team"


def values_in(teams, rows, line, plan):
    """[(team, units, its members as (entrant's id, name))] of published teams that have such a figure.

    teams, rows: as result_document has them; of the members those who competed. Where less is better,
    a team that lacks a whole value would be better for it: it has no figure.
    """
    found = []
    people = {row["entrant_id"]: row for row in rows if row["competed"]}
    for team in teams:
        text = team.get("modules", {}).get(line.key) if line.what == "module" else team["total"]
        if not team["place"] or text is None:
            continue
        is_total = line.what == "total"
        if is_total and line.better == "low" and (
            team.get("is_void") or len(team["counting"]) < _members_needed(plan)
        ):
            continue
        members = tuple((each, people[each]["name"]) for each in team["members"] if each in people)
        found.append((team, units_of(Decimal(text)), members))
    return found
