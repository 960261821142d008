"""Clause 8. Who goes on to the next stage, and what happens to equals on the last place."""

from dataclasses import dataclass

import numpy as np

from contest.scoring.award_rules import COUNT_ROUNDING
from contest.scoring.book import Book
from contest.scoring.scheme import Plan, Stage
from contest.scoring.score import keys_of
from contest.scoring.standings import Standings


@dataclass(frozen=True)
class Advance:
    """Who goes on. goes_on: bool (n,). on_the_line: bool (n,), equals on the last place by which
    more, or fewer, go on than the plan says. wanted: how many the plan says, of one group."""

    goes_on: np.ndarray
    on_the_line: np.ndarray
    wanted: int


def advancing(plan: Plan, standings: Standings, book: Book | None = None) -> Advance:
    """Who goes on from the standings of a stage; where the plan ranks by group, from each group.

    book: needed where equals go on by a key, or organisations are capped. ValueError when nobody
    goes on from this stage. Whether the standings are final is the caller's to ask
    (`standings.is_final`). Rules: 并列者一并晋级, unless the plan says otherwise.
    """
    stage = plan.stage(standings.stage)
    if not stage.lets_on:
        raise ValueError(f"the plan lets nobody go on from {standings.stage}")
    n = len(standings.place)
    goes_on, on_the_line, wanted = np.zeros(n, bool), np.zeros(n, bool), 0
    groups = np.array(standings.group if plan.ranking.by_group else ("",) * n)
    for name in dict.fromkeys(groups.tolist()):
        own = groups == name
        wanted = _wanted(stage, int((own & standings.competed).sum()))
        for row, is_in, is_on_line in _walk(plan, stage, standings, book, own, wanted):
            goes_on[row] = is_in
            on_the_line[row] = is_on_line
    return Advance(goes_on, on_the_line, wanted)


def _wanted(stage, competed):
    if stage.advance is not None:
        return stage.advance
    return COUNT_ROUNDING[stage.advance_rounding](stage.advance_percent * competed)


def _walk(plan, stage: Stage, standings, book, own, wanted):
    """(row, goes on, stands on the line) of one group, from the first place down."""
    place = standings.place
    rows = np.flatnonzero(own & (place > 0))
    rows = rows[np.argsort(place[rows], kind="stable")].tolist()
    sent, left = {}, wanted
    while rows and left > 0:
        equal = [row for row in rows if place[row] == place[rows[0]]]
        rows = rows[len(equal) :]
        found = [equal]
        if len(equal) > left and stage.advance_line == "key" and book is not None:
            found = _by_key(plan, stage, standings, book, equal)
        for equals in found:
            some = _within_cap(stage, book, equals, sent)
            if left <= 0 or not some:
                continue
            is_over = len(some) > left
            is_in = not is_over or stage.advance_line != "out"
            for row in some:
                yield row, is_in, is_over
                if is_in and book is not None:
                    sent[book.organisation[row]] = sent.get(book.organisation[row], 0) + 1
            left = left - len(some) if is_in else 0


def _within_cap(stage, book, rows, sent):
    """Those whose organisation may still send somebody; of equals of one, none before another.

    Who belongs to no organisation is passed over by nobody.
    """
    if not stage.advance_cap or book is None:
        return rows
    return [
        row for row in rows
        if not book.organisation[row] or sent.get(book.organisation[row], 0) < stage.advance_cap
    ]


def _by_key(plan, stage, standings, book, equal):
    """Equals split further by the plan's key; who lacks it is not split from the others."""
    sets = [equal]
    for key in keys_of(plan, book, standings, stage.advance_by):
        sets = [smaller for rows in sets for smaller in _split(key, rows)]
    return sets


def _split(key, rows):
    if not key.known[rows].all():
        return [rows]
    values = sorted({int(key.values[row]) for row in rows}, reverse=True)
    return [[row for row in rows if key.values[row] == value] for value in values]
