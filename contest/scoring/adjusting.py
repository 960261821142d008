"""Clause 11. Making rooms comparable in which different judges marked, and the 700 scale.

Nothing is adjusted unless the plan says so; a room too small to tell anything is refused; equal
marks never divide by zero; the raw mark stays beside the adjusted one. Rules: docs/rules/README.md,
section 9.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

import numpy as np

from contest.scoring import UNITS_PER_POINT
from contest.scoring.exact import Exact
from contest.scoring.rounding import round_root, round_to
from contest.scoring.scheme import Module, Plan

MIDDLE, SPREAD, TOP = 700, 30, 1000
NORMAL_CONSISTENCY = Fraction(14826, 10_000)  # MAD × 1.4826 ≈ standard deviation, for normal marks


@dataclass(frozen=True)
class Adjusted:
    """A module's marks after the adjustment, and the rooms that were too small for it."""

    exact: Exact
    refused: tuple[str, ...] = ()


def adjusted(
    plan: Plan,
    module: Module,
    exact: Exact,
    *,
    counts: np.ndarray,
    normal: np.ndarray,
    room: tuple[str, ...],
) -> Adjusted:
    """The marks that count, bool (n,), adjusted by those of the `normal`, bool (n,), among them."""
    rule = module.adjustment
    if rule.method == "none":
        return Adjusted(exact)
    telling = counts & normal
    rooms = {room[row]: [] for row in np.flatnonzero(normal).tolist()}
    for row in np.flatnonzero(counts).tolist():
        rooms.setdefault(room[row], []).append(row)
    shown = {name: [row for row in own if telling[row]] for name, own in rooms.items()}
    inhabited = {room[row] for row in np.flatnonzero(normal).tolist()}
    small = tuple(sorted(name for name in inhabited if len(shown[name]) < rule.least))
    if small:
        return Adjusted(Exact(np.zeros(len(counts), dtype=np.int64)), small)
    everybody = [exact.value(row) for row in np.flatnonzero(telling).tolist()]
    result = round_to(exact, plan.rounding)
    for name in inhabited:
        own = rooms[name]
        measure = [exact.value(row) for row in shown[name]]
        marks = [exact.value(row) for row in own]
        made = ADJUSTMENTS[rule.method](plan, everybody, measure, marks)
        result[own] = [min(max(units, module.lowest), _top(module)) for units in made]
    return Adjusted(Exact(result))


def _top(module):
    if module.adjustment.method == "robust":
        return TOP * UNITS_PER_POINT
    # A top mark between two units is not reached by a rounded mark.
    return int(module.exact_top())


def scaled(measure: list[Fraction], marks: list[Fraction]) -> list[int]:
    """Marks on the 700 scale of `measure`: 700 + 30 × (mark − median) ÷ (1.4826 × MAD).

    Whole points, 0 to 1000. MAD is the median distance from the median; where it is 0 all get 700.
    """
    middle = median(measure)
    distance = median([abs(mark - middle) for mark in measure])
    if distance == 0:
        return [MIDDLE] * len(marks)
    per_point = SPREAD / (NORMAL_CONSISTENCY * distance)
    values = [(MIDDLE + per_point * (mark - middle)) * UNITS_PER_POINT for mark in marks]
    units = [round_root(value, Fraction(0), 1, 0, "half_up") for value in values]
    return [min(max(one // UNITS_PER_POINT, 0), TOP) for one in units]


def _robust(plan, everybody, measure, marks):
    return [points * UNITS_PER_POINT for points in scaled(measure, marks)]


def _group_mean(plan, everybody, measure, marks):
    own = sum(measure, Fraction(0)) / len(measure)
    if own == 0:
        return [_rounded(plan, mark) for mark in marks]
    whole = sum(everybody, Fraction(0)) / len(everybody)
    return [_rounded(plan, mark * whole / own) for mark in marks]


def _z(plan, everybody, measure, marks):
    whole, own = _mean_and_variance(everybody), _mean_and_variance(measure)
    if own[1] == 0:
        return [_rounded(plan, whole[0])] * len(marks)
    return [_z_mark(plan, whole, own, mark) for mark in marks]


def _z_mark(plan, whole, own, mark):
    away = mark - own[0]
    square = away**2 * whole[1] / own[1]
    places, mode = plan.rounding.places, plan.rounding.mode
    return round_root(whole[0], square, 1 if away >= 0 else -1, places, mode)


def _mean_and_variance(marks):
    mean = sum(marks, Fraction(0)) / len(marks)
    return mean, sum((mark - mean) ** 2 for mark in marks) / len(marks)


def _rounded(plan, value):
    places, mode = plan.rounding.places, plan.rounding.mode
    return round_root(value, Fraction(0), 1, places, mode)


ADJUSTMENTS: dict[str, Callable] = {"group_mean": _group_mean, "z": _z, "robust": _robust}
