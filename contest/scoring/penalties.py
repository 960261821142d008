"""Clause 5. What is taken off a mark for breaking a rule.

Order: the panel's mark is made exactly, the penalty is taken off it, then it is rounded. A stage's
penalty comes off the stage's weighted sum in the same way. Nothing goes below zero (不倒扣).
"""

import numpy as np

from contest.scoring.exact import Exact


def take_off(exact: Exact, penalty: np.ndarray | None) -> Exact:
    """The marks less `penalty`, int64 units of the same shape or None for none; never below zero.

    >>> take_off(Exact(np.array([20, 10]), 2), np.array([3, 30])).numerators.tolist()
    [14, 0]
    """
    if penalty is None or not penalty.any():
        return exact
    # A penalty larger than the mark takes all of it; cut first, the product stays within 64 bits.
    most = exact.numerators // exact.denominator + 1
    off = np.minimum(penalty, most) * exact.denominator
    return Exact(np.maximum(exact.numerators - off, 0), exact.denominator)
