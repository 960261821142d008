"""Clause 9. From places to prizes and titles.

*Place* is the result of the contest; *award place* is the place among those who may take this
award, because the places of those who may not pass down to the next (依次递补). Prizes by ratio and
by count take places in the plan's order, each beginning where the one before ended, and nobody gets
two of them; thresholds and titles (rule "top") do not look at the prizes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from contest.scoring.rounding import divide
from contest.scoring.scheme import Award, Plan
from contest.scoring.standings import Standings
from contest.scoring.units import text_of
from contest.scoring.words import N_

HUNDRED = 100 * 10_000


@dataclass(frozen=True)
class Line:
    """One award to one entrant or team. index: in the book's order. place, award_place: see above.

    reason: an English sentence with parameters, for the award list and for questions.
    """

    award: str
    to: str
    index: int
    place: int
    award_place: int
    reason: str
    params: dict


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


@dataclass(frozen=True)
class Contenders:
    """Those among whom an award is given: one group of entrants, or the teams.

    rows: indexes of those with a place who may take it, best first; award_places beside them.
    place, passed: of all. base: how many competed, how many were registered. has_prize: who has a
    prize by ratio or count already; such a rule adds to it.
    """

    group: str
    rows: list[int]
    award_places: list[int]
    place: np.ndarray
    passed: np.ndarray
    base: Mapping[str, int]
    has_prize: set[int]

    def passing(self, award: Award) -> list[tuple[int, int]]:
        """(index, award place) of those who passed, or of all where the award does not ask."""
        pairs = zip(self.rows, self.award_places, strict=True)
        return [pair for pair in pairs if not award.passed or self.passed[pair[0]]]


def awards(
    plan: Plan, standings: Standings, may_take: Mapping[str, np.ndarray] | None = None
) -> tuple[list[Line], list[Quota]]:
    """Every award the plan gives by rule, award by award in the plan's order, best place first.

    may_take: by award key, bool (n entrants or teams,), who may take it; an award left out is open
    to all. Awards by vote have no lines. Standings that are not final give a preview: ask
    `standings.is_final` before it is published.
    """
    lines, quotas, prizes = [], [], {}
    for award in plan.awards:
        if award.rule in RULES:
            allowed = (may_take or {}).get(award.key)
            for among in _contenders(plan, standings, award, allowed, prizes):
                found, quota = RULES[award.rule](plan, standings, award, among)
                lines += found
                quotas.append(quota)
    return lines, quotas


def _contenders(plan, standings, award, allowed, prizes):
    if award.to == "team":
        if standings.teams is not None:
            place = standings.teams.place
            base = {"competed": int((place > 0).sum()), "registered": len(place)}
            passed = np.ones(len(place), dtype=bool)
            own = np.ones(len(place), dtype=bool)
            yield _among(
                "",
                place,
                own,
                allowed=allowed,
                passed=passed,
                base=base,
                has_prize=prizes.setdefault((award.to, ""), set()),
            )
        return
    groups = np.array(standings.group if plan.ranking.by_group else [""] * len(standings.entrants))
    for name in dict.fromkeys(groups.tolist()):
        own = groups == name
        base = {
            "competed": int((own & standings.competed).sum()),
            "registered": int((own & standings.entered).sum()),
        }
        yield _among(
            name,
            standings.place,
            own,
            allowed=allowed,
            passed=standings.passed,
            base=base,
            has_prize=prizes.setdefault((award.to, name), set()),
        )

def _among(group, place, own, *, allowed, passed, base, has_prize):
    may = own & (place > 0)
    if allowed is not None:
        may = may & allowed
    rows = np.flatnonzero(may)
    rows = rows[np.argsort(place[rows], kind="stable")]
    award_places = np.searchsorted(place[rows], place[rows]) + 1
    return Contenders(
        group=group,
        rows=rows.tolist(),
        award_places=award_places.tolist(),
        place=place,
        passed=passed,
        base=base,
        has_prize=has_prize,
    )


def _line(award, among, pair, reason, params):
    row, award_place = pair
    place = int(among.place[row])
    params = {"place": place, "award_place": award_place, **params}
    return Line(award.key, award.to, row, place, award_place, reason, params)


def _prizes(count: Callable):
    """The rule of a prize that takes `count(award, among)` places after the prizes before it."""

    def give(plan, standings, award, among):
        wanted, base, arithmetic = count(award, among)
        free = [pair for pair in among.passing(award) if pair[0] not in among.has_prize]
        winners = _up_to(free, among.place, wanted, award.border)
        among.has_prize.update(row for row, _ in winners)
        reason = N_("Place %(place)s; this prize goes to %(count)s.")
        if arithmetic:
            reason = N_("Place %(place)s; this prize goes to %(count)s: %(sum)s.")
        params = {"count": wanted, "sum": arithmetic}
        lines = [_line(award, among, pair, reason, params) for pair in winners]
        return lines, Quota(award.key, among.group, base, wanted, len(lines), arithmetic)

    return give


def _up_to(free, place, wanted, border):
    """The first `wanted`; equals on the last place are all in or all out."""
    if len(free) <= wanted or wanted == 0:
        return free[:wanted]
    last, next_one = place[free[wanted - 1][0]], place[free[wanted][0]]
    if last != next_one:
        return free[:wanted]
    return [pair for pair in free if place[pair[0]] < last + (border == "in")]


def _ratio_count(award, among):
    base = among.base[award.of]
    exact = award.ratio * base
    count = COUNT_ROUNDING[award.rounding](exact)
    cut = "" if exact % 100 == 0 else "…"
    quotient = text_of(exact // 100) + cut
    return count, base, f"{text_of(award.ratio)} × {base} ÷ 100 = {quotient} → {count}"


COUNT_ROUNDING = {
    "half_up": lambda exact: int(divide(np.array([exact]), HUNDRED)[0]),
    "up": lambda exact: -(-exact // HUNDRED),
    "down": lambda exact: exact // HUNDRED,
}


def _fixed_count(award, among):
    return award.count, 0, ""


def _threshold(plan, standings, award, among):
    result = standings.teams.total if award.to == "team" else standings.total
    if award.part:
        result = standings.parts[award.part]
    reached = result.reaches(award.least, plan.rounding)
    reason = N_("%(mark)s points; this award needs at least %(least)s.")
    lines = [
        _line(
            award,
            among,
            pair,
            reason,
            {
                "mark": text_of(result.rounded[pair[0]], plan.rounding.places),
                "least": text_of(award.least),
            },
        )
        for pair in among.passing(award)
        if reached[pair[0]]
    ]
    return lines, Quota(award.key, among.group, 0, None, len(lines), "")


def _top(plan, standings, award, among):
    reason = N_(
        "Place %(award_place)s among those who may take it; "
        "it goes to places %(first)s to %(last)s."
    )
    params = {"first": award.first, "last": award.last}
    lines = []
    for pair in among.passing(award):
        equal = among.award_places.count(pair[1])
        fits = award.border == "in" or pair[1] + equal - 1 <= award.last
        if award.first <= pair[1] <= award.last and fits:
            lines.append(_line(award, among, pair, reason, params))
    count = award.last - award.first + 1
    return lines, Quota(award.key, among.group, 0, count, len(lines), "")


# An award by vote has no rule here: the committee's vote is its reason.
RULES = {
    "ratio": _prizes(_ratio_count),
    "count": _prizes(_fixed_count),
    "threshold": _threshold,
    "top": _top,
}
