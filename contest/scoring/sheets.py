"""Clause 2, continued. Every judge's sheet of one module: points, totals, and which count."""

from dataclasses import dataclass

import numpy as np

from contest.scoring.book import Book
from contest.scoring.exact import Exact
from contest.scoring.marks import earned
from contest.scoring.rounding import settle
from contest.scoring.scheme import Module, Plan


@dataclass(frozen=True)
class Sheets:
    """The sheets of one module.

    raw: int64 (n, seats, aspects), 0 where not given. points: Exact of the same shape, units
    earned. totals: Exact (n, seats). counting: bool (n, seats), seats not struck out. counted: bool
    (n, seats), those of them that submitted a full sheet; points and totals mean nothing elsewhere.
    """

    raw: np.ndarray
    points: Exact
    totals: Exact
    counting: np.ndarray
    counted: np.ndarray


def read_sheets(plan: Plan, module: Module, book: Book) -> Sheets:
    """The sheets of a module that is marked on sheets."""
    seats = (book.count, module.panel.judges)
    counting = ~book.excused.get(module.key, np.zeros(seats, dtype=bool))
    if module.key in book.raw:
        given = book.given[module.key]
        raw = np.where(given, book.raw[module.key], 0)
        full = given.all(axis=2)
    else:
        raw = np.zeros((*seats, len(module.aspects)), dtype=np.int64)
        full = np.zeros(seats, dtype=bool)
    submitted = book.submitted.get(module.key, np.zeros(seats, dtype=bool))
    numerators, denominator = earned(module.aspects, raw)
    totals = Exact(numerators.sum(axis=2), denominator)
    if module.panel.level == "sheet":
        totals = settle(totals, plan.rounding, "sheet")
    counted = submitted & full & counting
    return Sheets(raw, Exact(numerators, denominator), totals, counting, counted)


def all_sheets(plan: Plan, book: Book) -> dict[str, Sheets]:
    """The sheets of every module that is marked on sheets, by key."""
    return {
        module.key: read_sheets(plan, module, book)
        for module in plan.modules
        if module.entry == "sheets"
    }
