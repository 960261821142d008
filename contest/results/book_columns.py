"""What the scoring Book knows of entrants besides marks: who they are, and what was recorded."""

import numpy as np

from contest.scoring import UNITS_PER_POINT

BIRTH_DATE = "birth_date"  # from the roster, never typed as a figure


def personal_columns(roster):
    """The Book's columns on persons, by its names; `roster` stands in the book's order."""
    return {
        "group": tuple(line.group for line in roster),
        "organisation": tuple(line.organisation for line in roster),
        "room": tuple(line.room for line in roster),
        "person": tuple(str(line.human_id) for line in roster),
        "gender": tuple(line.gender for line in roster),
        "employment": tuple(line.employment for line in roster),
        "titles": tuple(frozenset(line.titles) for line in roster),
    }


def recorded_columns(plan, roster, figures):
    """The Book's recorded numbers, by its names. figures: rows as readings.TABLES gives them.

    What does not fit the plan (it was changed after the figure was recorded) never counts: a
    difficulty is then one that is still missing, an adjustment is none.
    """
    rows = {line.id: row for row, line in enumerate(roster)}
    latest = {
        (figure.kind, figure.key, figure.entrant_id): figure.units for figure in figures
        if figure.entrant_id in rows
    }
    columns = {"data": {}, "difficulty": {}, "adjustment": {}}
    given = {"data": {}, "difficulty": {}}
    for (kind, key, entrant_id), units in latest.items():
        if units is None or not _counts(plan, kind, key, units):
            continue
        _put(columns[kind], key, rows[entrant_id], units, len(rows))
        if kind in given:
            _put(given[kind], key, rows[entrant_id], True, len(rows), bool)
    for row, line in enumerate(roster):
        if line.born_on is not None:
            days = line.born_on.toordinal() * UNITS_PER_POINT
            _put(columns["data"], BIRTH_DATE, row, days, len(rows))
            _put(given["data"], BIRTH_DATE, row, True, len(rows), bool)
    return {
        **columns, "data_given": given["data"], "difficulty_given": given["difficulty"],
    }


def _counts(plan, kind, key, units):
    if kind == "data":
        return key != BIRTH_DATE
    module = next((module for module in plan.modules if module.key == key), None)
    if module is None:
        return False
    if kind == "adjustment":
        return module.adjust is not None and abs(units) <= module.adjust
    range_ = module.difficulty
    return range_ is not None and range_.lowest <= units <= range_.highest


def _put(columns, key, row, value, count, dtype=np.int64):
    column = columns.setdefault(key, np.zeros(count, dtype=dtype))
    column[row] = value
