"""The receipt, continued. Modules to parts, parts to the stage, and the check against the standings."""

from fractions import Fraction

from contest.scoring.book import ABSENT, DISQUALIFIED, WITHDRAWN
from contest.scoring.receipt_modules import Case, at, module_mark
from contest.scoring.receipt_sums import Notes, added, carried, number, numbers, rounded, settled
from contest.scoring.scheme import Part, Stage
from contest.scoring.tops import part_terms, top_of_module, top_of_part
from contest.scoring.words import N_

HUNDRED = 100 * 10_000


class Road:
    """Walks down the plan for one entrant. standings: to check against, or None for no check.

    values, done: by kind ("modules", "parts", "stages") and key; a module's value is None while it is
    not finished.
    """

    def __init__(self, case: Case, row: int, notes: Notes, standings=None):
        self.case, self.plan, self.book = case, case.plan, case.book
        self.row, self.notes, self.standings = row, notes, standings
        self.values = {"modules": {}, "parts": {}, "stages": {}}
        self.done = {"modules": {}, "parts": {}, "stages": {}}

    def stage(self, stage: Stage) -> None:
        """A stage with everything in it; nothing where nothing is marked in it."""
        for part in self.plan.parts_of(stage.key):
            self.part(part)
        terms, words, done = self._stage_terms(stage)
        if not terms:
            return
        total = sum(terms, Fraction(0))
        label = N_("Result × weight of each part, added up.")
        if stage.combine == "points":
            label = N_("Results of the parts added up.")
        if stage.carry_percent:
            label = N_("Result × share of each part and of the stage before, added up.")
        self.notes.add(label, {}, f"{' + '.join(words)} = {number(total)}", stage)
        if stage.base:
            arithmetic = f"{number(total)} + {number(stage.base)} = {number(total + stage.base)}"
            self.notes.add(N_("The points with which everybody starts."), {}, arithmetic, stage)
            total += stage.base
        total = settled(self.plan, self.notes, total, stage, at(self.book.penalty, stage.key, self.row))
        total = carried(self.plan, self.notes, total, "stage", stage)
        self.keep("stages", stage.key, total, done, "stage")

    def _stage_terms(self, stage):
        own = Fraction(HUNDRED - stage.carry_percent, HUNDRED)
        terms, words, done = [], [], True
        for part in self.plan.parts_of(stage.key):
            value = self.values["parts"][part.key]
            written = f"({number(value)})" if value < 0 else number(value)
            if stage.combine == "weights":
                top = top_of_part(self.plan, part, self.case.trimmed)
                written += f" × {number(part.weight)} ÷ {number(top)}"
                value = value * part.weight / top * own
                if stage.carry_percent:
                    written += f" × {number(own * HUNDRED)} ÷ 100"
            terms.append(value)
            words.append(written)
            done = done and self.done["parts"][part.key]
        before = self.plan.stage_before(stage.key)
        if stage.carry_percent and before is not None:
            value = self.values["stages"][before.key]
            words.append(f"{number(value)} × {number(stage.carry_percent)} ÷ 100")
            terms.append(value * stage.carry_percent / HUNDRED)
            done = done and self.done["stages"][before.key]
        return terms, words, done

    def part(self, part: Part) -> None:
        """A part with its modules and the parts within it."""
        for module in self.plan.modules_of(part.key):
            self.module(module)
        for inner in self.plan.parts_within(part.key):
            self.part(inner)
        inside = [(kind, key) for kind, key, _ in part_terms(self.plan, part)]
        done = all(self.done[kind][key] for kind, key in inside)
        total = COMBINED[part.combine](self, part, inside)
        total = settled(self.plan, self.notes, total, part, self._penalty_of(part))
        total = carried(self.plan, self.notes, total, "part", part)
        self.keep("parts", part.key, total, done, "part")

    def _penalty_of(self, part):
        # A key that a module or a stage has too means that one.
        taken = {thing.key for thing in (*self.plan.modules, *self.plan.stages)}
        return 0 if part.key in taken else at(self.book.penalty, part.key, self.row)

    def module(self, module) -> None:
        """A module's mark."""
        mark = module_mark(self.case, module, self.row, self.notes)
        if self.standings is not None and mark.raw is not None:
            raw = self.standings.modules[module.key].raw[self.row]
            if raw != rounded(mark.raw, self.plan.rounding, "module"):
                raise ArithmeticError(
                    f"raw mark of {module.key}, entrant {self.row}: {mark.raw} on the receipt, "
                    f"{raw} in the standings"
                )
        self.keep("modules", module.key, mark.value, mark.value is not None, "module")

    def keep(self, kind, key, value, done, step) -> None:
        """Remember the value, if it is the one in the standings."""
        self.values[kind][key], self.done[kind][key] = value, done
        if self.standings is None:
            return
        check(
            f"{kind} {key} of entrant {self.row}", getattr(self.standings, kind)[key], self.row,
            (value or Fraction(0), done), self.plan.rounding, step,
        )


def check(name, result, row, mine, rounding, step) -> None:
    """ArithmeticError where a column does not say what the receipt comes to, (value, done)."""
    value, done = mine
    theirs = result.exact.value(row), bool(result.done[row])
    if theirs != mine or result.rounded[row] != rounded(value, rounding, step):
        raise ArithmeticError(
            f"{name}: {value}, {done} on the receipt, {theirs} in the standings, "
            f"printed {result.rounded[row]}"
        )


def check_total(road: Road, stage: str) -> Fraction:
    """The total that is ranked; nothing for those who did not come, went, or were sent away."""
    total = road.values["stages"][stage]
    if road.book.state[road.row] in (ABSENT, WITHDRAWN, DISQUALIFIED):
        total = Fraction(0)
    found = road.standings.total
    check(
        f"total of entrant {road.row}", found, road.row, (total, road.done["stages"][stage]),
        road.plan.rounding, "stage",
    )
    return total


def _by_weights(road, part, inside):
    terms, total, has_parts = [], Fraction(0), False
    for kind, key in inside:
        value = road.values[kind][key]
        if kind == "modules":
            thing = road.plan.module(key)
            top = top_of_module(thing, road.case.trimmed)
        else:
            has_parts, thing = True, road.plan.part(key)
            top = top_of_part(road.plan, thing, road.case.trimmed)
        if value is not None:
            total += value * thing.weight / top
            shown = f"({number(value)})" if value < 0 else number(value)
            terms.append(f"{shown} × {number(thing.weight)} ÷ {number(top)}")
    label = N_("Mark × weight ÷ top mark of each finished module, added up.")
    if has_parts:
        label = N_("Mark × weight ÷ top mark of everything in it that is finished, added up.")
    road.notes.add(label, {}, f"{' + '.join(terms) or '0'} = {number(total)}", part)
    return total


def _by_points(road, part, inside):
    marks = [road.values[kind][key] for kind, key in inside]
    marks = [mark for mark in marks if mark is not None]
    total = sum(marks, Fraction(0))
    label = N_("The finished marks in it added up.")
    road.notes.add(label, {}, f"{added(marks)} = {number(total)}", part)
    return total


def _best(road, part, inside):
    marks = sorted(
        (road.values[kind][key] for kind, key in inside if road.done[kind][key]), reverse=True
    )
    kept, left = marks[: part.best], marks[part.best :]
    total = sum(kept, Fraction(0))
    label, params = N_("The best %(best)s of the finished marks added up."), {"best": part.best}
    if left:
        label = N_("The best %(best)s of the finished marks added up; left out: %(left)s.")
        params["left"] = numbers(left)
    road.notes.add(label, params, f"{added(kept)} = {number(total)}", part)
    return total


COMBINED = {"weights": _by_weights, "points": _by_points, "best": _best}
