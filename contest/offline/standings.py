"""The whole road from files, stage after stage, and its answer as one object."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from contest.offline.book import book_from
from contest.offline.entrants import Entrants, read_entrants
from contest.offline.marks import Reader
from contest.scoring.advancing import Advance, advancing
from contest.scoring.award_rules import Line, Quota
from contest.scoring.book import Book
from contest.scoring.medals import awards
from contest.scoring.organisations import OrganisationRow, organisation_table
from contest.scoring.scheme import Plan
from contest.scoring.score import score
from contest.scoring.standings import Standings


@dataclass(frozen=True)
class Scored:
    """What was read and what came of it; awards, quotas and organisations only at the last stage.

    earlier_final: the stages before, as far as they decide who takes part, are final.
    """

    plan: Plan
    book: Book
    standings: Standings
    advance: Advance | None
    awards: list[Line]
    quotas: list[Quota]
    organisations: list[OrganisationRow]
    earlier_final: bool


def score_files(
    plan: Plan, marks_file: Path, entrants_file: Path | None = None, stage: str | None = None
) -> Scored:
    """The standings from two files; FileError, BookError or KeyError for what cannot be used."""
    entrants = read_entrants(plan, entrants_file) if entrants_file else Entrants()
    marks = Reader(plan, marks_file, entrants).read()
    book = book_from(plan, entrants, marks, marks_file.name)
    return score_book(plan, book, stage, _may_take(plan, entrants, book))


def _may_take(plan, entrants, book):
    """By award key, bool (n entrants or teams,): False for whom the committee passed over."""
    passed = entrants.passed_over or [frozenset()] * len(book.entrants)
    teams = [entrants.team_passed_over.get(name, ()) for name in book.teams]
    return {
        award.key: np.array(
            [award.key not in keys for keys in (teams if award.to == "team" else passed)], dtype=bool
        )
        for award in plan.awards if award.to in ("entrant", "team")
    }


def score_book(plan: Plan, book: Book, stage: str | None = None, may_take=None) -> Scored:
    """The standings of a book, scoring the stages before first where they decide who takes part.

    may_take: as medals.awards.
    """
    wanted = plan.stage(stage or last_marked_stage(plan, book)).key
    earlier_final = True
    for before, after in zip(plan.stages, plan.stages[1:], strict=False):
        if before.key == wanted:
            break
        if before.lets_on and after.key not in book.entered:
            earlier = score(plan, book, before.key)
            earlier_final = earlier_final and earlier.is_final
            found = advancing(plan, earlier, book)
            book = replace(book, entered={**book.entered, after.key: found.goes_on})
    standings = score(plan, book, wanted)
    advance = advancing(plan, standings, book) if plan.stage(wanted).lets_on else None
    lines, quotas, rows = [], [], []
    if wanted == plan.last_stage.key:
        lines, quotas = awards(plan, standings, may_take, book)
        rows = organisation_table(plan, book, standings, lines)
    return Scored(plan, book, standings, advance, lines, quotas, rows, earlier_final)


def last_marked_stage(plan: Plan, book: Book) -> str:
    """The last stage in which anything is marked, or the first that has a part."""
    held = [stage for stage in plan.stages if plan.parts_of(stage.key)]
    for stage in reversed(held):
        team_parts = plan.team_parts_of(stage.key)
        own = [module for part in team_parts for module in plan.modules_of(part.key)]
        own += plan.modules_of_stage(stage.key)
        if any(_is_marked(book, module) for module in own):
            return stage.key
    return held[0].key


def _is_marked(book, module):
    arrays = (
        book.given.get(module.key), book.score_given.get(module.key),
        book.module_state.get(module.key),
    )
    return any(array is not None and array.any() for array in arrays)
