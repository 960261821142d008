"""Does the list of prizes add up? Counted again from the places alone, award by award.

A prize goes to as many as the plan says, or to fewer or more for a reason that is said: nobody else may
take it, or equals stand on its last place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from contest.scoring.award_conditions import may_take_award
from contest.scoring.award_rules import Line, Quota
from contest.scoring.book import Book
from contest.scoring.scheme import Award, Plan
from contest.scoring.standings import Standings
from contest.scoring.words import N_

AS_MANY = ""
NOBODY_LEFT = N_("nobody else may take it")
EQUALS_IN = N_("equals on its last place all have it")
EQUALS_OUT = N_("equals on its last place would be too many, so none of them has it")
EQUALS_BEFORE = N_("equals stand on the places before it")


@dataclass(frozen=True)
class Sum:
    """One award in one group: how many the plan gives, how many lines there are, and why not as many.

    due: how many it must be by the places. reason: "" where count and given are equal, else one of the
    sentences above. wrong: indexes of those who have it and must not, or must and have it not.
    """

    award: Award
    group: str
    count: int
    given: int
    due: int
    reason: str
    wrong: tuple[int, ...]

    @property
    def fits(self) -> bool:
        """True when everybody who must have the prize has it, and nobody else."""
        return not self.wrong and self.given == self.due


def award_sums(
    plan: Plan,
    standings: Standings,
    book: Book,
    lines: Iterable[Line],
    quotas: Iterable[Quota],
    may_take: Mapping[str, np.ndarray] | None = None,
) -> list[Sum]:
    """The Sum of every quota with a number, in their order; thresholds and votes have none.

    may_take: as the lines were given by (medals.awards); whom it excludes takes no prize and keeps nobody
    from one.
    """
    has = {}  # award: indexes of those who have it
    for line in lines:
        has.setdefault(line.award, set()).add(line.index)
    found = []
    for quota in quotas:
        if quota.count is not None:
            before = {one.group for one in found if one.award.key == quota.award}
            question = _Question(plan, standings, book, plan.award(quota.award), has, may_take or {})
            found.append(question.sum(quota, before))
    return found


@dataclass(frozen=True)
class _Question:
    """One award, and who has which. has: indexes by award key; may_take: as award_sums."""

    plan: Plan
    standings: Standings
    book: Book
    award: Award
    has: dict
    may_take: Mapping

    def sum(self, quota, before):
        """The Sum of one of its quotas; before: the groups whose quotas came earlier."""
        own = self.group(quota.group)
        holders = {row for row in self.has.get(self.award.key, ()) if own[row]}
        free = [row for row in self.free(quota.group, before) if own[row]]
        count = max(quota.count, 0)
        if self.is_too_small(quota.group):
            free = []
        find = _of_places if self.award.rule == "top" else _of_count
        due, reason = find(self.award, [int(self.place[row]) for row in free], count)
        due = {free[at] for at in due}
        wrong = tuple(sorted(holders ^ due))
        return Sum(self.award, quota.group, count, len(holders), len(due), reason, wrong)

    @property
    def place(self):
        """The places of those among whom it is given."""
        if self.award.to == "entrant":
            return self.standings.place
        teams = self.standings.teams
        return np.zeros(0, dtype=np.int64) if teams is None else teams.place

    def group(self, name):
        """bool (n,): who belongs to the group of a quota."""
        if self.award.to != "entrant" or not (self.plan.ranking.by_group or self.award.shift):
            return np.ones(len(self.place), dtype=bool)
        groups = np.array(self.standings.group)
        if self.award.shift and not name:
            return groups != self.award.shift.group
        return groups == name

    def ranked(self, name):
        """bool (n,): who is ranked together with the group of a quota."""
        return self.group(name) if not self.award.shift else np.ones(len(self.place), dtype=bool)

    def is_too_small(self, name):
        """True when too few competed for the award to be given at all."""
        competed = self.place > 0 if self.award.to == "team" else self.standings.competed
        return int((competed & self.ranked(name)).sum()) < self.award.from_competed

    def free(self, name, before):
        """Those with a place who may take it and have nothing that keeps them from it, best first."""
        award, earlier = self.award, self.plan.awards[: self.plan.awards.index(self.award)]
        own = [one for one in earlier if one.to == award.to]
        excluded = self.holders(one for one in own if one.key in award.unless)
        taken = self.holders(
            one for one in own
            if {one.rule, award.rule} <= {"ratio", "count"} and one.title == award.title
        )
        fits = self.ranked(name) & (self.place > 0)
        if award.key in self.may_take:
            fits &= self.may_take[award.key]
        if award.to == "entrant":
            fits &= may_take_award(award, self.book, len(self.place))
            fits &= self.standings.passed if award.passed else True
        rows = [row for row in np.flatnonzero(fits).tolist() if row not in excluded]
        rows.sort(key=lambda row: (int(self.place[row]), row))
        if self.plan.prizes.one_each and award.to == "entrant" and not award.title:
            rows = self.one_of_each(rows, earlier, before)
        return [row for row in rows if row not in taken]

    def holders(self, awards):
        """The indexes of those who have any of these."""
        return {row for one in awards for row in self.has.get(one.key, ())}

    def one_of_each(self, rows, earlier, before):
        """The best entry of each person who has no prize yet, here or in a group that came before."""
        person = self.book.person
        served = {
            person[row] for one in earlier if one.to == "entrant" and not one.title
            for row in self.has.get(one.key, ())
        }
        if not self.award.shift:
            groups = np.array(self.standings.group)
            served |= {person[row] for row in self.has.get(self.award.key, ()) if groups[row] in before}
        found = {}
        for row in rows:
            if person[row] not in served:
                found.setdefault(person[row], row)
        return list(found.values())


def _of_count(award, places, count):
    """(which of the places, best first, have a prize that goes to `count`; why not as many)."""
    if len(places) <= count or not count:
        due = range(min(len(places), count))
        return due, NOBODY_LEFT if len(due) < count else AS_MANY
    last = places[count - 1]
    if places[count] != last:
        return range(count), AS_MANY
    if award.border == "in":
        return range(sum(one <= last for one in places)), EQUALS_IN
    return range(sum(one < last for one in places)), EQUALS_OUT


def _of_places(award, places, count):
    """The same of an award that goes to places among those who may take it."""
    within = [sum(other < one for other in places) + 1 for one in places]
    due = [
        at for at, one in enumerate(within)
        if award.first <= one <= award.last
        and (award.border == "in" or one + within.count(one) - 1 <= award.last)
    ]
    if len(due) == count:
        return due, AS_MANY
    if len(due) > count:
        return due, EQUALS_IN
    if len(places) < award.last:
        return due, NOBODY_LEFT
    is_cut = any(award.first <= one <= award.last for at, one in enumerate(within) if at not in due)
    return due, EQUALS_OUT if is_cut else EQUALS_BEFORE
