"""Clause 10. How far the judges of a panel agree: it warns people and never changes a mark.

Three words that people confuse. A judge's *offset* says that all the judge's marks lie above or below
the others'; where everybody has the same judges it changes no place. The *spread* says how far apart
a judge puts the entrants; who spreads them wider weighs more in a mean. The *correlation* says
whether a judge sees the same order. The others are always the judges who marked the same entrant, and
a judge is compared only where there is at least one.

Statistics are floats, because no mark is made from them; what is undefined is None.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from contest.scoring.agreement_measures import (
    LEAST_ENTRANTS,
    Concordance,
    Reliability,
    concordance,
    reliability,
    spearman,
)

# A constant or an inverted sheet is told only from as many sheets as could not be so by chance.
LEAST_CONSTANT = 3
# One published system refuses to standardise judges below 6 contestants (domain.md, section 3).
LEAST_SHEETS = 6
# Cohen 1988: 0.3 is the least correlation that he calls medium. A judge who merely sees something
# else scatters about 0; clearly below it, the scale was probably read the wrong way round.
INVERTED = -0.3


@dataclass(frozen=True)
class PanelSheets:
    """The sheets of one module by judges, n entrants.

    totals: int64 (n, judges) numerators, `per_point` to a point. counted, own: bool (n, judges), the
    sheets that are handed in and count; where judge and entrant come from the same organisation.
    high, low, chances: int64 (n, judges), how many marks of the sheet were dropped as the highest and
    the lowest, of how many. regular: bool (judges,), False for reserves, who marked only some. top:
    the most that a sheet can earn, in points.
    """

    totals: np.ndarray
    counted: np.ndarray
    own: np.ndarray
    per_point: int
    high: np.ndarray
    low: np.ndarray
    chances: np.ndarray
    regular: np.ndarray
    top: float


@dataclass(frozen=True)
class Deviation:
    """How many points a judge's total of one entrant lies above the mean of the others."""

    entrant: int
    points: float
    is_own: bool


@dataclass(frozen=True)
class OwnEntrants:
    """A judge's sheets of entrants of the same organisation.

    leniency: mean deviation on them minus that on the others, in points; error: its standard error,
    None where it cannot be told. compared, others: how many sheets stand on either side.
    """

    sheets: int
    compared: int
    others: int
    leniency: float | None
    error: float | None


@dataclass(frozen=True)
class JudgeAgreement:
    """One judge beside the others. sheets: that count; deviations: of those with another's beside.

    offset: mean deviation in points; error: its standard error. spread_ratio: the judge's standard
    deviation ÷ the others' over the same entrants. correlation: Spearman's, with the others' mean.
    high, low: how often a mark was dropped as the highest or lowest, of `chances`. largest: the
    deviation that lies furthest from 0, the first of equals.
    """

    judge: int
    sheets: int
    deviations: tuple[Deviation, ...]
    offset: float | None
    error: float | None
    spread_ratio: float | None
    correlation: float | None
    high: int
    low: int
    chances: int
    largest: Deviation | None
    own: OwnEntrants
    is_constant: bool

    @property
    def is_inverted(self) -> bool:
        """The judge's order runs clearly against the others'."""
        is_known = self.correlation is not None and len(self.deviations) >= LEAST_SHEETS
        return is_known and self.correlation <= INVERTED


@dataclass(frozen=True)
class Alike:
    """To how many of the entrants whom two judges both marked they gave the very same total."""

    judge: int
    other: int
    same: int
    both: int


@dataclass(frozen=True)
class Agreement:
    """A panel's agreement. entrants: how many have any sheet that counts.

    between: standard deviation of the entrants' mean totals in points, over those with several
    judges; None below three of them. top: the most that a sheet can earn, in points. judges: in the
    order of the columns. pairs: of judges who marked the same entrants.
    """

    entrants: int
    between: float | None
    top: float
    concordance: Concordance | None
    reliability: Reliability | None
    judges: tuple[JudgeAgreement, ...]
    pairs: tuple[Alike, ...] = ()


def agreement(sheets: PanelSheets) -> Agreement:
    """How far the judges agree: Kendall's W and ICC of the regular judges, and each judge's figures."""
    deviations, compared = _deviations(sheets)
    table = sheets.totals[:, sheets.regular]
    complete = sheets.counted[:, sheets.regular].all(axis=1)
    return Agreement(
        entrants=int(sheets.counted.any(axis=1).sum()),
        between=_between(sheets, compared),
        top=sheets.top,
        concordance=concordance(table[complete]),
        reliability=reliability(table[complete]),
        judges=tuple(
            _judge(sheets, judge, deviations[:, judge], compared[:, judge])
            for judge in range(sheets.totals.shape[1])
        ),
        pairs=tuple(_pairs(sheets)),
    )


def _deviations(sheets):
    """float (n, judges) in points, and bool of that shape: where there is another judge's sheet."""
    counts = sheets.counted.sum(axis=1, keepdims=True)
    compared = sheets.counted & (counts > 1)
    totals = np.where(sheets.counted, sheets.totals, 0)
    # x − (sum − x) / (c − 1) over one denominator: whole numbers, so equal totals differ by 0.
    above = totals * counts - totals.sum(axis=1, keepdims=True)
    below = np.maximum(counts - 1, 1) * sheets.per_point
    return np.where(compared, above / below, 0.0), compared


def _pairs(sheets):
    for judge, other in combinations(range(sheets.totals.shape[1]), 2):
        both = sheets.counted[:, judge] & sheets.counted[:, other]
        if both.any():
            same = sheets.totals[both, judge] == sheets.totals[both, other]
            yield Alike(judge, other, int(same.sum()), len(same))


def _between(sheets, compared):
    rows = compared.any(axis=1)
    if rows.sum() < LEAST_ENTRANTS:
        return None
    totals = np.where(sheets.counted, sheets.totals, 0)[rows].sum(axis=1)
    return _deviation_of(totals / sheets.counted[rows].sum(axis=1)) / sheets.per_point


def _judge(sheets, judge, deviations, compared):
    counted = sheets.counted[:, judge]
    totals = sheets.totals[counted, judge]
    found = tuple(
        Deviation(int(row), float(deviations[row]), bool(sheets.own[row, judge]))
        for row in np.flatnonzero(compared)
    )
    points = deviations[compared]
    return JudgeAgreement(
        judge=judge,
        sheets=len(totals),
        deviations=found,
        offset=_mean(points),
        error=_error(points),
        spread_ratio=_spread_ratio(sheets, judge),
        correlation=_correlation(sheets, judge, compared),
        high=int(sheets.high[:, judge].sum()),
        low=int(sheets.low[:, judge].sum()),
        chances=int(sheets.chances[:, judge].sum()),
        largest=max(found, key=lambda each: abs(each.points), default=None),
        own=_own(sheets.own[:, judge], counted, deviations, compared),
        is_constant=len(totals) >= LEAST_CONSTANT and bool((totals == totals[0]).all()),
    )


def _spread_ratio(sheets, judge):
    """Each pair is compared over the entrants whom both marked, so gaps do not look like spread."""
    mine = others = 0.0
    for other in range(sheets.totals.shape[1]):
        both = sheets.counted[:, judge] & sheets.counted[:, other]
        if other != judge and both.sum() >= LEAST_ENTRANTS:
            mine += _deviation_of(sheets.totals[both, judge])
            others += _deviation_of(sheets.totals[both, other])
    return mine / others if others else None


def _correlation(sheets, judge, compared):
    totals = np.where(sheets.counted, sheets.totals, 0)[compared]
    mine = totals[:, judge]
    beside = sheets.counted[compared].sum(axis=1) - 1
    return spearman(mine, (totals.sum(axis=1) - mine) / beside)


def _own(own, counted, deviations, compared):
    mine, rest = deviations[compared & own], deviations[compared & ~own]
    leniency = error = None
    if len(mine) and len(rest):
        leniency = float(mine.mean() - rest.mean())
    if len(mine) > 1 and len(rest) > 1:
        # Welch: the two groups need not scatter alike.
        error = float(np.sqrt(mine.var(ddof=1) / len(mine) + rest.var(ddof=1) / len(rest)))
    return OwnEntrants(int((own & counted).sum()), len(mine), len(rest), leniency, error)


def _mean(points):
    return float(points.mean()) if len(points) else None


def _error(points):
    return _deviation_of(points) / len(points) ** 0.5 if len(points) > 1 else None


def _deviation_of(values):
    # From the first value: where all are equal, nothing is left, not even a rounding error.
    return float(np.std(values - values[0], ddof=1))
