"""The same road for one entrant, every step shown, so that a pocket calculator can follow it.

The receipt reckons with fractions, apart from the arrays, and refuses to be printed when it comes
to another number than the standings.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from contest.scoring.book import (
    ABSENT,
    DISQUALIFIED,
    MODULE_ABSENT,
    MODULE_NORMAL,
    NOT_FINISHED,
    WITHDRAWN,
    Book,
)
from contest.scoring.exact import Exact
from contest.scoring.receipt_sums import calculator, module_sum, number
from contest.scoring.rounding import round_to
from contest.scoring.scheme import Aspect, Module, Part, Plan, Stage
from contest.scoring.standings import Standings
from contest.scoring.tops import stage_terms, top_of_module
from contest.scoring.words import N_

ENTRANT_STATES = {
    ABSENT: N_("Absent: the total counts as 0, and there is no place."),
    WITHDRAWN: N_("Withdrawn: the total counts as 0, and there is no place."),
    DISQUALIFIED: N_("Disqualified: the total counts as 0, and there is no place."),
    NOT_FINISHED: N_("Did not finish the contest: what was finished counts, without a place."),
}


@dataclass(frozen=True)
class Step:
    """One line of a receipt: an English sentence with parameters, and its sum.

    sum: numbers and signs only, "(80 + 90) ÷ 2 = 85", or "". about: the piece of the plan whose
    line it is, for its name; None for the place.
    """

    label: str
    params: dict
    sum: str = ""
    about: Stage | Part | Module | Aspect | None = None


def receipt(plan: Plan, book: Book, standings: Standings, index: int) -> list[Step]:
    """Every step from the raw marks to the place of the entrant at `index` in the book.

    ArithmeticError when the steps do not lead to the numbers in the standings.
    """
    road = _Road(plan, book, standings, index)
    for stage in _stages_that_count(plan, standings.stage):
        for part in plan.parts_of(stage.key):
            for module in plan.modules_of(part.key):
                road.module(module)
            road.part(part)
        road.stage(stage)
    road.place()
    return road.steps


def _stages_that_count(plan, ranked):
    """The ranked stage, after those before it from which something is carried."""
    stages = [plan.stage(ranked)]
    while stages[0].carry_percent and (before := plan.stage_before(stages[0].key)):
        stages.insert(0, before)
    return stages


class _Road:
    """Walks down the plan for one entrant, noting each step and its value in units."""

    def __init__(self, plan, book, standings, index):
        self.plan = plan
        self.book = book
        self.standings = standings
        self.index = index
        self.steps = []
        self.values = {"modules": {}, "parts": {}, "stages": {}}

    def note(self, label, params=None, arithmetic="", about=None):
        self.steps.append(Step(label, params or {}, arithmetic, about))

    def module(self, module):
        state = int(self.book.module_state.get(module.key, self._nothing())[self.index])
        if state != MODULE_NORMAL:
            absent = N_("Absent from this module: it counts as 0.")
            cancelled = N_("The mark of this module is cancelled: it counts as 0.")
            self.note(absent if state == MODULE_ABSENT else cancelled, about=module)
            value = Fraction(0)
        elif module.entry == "scores":
            value = self._score(module)
        else:
            value = self._sheets(module)
        if value is None:
            self.values["modules"][module.key] = None
            return
        value = self._settled(self._less_penalty(value, module), "module", module)
        self._keep("modules", module.key, value)

    def part(self, part):
        terms, total = [], Fraction(0)
        for module in self.plan.modules_of(part.key):
            value = self.values["modules"][module.key]
            if value is not None:
                top = top_of_module(module)
                total += value * module.weight / top
                terms.append(f"{number(value)} × {number(module.weight)} ÷ {number(top)}")
        self.note(
            N_("Mark × weight ÷ top mark of each finished module, added up."),
            arithmetic=f"{' + '.join(terms) or '0'} = {number(total)}",
            about=part,
        )
        self._keep("parts", part.key, self._settled(total, "part", part))

    def stage(self, stage):
        terms, total = [], Fraction(0)
        for kind, key, factor in stage_terms(self.plan, stage):
            value = self.values[kind][key]
            total += value * factor
            terms.append(f"{number(value)} × {number(factor * 100 * 10_000)} ÷ 100")
        if not terms:
            return
        label = N_("Result × weight of each part, added up.")
        if stage.carry_percent:
            label = N_("Result × share of each part and of the stage before, added up.")
        self.note(label, arithmetic=f"{' + '.join(terms)} = {number(total)}", about=stage)
        total = self._less_penalty(total, stage)
        self._keep("stages", stage.key, self._settled(total, "stage", stage))

    def place(self):
        state = int(self.book.state[self.index])
        if state in ENTRANT_STATES:
            self.note(ENTRANT_STATES[state])
            return
        place = int(self.standings.place[self.index])
        if not place:
            self.note(N_("No place yet: nothing is finished, or not in this stage."))
            return
        if not self.standings.complete[self.index]:
            self.note(N_("Not everything is finished: the place is provisional."))
        total = number(Fraction(int(self.standings.total.rounded[self.index])))
        ahead, equal = self._neighbours()
        params = {"place": place, "total": total, "ahead": len(ahead), "equal": len(equal)}
        if equal:
            label = N_("Place %(place)s, shared; ahead: %(ahead)s; equal: %(equal)s.")
        else:
            label = N_("Place %(place)s; ahead: %(ahead)s.")
        self.note(label, params, total)
        key = self.standings.decided_by[self.index]
        if key and ahead:
            self._decided(key, ahead)

    def _decided(self, label, ahead):
        standings = self.standings
        key = next(key for key in standings.keys if key.label == label)
        above = max(ahead, key=lambda row: int(standings.place[row]))
        mine, theirs = key.value(self.index), key.value(above)
        sign = "<" if mine < theirs else ">"
        if label == "total":
            self.note(
                N_("The total separates it from the one above."),
                arithmetic=f"{number(mine)} {sign} {number(theirs)}",
            )
            return
        self.note(
            N_("Equal so far with the one above; separated by %(key)s."),
            {"key": label},
            f"{number(mine)} {sign} {number(theirs)}",
        )

    def _neighbours(self):
        standings, own = self.standings, self.standings.place[self.index]
        same = np.ones(len(standings.place), dtype=bool)
        if self.plan.ranking.by_group:
            same = np.array(standings.group) == standings.group[self.index]
        ahead = same & (standings.place > 0) & (standings.place < own)
        equal = same & (standings.place == own)
        equal[self.index] = False
        return np.flatnonzero(ahead).tolist(), np.flatnonzero(equal).tolist()

    def _score(self, module):
        given = self.book.score_given.get(module.key, self._nothing())[self.index]
        if not given:
            self.note(N_("No score yet."), about=module)
            return None
        value = Fraction(int(self.book.score[module.key][self.index]))
        self.note(N_("Score."), arithmetic=number(value), about=module)
        return value

    def _sheets(self, module):
        found = module_sum(self.plan, module, self.book, self.index)
        for label, params, arithmetic, about in found.lines:
            self.note(label, params, arithmetic, about)
        return found.value

    def _less_penalty(self, value, thing):
        penalty = int(self.book.penalty.get(thing.key, self._nothing())[self.index])
        if not penalty:
            return value
        left = max(value - penalty, Fraction(0))
        self.note(
            N_("Penalty taken off; nothing goes below 0."),
            arithmetic=f"{number(value)} − {number(penalty)} → {number(left)}",
            about=thing,
        )
        return left

    def _settled(self, value, step, thing):
        rounding = self.plan.rounding
        if step not in rounding.steps:
            return value
        rounded = calculator(value, rounding)
        if rounded != value:
            self.note(
                N_("Rounded to %(places)s decimals."),
                {"places": rounding.places},
                f"{number(value)} → {number(rounded)}",
                thing,
            )
        return rounded

    def _keep(self, kind, key, value):
        """Remember the value, if it is the one in the standings."""
        self.values[kind][key] = value
        result = getattr(self.standings, kind)[key]
        exact = Exact(np.array([value.numerator]), value.denominator)
        printed = int(round_to(exact, self.plan.rounding)[0])
        if value != result.exact.value(self.index) or printed != result.rounded[self.index]:
            raise ArithmeticError(
                f"{kind} {key} of entrant {self.index}: {value} on the receipt, "
                f"{result.exact.value(self.index)} in the standings"
            )

    def _nothing(self):
        return np.zeros(self.book.count, dtype=np.int64)
