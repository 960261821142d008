"""Clause 7, continued. What teams' places are made from.

Where less is better, a sum that lacks something would stand well for it: a team without a whole value
from everybody who must count comes after all others, then who has finished less after who has more.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from contest.scoring.book import WITHDRAWN, Book
from contest.scoring.ranking import Key
from contest.scoring.scheme import Plan
from contest.scoring.standings import Result

# What one member has, such as the places in each module, cannot be added up over several.
NOT_ADDED = ("total", "ruling", "void", "finished", "better_places")


def is_low(plan: Plan) -> bool:
    """True where the team with less comes first."""
    return plan.ranking.order == "low" and plan.teams.method != "places"


class Lacking:
    """void: bool (teams,), something of the team's mark came to nothing or is missing for good.
    finished: int64 (teams,), modules that its counting members and its own parts have finished."""

    def __init__(self, plan: Plan, book: Book, entered, counting, void, finished):
        """entered, counting, void, finished: of the members, as in teams.team_standings."""
        count = len(book.teams)
        number = np.bincount(book.team[counting], minlength=count)
        members = (book.team >= 0) & entered & (book.state != WITHDRAWN)
        present = np.bincount(book.team[members], minlength=count)
        self.void = number < needed(plan, present)
        self.void |= np.bincount(book.team[counting & void], minlength=count) > 0
        self.finished = np.zeros(count, dtype=np.int64)
        np.add.at(self.finished, book.team[counting], finished[counting])

    def note_own(self, void: np.ndarray, finished: np.ndarray) -> None:
        """Add a part of the teams' own: arrays (teams,)."""
        self.void |= void
        self.finished += finished


def needed(plan: Plan, present):
    """How many members must count, of a team with so many in the stage (who withdrew left out)."""
    if plan.teams.method == "best":
        return plan.teams.best
    return plan.teams.size or present


def team_keys(
    plan: Plan, book: Book, column: Result, keys: Iterable[Key], counting: np.ndarray, lacking: Lacking
) -> Iterator[Key]:
    """The keys of the teams' places in their order; keys: the entrants', to be added up."""
    everyone = np.ones(len(book.teams), dtype=bool)
    sign, whole = 1, everyone
    if is_low(plan):
        sign, whole = -1, ~lacking.void
        yield Key("void", -lacking.void.astype(np.int64), everyone, -1)
        yield Key("finished", column.done.astype(np.int64), whole)
        yield Key("finished", np.where(column.done, 0, lacking.finished), whole)
    unit = 1 if plan.rounding.compare == "rounded" else column.exact.denominator
    yield Key("total", sign * column.compared(plan.rounding), whole, sign * unit)
    for key in keys:
        if key.label not in NOT_ADDED and not key.label.startswith("attempt:"):
            yield _added_up(key, book, counting)
    if not plan.ranking.shared:
        yield Key("ruling", -book.team_ruling, book.team_ruling > 0)


def _added_up(key, book, counting):
    count = len(book.teams)
    unknown = np.bincount(book.team[counting & ~key.known], minlength=count) > 0
    summed = np.zeros(count, dtype=np.int64)
    known = counting & key.known
    np.add.at(summed, book.team[known], key.values[known])
    return Key(key.label, summed, ~unknown, key.denominator)
