"""Clause 5. What is taken off a mark, and the least and the most it may be.

Order, at every module, part and stage: the sum is made exactly, held at the cap, the penalty comes
off, nothing goes below the lowest (0 unless the plan says less: 不倒扣), and then it is rounded.
A plan may take the penalty off before the cap.
"""

import numpy as np

from contest.scoring.exact import Exact
from contest.scoring.scheme import Module, Part, Plan, Stage

HUNDRED = 100 * 10_000


def settled(
    plan: Plan, thing: Module | Part | Stage, exact: Exact, penalty: np.ndarray | None
) -> Exact:
    """The exact value of a module, part or stage after cap, penalty and lowest."""
    if plan.penalties.order == "penalty_first":
        exact = at_most(take_off(plan, exact, penalty, thing.lowest), thing.cap)
    else:
        exact = take_off(plan, at_most(exact, thing.cap), penalty, thing.lowest)
    return at_least(exact, thing.lowest)


def at_most(exact: Exact, cap: int | None) -> Exact:
    """The values, none above `cap` units."""
    if cap is None:
        return exact
    most = min(cap * exact.denominator, 2**63 - 1)  # a cap beyond all marks caps nothing
    return Exact(np.minimum(exact.numerators, most), exact.denominator)


def at_least(exact: Exact, lowest: int) -> Exact:
    """The values, none below `lowest` units."""
    least = max(lowest * exact.denominator, -(2**63))
    return Exact(np.maximum(exact.numerators, least), exact.denominator)


def take_off(plan: Plan, exact: Exact, penalty: np.ndarray | None, lowest: int = 0) -> Exact:
    """The marks less `penalty`, int64 units of points or percent, or None for none.

    A percentage is one of what is above nothing, and takes at most all of it.
    """
    if plan.penalties.percent:
        return _percent_off(exact, penalty)
    if penalty is None or not penalty.any():
        return exact
    # A penalty larger than the mark takes all of it; cut first, the product stays within 64 bits.
    most = np.maximum(exact.numerators // exact.denominator - lowest, 0) + 1
    off = np.minimum(penalty, most) * exact.denominator
    return Exact(exact.numerators - off, exact.denominator)


def _percent_off(exact, penalty):
    # Always over the same denominator, so that what `limits.py` has measured holds.
    left = HUNDRED - np.minimum(0 if penalty is None else penalty, HUNDRED)
    share = np.where(exact.numerators > 0, left, HUNDRED)
    return Exact(exact.numerators * share, exact.denominator * HUNDRED)
