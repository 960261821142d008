"""The prizes that today's standings give by the plan's rules, before anybody grants one."""

from collections import defaultdict
from typing import NamedTuple

from contest.people.queries import entrant_states
from contest.results import award_rules
from contest.results.decided_queries import may_take
from contest.results.queries import scored
from contest.scoring.award_sums import award_sums
from contest.scoring.medals import awards


class Given(NamedTuple):
    """The standings of the stage being held, and the prizes by rule (scoring's Lines and Quotas).

    There are none before the last stage. may_take: what the lines were given by, of whom was passed over.
    """

    scored: object
    lines: list
    quotas: list
    may_take: dict

    def won(self):
        """{entrant id: keys of the prizes}, of those who win any for themselves."""
        found = defaultdict(list)
        for line in self.lines:
            if line.to == "entrant":
                found[self.scored.roster[line.index].id].append(line.award)
        return found


def given(contest_id, is_read=False):
    """The Given of the stage being held. is_read: this transaction has asked before."""
    known = scored(contest_id, is_read=is_read)
    plan = known.official.plan
    if known.official.stage != plan.last_stage.key:
        return Given(known, [], [], {})
    allowed = may_take(contest_id, plan, known.found, known.roster)
    return Given(known, *awards(plan, known.found, allowed, known.book), allowed)


def prize_sums(found):
    """Of each prize with a number: pairs (scoring's Sum, what those are called whom it is wrong about)."""
    known = found.scored
    teams = {row.team_id: row.name for row in known.official.teams}
    ids = known.found.teams.teams if known.found.teams is not None else ()
    return [
        (one, [
            known.roster[row].number if one.award.to == "entrant" else teams.get(int(ids[row]), "–")
            for row in one.wrong
        ])
        for one in award_sums(
            known.official.plan, known.found, known.book, found.lines, found.quotas, found.may_take
        )
    ]


def entrant_sum(official):
    """The award_rules.EntrantSum of a stage's table."""
    states = entrant_states(official.contest_id)
    return award_rules.entrant_sum(
        official.rows, {row.entrant_id: states.get((row.entrant_id, ""), "normal") for row in official.rows},
        official.plan.ranking.passed_only,
    )
