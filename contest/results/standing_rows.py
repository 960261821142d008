"""Standings as officials read them: names beside numbers, every number as it is printed."""

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from contest.scoring.book import MODULE_ABSENT, MODULE_VOID, NORMAL, NOT_FINISHED
from contest.scoring.units import DECIMALS

STATE_WORDS = ("normal", "absent", "withdrawn", "disqualified", "not_finished")


@dataclass(frozen=True)
class RosterLine:
    """One entrant as the lists name them."""

    id: int
    number: str
    name: str
    organisation: str
    organisation_en: str
    team_id: int | None
    team: str
    group: str


@dataclass(frozen=True)
class Figure:
    """A printed mark. text: None while nothing can be said. done: nothing is missing in it.

    note: absent, void, odd (the judges lie far apart), stuck (too many seats struck out) or "".
    """

    text: str | None
    done: bool
    note: str = ""


@dataclass(frozen=True)
class StandingRow:
    """One entrant's line. place: None without a place. decided_by: a tie's label, total, ruling, "".

    total: over what is finished so far, None while that is nothing and for whoever is out of the
    contest. complete: nothing is missing. finished: modules that are in.
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


@dataclass(frozen=True)
class TeamRow:
    """One team's line; members: entrants' ids, counting: those whose marks count.

    total: None while no member has a mark that could count.
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


@dataclass(frozen=True)
class OfficialStandings:
    """The whole table of one stage, best first; those without a place stand last.

    modules: the stage's modules of the plan; missing: {module key: entrants' numbers waiting for a
    mark}; stuck: numbers by module key; open_ties, open_team_ties: tuples of ids that need a ruling.
    changed_at: by (module key, entrant id), when a finished mark came in.
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

    @property
    def plan(self):
        """The plan under which this was computed."""
        return self.force.plan

    def row_of(self, entrant_id):
        """The line of one entrant, or None."""
        return next((row for row in self.rows if row.entrant_id == entrant_id), None)


def texts(units, places):
    """Rounded int64 units, any number of them, as printed decimals with `places` places.

    >>> texts(np.array([876_700, 1_000_000]), 2)
    ['87.67', '100.00']
    """
    step = 10 ** (DECIMALS - places)
    whole, lost = np.divmod(np.asarray(units, dtype=np.int64), step)
    if lost.any():
        raise ValueError(f"a mark does not fit in {places} decimals")
    if places == 0:
        return [str(n) for n in whole.tolist()]
    base = 10**places
    return [f"{n // base}.{n % base:0{places}d}" for n in whole.tolist()]


def entrant_rows(plan, standings, book, roster):
    """Every entered entrant's StandingRow, best first; `roster` stands in the book's order."""
    places = plan.rounding.places
    begun = _begun(standings).tolist()
    total = [
        text if some else None
        for text, some in zip(texts(standings.total.rounded, places), begun, strict=True)
    ]
    modules = _module_figures(plan, standings, book)
    parts = {
        part.key: _part_figures(plan, standings, part)
        for part in plan.parts_of(standings.stage)
    }
    shared = _shared(standings, plan.ranking.by_group)
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
            ))
    by_group = plan.ranking.by_group
    order = {row.entrant_id: at for at, row in enumerate(rows)}
    return tuple(sorted(rows, key=lambda row: (
        row.group if by_group else "", row.place or len(roster) + 1, order[row.entrant_id]
    )))


def _begun(standings):
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


def _module_figures(plan, standings, book):
    figures = {}
    for module in plan.modules_of_stage(standings.stage):
        result = standings.modules[module.key]
        state = book.module_state.get(module.key)
        state = np.zeros(book.count, dtype=np.int8) if state is None else state
        columns = zip(
            texts(result.rounded, plan.rounding.places), result.done.tolist(),
            result.odd.tolist(), result.stuck.tolist(), state.tolist(), strict=True,
        )
        figures[module.key] = [
            Figure(text if done else None, done, _note(odd and done, stuck, said))
            for text, done, odd, stuck, said in columns
        ]
    return figures


def _note(odd, stuck, said):
    if said == MODULE_ABSENT:
        return "absent"
    if said == MODULE_VOID:
        return "void"
    return "stuck" if stuck else "odd" if odd else ""


def _part_figures(plan, standings, part):
    result = standings.parts[part.key]
    begun = np.logical_or.reduce(
        [standings.modules[module.key].done for module in plan.modules_of(part.key)]
    )
    columns = zip(
        texts(result.rounded, plan.rounding.places), result.done.tolist(), begun.tolist(),
        strict=True,
    )
    return [Figure(text if some else None, done) for text, done, some in columns]


def team_rows(plan, standings, book, roster, names):
    """Every team's TeamRow, best first. names: {team id: (name, organisation, in English)}."""
    found = standings.teams
    if found is None:
        return ()
    total = texts(found.total.rounded, plan.rounding.places)
    places, begun = found.place.tolist(), _begun(standings)
    rows = []
    for t, team_id in enumerate(found.teams):
        name, organisation, organisation_en = names[int(team_id)]
        members = [i for i in np.flatnonzero(book.team == t).tolist() if standings.entered[i]]
        rows.append(TeamRow(
            int(team_id), name, organisation, organisation_en, places[t] or None,
            bool(places[t]) and places.count(places[t]) > 1,
            total[t] if begun[members].any() else None, bool(found.total.done[t]),
            found.decided_by[t], bool(found.too_many[t]),
            tuple(roster[i].id for i in members),
            tuple(roster[i].id for i in members if found.counting[i]),
        ))
    order = {row.team_id: at for at, row in enumerate(rows)}
    return tuple(sorted(rows, key=lambda row: (row.place or len(rows) + 1, order[row.team_id])))


def waiting(plan, standings, roster):
    """Who still waits for a mark, and whose panel has nothing left: two dicts of entry numbers."""
    missing, stuck = {}, {}
    due = (standings.state == NORMAL) & standings.entered
    for module in plan.modules_of_stage(standings.stage):
        result = standings.modules[module.key]
        blocked = due & result.stuck
        open_rows = np.flatnonzero(due & ~result.done & ~blocked).tolist()
        if open_rows:
            missing[module.key] = tuple(roster[i].number for i in open_rows)
        if blocked.any():
            stuck[module.key] = tuple(roster[i].number for i in np.flatnonzero(blocked).tolist())
    return missing, stuck
