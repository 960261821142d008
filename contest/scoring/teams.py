"""Clause 7, continued. How the members make a team's mark.

Members who are absent, withdrew or were disqualified add nothing; one who did not finish adds what
was finished. A part that counts for teams is marked through one member, the team's representative;
what was marked there is the team's and stays while a member competes, whoever of them has left.
Equal teams are separated by the plan's ties, each added up over the members that count (team_keys).
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from contest.scoring.book import NORMAL, NOT_FINISHED, WITHDRAWN, Book
from contest.scoring.exact import Exact
from contest.scoring.limits import MOST_MEMBERS
from contest.scoring.ranking import Key, Places, equals, places
from contest.scoring.rounding import round_to, settle
from contest.scoring.scheme import Plan
from contest.scoring.standings import Result, TeamStandings
from contest.scoring.team_keys import Lacking, is_low, team_keys
from contest.scoring.tops import HUNDRED
from contest.scoring.totals import weighted


def team_standings(
    plan: Plan,
    book: Book,
    made,
    total: Result,
    *,
    stage: str,
    keys: Iterable[Key],
    found: Places,
    rank: np.ndarray,
    entered: np.ndarray,
    finished: np.ndarray,
) -> TeamStandings:
    """The teams' marks and places, from their members'.

    made: score.Columns. total: the members' results; found: their places; keys: their keys. rank:
    int64 (n,), the members' order over all groups, lower is better, -1 for none. entered: bool (n,).
    finished: int64 (n,), how many modules of the stage each has finished.
    """
    count = len(book.teams)
    too_many = _too_many(plan, book, entered)
    here = (book.state == NORMAL) | (book.state == NOT_FINISHED)
    active = (book.team >= 0) & entered & here
    active &= ~too_many[book.team]
    own_modules = [made.modules[module.key] for module in plan.modules_of_stage(stage)]
    void = np.any([result.void for result in own_modules], axis=0)
    # Who did not finish has less time than it would have taken: no value of a whole member either.
    void |= book.state == NOT_FINISHED
    counting = _counting(plan, book, total, rank, active, finished, void)
    lacking = Lacking(plan, book, entered, counting, void, finished)
    exact = _together(plan, book, total, counting, found.place)
    tasks_done = np.ones(count, dtype=bool)
    ranked = _any(active & (finished > 0), book.team, count)
    for part in plan.team_parts_of(stage):
        own = _of_the_team(plan, book, made, part, active, entered)
        ranked |= own.is_begun
        exact = weighted([(exact, Fraction(1)), (own.exact, Fraction(part.weight, HUNDRED))])
        tasks_done &= own.is_in
        lacking.note_own(own.void, own.finished)
    waiting = active & (book.state == NORMAL) & ~total.done
    done = ~_any(waiting, book.team, count) & tasks_done & ~too_many
    column = Result(
        settle(exact, plan.rounding, "team"), round_to(exact, plan.rounding, "team"), done
    )
    its_keys = team_keys(plan, book, column, keys, counting, lacking)
    placed = places(its_keys, ranked, None, plan.ranking.dense)
    open_ties = () if plan.ranking.shared else equals(placed, column.done)
    modules = {
        module.key: _added_result(plan, book, made.modules[module.key], counting, count)
        for module in _modules(plan, stage)
    }
    return TeamStandings(
        book.teams, column, counting, too_many, placed.place, placed.decided_by, open_ties, modules,
        _any((book.team >= 0) & entered, book.team, count),
        lacking.void if is_low(plan) else np.zeros(count, dtype=bool), lacking.finished,
    )


def _modules(plan, stage):
    """Those of the entrants' parts and of the teams' own."""
    own = [plan.modules_of(part.key) for part in plan.team_parts_of(stage)]
    return [*plan.modules_of_stage(stage), *(module for some in own for module in some)]


def _too_many(plan, book, entered):
    """bool (teams,). Who withdrew has been replaced and is not counted."""
    members = (book.team >= 0) & entered & (book.state != WITHDRAWN)
    size = plan.teams.size or MOST_MEMBERS
    return np.bincount(book.team[members], minlength=len(book.teams)) > size


def _counting(plan, book, total, rank, active, finished, void):
    if plan.teams.method != "best":
        return active
    rows = np.flatnonzero(active)
    # Equal totals: the better placed member counts, so that the team's tie keys are settled too.
    last = np.where(rank[rows] < 0, len(rank), rank[rows])
    sign = -1 if plan.ranking.order == "low" else 1
    columns = [last, -sign * total.exact.numerators[rows]]
    if plan.ranking.order == "low":
        # Nothing yet, or nothing at all, is not a good time.
        columns += [-finished[rows], void[rows]]
    order = rows[np.lexsort((*columns, book.team[rows]))]
    teams = book.team[order]
    number = np.arange(len(order)) - np.searchsorted(teams, teams)
    counting = np.zeros(book.count, dtype=bool)
    counting[order[number < plan.teams.best]] = True
    return counting


def _together(plan, book, total, counting, place):
    """Exact (teams,): what the members that count make together."""
    count = len(book.teams)
    if plan.teams.method == "places":
        worth = np.array([*plan.teams.place_points, 0], dtype=np.int64)
        last = len(worth) - 1
        points = worth[np.where((place > 0) & (place <= last), place - 1, last)]
        return Exact(_added(points, book.team, counting, count))
    members = plan.teams.size if plan.teams.method == "mean" else 1
    added = _added(total.exact.numerators, book.team, counting, count)
    return Exact(added, total.exact.denominator * members)


def speakers(plan: Plan, book: Book, standings, part) -> np.ndarray:
    """int64 (teams,): the row of the member through whom a team's own part is marked, -1 for none.

    standings: those of the part's stage.
    """
    here = (book.state == NORMAL) | (book.state == NOT_FINISHED)
    entered = standings.entered & ~standings.teams.too_many[book.team]
    active = (book.team >= 0) & entered & here
    found = np.full(len(book.teams), -1, dtype=np.int64)
    teams, rows, _ = _speaking(plan, book, standings, part, active, entered)
    found[teams] = rows
    return found


def _speaking(plan, book, made, part, active, entered):
    """The teams with marks in their own part, int64; the row of each that speaks; who has marks there."""
    modules = [made.modules[module.key] for module in plan.modules_of(part.key)]
    has_marks = np.any([module.done & ~module.void for module in modules], axis=0)
    # A team that still competes keeps what it has through somebody who has left.
    has_marks &= (book.team >= 0) & entered & _any(active, book.team, len(book.teams))[book.team]
    rows = np.flatnonzero(has_marks)
    # Should several members have marks, the best of them speaks for the team; of who competes first.
    exact = made.parts[part.key].exact.numerators[rows]
    columns = [-exact]
    if plan.ranking.order == "low":
        void = np.any([module.void for module in modules], axis=0)
        finished = np.sum([module.done for module in modules], axis=0)
        columns = [exact, -finished[rows], void[rows]]
    order = rows[np.lexsort((*columns, ~active[rows], book.team[rows]))]
    teams, first = np.unique(book.team[order], return_index=True)
    return teams, order[first], has_marks


class _Own(NamedTuple):
    """A team's own part; arrays over teams.

    is_in: it is done. is_begun: a member has marks there. void: it came to nothing, or a module of it
    did. finished: how many of its modules are.
    """

    exact: Exact
    is_in: np.ndarray
    is_begun: np.ndarray
    void: np.ndarray
    finished: np.ndarray


def _of_the_team(plan, book, made, part, active, entered):
    """A team's own part, from the member who has marks there."""
    count = len(book.teams)
    result = made.parts[part.key]
    teams, rows, has_marks = _speaking(plan, book, made, part, active, entered)
    modules = [made.modules[module.key] for module in plan.modules_of(part.key)]
    own, finished = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    # Who is absent there, or came to nothing, settles it with nothing where nobody has marks.
    is_in = _any(active & result.done, book.team, count)
    void = is_in.copy()
    own[teams] = result.exact.numerators[rows]
    is_in[teams] = result.done[rows]
    void[teams] = np.any([module.void for module in modules], axis=0)[rows]
    finished[teams] = np.sum([module.done for module in modules], axis=0)[rows]
    return _Own(
        Exact(own, result.exact.denominator), is_in, _any(has_marks, book.team, count), void, finished
    )


def _added(values, team, counting, count):
    sums = np.zeros(count, dtype=np.int64)
    np.add.at(sums, team[counting], values[counting])
    return sums


def _added_result(plan, book, module, counting, count):
    exact = Exact(
        _added(module.exact.numerators, book.team, counting, count), module.exact.denominator
    )
    done = ~_any(counting & ~module.done, book.team, count)
    return Result(exact, round_to(exact, plan.rounding, "module"), done)


def _any(mask, team, count):
    return np.bincount(team[mask], minlength=count) > 0
