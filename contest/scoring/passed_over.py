"""Clause 9, continued. Why somebody's place passed down: who stands before a winner without the award."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from contest.scoring.award_conditions import may_take_award
from contest.scoring.award_rules import RULES, Line
from contest.scoring.book import Book
from contest.scoring.scheme import Plan
from contest.scoring.standings import Standings

CHAIN = ("ratio", "count")


@dataclass(frozen=True)
class PassedOver:
    """One who stands before a winner and may not take the award.

    why: committee | award (has the award `what`) | title (holds `what` since before) | conditions |
    passed (did not pass). place, group: the contest's place, and the list in which it counts.
    """

    why: str
    what: str
    place: int
    group: str


def passed_over(
    plan: Plan,
    standings: Standings,
    lines: list[Line],
    may_take: Mapping[str, np.ndarray] | None = None,
    book: Book | None = None,
) -> dict[str, list[PassedOver]]:
    """{award: those passed over before its last winner, best place first}; lines: all of `medals.awards`.

    Whoever has an earlier prize of the same chain (first, second, third) was not passed over.
    """
    search = _Search(plan, standings, lines, may_take or {}, book)
    return {award.key: search.of(award) for award in plan.awards if award.rule in RULES}


def group_of(plan: Plan, standings: Standings, to: str, index: int) -> str:
    """The list in which an entrant or team is placed; "" where there is one list."""
    return standings.group[index] if to == "entrant" and plan.ranking.by_group else ""


class _Search:
    """Goes through the awards in the plan's order and knows who has what so far."""

    def __init__(self, plan, standings, lines, may_take, book):
        self.plan, self.standings, self.may_take, self.book = plan, standings, may_take, book
        self.lines, self.holders = defaultdict(list), {}
        for line in lines:
            self.lines[line.award].append(line)
        self.chain, self.served = defaultdict(set), {}

    def of(self, award):
        """The PassedOver of one award; afterwards its winners count as its holders."""
        own = self.lines[award.key]
        winners = {line.index for line in own}
        last = {}
        for line in own:
            group = group_of(self.plan, self.standings, line.to, line.index)
            last[group] = max(last.get(group, 0), line.place)
        found = list(self._before(award, winners, last))
        self.holders[award.key, award.to] = winners
        if award.rule in CHAIN:
            self.chain[award.to, award.title] |= winners
        if award.to == "entrant" and not award.title and self.book is not None:
            for row in winners:
                self.served.setdefault(self.book.person[row], award.key)
        return sorted(found, key=lambda one: one.place)

    def _before(self, award, winners, last):
        is_team = award.to == "team"
        if not last:
            return
        place = self.standings.teams.place if is_team else self.standings.place
        chain = self.chain[award.to, award.title] if award.rule in CHAIN else set()
        for row in np.flatnonzero(place > 0).tolist():
            group = group_of(self.plan, self.standings, award.to, row)
            if row in winners or row in chain or place[row] >= last.get(group, 0):
                continue
            if why := self._why(award, row):
                yield PassedOver(*why, int(place[row]), group)

    def _why(self, award, row):
        if award.key in self.may_take and not self.may_take[award.key][row]:
            return "committee", ""
        for key in award.unless:
            if row in self.holders[key, award.to]:
                return "award", key
        return self._why_person(award, row) if award.to == "entrant" else None

    def _why_person(self, award, row):
        if award.only is not None:
            if award.only.without_title and award.only.without_title in self.book.titles[row]:
                return "title", award.only.without_title
            if not may_take_award(award, self.book, self.book.count)[row]:
                return "conditions", ""
        if self.plan.prizes.one_each and not award.title and self.book is not None:
            if self.book.person[row] in self.served:
                return "award", self.served[self.book.person[row]]
        if award.passed and not self.standings.passed[row]:
            return "passed", ""
        return None
