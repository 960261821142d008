"""Sheets of a panel as a table of totals, and what is found in them."""

import dataclasses

import numpy as np

from contest.scoring.agreement import (
    Deviation,
    JudgeAgreement,
    OwnEntrants,
    PanelSheets,
    agreement,
)
from contest.scoring.agreement_findings import findings

POINT = 10_000
# Shrout & Fleiss 1979, table 2: six targets, four judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def sheets(rows, own=(), dropped=(), regular=None, chances=0):
    """PanelSheets of totals in points; None is a sheet that is not in.

    own: pairs (entrant, judge). dropped: triples ("high" or "low", entrant, judge).
    """
    counted = np.array([[mark is not None for mark in row] for row in rows], dtype=bool)
    totals = np.array([[round((mark or 0) * POINT) for mark in row] for row in rows], dtype=np.int64)
    made = {name: np.zeros(counted.shape, dtype=np.int64) for name in ("high", "low")}
    for name, entrant, judge in dropped:
        made[name][entrant, judge] = 1
    mine = np.zeros(counted.shape, dtype=bool)
    for place in own:
        mine[place] = True
    if regular is None:
        regular = [True] * counted.shape[1]
    return PanelSheets(
        totals, counted, mine, POINT, chances=np.full(counted.shape, chances), **made,
        regular=np.array(regular, dtype=bool), top=100.0,
    )


def agreed(rows, **more):
    return agreement(sheets(rows, **more))


def said(rows, **more):
    """The findings as sentences; the judge is shown as a letter."""
    return [
        each.sentence % {
            **{k: f"{v:.2f}" if isinstance(v, float) else v for k, v in each.params.items()},
            "judge": "ABCDEFG"[each.judge] if each.judge is not None else "",
            "other": "ABCDEFG"[each.params.get("other", 0)],
        }
        for each in findings(agreed(rows, **more))
    ]


def floats_of(thing):
    """Every float in a dataclass, however deep."""
    if isinstance(thing, float):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from floats_of(each)
    elif dataclasses.is_dataclass(thing):
        yield from floats_of(tuple(vars(thing).values()))


QUIET = {
    "offset": 0.0, "error": 1.0, "spread_ratio": 1.0, "correlation": 0.9, "high": 0, "low": 0,
    "chances": 0, "is_constant": False,
}


def one_judge(number=0, sheets=6, own=(0, 0, 0, None, None), **figures):
    """A judge about whom there is nothing to say, but for the figures given."""
    found = tuple(Deviation(entrant, 0.0, False) for entrant in range(sheets))
    return JudgeAgreement(
        judge=number, sheets=sheets, deviations=found, largest=None, own=OwnEntrants(*own),
        **(QUIET | figures),
    )
