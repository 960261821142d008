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

    base: how many entrants or teams the ratio is taken of (0 for other rules). count: how many the
    plan gives, None when it sets no number. given: more or fewer than `count` only through equals
    on the last place. sum: the arithmetic, "10 × 28 ÷ 100 = 2.8 → 3", or "".
    """

    award: str
    group: str
    base: int
    count: int | None
    given: int
    sum: str


@dataclass(frozen=True)
class Field:
    """Those among whom an award is given: one group of entrants, or the teams.

    rows: indexes. place: int64 (n,) of all. done, passed: bool (n,). base: by award.of.
    """

    group: str
    rows: np.ndarray
    place: np.ndarray
    passed: np.ndarray
    base: Mapping[str, int]


def awards(
    plan: Plan, standings: Standings, may_take: Mapping[str, np.ndarray] | None = None
) -> tuple[list[Line], list[Quota]]:
    """Every award the plan gives by rule, award by award in the plan's order, best place first.

    may_take: by award key, bool (n entrants or teams,), who may take it; an award left out is open
    to all. Awards by vote have no lines. Standings that are not final give a preview: ask
    `standings.is_final` before it is published.
    """
    lines, quotas, taken = [], [], {}
    for award in plan.awards:
        for group in _fields(plan, standings, award):
            allowed = (may_take or {}).get(award.key)
            has_prize = taken.setdefault((award.to, group.group), set())
            found = RULES[award.rule](plan, standings, award, group, allowed, has_prize)
            if found is not None:
                lines += found[0]
                quotas.append(found[1])
    return lines, quotas


def _fields(plan, standings, award):
    if award.to == "organisation":
        return
    if award.to == "team":
        if standings.teams is not None:
            place = standings.teams.place
            rows = np.arange(len(place))
            base = {"competed": int((place > 0).sum()), "registered": len(place)}
            yield Field("", rows, place, np.ones(len(place), dtype=bool), base)
        return
    groups = np.array(standings.group if plan.ranking.by_group else [""] * len(standings.entrants))
    for name in dict.fromkeys(groups.tolist()):
        own = groups == name
        base = {
            "competed": int((own & standings.competed).sum()),
            "registered": int((own & standings.entered).sum()),
        }
        yield Field(name, np.flatnonzero(own), standings.place, standings.passed, base)


def _candidates(award, group, allowed):
    """Indexes with a place who may take the award, best first, and their award places."""
    rows = group.rows[group.place[group.rows] > 0]
    if allowed is not None:
        rows = rows[allowed[rows]]
    rows = rows[np.argsort(group.place[rows], kind="stable")]
    own = group.place[rows]
    award_places = np.searchsorted(own, own) + 1
    return rows, award_places


def _prizes(count: Callable):
    """The rule of a prize that takes `count(award, group)` places after the prizes before it."""

    def give(plan, standings, award, group, allowed, has_prize):
        wanted, base, arithmetic = count(award, group)
        rows, award_places = _candidates(award, group, allowed)
        free = [
            (row, place)
            for row, place in zip(rows.tolist(), award_places.tolist(), strict=True)
            if row not in has_prize and (not award.passed or group.passed[row])
        ]
        winners = _up_to(free, group.place, wanted, award.border)
        has_prize.update(row for row, _ in winners)
        lines = [
            Line(award.key, award.to, row, int(group.place[row]), award_place, reason, params)
            for row, award_place in winners
            for reason, params in [_prize_reason(group, row, award_place, wanted, arithmetic)]
        ]
        return lines, Quota(award.key, group.group, base, wanted, len(lines), arithmetic)

    return give


def _up_to(free, place, wanted, border):
    """The first `wanted`; equals on the last place are all in or all out."""
    if len(free) <= wanted:
        return free
    if wanted == 0:
        return []
    last, next_one = free[wanted - 1][0], free[wanted][0]
    if place[last] != place[next_one]:
        return free[:wanted]
    if border == "in":
        return [one for one in free if place[one[0]] <= place[last]]
    return [one for one in free if place[one[0]] < place[last]]


def _prize_reason(group, row, award_place, wanted, arithmetic):
    params = {
        "place": int(group.place[row]),
        "award_place": award_place,
        "count": wanted,
        "sum": arithmetic,
    }
    if arithmetic:
        return "Place %(place)s; this prize goes to %(count)s: %(sum)s.", params
    return "Place %(place)s; this prize goes to %(count)s.", params


def _ratio_count(award, group):
    base = group.base[award.of]
    exact = award.ratio * base
    count = {
        "half_up": lambda: int(divide(np.array([exact]), HUNDRED)[0]),
        "up": lambda: -(-exact // HUNDRED),
        "down": lambda: exact // HUNDRED,
    }[award.rounding]()
    quotient = text_of(exact // 100) if exact % 100 == 0 else f"{text_of(exact // 100)}…"
    arithmetic = f"{text_of(award.ratio)} × {base} ÷ 100 = {quotient} → {count}"
    return count, base, arithmetic


def _fixed_count(award, group):
    return award.count, 0, ""


def _threshold(plan, standings, award, group, allowed, has_prize):
    rows, award_places = _candidates(award, group, allowed)
    if award.part:
        result = standings.parts[award.part]
    else:
        result = standings.teams.total if award.to == "team" else standings.total
    lines = []
    reached = result.reaches(award.least, plan.rounding)
    for row, award_place in zip(rows.tolist(), award_places.tolist(), strict=True):
        if reached[row] and (not award.passed or group.passed[row]):
            params = {
                "mark": text_of(result.rounded[row], plan.rounding.places),
                "least": text_of(award.least),
            }
            lines.append(
                Line(
                    award.key,
                    award.to,
                    row,
                    int(group.place[row]),
                    award_place,
                    "%(mark)s points; this award needs at least %(least)s.",
                    params,
                )
            )
    return lines, Quota(award.key, group.group, 0, None, len(lines), "")


def _top(plan, standings, award, group, allowed, has_prize):
    rows, award_places = _candidates(award, group, allowed)
    lines = []
    for row, award_place in zip(rows.tolist(), award_places.tolist(), strict=True):
        equal = int((award_places == award_place).sum())
        fits = award.border == "in" or award_place + equal - 1 <= award.last
        inside = award.first <= award_place <= award.last and fits
        if inside and (not award.passed or group.passed[row]):
            params = {
                "place": int(group.place[row]),
                "award_place": award_place,
                "first": award.first,
                "last": award.last,
            }
            lines.append(
                Line(
                    award.key,
                    award.to,
                    row,
                    int(group.place[row]),
                    award_place,
                    "Place %(award_place)s among those who may take it; "
                    "it goes to places %(first)s to %(last)s.",
                    params,
                )
            )
    count = award.last - award.first + 1
    return lines, Quota(award.key, group.group, 0, count, len(lines), "")


def _by_vote(plan, standings, award, group, allowed, has_prize):
    return None


RULES = {
    "ratio": _prizes(_ratio_count),
    "count": _prizes(_fixed_count),
    "threshold": _threshold,
    "top": _top,
    "vote": _by_vote,
}
