"""The standings kept up to date: one changed sheet costs one row of one module, not all of them.

What the judges wrote is by far the most of a contest; what is made of it by weighing and ranking is
little. So the marks of a module are made again only for the entrants whose sheets changed, and the
rest of the road is walked for everybody.
"""

from dataclasses import fields, replace

import numpy as np

from contest.scoring.book import Book
from contest.scoring.book_checks import check_book, check_module
from contest.scoring.exact import Exact
from contest.scoring.modules import module_result
from contest.scoring.scheme import Module, Plan
from contest.scoring.score import combined, modules_up_to, rank
from contest.scoring.sheets import all_sheets, read_sheets
from contest.scoring.standings import Standings


class Running:
    """The standings of one stage while marks come in.

    The book's arrays are the caller's: change them, then say what changed with `changed`. Whatever
    else of the book changes (a state, a penalty, a plan) asks for a new Running.
    """

    def __init__(self, plan: Plan, book: Book, stage: str | None = None):
        self.plan, self.book = plan, book
        self.stage = stage or plan.last_stage.key
        check_book(plan, book)
        self.sheets = all_sheets(plan, book)
        self.modules, self.kept = {}, {}
        needs_all = any(tie.by == "untrimmed" for tie in plan.ranking.ties)
        self.roads = (True, False) if needs_all else (True,)
        for trimmed in self.roads:
            for module, entered in modules_up_to(plan, book, self.stage):
                self.modules[module.key, trimmed] = module_result(
                    plan, module, book, self.sheets.get(module.key), trimmed, entered
                )

    def changed(self, key: str, rows: np.ndarray) -> None:
        """The sheets, or the score, of the entrants at `rows` (int64) changed in a module."""
        module = self.plan.module(key)
        if (key, True) not in self.modules:
            return
        part = only(self.book, module, rows)
        check_module(module, part)
        if module.entry == "sheets":
            found = read_sheets(self.plan, module, self.book, rows)
            self.sheets[key] = patched(self.sheets[key], found, rows, HELD_HERE)
        entered = dict(
            (m.key, entered) for m, entered in modules_up_to(self.plan, self.book, self.stage)
        )[key]
        for trimmed in self.roads:
            if looks_at_everybody(module):
                self.modules[key, trimmed] = module_result(
                    self.plan, module, self.book, self.sheets.get(key), trimmed, entered
                )
            else:
                sheets = found if module.entry == "sheets" else None
                some = None if entered is None else entered[rows]
                result = module_result(self.plan, module, part, sheets, trimmed, some)
                self.modules[key, trimmed] = patched(
                    self.modules[key, trimmed], result, rows, new=self._from_sheets(key)
                )

    def _from_sheets(self, key):
        """What both roads show as the sheets have it, put in there already."""
        sheets = self.sheets.get(key)
        return {} if sheets is None else {"sheets": sheets.totals, "counted": sheets.counted}

    def standings(self) -> Standings:
        """The standings of now, equal to those of `score.score`."""
        made = combined(self.plan, self.book, self._road(True), self.stage)
        return rank(
            self.plan, self.book, self.stage, self.sheets, made, self._untrimmed, self.kept
        )

    def _road(self, trimmed):
        return {key: result for (key, road), result in self.modules.items() if road == trimmed}

    def _untrimmed(self):
        return combined(self.plan, self.book, self._road(False), self.stage, trimmed=False)


def looks_at_everybody(module: Module) -> bool:
    """True where one entrant's mark moves the others': orders, and rooms made comparable."""
    by_order = any(panel.by_order for panel in module.all_panels)
    return by_order or module.adjustment.method != "none"


BY_MODULE = (
    "raw", "given", "submitted", "excused", "score", "score_given", "module_state", "penalty",
    "adjustment", "difficulty", "difficulty_given",
)


def only(book: Book, module: Module, rows: np.ndarray) -> Book:
    """The part of a book that a module's marks of some entrants are made of."""
    parts = {
        name: {module.key: getattr(book, name)[module.key][rows]}
        for name in BY_MODULE if module.key in getattr(book, name)
    }
    return Book(entrants=("",) * len(rows), state=book.state[rows], **parts)


# The large arrays of the sheets, which no Standings holds: they are written where they stand.
HELD_HERE = ("raw", "given", "values", "points", "void", "missed")


def patched(whole, part, rows, here=(), new=None):
    """A dataclass of arrays over entrants with the rows of another put in, or whole ones of `new`.

    Nothing is shared with `whole` but the arrays named in `here`.
    """
    values = dict(new or {})
    for each in fields(whole):
        old, new = getattr(whole, each.name), getattr(part, each.name)
        if old is None or each.name in values:
            continue
        if each.name in here:
            getattr(old, "numerators", old)[rows] = getattr(new, "numerators", new)
        elif isinstance(old, Exact):
            if old.denominator != new.denominator:
                raise ArithmeticError(f"{each.name}: {new.denominator} is not {old.denominator}")
            values[each.name] = Exact(_put(old.numerators, new.numerators, rows), old.denominator)
        elif isinstance(old, np.ndarray):
            values[each.name] = _put(old, new, rows)
    return replace(whole, **values)


def _put(old, new, rows):
    result = old.copy()
    result[rows] = new
    return result
