"""Clause 7, continued. How the members make a team's mark.

Members who are absent, withdrew or were disqualified add nothing; one who did not finish adds what
was finished. Equal teams are separated by the plan's ties, each added up over the members that
count.
"""

import numpy as np

from contest.scoring.book import NORMAL, NOT_FINISHED, WITHDRAWN, Book
from contest.scoring.exact import Exact
from contest.scoring.limits import MOST_MEMBERS
from contest.scoring.ranking import Key, equals, places
from contest.scoring.rounding import round_to, settle
from contest.scoring.scheme import Plan
from contest.scoring.standings import Result, TeamStandings


def team_standings(
    plan: Plan,
    book: Book,
    total: Result,
    *,
    keys: list[Key],
    rank: np.ndarray,
    entered: np.ndarray,
    started: np.ndarray,
) -> TeamStandings:
    """The teams' marks and places, from their members'.

    total: the members' results. keys: the members' tie keys. rank: int64 (n,), the members' order,
    lower is better, -1 for none. entered, started: bool (n,).
    """
    count = len(book.teams)
    too_many = _too_many(plan, book, entered)
    active = (book.team >= 0) & entered & np.isin(book.state, (NORMAL, NOT_FINISHED))
    active &= ~too_many[book.team]
    counting = _counting(plan, book, total, rank, active)
    exact = Exact(_added(total.exact.numerators, book.team, counting, count), _divisor(plan, total))
    waiting = active & (book.state == NORMAL) & ~total.done
    done = ~_any(waiting, book.team, count)
    column = Result(settle(exact, plan.rounding, "team"), round_to(exact, plan.rounding), done)
    ranked = _any(active & started, book.team, count)
    team_keys = _team_keys(plan, book, column, keys, counting)
    found = places(team_keys, ranked)
    open_ties = () if plan.ranking.shared else equals(found, column.done)
    return TeamStandings(
        book.teams, column, counting, too_many, found.place, found.decided_by, open_ties
    )


def _too_many(plan, book, entered):
    """bool (teams,). Who withdrew has been replaced and is not counted."""
    members = (book.team >= 0) & entered & (book.state != WITHDRAWN)
    size = plan.teams.size or MOST_MEMBERS
    return np.bincount(book.team[members], minlength=len(book.teams)) > size


def _counting(plan, book, total, rank, active):
    if plan.teams.method != "best":
        return active
    rows = np.flatnonzero(active)
    # Equal totals: the better placed member counts, so that the team's tie keys are settled too.
    last = np.where(rank[rows] < 0, len(rank), rank[rows])
    order = rows[np.lexsort((last, -total.exact.numerators[rows], book.team[rows]))]
    teams = book.team[order]
    number = np.arange(len(order)) - np.searchsorted(teams, teams)
    counting = np.zeros(book.count, dtype=bool)
    counting[order[number < plan.teams.best]] = True
    return counting


def _divisor(plan, total):
    return total.exact.denominator * (plan.teams.size if plan.teams.method == "mean" else 1)


def _added(values, team, counting, count):
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, team[counting], values[counting])
    return sums


def _any(mask, team, count):
    return np.bincount(team[mask], minlength=count) > 0


def _team_keys(plan, book, column, keys, counting):
    count = len(book.teams)
    everyone = np.ones(count, dtype=bool)
    team_keys = [Key("total", column.compared(plan.rounding), everyone)]
    for key in keys:
        unknown = _any(counting & ~key.known, book.team, count)
        summed = _added(key.values, book.team, counting & key.known, count)
        team_keys.append(Key(key.label, summed, ~unknown))
    if not plan.ranking.shared:
        team_keys.append(Key("ruling", -book.team_ruling, book.team_ruling > 0))
    return team_keys
