"""From tables to standings: one question about one contest, now or as of a moment."""

from dataclasses import replace
from functools import cached_property
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import select

from contest.db import db
from contest.errors import Missing
from contest.results import rules
from contest.results.book_columns import personal_columns, recorded_columns
from contest.results.decided_queries import allowed
from contest.results.models import ResultSheet
from contest.results.readings import reading_of
from contest.results.roll import plan_as_of, roster, team_names
from contest.results.room_marks import done_before_rooms
from contest.results.standing_rows import (
    STATE_WORDS,
    OfficialStandings,
    entrant_rows,
    organisation_lines,
    waiting,
)
from contest.results.team_rows import team_rows
from contest.scoring.advancing import advancing
from contest.scoring.book import MODULE_ABSENT, MODULE_NORMAL, MODULE_VOID, Book
from contest.scoring.medals import awards
from contest.scoring.organisations import organisation_table
from contest.scoring.receipt import receipt, team_receipt
from contest.scoring.score import score
from contest.setup.queries import get_contest

# What a score's state says of the module; the others are normal.
GONE = {"absent": MODULE_ABSENT, "void": MODULE_VOID}
KEPT = 16  # standings kept in one process for one contest: now, the freeze, ten minutes ago, …


# By transaction: the rosters that questions with `is_read` have read in it.
_rosters = WeakKeyDictionary()


class Scored(NamedTuple):
    """The answer to one question; found, roster and book stand in one order.

    book: who the entrants are, without their marks (those arrays go on changing).
    """

    official: OfficialStandings
    found: object
    roster: tuple
    book: Book


class Reckoning:
    """One question about one contest, asked while its Reading is held still."""

    def __init__(self, contest_id, as_of, is_read=False, view=None):
        self.contest_id, self.as_of, self.is_read = contest_id, as_of, is_read
        self.view = view  # views.View, or None for every mark
        self.reading = reading_of(contest_id)

    def __enter__(self):
        self.reading.lock.acquire()
        try:
            self.force = plan_as_of(self.contest_id, self.as_of)
            if not self.is_read:
                self.reading.refresh()
            self.until = self.reading.until(self.as_of)
        except BaseException:
            self.reading.lock.release()
            raise
        return self

    def __exit__(self, *error):
        self.reading.lock.release()

    @cached_property
    def roster(self):
        """Everybody entered; not read for questions that are not about people."""
        begun = db.session().get_transaction() if self.is_read else None
        known = {} if begun is None else _rosters.setdefault(begun, {})
        if self.contest_id not in known:
            known[self.contest_id] = roster(self.contest_id)
        return known[self.contest_id]

    @cached_property
    def teams(self):
        """As `roll.team_names`, read when somebody asks."""
        return team_names(self.contest_id)

    def scored(self, stage):
        """As the function of this name; computed once for the same rows. The one cache of standings."""
        kept = self.reading.kept
        strips = tuple(
            (len(rows), rows[-1].id if rows else 0) for rows in vars(self.until).values()
        )
        key = (
            stage, self.force.version_id, self.reading.generation, strips, self.roster,
            tuple(self.teams.items()), self.view,
        )
        if key not in kept:
            kept[key] = self.score(stage)
            while len(kept) > KEPT:
                kept.popitem(last=False)
        kept.move_to_end(key)
        found = kept[key]
        # The same rows may be the answer to another question, and the plan be frozen since.
        if (found.official.as_of, found.official.force) != (self.as_of, self.force):
            official = replace(found.official, as_of=self.as_of, force=self.force)
            kept[key] = found = found._replace(official=official)
        return found

    def stage(self, wanted=None):
        """The key of the stage asked for, or of the one that was being held; or Missing."""
        known = [stage.key for stage in self.force.plan.stages]
        if wanted is not None:
            if wanted not in known:
                raise Missing("There is no such stage in the plan.")
            return wanted
        held = get_contest(self.contest_id).stage
        key = rules.stage_at(held, self.reading.strips["openings"].rows, self.as_of)
        return key if key in known else known[0]

    def score(self, stage):
        """As `scored`, computed anew."""
        plan = self.force.plan
        made, found = self.ruled(stage)
        before = done_before_rooms(plan, made, found)
        missing, stuck = waiting(plan, found, self.roster, before)
        ids = [line.id for line in self.roster]
        team_ids = [int(team) for team in made.teams]
        goes_on, on_the_line = self._advance(made, found, ids)
        official = OfficialStandings(
            contest_id=self.contest_id, stage=stage, force=self.force, as_of=self.as_of,
            rows=entrant_rows(plan, found, made, self.roster, before),
            teams=team_rows(plan, found, made, self.roster, self.teams),
            missing=missing, stuck=stuck,
            open_ties=tuple(tuple(ids[i] for i in tie) for tie in found.open_ties),
            open_team_ties=tuple(tuple(team_ids[i] for i in tie) for tie in _team_ties(found)),
            registered=int(found.entered.sum()), competed=int(found.competed.sum()),
            is_final=found.is_final and not stuck, changed_at=self._changed_at(stage, found),
            refused={
                module.key: found.modules[module.key].refused
                for module in plan.modules_of_stage(stage) if found.modules[module.key].refused
            },
            goes_on=goes_on, on_the_line=on_the_line,
            organisations=self._organisations(made, found),
        )
        if self.view is not None:
            official = self.view.of_standings(official)
        who = replace(made, raw={}, given={}, submitted={}, excused={})
        return Scored(official, found, self.roster, who)

    def _advance(self, made, found, ids):
        """Ids of who goes on to the next stage, and of the equals on the last place."""
        if not self.force.plan.stage(found.stage).lets_on:
            return frozenset(), frozenset()
        chosen = advancing(self.force.plan, found, made)
        return tuple(
            frozenset(one for one, yes in zip(ids, column.tolist(), strict=True) if yes)
            for column in (chosen.goes_on, chosen.on_the_line)
        )

    def _organisations(self, made, found):
        plan = self.force.plan
        if plan.organisations is None or found.stage != plan.last_stage.key:
            return ()
        table = organisation_table(plan, made, found, self._awards(made, found))
        names = {line.organisation: line.organisation_en for line in self.roster}
        return organisation_lines(plan, table, names)

    def ruled(self, stage, copy=False):
        """Book and Standings with the chief's rulings, each used only where exactly these are tied."""
        made = self.book(copy)
        found = score(self.force.plan, made, stage)
        if self.force.plan.ranking.shared:
            return made, found
        ids = {line.id: row for row, line in enumerate(self.roster)}
        team_ids = {int(team): row for row, team in enumerate(made.teams)}
        order = rules.ruled_order(self.until.rulings, stage, "entrants", ids, found.open_ties)
        team_order = rules.ruled_order(
            self.until.rulings, stage, "teams", team_ids, _team_ties(found)
        )
        if not (order or team_order):
            return made, found
        for row, number in order.items():
            made.ruling[row] = number
        for row, number in team_order.items():
            made.team_ruling[row] = number
        return made, score(self.force.plan, made, stage)

    def receipt(self, stage, entrant_id):
        """Every step from the raw marks to one entrant's place; Missing for a stranger."""
        rows = {line.id: row for row, line in enumerate(self.roster)}
        if entrant_id not in rows:
            raise Missing("There is no such entrant.")
        made, found = self.ruled(stage)
        return receipt(self.force.plan, made, found, rows[entrant_id], self._awards(made, found))

    def team_receipt(self, stage, team_id):
        """Every step from the members' marks to one team's place; Missing for a stranger."""
        made, found = self.ruled(stage)
        if found.teams is None or str(team_id) not in found.teams.teams:
            raise Missing("There is no such team.")
        index = found.teams.teams.index(str(team_id))
        return team_receipt(self.force.plan, made, found, index, self._awards(made, found))

    def _awards(self, made, found):
        """The awards as they stand now; those of the last stage, before it there are none."""
        plan = self.force.plan
        if found.stage != plan.last_stage.key:
            return []
        return awards(plan, found, allowed(self.until.decisions, plan, found, self.roster), made)[0]

    def _changed_at(self, stage, found):
        """{(module key, entrant id): moment} of the marks that are finished."""
        newest = {}
        for row in self.until.theory:
            newest[row.module_key, row.entrant_id] = row.at
        ids = [line.id for line in self.roster]
        for key, by_row in self.marks.changed_at.items():
            newest.update({(key, ids[row]): at for row, at in by_row.items()})
        rows = {entrant_id: row for row, entrant_id in enumerate(ids)}
        own = {module.key for module in self.force.plan.modules_of_stage(stage)}
        return {
            (key, entrant_id): at for (key, entrant_id), at in newest.items()
            if key in own and entrant_id in rows and found.modules[key].done[rows[entrant_id]]
        }

    def book(self, copy=False):
        """The scoring Book of this question; without `copy` only good while the lock is held."""
        ids = tuple(line.id for line in self.roster)
        rows = {entrant_id: row for row, entrant_id in enumerate(ids)}
        self.marks = self._mark_book(ids)
        teams = {team_id: row for row, team_id in enumerate(self.teams)}
        theory, gone = self._theory(rows)
        made = Book(
            entrants=tuple(map(str, ids)),
            team=np.array([teams.get(line.team_id, -1) for line in self.roster], dtype=np.int64),
            teams=tuple(map(str, teams)),
            state=self._states(rows),
            module_state=self._module_states(rows, gone),
            penalty=self._penalties(rows),
            entered=self._entered(rows),
            score={key: units for key, (units, _) in theory.items()},
            score_given={key: given for key, (_, given) in theory.items()},
            **personal_columns(self.roster),
            **recorded_columns(self.force.plan, self.roster, self.until.figures),
            **self.marks.arrays(copy),
        )
        return made if self.view is None else self.view.of_book(made)

    def _mark_book(self, ids):
        return self.reading.mark_book(self.force, ids, self.as_of)

    def _theory(self, rows):
        papers = {m.key: m for m in self.force.plan.modules if m.entry == "scores"}
        n = len(rows)
        # Written into lists: a thousand entries are gone through at every mark.
        units, gone = {key: [None] * n for key in papers}, {key: [MODULE_NORMAL] * n for key in papers}
        for entry in self.until.theory:
            row, key = rows.get(entry.entrant_id), entry.module_key
            if row is None or key not in papers:
                continue
            # A score outside the range of a plan that was changed since does not count.
            is_score = (
                entry.state == "scored" and entry.units is not None
                and papers[key].lowest <= entry.units <= papers[key].max
            )
            units[key][row] = entry.units if is_score else None
            gone[key][row] = GONE.get(entry.state, MODULE_NORMAL)
        theory = {
            key: (
                np.array([one or 0 for one in column], dtype=np.int64),
                np.array([one is not None for one in column], dtype=bool),
            )
            for key, column in units.items()
        }
        return theory, {key: np.array(column, dtype=np.int8) for key, column in gone.items()}

    def _states(self, rows):
        states = np.zeros(len(rows), dtype=np.int8)
        for event in self.until.states:
            if not event.module_key and event.entrant_id in rows:
                states[rows[event.entrant_id]] = STATE_WORDS.index(event.state)
        return states

    def _module_states(self, rows, found):
        latest = {
            (event.module_key, event.entrant_id): event.state
            for event in self.until.states if event.module_key
        }
        known = {module.key for module in self.force.plan.modules}
        for (key, entrant_id), state in latest.items():
            if key in known and entrant_id in rows and state == "absent":
                column = found.setdefault(key, np.zeros(len(rows), dtype=np.int8))
                column[rows[entrant_id]] = MODULE_ABSENT
        return found

    def _penalties(self, rows):
        lifted = {row.lifts_id for row in self.until.penalties if row.lifts_id is not None}
        found = {}
        for row in self.until.penalties:
            if row.lifts_id is None and row.id not in lifted and row.entrant_id in rows:
                column = found.setdefault(row.scope, np.zeros(len(rows), dtype=np.int64))
                column[rows[row.entrant_id]] += row.units
        return found

    def _entered(self, rows):
        """Who takes part in each stage: those the final results of the stage before let go on."""
        plan, entered = self.force.plan, {}
        for stage in plan.stages[1:]:
            before = plan.stage_before(stage.key)
            finals = [row for row in self.until.sheets
                      if row.stage == before.key and row.kind == "final"]
            if not before.lets_on or not finals:
                continue
            column = np.zeros(len(rows), dtype=bool)
            for entrant_id in self._advanced(finals[-1].id):
                if entrant_id in rows:
                    column[rows[entrant_id]] = True
            entered[stage.key] = column
        return entered

    def _advanced(self, sheet_id):
        known = self.reading.advanced
        if sheet_id not in known:
            statement = select(ResultSheet.document).where(ResultSheet.id == sheet_id)
            rows = db.session.scalar(statement)["rows"]
            known[sheet_id] = [row["entrant_id"] for row in rows if row["advances"]]
        return known[sheet_id]


def _team_ties(found):
    return found.teams.open_ties if found.teams is not None else ()
