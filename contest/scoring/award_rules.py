"""Clause 9, continued. What each rule of an award gives, and to whom."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

import numpy as np

from contest.scoring.scheme import Award
from contest.scoring.units import text_of
from contest.scoring.words import N_

HUNDRED = 100 * 10_000


@dataclass(frozen=True)
class Line:
    """One award to one entrant or team. index: in the book's order. place, award_place: see medals.

    reason: an English sentence with parameters, for the award list and for questions. group: that of
    the quota it comes from.
    """

    award: str
    to: str
    index: int
    place: int
    award_place: int
    reason: str
    params: dict
    group: str = ""


@dataclass(frozen=True)
class Quota:
    """How many of an award there are in one group, and how many were given.

    base: how many entrants or teams a ratio is taken of (0 for other rules). count: how many the
    plan gives, None when it sets no number. given: more or fewer than `count` through equals on the
    last place, or because not enough may take it. sum: "10 × 28 ÷ 100 = 2.8 → 3", or "".
    """

    award: str
    group: str
    base: int
    count: int | None
    given: int
    sum: str


@dataclass
class Given:
    """What has been given so far: who holds each award, who has a prize, which persons have any."""

    holders: dict = field(default_factory=dict)
    by_list: dict = field(default_factory=dict)
    persons: set = field(default_factory=set)

    def prizes(self, award: Award, group: str) -> set[int]:
        """Who has a prize by ratio or count in one list, or such a title; the rules add to it."""
        return self.by_list.setdefault((award.to, award.title, group), set())


@dataclass(frozen=True)
class Contenders:
    """Those among whom an award is given: one group of entrants, or the teams.

    rows: indexes of those with a place who may take it, best first; award_places beside them.
    place, passed: of all. base: how many competed, how many were registered. shares: the group of
    each, and how many of each group competed. has_prize: who has a prize by ratio or count already;
    such a rule adds to it.
    """

    group: str
    rows: list[int]
    award_places: list[int]
    place: np.ndarray
    passed: np.ndarray
    base: Mapping[str, int]
    shares: tuple | None
    has_prize: set[int]

    def keep_best_of_each(
        self, award: Award, person: tuple[str, ...], served: set[str]
    ) -> None:
        """Leave one entry of each person, the best placed that may have the award, and none of
        those served already."""
        seen, rows = set(served), []
        for row in self.rows:
            if person[row] not in seen and (self.passed[row] or not award.passed):
                seen.add(person[row])
                rows.append(row)
        self.rows[:] = rows
        ordered = [int(self.place[row]) for row in rows]
        self.award_places[:] = [bisect_left(ordered, place) + 1 for place in ordered]

    def passing(self, award: Award) -> list[tuple[int, int]]:
        """(index, award place) of those who passed, or of all where the award does not ask."""
        if not award.passed:
            return list(zip(self.rows, self.award_places, strict=True))
        # Who has not passed may not take it, so the places of the others move up.
        rows = [row for row in self.rows if self.passed[row]]
        ordered = [int(self.place[row]) for row in rows]
        return [(row, bisect_left(ordered, place) + 1) for row, place in zip(rows, ordered, strict=True)]


COUNT_ROUNDING = {
    "half_up": lambda units: floor(Fraction(units, HUNDRED) + Fraction(1, 2)),
    "up": lambda units: ceil(Fraction(units, HUNDRED)),
    "down": lambda units: floor(Fraction(units, HUNDRED)),
}


def _line(award, among, pair, reason, params):
    row, award_place = pair
    place = int(among.place[row])
    params = {"place": place, "award_place": award_place, **params}
    group = among.group
    if award.shift is not None:
        group = award.shift.group if among.shares[0][row] == award.shift.group else ""
    return Line(award.key, award.to, row, place, award_place, reason, params, group)


def _prizes(count):
    """The rule of a prize that takes `count(award, among)` places after the prizes before it."""

    def give(plan, standings, award, among):
        wanted, base, arithmetic = count(award, among)
        free = [pair for pair in among.passing(award) if pair[0] not in among.has_prize]
        if award.shift is not None:
            winners, quotas = _shifted(award, among, free, wanted, base)
        else:
            winners = _up_to(free, among.place, wanted, award.border)
            quotas = [Quota(award.key, among.group, base, wanted, len(winners), arithmetic)]
        among.has_prize.update(row for row, _ in winners)
        reason = N_("Place %(place)s; this prize goes to %(count)s.")
        if arithmetic:
            reason = N_("Place %(place)s; this prize goes to %(count)s: %(sum)s.")
        params = {"count": wanted, "sum": arithmetic}
        return [_line(award, among, pair, reason, params) for pair in winners], quotas

    return give


def _up_to(free, place, wanted, border):
    """The first `wanted`; equals on the last place are all in or all out."""
    if len(free) <= wanted or wanted <= 0:
        return free[: max(wanted, 0)]
    last, next_one = place[free[wanted - 1][0]], place[free[wanted][0]]
    if last != next_one:
        return free[:wanted]
    return [pair for pair in free if place[pair[0]] < last + (border == "in")]


def _shifted(award, among, free, wanted, base):
    """The best of one group take its share and a few percent more; the others take the rest."""
    groups, competed = among.shares
    whole = sum(competed.values())
    share = Fraction(competed.get(award.shift.group, 0), whole) if whole else Fraction(0)
    share += Fraction(award.shift.points, HUNDRED)
    own_count = min(max(floor(share * wanted + Fraction(1, 2)), 0), max(wanted, 0))
    winners, quotas = [], []
    for is_own, count in ((True, own_count), (False, wanted - own_count)):
        some = [pair for pair in free if (groups[pair[0]] == award.shift.group) == is_own]
        found = _up_to(some, among.place, count, award.border)
        winners += found
        name = award.shift.group if is_own else ""
        quotas.append(Quota(award.key, name, base, count, len(found), ""))
    return sorted(winners, key=lambda pair: (among.place[pair[0]], pair[0])), quotas


def _ratio_count(award, among):
    base = among.base[award.of]
    exact = award.share * base * HUNDRED
    count = COUNT_ROUNDING[award.rounding](exact)
    cut = "" if exact % 100 == 0 else "…"
    quotient = text_of(int(exact // 100)) + cut
    if award.fraction:
        arithmetic = f"{award.fraction} × {base} = {quotient} → {count}"
    else:
        arithmetic = f"{text_of(award.ratio)} × {base} ÷ 100 = {quotient} → {count}"
    if award.cumulative:
        before = len(among.has_prize)
        left = max(count - before, 0)
        arithmetic += f"; {count} − {before} → {left}"
        count = left
    return count, base, arithmetic


def _fixed_count(award, among):
    return award.count, 0, ""


def _threshold(plan, standings, award, among):
    reason = N_("%(mark)s points; this award needs at least %(least)s.")
    lines = []
    results = _looked_at(plan, standings, award) if among.rows else []
    reached = [result.reaches(award.least, plan.rounding) for result in results]
    for pair in among.passing(award):
        found = [result for result, ok in zip(results, reached, strict=True) if ok[pair[0]]]
        if found:
            best = max(int(result.rounded[pair[0]]) for result in found)
            mark = text_of(best, plan.rounding.places)
            params = {"mark": mark, "least": text_of(award.least)}
            lines.append(_line(award, among, pair, reason, params))
    return lines, [Quota(award.key, among.group, 0, None, len(lines), "")]


def _looked_at(plan, standings, award):
    """The columns of which one has to reach the threshold."""
    if award.any_module:
        return [standings.modules[m.key] for m in plan.modules_of_stage(standings.stage)]
    if award.module:
        return [standings.modules[award.module]]
    if award.part:
        return [standings.parts[award.part]]
    return [standings.teams.total if award.to == "team" else standings.total]


def _top(plan, standings, award, among):
    reason = N_(
        "Place %(award_place)s among those who may take it; "
        "it goes to places %(first)s to %(last)s."
    )
    if award.first == award.last:
        reason = N_("Place %(award_place)s among those who may take it; it goes to place %(first)s.")
    params = {"first": award.first, "last": award.last}
    lines, pairs = [], among.passing(award)
    held = Counter(award_place for _, award_place in pairs)
    for pair in pairs:
        equal = held[pair[1]]
        fits = award.border == "in" or pair[1] + equal - 1 <= award.last
        if award.first <= pair[1] <= award.last and fits:
            lines.append(_line(award, among, pair, reason, params))
    count = award.last - award.first + 1
    return lines, [Quota(award.key, among.group, 0, count, len(lines), "")]


# An award by vote has no rule here: the committee's vote is its reason.
RULES = {
    "ratio": _prizes(_ratio_count),
    "count": _prizes(_fixed_count),
    "threshold": _threshold,
    "top": _top,
}
