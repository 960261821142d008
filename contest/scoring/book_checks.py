"""Clause 2, continued. Does a book fit its plan? What fits cannot overflow; the rest is refused."""

import numpy as np

from contest.scoring.attempts import VOID
from contest.scoring.book import Book, BookError
from contest.scoring.marks import raw_range
from contest.scoring.scheme import Module, Plan
from contest.scoring.scheme_fields import POINTS_TOP

PERSONAL = ("group", "organisation", "room", "person", "gender", "employment", "titles")


def check_book(plan: Plan, book: Book) -> None:
    """BookError when an array has the wrong shape or a mark lies outside what the plan allows."""
    n = book.count
    for name in ("team", "state", "ruling"):
        _check_shape(name, getattr(book, name), (n,))
    for name in PERSONAL:
        if len(getattr(book, name)) != n:
            raise BookError(f"{name} has {len(getattr(book, name))} entries for {n} entrants")
    if ((book.team < -1) | (book.team >= len(book.teams))).any():
        raise BookError("team points at a team that does not exist")
    _check_shape("team_ruling", book.team_ruling, (len(book.teams),))
    for name in (
        "module_state", "penalty", "entered", "score", "score_given", "adjustment",
        "difficulty", "difficulty_given", "data", "data_given",
    ):
        for key, array in getattr(book, name).items():
            _check_shape(f"{name}[{key}]", array, (n,))
    for key, penalty in book.penalty.items():
        if (penalty < 0).any():
            raise BookError(f"penalty[{key}] is negative")
    for key, values in book.data.items():
        if (np.abs(values) > POINTS_TOP).any():
            raise BookError(f"data[{key}] is out of range")
    for module in plan.modules:
        check_module(module, book)
        _check_order(module, n)


def check_module(module: Module, book: Book) -> None:
    """BookError when what a book holds of one module does not fit it."""
    _check_by_the_chief(module, book)
    if module.entry == "scores":
        _check_scores(module, book)
    else:
        _check_sheets(module, book)


def _check_shape(name, array, shape):
    if array.shape != shape:
        raise BookError(f"{name} has the shape {array.shape}, the plan asks for {shape}")


def _check_by_the_chief(module, book):
    if module.key in book.adjustment:
        most = module.adjust or 0
        if (np.abs(book.adjustment[module.key]) > most).any():
            raise BookError(f"an adjustment of {module.key} is more than {most} units")
    if module.key in book.difficulty and module.difficulty is not None:
        factor = book.difficulty[module.key]
        given = book.difficulty_given[module.key]
        low, high = module.difficulty.lowest, module.difficulty.highest
        if (given & ((factor < low) | (factor > high))).any():
            raise BookError(f"a difficulty of {module.key} is not between {low} and {high} units")


def _check_scores(module, book):
    if (module.key in book.score) != (module.key in book.score_given):
        raise BookError(f"score and score_given of {module.key} belong together")
    if module.key in book.score:
        score, given = book.score[module.key], book.score_given[module.key]
        if (given & ((score < module.lowest) | (score > module.max))).any():
            raise BookError(
                f"a score of {module.key} is not between {module.lowest} and {module.max} units"
            )


def _check_sheets(module, book):
    seats = (book.count, module.seats)
    shape = (*seats, len(module.columns))
    for name in ("submitted", "excused"):
        if module.key in getattr(book, name):
            _check_shape(f"{name}[{module.key}]", getattr(book, name)[module.key], seats)
    if (module.key in book.raw) != (module.key in book.given):
        raise BookError(f"raw and given of {module.key} belong together")
    if module.key not in book.raw:
        return
    raw, given = book.raw[module.key], book.given[module.key]
    _check_shape(f"raw[{module.key}]", raw, shape)
    _check_shape(f"given[{module.key}]", given, shape)
    if raw.dtype != np.int64:
        raise BookError(f"raw[{module.key}] is {raw.dtype}, not int64")
    ranges = [raw_range(module.aspects[index]) for index, _ in module.columns]
    lowest, highest = np.array(ranges, dtype=np.int64).T
    outside = given & ((raw < lowest) | (raw > highest))
    aspects = [module.aspects[index] for index, _ in module.columns]
    tries = np.array([a.attempts > 1 or a.kind == "measured" for a in aspects])
    if tries.any():
        outside &= ~(tries & (raw == VOID))
    if outside.any():
        raise BookError(f"a mark of {module.key} is outside the range of its aspect")


def _check_order(module, count):
    for panel in module.all_panels:
        if panel.by_order:
            most = (count - 1) * (panel.judges if panel.method == "borda" else 1)
            if most * 10_000 > module.max:
                raise BookError(
                    f"{count} entrants can earn up to {most} points in {module.key}, "
                    f"more than its top mark"
                )
