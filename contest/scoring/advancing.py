"""Clause 8. Who goes on to the next stage. Equals on the last place all go on."""

from dataclasses import dataclass

import numpy as np

from contest.scoring.scheme import Plan
from contest.scoring.standings import Standings


@dataclass(frozen=True)
class Advance:
    """Who goes on. goes_on: bool (n,). on_the_line: bool (n,), equals on the last place by which
    more go on than the plan says. wanted: how many the plan says."""

    goes_on: np.ndarray
    on_the_line: np.ndarray
    wanted: int


def advancing(plan: Plan, standings: Standings) -> Advance:
    """Who goes on from the standings of a stage; where the plan ranks by group, from each group.

    ValueError when nobody goes on from this stage. Whether the standings are final is the caller's
    to ask (`standings.is_final`). Rules: 并列者一并晋级.
    """
    wanted = plan.stage(standings.stage).advance
    if wanted is None:
        raise ValueError(f"the plan lets nobody go on from {standings.stage}")
    # Places go 1-2-2-4, so whoever shares the last place that goes on has a place within `wanted`.
    goes_on = (standings.place > 0) & (standings.place <= wanted)
    on_the_line = np.zeros_like(goes_on)
    groups = standings.group if plan.ranking.by_group else ("",) * len(goes_on)
    for name in set(groups):
        own = goes_on & np.array([group == name for group in groups], dtype=bool)
        if own.sum() > wanted:
            on_the_line |= own & (standings.place == standings.place[own].max())
    return Advance(goes_on, on_the_line, wanted)
