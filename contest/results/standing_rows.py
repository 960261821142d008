"""Standings as officials read them: names beside numbers, every number as it is printed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

import numpy as np

from contest.scoring.book import (
    ABSENT,
    DISQUALIFIED,
    MODULE_ABSENT,
    MODULE_NORMAL,
    MODULE_VOID,
    NORMAL,
    NOT_FINISHED,
    WITHDRAWN,
)
from contest.scoring.units import DECIMALS, text_of

STATE_WORDS = ("normal", "absent", "withdrawn", "disqualified", "not_finished")


@dataclass(frozen=True)
class RosterLine:
    """One entrant as the lists name them, and what ties, rooms and awards look at."""

    id: int
    number: str
    name: str
    organisation: str
    organisation_en: str
    team_id: int | None
    team: str
    group: str
    human_id: int
    gender: str
    born_on: date | None
    employment: str
    room: str
    titles: tuple


@dataclass(frozen=True)
class Figure:
    """A printed mark. text: None while nothing can be said. done: nothing is missing in it.

    note: absent, void, no_result (every attempt failed), odd (the judges lie far apart), stuck (too
    many seats struck out), refused (a room is too small to be made comparable) or "". raw: the mark
    before rooms were made comparable; None in a module where they are not.
    """

    text: str | None
    done: bool
    note: str = ""
    raw: str | None = None


# Of 7,000 figures one mark changes a few; to make them all anew was a fifth of a board's time.
_figure = lru_cache(maxsize=65_536)(Figure)


@dataclass(frozen=True)
class StandingRow:
    """One entrant's line. place: None without a place. decided_by: a tie's label, total, ruling, "".

    total: over what is finished so far, None while that is nothing and for whoever is out of the
    contest. complete: nothing is missing. finished: modules that are in.
    place_overall: among all groups, None where the plan does not rank by group. scaled: the result
    on the 700 scale, None without one. is_void: where less is better, there is no total to compare.
    """

    entrant_id: int
    number: str
    name: str
    organisation: str
    organisation_en: str
    team_id: int | None
    team: str
    group: str
    place: int | None
    is_shared: bool
    total: str | None
    complete: bool
    finished: int
    state: str
    decided_by: str
    passed: bool
    competed: bool
    parts: dict = field(hash=False)
    modules: dict = field(hash=False)
    place_overall: int | None = None
    scaled: str | None = None
    is_void: bool = False

    @property
    def shown_total(self):
        """The total as a page shows it; None where it says nothing."""
        return None if self.is_void else self.total


@dataclass(frozen=True)
class TeamRow:
    """One team's line; members: entrants' ids, counting: those whose marks count.

    total: None while no member has a mark that could count. is_void: where less is better, the team lacks
    a whole value and stands after all full teams. modules: {key: as printed, or None} of the
    team's own parts, each marked through one member.
    """

    team_id: int
    name: str
    organisation: str
    organisation_en: str
    place: int | None
    is_shared: bool
    total: str | None
    complete: bool
    decided_by: str
    too_many: bool
    members: tuple
    counting: tuple
    modules: dict = field(default_factory=dict, hash=False)
    is_void: bool = False

    @property
    def shown_total(self):
        """The total as a page shows it; None where it says nothing."""
        return None if self.is_void else self.total


@dataclass(frozen=True)
class OfficialStandings:
    """The whole table of one stage, best first; those without a place stand last.

    missing: {module key: entrants' numbers waiting for a
    mark}; stuck: numbers by module key; refused: {module key: names of rooms too small to be made
    comparable}; open_ties, open_team_ties: tuples of ids that need a ruling.
    changed_at: by (module key, entrant id), when a finished mark came in. goes_on, on_the_line: ids
    of who would go on to the next stage, and of the equals on the last place. organisations:
    OrganisationLines, empty where the plan has no such table; counts_holders: they count who holds the
    prizes, not whom the rule would give them. view: the views.View whose marks are in it; None for all.
    """

    contest_id: int
    stage: str
    force: object
    as_of: datetime | None
    rows: tuple
    teams: tuple
    missing: dict
    stuck: dict
    open_ties: tuple
    open_team_ties: tuple
    registered: int
    competed: int
    is_final: bool
    changed_at: dict = field(hash=False, repr=False, default_factory=dict)
    refused: dict = field(hash=False, default_factory=dict)
    goes_on: frozenset = frozenset()
    on_the_line: frozenset = frozenset()
    organisations: tuple = ()
    view: object = None
    counts_holders: bool = False

    @property
    def has_groups(self):
        """True where places in a group and overall differ: several groups, each ranked for itself."""
        return self.plan.ranking.by_group and len({row.group for row in self.rows}) > 1

    @property
    def plan(self):
        """The plan under which this was computed."""
        return self.force.plan

    def row_of(self, entrant_id):
        """The line of one entrant, or None."""
        return next((row for row in self.rows if row.entrant_id == entrant_id), None)


def texts(units, places):
    """Rounded int64 units, any number of them, as printed decimals with `places` places.

    >>> texts(np.array([876_700, 1_000_000, -5_000]), 2)
    ['87.67', '100.00', '-0.50']
    """
    step = 10 ** (DECIMALS - places)
    whole, lost = np.divmod(np.asarray(units, dtype=np.int64), step)
    if lost.any():
        raise ValueError(f"a mark does not fit in {places} decimals")
    if places == 0:
        return [str(n) for n in whole.tolist()]
    base = 10**places
    return [
        f"{'-' if n < 0 else ''}{abs(n) // base}.{abs(n) % base:0{places}d}" for n in whole.tolist()
    ]


def entrant_rows(plan, standings, book, roster, before_rooms):
    """Every entered entrant's StandingRow, best first; `roster` stands in the book's order.

    before_rooms: what room_marks.done_before_rooms() gives.
    """
    begun = has_begun(standings).tolist()
    total = [
        text if some else None for text, some in
        zip(texts(standings.total.rounded, plan.rounding.places), begun, strict=True)
    ]
    modules = _module_figures(plan, standings, book, before_rooms)
    parts = {
        part.key: _part_figures(plan, standings, part)
        for part in plan.parts_under(standings.stage)
    }
    by_group = plan.ranking.by_group
    shared = _shared(standings, by_group)
    overall = standings.place_overall.tolist() if by_group else [0] * len(roster)
    scaled = [-1] * len(roster) if standings.scaled is None else standings.scaled.tolist()
    void = void_totals(plan, standings)
    rows = []
    columns = zip(
        roster, standings.place.tolist(), standings.complete.tolist(),
        standings.finished.tolist(), standings.state.tolist(), standings.passed.tolist(),
        standings.competed.tolist(), standings.entered.tolist(), strict=True,
    )
    for i, (who, place, complete, finished, state, passed, competed, entered) in enumerate(columns):
        if entered:
            rows.append(StandingRow(
                who.id, who.number, who.name, who.organisation, who.organisation_en, who.team_id,
                who.team, who.group, place or None, shared[i], total[i], complete, finished,
                STATE_WORDS[state], standings.decided_by[i], passed, competed,
                {key: column[i] for key, column in parts.items()},
                {key: column[i] for key, column in modules.items()},
                place_overall=overall[i] or None,
                scaled=str(scaled[i]) if scaled[i] >= 0 else None, is_void=void[i],
            ))
    order = {row.entrant_id: at for at, row in enumerate(rows)}
    return tuple(sorted(rows, key=lambda row: (
        row.group if by_group else "", row.place or len(roster) + 1, order[row.entrant_id]
    )))


def void_totals(plan, standings):
    """bool for each entrant: less is better, and the sum would be too good because a part is void."""
    if plan.ranking.order == "high":
        return [False] * len(standings.entrants)
    own = [standings.modules[module.key] for module in plan.modules_of_stage(standings.stage)]
    void = np.any([result.void & result.done for result in own], axis=0)
    return (void | np.isin(standings.state, (ABSENT, WITHDRAWN, DISQUALIFIED))).tolist()


def has_begun(standings):
    """bool (n,): there is something to add up. Not yet marked is never zero, nor is being absent."""
    return np.isin(standings.state, (NORMAL, NOT_FINISHED)) & (standings.finished > 0)


def _shared(standings, by_group):
    """bool (n,): somebody else (of the group) has the same place."""
    seen = {}
    for i, place in enumerate(standings.place.tolist()):
        if place:
            seen.setdefault((standings.group[i] if by_group else "", place), []).append(i)
    together = {i for rows in seen.values() if len(rows) > 1 for i in rows}
    return [i in together for i in range(len(standings.entrants))]


def _module_figures(plan, standings, book, before_rooms):
    figures = {}
    for module in plan.modules_of_stage(standings.stage):
        result = standings.modules[module.key]
        state = book.module_state.get(module.key)
        state = np.zeros(book.count, dtype=np.int8) if state is None else state
        raw = [None] * book.count
        if module.adjustment.method != "none":
            is_in = before_rooms.get(module.key, result.done).tolist()
            raws = texts(result.raw, plan.rounding.places)
            raw = [text if yes else None for text, yes in zip(raws, is_in, strict=True)]
        columns = zip(
            texts(result.rounded, plan.rounding.places), result.done.tolist(), raw,
            result.odd.tolist(), result.stuck.tolist(), result.void.tolist(), state.tolist(),
            strict=True,
        )
        is_refused = bool(result.refused)
        figures[module.key] = [
            _figure(
                text if done else None, done,
                _note(
                    said, is_refused and not done and before is not None, stuck, void and done,
                    odd and (done or is_refused),
                ),
                before,
            )
            for text, done, before, odd, stuck, void, said in columns
        ]
    return figures


def _note(said, refused, stuck, void, odd):
    if said == MODULE_NORMAL and not (refused or stuck or void or odd):
        return ""
    if said == MODULE_ABSENT:
        return "absent"
    if said == MODULE_VOID:
        return "void"
    told = {"refused": refused, "stuck": stuck, "no_result": void, "odd": odd}
    return next((word for word, is_so in told.items() if is_so), "")


def _part_figures(plan, standings, part):
    result = standings.parts[part.key]
    begun = np.zeros(len(standings.entrants), dtype=bool)
    for module in modules_under(plan, part):
        begun |= standings.modules[module.key].done
    columns = zip(
        texts(result.rounded, plan.rounding.places), result.done.tolist(), begun.tolist(),
        strict=True,
    )
    return [_figure(text if some else None, done) for text, done, some in columns]


def modules_under(plan, part):
    """The modules of a part and of every part within it."""
    found = list(plan.modules_of(part.key))
    for inner in plan.parts_within(part.key):
        found += modules_under(plan, inner)
    return found


def waiting(plan, standings, roster, before_rooms):
    """Who still waits for a mark, and whose panel has nothing left: two dicts of entry numbers.

    before_rooms: what room_marks.done_before_rooms() gives.
    """
    missing, stuck = {}, {}
    due = (standings.state == NORMAL) & standings.entered
    for module in plan.modules_of_stage(standings.stage):
        result = standings.modules[module.key]
        is_in = result.done | before_rooms.get(module.key, False)
        blocked = due & result.stuck
        open_rows = np.flatnonzero(due & ~is_in & ~blocked).tolist()
        if open_rows:
            missing[module.key] = tuple(roster[i].number for i in open_rows)
        if blocked.any():
            stuck[module.key] = tuple(roster[i].number for i in np.flatnonzero(blocked).tolist())
    return missing, stuck


@dataclass(frozen=True)
class OrganisationLine:
    """One organisation's line. counts: {award key: how many}. points, average: as printed."""

    name: str
    name_en: str
    counts: dict = field(hash=False)
    points: str
    average: str
    competed: int
    place: int


def organisation_lines(plan, table, names):
    """The rows of scoring.organisations as OrganisationLines, in their order. names: {name: in English}."""
    averages = texts([row.average for row in table], plan.rounding.places)
    return tuple(
        OrganisationLine(
            row.organisation, names[row.organisation], row.counts, text_of(row.points), average,
            row.competed, row.place,
        )
        for row, average in zip(table, averages, strict=True)
    )
