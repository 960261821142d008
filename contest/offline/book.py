"""Entrants and marks from files as the book that `contest.scoring` reads."""

import numpy as np

from contest.offline.entrants import TEXTS, Entrants
from contest.offline.marks import Marks, Tray, tray_arrays
from contest.scoring.book import Book
from contest.scoring.scheme import Plan


def book_from(plan: Plan, entrants: Entrants, marks: Marks, file: str = "MARKS.csv") -> Book:
    """The book; FileError for a mark that stands twice. The trays are emptied on the way."""
    n = len(entrants.codes)
    texts = {name: tuple(entrants.texts.get(name) or [""] * n) for name in TEXTS}
    names = tuple(dict.fromkeys(team for team in texts["team"] if team))
    number = {name: index for index, name in enumerate(names)}
    arrays = {"raw": {}, "given": {}, "submitted": {}, "excused": {}}
    for module in plan.modules:
        if module.entry == "sheets":
            tray = marks.trays[module.key]
            arrays["raw"][module.key], arrays["given"][module.key] = tray_arrays(
                module, tray, entrants.codes, file
            )
            seats = (n, module.seats)
            arrays["submitted"][module.key] = np.ones(seats, dtype=bool)
            excused = np.zeros(seats, dtype=bool)
            for entrant, seat in tray.excused:
                excused[entrant, seat] = True
            arrays["excused"][module.key] = excused
            # Ten million marks would otherwise lie in memory twice.
            marks.trays[module.key] = Tray(seats=tray.seats)
    persons = zip(texts["person"], entrants.codes, strict=True)
    return Book(
        entrants=tuple(entrants.codes),
        group=texts["group"],
        team=np.array([number.get(team, -1) for team in texts["team"]], dtype=np.int64),
        teams=names,
        state=_column(n, marks.states, np.int8),
        team_ruling=np.array([entrants.team_rulings.get(name, 0) for name in names], np.int64),
        ruling=np.array(entrants.rulings or [0] * n, dtype=np.int64),
        score={key: _column(n, values) for key, values in marks.scores.items()},
        score_given={key: _given(n, values) for key, values in marks.scores.items()},
        module_state={
            key: _column(n, values, np.int8) for key, values in marks.module_states.items()
        },
        penalty=_figures(n, marks, "penalty"),
        adjustment=_figures(n, marks, "adjustment"),
        difficulty=_figures(n, marks, "difficulty"),
        entered={key: _given(n, those) for key, those in marks.taking.items()},
        difficulty_given={
            key: _given(n, values)
            for (kind, key), values in marks.figures.items() if kind == "difficulty"
        },
        organisation=texts["organisation"],
        room=texts["room"],
        person=tuple(person or code for person, code in persons),
        gender=texts["gender"],
        employment=texts["employment"],
        titles=tuple(entrants.titles) or (frozenset(),) * n,
        data={
            name: np.array([value or 0 for value in values], dtype=np.int64)
            for name, values in entrants.data.items()
        },
        data_given={
            name: np.array([value is not None for value in values], dtype=bool)
            for name, values in entrants.data.items()
        },
        **arrays,
    )


def _column(n, values, dtype=np.int64):
    column = np.zeros(n, dtype=dtype)
    for entrant, value in values.items():
        column[entrant] = value
    return column


def _given(n, values):
    given = np.zeros(n, dtype=bool)
    given[list(values)] = True
    return given


def _figures(n, marks, wanted):
    return {
        key: _column(n, values)
        for (kind, key), values in marks.figures.items() if kind == wanted and values
    }
