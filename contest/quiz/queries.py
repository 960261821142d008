"""Looking up the quiz ledger: its entries, who stands on the stage, and the desk as it is now."""

from dataclasses import dataclass

from sqlalchemy import func, select

from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_, both_names
from contest.people import queries as people
from contest.quiz import rules, setting_rules
from contest.quiz.models import QuizEntry, QuizSetting
from contest.setup import queries as setup
from contest.setup.rules import Note, stage_of
from contest.theory import queries as theory

LAST = 14  # entries that the desk shows
PLAYING = ("normal", "not_finished")


@dataclass(frozen=True)
class Player:
    """Somebody with a column: an entrant, or the one entrant in whom a team's points are kept."""

    entrant_id: int
    number: str
    name: str
    under: str  # what stands below the name in small letters
    state: str  # of the entrant; of a team whose points are kept in one, of a member who competes


@dataclass(frozen=True)
class Column:
    """A player with what the ledger says. score: rules.Score; stake: the open wager's units.

    pick: whose turn it is to choose a wager, from 1.
    """

    player: Player
    score: object
    has_base: bool
    stake: int | None
    chances: int
    pick: int
    time: int | None
    faults: int
    is_void: bool

    @property
    def may_play(self):
        """True for whoever competes."""
        return self.player.state in PLAYING


@dataclass(frozen=True)
class Desk:
    """Everything that the desk of one module shows. seq: of the last entry, 0 for none."""

    module: object
    is_timed: bool
    settings: setting_rules.Settings
    seq: int
    columns: tuple
    lines: tuple  # the latest entries first, with whether each can be undone
    is_typed: bool

    @property
    def without_base(self):
        """How many still wait for their base points."""
        return sum(column.may_play and not column.has_base for column in self.columns)


@dataclass(frozen=True)
class DeskLine:
    """One entry as the desk shows it."""

    entry: rules.Entry
    player: Player
    is_undone: bool
    undone_seq: int | None  # of an undo: which entry it took back
    undone_kind: str


def led_modules(contest_id):
    """The modules of the plan that a desk can be opened for: scores, but no theory, in its order."""
    found = setup.find_plan_in_force(contest_id)
    modules = found.plan.modules if found else ()
    return [m for m in modules if m.entry == "scores" and m.kind != "theory"]


def get_module(contest_id, module_key):
    """A module that a desk can be opened for; Missing, or Conflict for a blind one."""
    module = next((m for m in led_modules(contest_id) if m.key == module_key), None)
    if module is None:
        raise Missing("There is no such quiz or timed event in the plan.")
    rules.check_sighted(module)
    return module


def first_module(contest_id):
    """The first such module of the stage being held, else of the plan; or None."""
    open_ones = [m for m in led_modules(contest_id) if not m.blind]
    here = [m for m in open_ones if m.key in _keys_of_stage(contest_id)]
    return next(iter(here + open_ones), None)


def _keys_of_stage(contest_id):
    plan, stage = setup.plan_in_force(contest_id).plan, setup.get_contest(contest_id).stage
    return {m.key for m in plan.modules if stage_of(plan, m.key) == stage}


def is_timed(contest_id):
    """True where the plan ranks the lowest total first: then a score is a time in seconds."""
    return setup.plan_in_force(contest_id).plan.ranking.order == "low"


def entries(contest_id, module_key):
    """Every entry of a module as rules.Entry, oldest first."""
    rows = db.session.execute(
        select(QuizEntry, User.name)
        .outerjoin(User, QuizEntry.by_id == User.id)
        .where(QuizEntry.contest_id == contest_id, QuizEntry.module_key == module_key)
        .order_by(QuizEntry.seq)
    )
    return [
        rules.Entry(
            row.id, row.seq, row.entrant_id, row.kind, row.amount, row.question, row.note,
            row.undoes_id, row.stake_id, name or "", row.at,
        )
        for row, name in rows
    ]


def latest_seq(contest_id, module_key):
    """The number of the last entry of a module; 0 when there is none."""
    return db.session.scalar(
        select(func.max(QuizEntry.seq)).filter_by(contest_id=contest_id, module_key=module_key)
    ) or 0


def find_by_operation(contest_id, module_key, op_id):
    """The first entry that this press made, or None."""
    row = db.session.scalar(
        select(QuizEntry).filter_by(contest_id=contest_id, module_key=module_key, op_id=op_id)
    )
    return row and rules.Entry(row.id, row.seq, row.entrant_id, row.kind, row.amount)


def find_stake(entry_id):
    """The wager that a risk entry answered, or None."""
    stake_id = db.session.scalar(select(QuizEntry.stake_id).filter_by(id=entry_id))
    row = db.session.get(QuizEntry, stake_id) if stake_id else None
    return row and rules.Entry(row.id, row.seq, row.entrant_id, row.kind, row.amount)


def settings_of(contest_id, module_key):
    """What questions are worth in a module now."""
    return setting_rules.from_document(db.session.scalar(
        select(QuizSetting.values).filter_by(contest_id=contest_id, module_key=module_key)
        .order_by(QuizSetting.id.desc()).limit(1)
    ))


def is_typed(contest_id, module_key):
    """True where a score stands that was not added up here."""
    standing = theory.scores(contest_id).get(module_key, {})
    return any(row.source != "quiz" for row in standing.values())


def players(contest_id, module_key, known=()):
    """Whoever has a column, in the order of entry numbers. known: ids of entrants with entries.

    A module that counts for teams has one column for each team, kept in one member.
    """
    module = get_module(contest_id, module_key)
    part = next(p for p in setup.plan_in_force(contest_id).plan.parts if p.key == module.part)
    states = people.entrant_states(contest_id)
    entrants = [
        (entrant, states.get((entrant.id, module_key)) or states.get((entrant.id, ""), "normal"))
        for entrant in people.list_entrants(contest_id)
    ]
    if part.to == "team":
        return _of_teams(entrants, known)
    alone = _alone_in_team(entrants)
    return [_player(entrant, state, entrant.id in alone) for entrant, state in entrants]


def _alone_in_team(entrants):
    found = {}
    for entrant, _ in entrants:
        found.setdefault(entrant.team_id, []).append(entrant.id)
    return {ids[0] for team, ids in found.items() if team is not None and len(ids) == 1}


def _of_teams(entrants, known):
    """The member in whom a team's points are: who has some, else the first who competes.

    They stay there whoever withdraws: the points are the team's, which plays on while a member competes.
    """
    found, playing = {}, {}
    for entrant, state in entrants:
        if entrant.team_id is None:
            continue
        if state in PLAYING:
            playing.setdefault(entrant.team_id, state)
        rank = (entrant.id not in known, state != "normal")
        if entrant.team_id not in found or rank < found[entrant.team_id][0]:
            found[entrant.team_id] = (rank, entrant, state)
    return [
        _player(entrant, playing.get(entrant.team_id, state), True)
        for _, entrant, state in found.values()
    ]


def _player(entrant, state, is_team):
    name = entrant.human.name
    if is_team:
        return Player(entrant.id, entrant.number, entrant.team.name, name, state)
    return Player(entrant.id, entrant.number, name, entrant.organisation.name, state)


def desk(contest_id, module_key):
    """The Desk of a module as it is now."""
    module, timed = get_module(contest_id, module_key), is_timed(contest_id)
    settings, rows = settings_of(contest_id, module_key), entries(contest_id, module_key)
    known = {entry.entrant_id for entry in rows}
    everybody = players(contest_id, module_key, known)
    shown = [p for p in everybody if not settings.players or p.entrant_id in settings.players]
    of = {p.entrant_id: [e for e in rows if e.entrant_id == p.entrant_id] for p in shown}
    totals = [(p.entrant_id, rules.score_of(of[p.entrant_id], timed).units) for p in shown]
    picks = rules.pick_order(totals, settings.order)
    return Desk(
        module, timed, settings, rows[-1].seq if rows else 0,
        tuple(_column(p, of[p.entrant_id], timed, settings, picks) for p in shown),
        _lines(rows, everybody), is_typed(contest_id, module_key),
    )


def _column(player, rows, timed, settings, picks):
    there = rules.standing(rows)
    stake = rules.open_stake(there)
    return Column(
        player, rules.score_of(rows, timed), any(entry.kind == "base" for entry in there),
        stake.amount if stake else None, rules.chances_left(there, settings.chances),
        picks.index(player.entrant_id) + 1,
        next((entry.amount for entry in there if entry.kind == "time"), None),
        sum(entry.amount for entry in there if entry.kind == "fault"),
        any(entry.kind == "void" for entry in there),
    )


def _lines(rows, everybody):
    by_id, who = {entry.id: entry for entry in rows}, {p.entrant_id: p for p in everybody}
    undone = {entry.undoes for entry in rows}
    return tuple(
        DeskLine(
            entry, who.get(entry.entrant_id), entry.id in undone,
            by_id[entry.undoes].seq if entry.undoes else None,
            by_id[entry.undoes].kind if entry.undoes else "",
        )
        for entry in reversed(rows[-LAST:])
    )


def kept_here(contest_id):
    """The keys of the modules that have entries: their scores are added up from these."""
    return set(db.session.scalars(
        select(QuizEntry.module_key).filter_by(contest_id=contest_id).distinct()
    ))


def marked_keys(contest_id):
    """Pairs (module key, "") of the modules that have entries: the plan must keep those."""
    return {(key, "") for key in kept_here(contest_id)}


def held_about(contest_id):
    """Ids of the entrants with an entry."""
    return set(db.session.scalars(select(QuizEntry.entrant_id).filter_by(contest_id=contest_id)))


def desk_notes(contest_id):
    """What the contest's desk says: whose points and times can be entered now."""
    if not setup.get_contest(contest_id).takes_marks:
        return []
    return [
        Note(N_("%(module)s: points and times are entered at the quiz desk."),
             {"module": both_names(module)}, "quiz.show_desk")
        for module in led_modules(contest_id) if not module.blind
    ]


theory.LED_ELSEWHERE.append(kept_here)
setup.MARKED_KEYS.append(marked_keys)
setup.DESK_NOTES.append(desk_notes)
people.HELD_ABOUT.append(held_about)
