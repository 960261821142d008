"""Panels by chance, and judges who are not as they should be (figure 10 of reliability.md).

The ranges were set before anything was measured and are those of the trade: totals of 100 in steps of
a half, contestants whose standard deviation is 7 to 14 points, judges who scatter by 2 to 5 points
around what they see and are 0.5 to 2 points strict or kind by nature: a reliability from below
"moderate" to "excellent". Panels of five and more leave out the highest and the lowest mark.
"""

import numpy as np

from contest.scoring.agreement import PanelSheets
from contest.scoring.panel import dropped_marks
from contest.scoring.scheme import Panel

POINT = 10_000
STEP = POINT // 2
TOP = 100 * POINT
OUT_BY = 10 * POINT


def clean_panel(rng):
    """int64 (entrants, judges): 10 to 40 contestants before 3 to 7 judges who all mean it well."""
    entrants, judges = int(rng.integers(10, 41)), int(rng.integers(3, 8))
    seen = rng.normal(rng.uniform(65, 80), rng.uniform(7, 14), (entrants, 1))
    kind = rng.normal(0, rng.uniform(0.5, 2), (1, judges))
    marks = seen + kind + rng.normal(0, rng.uniform(2, 5), (entrants, judges))
    return tidy(np.round(marks * POINT).astype(np.int64))


def tidy(marks):
    """Marks on the step, from 0 to 100."""
    return np.clip((marks + STEP // 2) // STEP * STEP, 0, TOP)


def inverted(marks, judge, rng):
    """The scale read the wrong way round, as far as the judge uses it."""
    mine = marks[:, judge]
    return mine.max() + mine.min() - mine


def constant(marks, judge, rng):
    """The judge gives everybody the same."""
    return np.full(len(marks), tidy(marks[:, judge].sum() // len(marks)))


def copied(marks, judge, rng):
    """The judge takes over what a neighbour has written."""
    return marks[:, (judge + 1) % marks.shape[1]]


def out_by_ten(marks, judge, rng):
    """All of the judge's totals lie ten points too high, or too low."""
    return tidy(marks[:, judge] + OUT_BY * rng.choice((-1, 1)))


UNUSUAL = {"inverted": inverted, "constant": constant, "copied": copied, "out by ten": out_by_ten}


def spoil(marks, kind, rng):
    """(the marks with one judge who is not as they should be, whose column it is)."""
    judge = int(rng.integers(marks.shape[1]))
    spoiled = marks.copy()
    spoiled[:, judge] = UNUSUAL[kind](marks, judge, rng)
    return spoiled, judge


def sheets_of(marks):
    """PanelSheets of totals that are all in, nobody judging their own."""
    there = np.ones(marks.shape, dtype=bool)
    trims = marks.shape[1] >= 5
    panel = Panel(judges=marks.shape[1], drop_high=int(trims), drop_low=int(trims))
    high, low = dropped_marks(panel, marks, there)
    return PanelSheets(
        totals=marks, counted=there, own=~there, per_point=POINT, high=high.astype(np.int64),
        low=low.astype(np.int64), chances=np.full(marks.shape, int(trims)),
        regular=np.ones(marks.shape[1], dtype=bool), top=TOP / POINT,
    )
