"""Clause 10, continued. Judges whose totals are the same too often to have come about apart."""

from math import comb

from contest.scoring.agreement import LEAST_SHEETS, Agreement, Alike

# How often two judges agree to the point depends on the step of the marks and on how hard the task is;
# the other pairs of the same panel show it. Without a third judge there is no other pair.
LEAST_JUDGES = 3
# So seldom may chance make any pair of a panel look copied: once in a thousand panels.
BY_CHANCE = 0.001
# Who has copied less than every other sheet cannot be told from who sees alike.
LEAST_SAME = 0.5


def copies(found: Agreement) -> tuple[Alike, ...]:
    """The pairs that agree to the point far more often than the other pairs of the panel do.

    Judges who gave everybody the same total have a finding of their own and are left out. Where all
    the judges of a panel agree alike, copied or not, nobody stands out.
    """
    constant = {judge.judge for judge in found.judges if judge.is_constant}
    pairs = [pair for pair in found.pairs if not {pair.judge, pair.other} & constant]
    if len({judge for pair in pairs for judge in (pair.judge, pair.other)}) < LEAST_JUDGES:
        return ()
    return tuple(pair for pair in pairs if _is_copied(pair, pairs))


def _is_copied(pair, pairs):
    if pair.both < LEAST_SHEETS or pair.same < LEAST_SAME * pair.both:
        return False
    others = [other for other in pairs if other is not pair]
    # Laplace: one agreement and one difference are supposed to have been seen, so nothing is certain.
    usual = (sum(other.same for other in others) + 1) / (sum(other.both for other in others) + 2)
    return at_least(pair.same, pair.both, usual) * len(pairs) < BY_CHANCE


def at_least(hits: int, tries: int, chance: float) -> float:
    """The probability of so many hits or more.

    >>> at_least(2, 2, 0.5), at_least(0, 2, 0.5), at_least(1, 2, 0.5)
    (0.25, 1.0, 0.75)
    """
    return sum(
        comb(tries, hit) * chance**hit * (1 - chance) ** (tries - hit)
        for hit in range(hits, tries + 1)
    )
