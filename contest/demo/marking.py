"""How a simulated judge marks: believable, a little different from judge to judge, always the same."""

import numpy as np

from contest.demo.invent import Dice
from contest.scoring.earning import points_of
from contest.scoring.marks import raw_range, top_of_attempt
from contest.scoring.units import text_of

PERMILLE = 1000
VOID_IN = 12  # of so many attempts one fails
RANKS = 20  # ranks that are given where it is not known who else is ranked


def marks_for(module, code, judge, codes=()):
    """A complete sheet of marks for one code by one judge, as the tablet would send it.

    Good work is good under every judge; each judge is a little strict or mild. module: with several
    panels all their aspects are marked; who sends them takes the own ones. codes: everybody whom
    the judge puts in an order, where ranks are given.
    """
    marks = {}
    for aspect in module.aspects:
        level, dice = _level(module, aspect, code, judge)
        if aspect.kind == "rank":
            others = [_level(module, aspect, one, judge)[0] for one in codes if one != code]
            marks[aspect.key] = _rank(level, others)
        elif aspect.attempts > 1:
            marks[aspect.key] = _attempts(aspect, level, dice)
        else:
            marks[aspect.key] = MARKERS[aspect.kind](aspect, level, dice)
    return marks


def _level(module, aspect, code, judge):
    """How good a judge finds the work, in thousandths, and the dice for what is left to chance."""
    skill = Dice(f"skill:{code}").bell(560, 990)
    shape = Dice(f"skill:{code}:{module.key}").bell(-90, 90)
    temper = Dice(f"temper:{judge}").bell(-30, 30)
    dice = Dice(f"mark:{code}:{module.key}:{judge}:{aspect.key}")
    return min(PERMILLE, max(60, skill + shape + temper + dice.bell(-110, 110))), dice


def _rank(level, others):
    if not others:
        return 1 + (PERMILLE - level) * RANKS // PERMILLE
    return 1 + sum(other > level for other in others)


def _attempts(aspect, level, dice):
    """Each attempt a little better or worse; now and then one fails, but never all of them."""
    tries = []
    for _ in range(aspect.attempts):
        again = min(PERMILLE, max(60, level + dice.bell(-60, 60)))
        # One failed attempt that cannot be dropped would take the whole sum.
        may_fail = aspect.take in ("best", "worst") or aspect.drop_worst > tries.count("x")
        fails = may_fail and len(tries) > 0 and dice.below(VOID_IN) == 0
        tries.append("x" if fails else MARKERS[aspect.kind](aspect, again, dice))
    return tries


def _points(aspect, level, _dice):
    steps = top_of_attempt(aspect) // aspect.step
    return text_of(min(steps, level * steps // PERMILLE) * aspect.step)


def _grade(aspect, level, _dice):
    """The grade whose points come nearest to the level."""
    wanted = aspect.max * level // PERMILLE
    return min(aspect.grades, key=lambda grade: abs(grade.points - wanted)).key


def _deductions(aspect, level, dice):
    """Takes off about what the level leaves, reason by reason."""
    left, chosen = aspect.max * (PERMILLE - level) // PERMILLE, {}
    for _ in range(8):
        index = dice.below(len(aspect.reasons))
        reason = aspect.reasons[index]
        if not reason.loses and reason.points <= left and chosen.get(str(index), 0) < reason.most:
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
    if aspect.itself and aspect.better == "low":
        level = PERMILLE - level  # a time: good work is quick
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
    "grade": _grade,
}
