"""Clause 9, continued. Who may take an award: age, gender, employment, group, titles held."""

from datetime import date

import numpy as np

from contest.scoring import UNITS_PER_POINT
from contest.scoring.book import Book
from contest.scoring.scheme import Award


def may_take_award(award: Award, book: Book | None, count: int) -> np.ndarray:
    """bool (n,): who meets the conditions; whoever lacks the datum asked for does not."""
    only = award.only
    may = np.ones(count, dtype=bool)
    if only is None:
        return may
    if book is None:
        raise ValueError(f"{award.key} has conditions on persons, and nothing is known of them")
    for asked, known in (
        (only.gender, book.gender), (only.employment, book.employment), (only.group, book.group),
    ):
        if asked:
            may &= np.array([one == asked for one in known], dtype=bool)
    if only.without_title:
        may &= np.array([only.without_title not in own for own in book.titles], dtype=bool)
    if only.most_age or only.least_age:
        ages = ages_on(book, date.fromisoformat(only.on))
        may &= ages >= max(only.least_age, 0)
        may &= ages <= (only.most_age or 1_000)
    return may


def ages_on(book: Book, day: date) -> np.ndarray:
    """int64 (n,): whole years on a day, -1 where the birth date is not known."""
    n = book.count
    born = book.data.get("birth_date", np.zeros(n, dtype=np.int64))
    given = book.data_given.get("birth_date", np.zeros(n, dtype=bool))
    ages = np.full(n, -1, dtype=np.int64)
    for row in np.flatnonzero(given).tolist():
        birth = date.fromordinal(int(born[row]) // UNITS_PER_POINT)
        before = (day.month, day.day) < (birth.month, birth.day)
        ages[row] = day.year - birth.year - before
    return ages
