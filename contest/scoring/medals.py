"""Clause 9. From places to prizes and titles.

*Place* is the result of the contest; *award place* is the place among those who may take this
award, because the places of those who may not pass down to the next (依次递补). Prizes by ratio and
by count take places in the plan's order, each beginning where the one before ended, and nobody gets
two of them; thresholds and titles (rule "top") do not look at the prizes.
"""

from collections.abc import Mapping

import numpy as np

from contest.scoring.award_conditions import may_take_award
from contest.scoring.award_rules import RULES, Contenders, Given, Line, Quota
from contest.scoring.book import Book
from contest.scoring.scheme import Plan
from contest.scoring.standings import Standings


def awards(
    plan: Plan,
    standings: Standings,
    may_take: Mapping[str, np.ndarray] | None = None,
    book: Book | None = None,
) -> tuple[list[Line], list[Quota]]:
    """Every award the plan gives by rule, award by award in the plan's order, best place first.

    may_take: by award key, bool (n entrants or teams,), who may take it; an award left out is open
    to all. book: needed for conditions on persons. Awards by vote have no lines. Standings that are
    not final give a preview: ask `standings.is_final` before it is published.
    """
    lines, quotas, given = [], [], Given()
    for award in plan.awards:
        if award.rule not in RULES:
            continue
        allowed = _allowed(award, standings, book, (may_take or {}).get(award.key), given)
        found_here = []
        one_each = plan.prizes.one_each and book is not None and not award.title
        for among in _contenders(plan, standings, award, allowed, given):
            if one_each and award.to == "entrant":
                among.keep_best_of_each(award, book.person, given.persons)
            if award.from_competed and among.base["competed"] < award.from_competed:
                quotas += _nothing_given(award, among)
                continue
            found, more = RULES[award.rule](plan, standings, award, among)
            found_here += found
            quotas += more
            if one_each and award.to == "entrant":
                given.persons |= {book.person[line.index] for line in found}
        lines += found_here
        given.holders[award.key, award.to] = {line.index for line in found_here}
    return lines, quotas


def _nothing_given(award, among):
    """The quotas of an award for which too few competed."""
    base = among.base[award.of] if award.rule == "ratio" else 0
    count = None if award.rule == "threshold" else 0
    groups = [among.group] if award.shift is None else [award.shift.group, ""]
    return [Quota(award.key, group, base, count, 0, "") for group in groups]


def _allowed(award, standings, book, may_take, given):
    """bool (n entrants or teams,), who may take the award at all."""
    barred = set()
    for key in award.unless:
        barred |= given.holders.get((key, award.to), set())
    if award.to == "team":
        count = 0 if standings.teams is None else len(standings.teams.place)
    else:
        count = len(standings.entrants)
    allowed = np.ones(count, dtype=bool) if may_take is None else may_take.copy()
    for row in barred:
        allowed[row] = False
    if award.to == "entrant":
        allowed &= may_take_award(award, book, count)
    return allowed


def _contenders(plan, standings, award, allowed, given):
    if award.to == "team":
        # Also without any team there is the number that the plan gives.
        teams = standings.teams
        place = np.zeros(0, dtype=np.int64) if teams is None else teams.place
        everybody = np.ones(len(place), dtype=bool)
        registered = 0 if teams is None else int(teams.entered.sum())
        base = {"competed": int((place > 0).sum()), "registered": registered}
        yield _among(
            "", place, everybody, allowed=allowed, passed=everybody, base=base,
            shares=None, has_prize=given.prizes(award, ""),
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
            name, standings.place, own, allowed=allowed, passed=standings.passed, base=base,
            shares=_shares(standings), has_prize=given.prizes(award, name),
        )


def _shares(standings):
    """Who belongs to which group, and how many of each competed."""
    groups = np.array(standings.group)
    competed = {
        name: int(((groups == name) & standings.competed).sum()) for name in set(standings.group)
    }
    return groups, competed


def _among(group, place, own, *, allowed, passed, base, shares, has_prize):
    rows = np.flatnonzero(own & (place > 0) & allowed)
    rows = rows[np.argsort(place[rows], kind="stable")]
    award_places = np.searchsorted(place[rows], place[rows]) + 1
    return Contenders(
        group=group,
        rows=rows.tolist(),
        award_places=award_places.tolist(),
        place=place,
        passed=passed,
        base=base,
        shares=shares,
        has_prize=has_prize,
    )
