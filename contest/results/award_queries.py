"""The prizes that today's standings give by the plan's rules, before anybody grants one."""

from collections import defaultdict
from typing import NamedTuple

from contest.results.queries import scored
from contest.scoring.medals import awards


class Given(NamedTuple):
    """The standings of the stage being held, and the prizes by rule (scoring's Lines and Quotas).

    There are none before the last stage.
    """

    scored: object
    lines: list
    quotas: list

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
        return Given(known, [], [])
    return Given(known, *awards(plan, known.found, None, known.book))
