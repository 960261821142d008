"""Clause 2, continued. Does a book fit its plan? What fits cannot overflow; the rest is refused."""

import numpy as np

from contest.scoring.book import Book, BookError
from contest.scoring.marks import raw_range
from contest.scoring.scheme import Plan


def check_book(plan: Plan, book: Book) -> None:
    """BookError when an array has the wrong shape or a mark lies outside what the plan allows."""
    n = book.count
    for name in ("team", "state", "ruling"):
        _check_shape(name, getattr(book, name), (n,))
    if len(book.group) != n:
        raise BookError(f"group has {len(book.group)} entries for {n} entrants")
    if ((book.team < -1) | (book.team >= len(book.teams))).any():
        raise BookError("team points at a team that does not exist")
    _check_shape("team_ruling", book.team_ruling, (len(book.teams),))
    for name in ("module_state", "penalty", "entered", "score", "score_given"):
        for key, array in getattr(book, name).items():
            _check_shape(f"{name}[{key}]", array, (n,))
    for key, penalty in book.penalty.items():
        if (penalty < 0).any():
            raise BookError(f"penalty[{key}] is negative")
    for module in plan.modules:
        if module.entry == "scores":
            _check_scores(module, book)
        else:
            _check_sheets(module, book)


def _check_shape(name, array, shape):
    if array.shape != shape:
        raise BookError(f"{name} has the shape {array.shape}, the plan asks for {shape}")


def _check_scores(module, book):
    if (module.key in book.score) != (module.key in book.score_given):
        raise BookError(f"score and score_given of {module.key} belong together")
    if module.key in book.score:
        score, given = book.score[module.key], book.score_given[module.key]
        if (given & ((score < 0) | (score > module.max))).any():
            raise BookError(f"a score of {module.key} is not between 0 and {module.max} units")


def _check_sheets(module, book):
    seats = (book.count, module.panel.judges)
    shape = (*seats, len(module.aspects))
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
    lowest, highest = np.array([raw_range(aspect) for aspect in module.aspects]).T
    if (given & ((raw < lowest) | (raw > highest))).any():
        raise BookError(f"a mark of {module.key} is outside the range of its aspect")
