"""What the public board says besides its lines: the newest marks, each module, the organisations."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest, nsmallest

from contest.board import module_rules, rules
from contest.board.module_rules import key_of

WAITING_SHOWN = 12


@dataclass(frozen=True)
class Award:
    """A prize as a heading of the organisations' table."""

    key: str
    name: str
    name_en: str


@dataclass(frozen=True)
class PublicOrganisation:
    """One organisation's line, where the plan has a table of organisations. counts: by award, in order."""

    key: str
    name: str
    name_en: str
    place: int
    is_shared: bool
    counts: tuple
    points: str
    average: str
    competed: int

    @property
    def about_place(self):
        """What is in the first half of a rendered line."""
        return (self.place, self.is_shared)

    @property
    def substance(self):
        """What is on the line besides its place."""
        return (self.key, self.name, self.name_en, self.counts, self.points, self.average, self.competed)


@dataclass(frozen=True)
class ModuleBoard:
    """How far one module has come: marks in, marks expected, its newest ones, who is still to come.

    is_hidden: it is being marked under codes, beside which nothing here says a name.
    """

    key: str
    done: int
    expected: int
    news: tuple
    waiting: tuple
    is_hidden: bool


@dataclass(frozen=True)
class News:
    """A mark that came in: whose, in which module, and the place it led to.

    place None: more marks are to come; the order of unfinished sums is not called a place.
    """

    key: str
    name: str
    organisation: str
    organisation_en: str
    module: object
    mark: str
    place: int | None
    at: datetime


def newest(standings, columns):
    """(the newest marks of a contest, {module key: the newest of each}), the latest first, as News."""
    by_key = {column.key: column for column in columns}
    rows = {row.entrant_id: row for row in standings.rows}
    found = {key: [] for key in by_key}
    for (key, entrant_id), at in standings.changed_at.items():
        if entrant_id in rows and key in by_key:
            found[key].append((at, key, entrant_id))
    # Only the few newest are sorted: this is done at every mark.
    found = {key: nlargest(rules.NEWEST_SHOWN, marks) for key, marks in found.items()}
    of_all = nlargest(rules.NEWEST_SHOWN, (mark for marks in found.values() for mark in marks))

    def told(marks):
        return tuple(_news(rows[entrant_id], by_key[key], at) for at, key, entrant_id in marks)

    return told(of_all), {key: told(marks) for key, marks in found.items()}


def _news(row, column, at):
    return News(
        key_of("entrant", row.number), row.name, row.organisation, row.organisation_en, column,
        row.modules[column.key].text, row.place if row.complete else None, at,
    )


def module_boards(standings, columns, news):
    """One ModuleBoard for each column; news: by module, as newest() gives it."""
    view = standings.view
    boards = []
    for column in columns:
        if view is not None and column.key not in view.modules:
            boards.append(ModuleBoard(column.key, 0, 0, (), (), True))
            continue
        expected, waiting = module_rules.waiting(standings.rows, column.key)
        boards.append(ModuleBoard(
            column.key, expected - len(waiting), expected, news[column.key],
            tuple(nsmallest(WAITING_SHOWN, waiting)), False,
        ))
    return tuple(boards)


def organisation_facts(plan, standings):
    """The table of the organisations as fields of a PublicBoard; nothing where the plan has none."""
    if plan.organisations is None or not standings.organisations:
        return {}
    awards = tuple(award for award in plan.awards if award.to in ("entrant", "team"))
    sharing = Counter(line.place for line in standings.organisations)
    return {
        "awards": tuple(Award(award.key, award.name, award.name_en) for award in awards),
        "organisations_by": plan.organisations.order,
        "organisations": tuple(
            PublicOrganisation(
                key_of("organisation", line.name), line.name, line.name_en, line.place,
                sharing[line.place] > 1,
                tuple(line.counts.get(award.key, 0) for award in awards), line.points,
                line.average, line.competed,
            )
            for line in standings.organisations
        ),
    }
