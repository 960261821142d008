"""Clause 9, continued. The table of the organisations: awards counted, points in all and a head.

Rule: medal points of delegations, total and average (WorldSkills counts 4, 3, 2 and 1).
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from contest.scoring.award_rules import Line
from contest.scoring.book import Book
from contest.scoring.rounding import round_root
from contest.scoring.scheme import Plan
from contest.scoring.standings import Standings


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation. counts: by award key, in the plan's order. points, average: units.

    competed: how many of its entrants competed; the average is taken over them, 0 for none.
    """

    organisation: str
    counts: dict[str, int]
    points: int
    average: int
    competed: int
    place: int


def organisation_table(
    plan: Plan, book: Book, standings: Standings, lines: list[Line]
) -> list[OrganisationRow]:
    """The rows of every organisation with an entrant, best first, then by name; places 1-2-2-4.

    A team's award counts once for the organisation of its members.
    """
    if plan.organisations is None:
        return []
    names = dict.fromkeys(name for name in book.organisation if name)
    team_of = {}
    for row, team in enumerate(book.team.tolist()):
        if team >= 0 and book.organisation[row]:
            team_of.setdefault(team, book.organisation[row])
    won = [
        (team_of.get(line.index, "") if line.to == "team" else book.organisation[line.index], line.award)
        for line in lines
    ]
    competed = {
        name: int((np.array([one == name for one in book.organisation]) & standings.competed).sum())
        for name in names
    }
    return table_of(plan, competed, won)


def table_of(plan: Plan, competed: dict[str, int], won: list[tuple[str, str]]) -> list[OrganisationRow]:
    """The table from pairs (organisation, key of an award): as organisation_table, however they were won.

    competed: {organisation: how many of its entrants competed}, of all that stand in the table.
    """
    listed = [award.key for award in plan.awards if award.to in ("entrant", "team")]
    counts = {name: dict.fromkeys(listed, 0) for name in competed}
    for name, award in won:
        if name in counts and award in counts[name]:
            counts[name][award] += 1
    return _placed(plan, [_row(plan, name, counts[name], some) for name, some in competed.items()])


def _row(plan, name, counts, competed):
    points = sum(row.points * counts[row.award] for row in plan.organisations.points)
    exact = Fraction(points, competed) if competed else Fraction(0)
    average = round_root(exact, Fraction(0), 1, plan.rounding.places, plan.rounding.mode)
    return exact, OrganisationRow(name, counts, points, average, competed, 0)


def _placed(plan, rows):
    order = plan.organisations.order
    medals = [row.award for row in plan.organisations.points]
    medals = medals or [award.key for award in plan.awards if award.to in ("entrant", "team")]
    keys = {
        "points": lambda exact, row: (row.points,),
        "average": lambda exact, row: (exact,),
        "medals": lambda exact, row: tuple(row.counts[key] for key in medals),
    }
    keyed = [(keys[order](exact, row), row) for exact, row in rows]
    placed = [
        OrganisationRow(
            row.organisation, row.counts, row.points, row.average, row.competed,
            1 + sum(other > key for other, _ in keyed),
        )
        for key, row in keyed
    ]
    return sorted(placed, key=lambda row: (row.place, row.organisation))
