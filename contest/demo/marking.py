"""How a simulated judge marks: believable, a little different from judge to judge, always the same."""

import numpy as np

from contest.demo.invent import Dice
from contest.scoring.marks import points_of, raw_range
from contest.scoring.units import text_of

PERMILLE = 1000


def marks_for(module, code, judge):
    """A complete sheet of marks for one code by one judge, as the tablet would send it.

    Good work is good under every judge; each judge is a little strict or mild.
    """
    skill = Dice(f"skill:{code}").bell(560, 990)
    shape = Dice(f"skill:{code}:{module.key}").bell(-90, 90)
    temper = Dice(f"temper:{judge}").bell(-30, 30)
    marks = {}
    for aspect in module.aspects:
        dice = Dice(f"mark:{code}:{module.key}:{judge}:{aspect.key}")
        level = skill + shape + temper + dice.bell(-110, 110)
        marks[aspect.key] = MARKERS[aspect.kind](aspect, min(PERMILLE, max(60, level)), dice)
    return marks


def _points(aspect, level, _dice):
    steps = aspect.max // aspect.step
    return text_of(min(steps, level * steps // PERMILLE) * aspect.step)


def _deductions(aspect, level, dice):
    """Takes off about what the level leaves, reason by reason."""
    left, chosen = aspect.max * (PERMILLE - level) // PERMILLE, {}
    for _ in range(8):
        index = dice.below(len(aspect.reasons))
        reason = aspect.reasons[index]
        if reason.points <= left and chosen.get(str(index), 0) < reason.most:
            chosen[str(index)] = chosen.get(str(index), 0) + 1
            left -= reason.points
    return chosen


def _checklist(aspect, level, dice):
    return [dice.below(PERMILLE) < level for _ in aspect.items]


def _judgement(_aspect, level, dice):
    return min(3, (level + dice.below(200)) * 4 // 1200)


def _measured(aspect, level, dice):
    """Of some values the one whose points come nearest to the level."""
    low, high = raw_range(aspect)
    unit = 10_000 // 10**aspect.places
    wanted = aspect.max * level // PERMILLE

    def distance(raw):
        numerators, denominator = points_of(aspect, np.array([raw], dtype=np.int64))
        return abs(int(numerators[0]) - wanted * denominator)

    values = [low + dice.below((high - low) // unit + 1) * unit for _ in range(24)]
    return text_of(min(values, key=distance))


MARKERS = {
    "points": _points,
    "deductions": _deductions,
    "checklist": _checklist,
    "judgement": _judgement,
    "measured": _measured,
}
