"""The house's ladders, where people stand on them, and what is known of them that counts there."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from contest.db import db
from contest.errors import Missing
from contest.i18n import two_names
from contest.people.models import Entrant, Human
from contest.people.person_queries import get_person, rows_of
from contest.people.rules import SKILL_LEVELS
from contest.registry import ladder_rules, level_rules, rules
from contest.registry.ladder_rules import Ladder
from contest.registry.level_models import (
    CareerFact,
    ContestLevel,
    LadderVersion,
    LevelEvent,
)
from contest.registry.models import Craftsman, Honour
from contest.setup.models import Contest

IN_FORCE = ("granted", "listed")


@dataclass(frozen=True)
class HouseLadder:
    """A ladder that is in force here, and the number of its version."""

    ladder: Ladder
    number: int


@dataclass(frozen=True)
class Held:
    """The step that somebody holds on a ladder, and since when."""

    ladder: Ladder
    step: ladder_rules.Step
    event: LevelEvent


def latest_versions():
    """{key: the latest LadderVersion}, in force or laid down."""
    newest = select(func.max(LadderVersion.id)).group_by(LadderVersion.key)
    rows = db.session.scalars(
        select(LadderVersion).where(LadderVersion.id.in_(newest)).order_by(LadderVersion.key)
    )
    return {row.key: row for row in rows}


def house_ladders():
    """{key: HouseLadder} of the ladders that are in force."""
    return {
        key: HouseLadder(ladder_rules.read_ladder(row.text), row.number)
        for key, row in latest_versions().items() if row.is_in_force
    }


def get_ladder(key):
    """The HouseLadder that is in force, or Missing."""
    found = house_ladders().get(key)
    if found is None:
        raise Missing("There is no such ladder in force.")
    return found


def events_of(human_id, ladder=None):
    """Somebody's moves on the ladders (or one), the first first."""
    query = select(LevelEvent).filter_by(human_id=human_id).order_by(LevelEvent.id)
    return db.session.scalars(query if ladder is None else query.filter_by(ladder=ladder)).all()


def latest_events(human_ids, ladder=None):
    """{(human id, ladder): the latest LevelEvent} of some people."""
    newest = select(func.max(LevelEvent.id)).where(LevelEvent.human_id.in_(human_ids))
    if ladder is not None:
        newest = newest.where(LevelEvent.ladder == ladder)
    newest = newest.group_by(LevelEvent.human_id, LevelEvent.ladder)
    rows = db.session.scalars(select(LevelEvent).where(LevelEvent.id.in_(newest)))
    return {(row.human_id, row.ladder): row for row in rows}


def step_key_of(human_id, ladder):
    """The key of the step somebody holds on a ladder; "" for none."""
    event = latest_events([human_id], ladder).get((human_id, ladder))
    return event.now if event else ""


def levels_of(human_id):
    """What somebody holds on the ladders in force, the latest first (Held)."""
    human_id = get_person(human_id).id
    return _held(house_ladders(), latest_events([human_id]))[human_id]


def _held(house, events):
    """{human id: what is held, the latest first} of the latest events."""
    found = defaultdict(list)
    for (human_id, key), event in sorted(events.items(), key=lambda pair: -pair[1].id):
        step = house[key].ladder.step(event.now) if key in house else None
        if step is not None:
            found[human_id].append(Held(house[key].ladder, step, event))
    return found


def level_of(human_id):
    """The step confirmed last of those that somebody holds (Held), or None."""
    return next(iter(levels_of(human_id)), None)


def shown_levels(craftsmen):
    """What the register shows of each: the step confirmed last, or else what the honours in force carry."""
    house = house_ladders()
    people = [get_person(one.human_id).id for one in craftsmen]
    held = _held(house, latest_events(set(people)))
    return [
        held[human_id][0].step.name if held[human_id] else rules.level_of(craftsman.honours)
        for craftsman, human_id in zip(craftsmen, people, strict=True)
    ]


@dataclass(frozen=True)
class LevelLine:
    """One line of somebody's way: when, which step, what it brings."""

    event: LevelEvent
    ladder: Ladder | None
    step: ladder_rules.Step | None

    @property
    def is_in_force(self):
        """True for a move up that a later one has not taken back."""
        return self.step is not None


def line_of_levels(human_id):
    """Somebody's whole way on all ladders, the latest first; the step is None where he went off a ladder."""
    read = {}
    for row in db.session.scalars(select(LadderVersion).order_by(LadderVersion.id)):
        read.setdefault(row.key, []).append(ladder_rules.read_ladder(row.text))
    lines = []
    rows = db.session.scalars(
        select(LevelEvent).where(LevelEvent.human_id.in_(rows_of(human_id))).order_by(LevelEvent.id.desc())
    )
    for event in rows:
        known = [one for one in reversed(read.get(event.ladder, ())) if one.step(event.now)]
        ladder = known[0] if known else next(iter(reversed(read.get(event.ladder, ()))), None)
        lines.append(LevelLine(event, ladder, known[0].step(event.now) if known else None))
    return lines


def contest_levels():
    """{contest id: its level for ladders}."""
    return dict(db.session.execute(select(ContestLevel.contest_id, ContestLevel.level)).all())


def contests_with_level():
    """[(contest with honours on the register, its level or "")], the latest first."""
    levels = contest_levels()
    rows = db.session.scalars(
        select(Contest).where(Contest.id.in_(select(Honour.contest_id).distinct())).order_by(Contest.id.desc())
    )
    return [(row, levels.get(row.id, "")) for row in rows]


def check_on_register(contest_id):
    """Missing while no honour of this contest is on the register."""
    if db.session.scalar(select(Honour.id).filter_by(contest_id=contest_id).limit(1)) is None:
        raise Missing("No honour of this contest is on the register.")


def people_with_grounds():
    """The ids of everybody of whom something is known that a ladder may ask for."""
    found = set(db.session.scalars(select(Craftsman.human_id)))
    found |= set(db.session.scalars(select(CareerFact.human_id).where(CareerFact.struck_at.is_(None))))
    found |= set(db.session.scalars(select(LevelEvent.human_id)))
    gone = set(db.session.scalars(select(Human.id).where(Human.merged_into_id.is_not(None))))
    return sorted(found - gone)


def facts_of(human_id):
    """What was entered about somebody's career, the latest first, also what was struck."""
    return db.session.scalars(
        select(CareerFact).filter_by(human_id=human_id).order_by(CareerFact.id.desc())
    ).all()


def get_fact(fact_id):
    """The career fact, or Missing."""
    fact = db.session.get(CareerFact, fact_id)
    if fact is None:
        raise Missing("There is no such entry.")
    return fact


def honours_in_force(human_ids):
    """{human id: honours in force}."""
    found = defaultdict(list)
    rows = db.session.scalars(
        select(Honour).join(Honour.craftsman).options(joinedload(Honour.craftsman))
        .where(Craftsman.human_id.in_(human_ids), Honour.state.in_(IN_FORCE)).order_by(Honour.id)
    )
    for row in rows:
        found[row.craftsman.human_id].append(row)
    return found


def grounds_of(human_ids, ladder):
    """{human id: level_rules.Grounds} on one ladder."""
    levels, honours = contest_levels(), honours_in_force(human_ids)
    events = latest_events(human_ids, ladder)
    names = dict(db.session.execute(select(Contest.id, Contest.name)).all())
    english = dict(db.session.execute(select(Contest.id, Contest.name_en)).all())
    facts = defaultdict(list)
    for row in db.session.scalars(
        select(CareerFact).where(CareerFact.human_id.in_(human_ids), CareerFact.struck_at.is_(None))
    ):
        facts[row.human_id].append(row)
    found = {}
    for human_id in human_ids:
        event = events.get((human_id, ladder))
        counted = [
            (one, levels.get(one.contest_id, "") or one.contest_level) for one in honours[human_id]
        ]
        counted = [(one, level) for one, level in counted if level]
        found[human_id] = _grounds(
            [ladder_rules.Result(level, one.place, one.name) for one, level in counted],
            [(one.id, two_names(names.get(one.contest_id, one.name), english.get(one.contest_id, "")))
             for one, _ in counted],
            facts[human_id], event.on if event and event.now else None,
        )
    return found


def _grounds(results, honours, facts, at_level_since):
    """Honours in force, and what an officer entered with its source; a word of a roster is no evidence."""
    by_kind = defaultdict(list)
    for row in facts:
        by_kind[row.kind].append(row)
    grade = min(by_kind["grade"], key=lambda row: row.number, default=None)
    since = min(by_kind["trade_since"], key=lambda row: row.on, default=None)
    rests_on = [("training_hours", row.id) for row in by_kind["training"]]
    rests_on += [("years_in_trade", since.id)] if since else []
    rests_on += [("grade", grade.id)] if grade else []
    hours = sum(row.number for row in by_kind["training"])
    record = ladder_rules.Record(
        tuple(results), grade.number if grade else None, since.on if since else None, at_level_since,
        hours or None,
    )
    return level_rules.Grounds(record, tuple(honours), tuple(rests_on))


def told_grades(human_id):
    """The skill levels that rosters name of somebody, the latest first: what to ask the certificate of."""
    return list(dict.fromkeys(db.session.scalars(
        select(Entrant.skill_level).where(
            Entrant.human_id.in_(rows_of(human_id)), Entrant.skill_level.in_(SKILL_LEVELS),
        ).order_by(Entrant.id.desc())
    )))


def facts_in_force(fact_ids):
    """Those of the career facts that were not struck."""
    return set(db.session.scalars(
        select(CareerFact.id).where(CareerFact.id.in_(fact_ids), CareerFact.struck_at.is_(None))
    ))
