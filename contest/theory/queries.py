"""Looking up theory scores."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from contest.accounts.models import User
from contest.db import db
from contest.errors import Conflict, Missing
from contest.i18n import N_, both_names
from contest.people import queries as people
from contest.scoring.units import text_of
from contest.setup import queries as setup
from contest.setup import rules as setup_rules
from contest.setup.models import Contest
from contest.setup.queries import plan_in_force
from contest.setup.rules import Note
from contest.theory.models import TheoryEntry
from contest.theory.rules import Known, Score, check_takes_scores, match_rows

# Modules whose scores a later area adds up from entries of its own: fn(contest_id) -> set of keys.
LED_ELSEWHERE = []


@dataclass(frozen=True)
class ScoreRow:
    """One entrant's standing score in a module, as the list shows it; entry_id 0: none yet."""

    entrant_id: int
    number: str
    name: str
    organisation: str
    entrant_state: str
    entry_id: int
    state: str  # "", scored, absent
    text: str
    source: str
    at: datetime | None


@dataclass(frozen=True)
class HistoryRow:
    """One entry, standing or corrected."""

    state: str
    text: str
    source: str
    by: str
    at: datetime
    reason: str


def lock_contest(contest_id):
    """The contest as it is now, held until the transaction ends: nobody publishes meanwhile; Missing."""
    contest = db.session.scalar(
        select(Contest).filter_by(id=contest_id).with_for_update().execution_options(populate_existing=True)
    )
    if contest is None:
        raise Missing("There is no such contest.")
    return contest


def scores(contest_id, as_of=None):
    """{module key: {entrant id: the entry that stands}}, now or as of a moment.

    Scores that were taken back are left out. Entries are plain rows with id, module_key,
    entrant_id, units, state (scored, absent), source, by_id, at.
    """
    found = {}
    for key, by_entrant in _latest(contest_id, as_of).items():
        standing = {e: row for e, row in by_entrant.items() if row.state != "withdrawn"}
        if standing:
            found[key] = standing
    return found


def _latest(contest_id, as_of=None):
    statement = (
        select(TheoryEntry.id, TheoryEntry.module_key, TheoryEntry.entrant_id, TheoryEntry.units,
               TheoryEntry.state, TheoryEntry.source, TheoryEntry.by_id, TheoryEntry.at)
        .filter_by(contest_id=contest_id)
        .order_by(TheoryEntry.id)
    )
    if as_of is not None:
        statement = statement.where(TheoryEntry.at <= as_of)
    found = {}
    for row in db.session.execute(statement):
        found.setdefault(row.module_key, {})[row.entrant_id] = row
    return found


def latest_entry_id(contest_id, module_key, entrant_id):
    """The id of the last entry, also one that took a score back; 0 when there is none."""
    return db.session.scalar(
        select(func.max(TheoryEntry.id)).filter_by(
            contest_id=contest_id, module_key=module_key, entrant_id=entrant_id
        )
    ) or 0


def score_modules(contest_id):
    """The modules of the plan that take scores, in its order."""
    return [m for m in plan_in_force(contest_id).plan.modules if m.entry == "scores"]


def first_module(contest_id):
    """The first module that takes scores in the stage being held, else in the plan; or None."""
    plan, stage = plan_in_force(contest_id).plan, setup.get_contest(contest_id).stage
    found = score_modules(contest_id)
    here = [module for module in found if setup_rules.stage_of(plan, module.key) == stage]
    return next(iter(here + found), None)


def get_module(contest_id, module_key):
    """A module that takes scores, or Missing."""
    module = next((m for m in score_modules(contest_id) if m.key == module_key), None)
    check_takes_scores(module)
    return module


def led_elsewhere(contest_id):
    """The keys of the modules whose scores are not typed here."""
    return set().union(*(led(contest_id) for led in LED_ELSEWHERE))


def check_not_led(contest_id, module_key):
    """A score that is added up from entries is changed there, or the two would differ; Conflict."""
    if module_key in led_elsewhere(contest_id):
        raise Conflict(
            "The scores of this module are added up at the quiz desk; enter or undo points there."
        )


def top_of(contest_id, module_key):
    """The top mark of a module as text."""
    return text_of(get_module(contest_id, module_key).max)


def list_scores(contest_id, module_key):
    """Every entrant with the score that stands, in the order of entry numbers."""
    latest = _latest(contest_id).get(module_key, {})
    states = people.entrant_states(contest_id)
    return [
        _score_row(entrant, latest.get(entrant.id), states.get((entrant.id, ""), "normal"))
        for entrant in people.list_entrants(contest_id)
    ]


def _score_row(entrant, entry, state):
    stands = entry is not None and entry.state != "withdrawn"
    return ScoreRow(
        entrant.id, entrant.number, entrant.human.name, entrant.organisation.name, state,
        entry.id if entry else 0, entry.state if stands else "",
        Score(entry.state, entry.units).text if stands else "",
        entry.source if stands else "", entry.at if stands else None,
    )


def get_score(contest_id, module_key, entrant_id):
    """One entrant's row, the number of the row in the list, and the next one without a score."""
    rows = list_scores(contest_id, module_key)
    at = next((i for i, row in enumerate(rows) if row.entrant_id == entrant_id), None)
    if at is None:
        raise Missing("There is no such entrant.")
    waiting = (
        row for row in (*rows[at + 1:], *rows[:at])
        if not row.state and row.entrant_state == "normal"
    )
    return rows[at], at + 1, len(rows), next(waiting, None)


def find_by_number(contest_id, typed):
    """The id of the entrant with this entry number, or Missing."""
    entrant = people.find_entrant_as_typed(contest_id, (typed or "").strip())
    if entrant is None:
        raise Missing("Nobody has this entry number.")
    return entrant.id


def history(contest_id, module_key, entrant_id):
    """Every entry of one entrant, the latest first."""
    rows = db.session.execute(
        select(TheoryEntry.state, TheoryEntry.units, TheoryEntry.source, TheoryEntry.at,
               User.name, TheoryEntry.reason)
        .outerjoin(User, TheoryEntry.by_id == User.id)
        .where(TheoryEntry.contest_id == contest_id, TheoryEntry.module_key == module_key,
               TheoryEntry.entrant_id == entrant_id)
        .order_by(TheoryEntry.id.desc())
    )
    return [
        HistoryRow(state, Score(state, units).text, source, name or "", at, reason)
        for state, units, source, at, name, reason in rows
    ]


def known_entrants(contest_id, module_key):
    """The entrants with the scores that stand, for matching a list."""
    standing = scores(contest_id).get(module_key, {})
    return [
        Known(
            entrant.id, entrant.number, entrant.human.name,
            Score(row.state, row.units) if (row := standing.get(entrant.id)) else None,
        )
        for entrant in people.list_entrants(contest_id)
    ]


def preview(contest_id, module, rows):
    """Lines and problems of a list that was kept for confirming, against what stands now."""
    pairs = [(row["row"], row["values"]) for row in rows]
    return match_rows(pairs, known_entrants(contest_id, module.key), module.max)


def marked_keys(contest_id):
    """Pairs (module key, "") of the modules that have scores: the plan must keep those."""
    return {(key, "") for key in scores(contest_id)}


def desk_notes(contest_id):
    """What the contest's desk says of theory scores."""
    found = setup.find_plan_in_force(contest_id)
    if found is None:
        return []
    standing = scores(contest_id)
    entrants = len(people.list_entrants(contest_id))
    return [
        Note(
            N_("%(module)s: scores of %(done)s of %(total)s contestants."),
            {"module": both_names(m), "done": len(standing.get(m.key, {})), "total": entrants},
            "theory.list_scores",
            "good" if entrants and len(standing.get(m.key, {})) >= entrants else "info",
        )
        for m in found.plan.modules
        if m.entry == "scores" and standing.get(m.key)
    ]


def held_about(contest_id):
    """Ids of the entrants for whom a score was ever entered."""
    return set(db.session.scalars(select(TheoryEntry.entrant_id).filter_by(contest_id=contest_id)))


setup.MARKED_KEYS.append(marked_keys)
setup.DESK_NOTES.append(desk_notes)
people.HELD_ABOUT.append(held_about)
