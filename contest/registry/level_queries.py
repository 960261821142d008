"""What the rule proposes on a ladder, with the reasons, and what waits for a second person."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.accounts.models import User
from contest.db import db
from contest.errors import Missing
from contest.people.models import Human
from contest.people.person_queries import get_person
from contest.registry import ladder_queries, ladder_rules, level_rules
from contest.registry.level_models import LevelDecision, LevelEvent

BATCH = 500  # people
RISES = ("raised", "taken_over", "merged")


@dataclass(frozen=True)
class Proposal:
    """What the rule proposes: up with the way that is met, or down with what fell away."""

    human: Human
    act: str
    now: ladder_rules.Step | None
    step: ladder_rules.Step | None
    grounds: dict
    refused: LevelDecision | None = None

    @property
    def findings(self):
        """The sentences behind it."""
        return self.grounds.get("findings", ())


def proposals(key):
    """(proposals that wait, those refused on the same grounds) on one ladder, by name."""
    house = ladder_queries.get_ladder(key)
    refused, busy = _refusals(key), {one.human_id for one in open_decisions(key)}
    waiting, silent = [], []
    ids = [one for one in ladder_queries.people_with_grounds() if one not in busy]
    for at in range(0, len(ids), BATCH):
        for found in _proposed(house, ids[at:at + BATCH]):
            before = refused.get((found.human.id, level_rules.fingerprint(found.grounds), found.act))
            if before is None:
                waiting.append(found)
            else:
                silent.append(Proposal(**{**found.__dict__, "refused": before}))
    def by_name(one):
        return one.human.name_key, one.human.name, one.human.id

    return sorted(waiting, key=by_name), sorted(silent, key=by_name)


def _proposed(house, ids):
    humans = {
        one.id: one for one in db.session.scalars(
            select(Human).where(Human.id.in_(ids)).options(joinedload(Human.organisation))
        )
    }
    grounds = ladder_queries.grounds_of(ids, house.ladder.key)
    events = ladder_queries.latest_events(ids, house.ladder.key)
    for human_id in ids:
        event = events.get((human_id, house.ladder.key))
        now = event.now if event else ""
        up = rise_of(house, now, grounds[human_id])
        found = up or fall_of(house, human_id, now)
        if found is not None:
            act, step, document = found
            yield Proposal(humans[human_id], act, house.ladder.step(now), step, document)


def rise_of(house, now, grounds):
    """("raise", step, grounds as they are kept) that the rule proposes, or None."""
    step = ladder_rules.proposed_step(house.ladder, now, grounds.record, clock.today())
    if step is None:
        return None
    way = level_rules.way_taken(house.ladder, step.key, now, grounds, clock.today())
    return "raise", step, level_rules.grounds_document(house.number, way, grounds)


def fall_of(house, human_id, now):
    """("lower", the step below or None, grounds) when what the present step rests on fell away, or None."""
    if not house.ladder.height(now):
        return None
    raised = [
        one for one in ladder_queries.events_of(human_id, house.ladder.key) if one.kind in RISES
    ]
    honours = {one.id for one in ladder_queries.honours_in_force([human_id])[human_id]}
    facts = ladder_queries.facts_in_force([f for one in raised for f in one.grounds.get("facts", ())])
    standing = {one.now: level_rules.stands(one.grounds, honours, facts) for one in raised}
    below = ladder_rules.proposed_fall(house.ladder, now, standing, [one.now for one in raised])
    if below is None:
        return None
    last = next(one for one in reversed(raised) if one.now == now)
    return "lower", house.ladder.step(below), {
        "ladder": house.number, "fell": last.id, "findings": [level_rules.FELL],
        "honours": last.grounds.get("honours", []), "facts": last.grounds.get("facts", []),
    }


def proposed_for(key, human_id):
    """(HouseLadder, key of the present step, (act, step, grounds) that the rule proposes or None)."""
    house = ladder_queries.get_ladder(key)
    now = ladder_queries.step_key_of(human_id, key)
    grounds = ladder_queries.grounds_of([human_id], key)[human_id]
    return house, now, rise_of(house, now, grounds) or fall_of(house, human_id, now)


def _refusals(key):
    """{(human id, fingerprint of the grounds, act): the refusal} of one ladder."""
    rows = db.session.scalars(
        select(LevelDecision).filter_by(ladder=key, outcome="refused").order_by(LevelDecision.id)
    )
    return {(one.human_id, level_rules.fingerprint(one.grounds), one.act): one for one in rows}


def open_decisions(key=None):
    """Decisions that wait for a second person, the oldest first."""
    query = (
        select(LevelDecision).filter_by(outcome="").options(joinedload(LevelDecision.human))
        .order_by(LevelDecision.id)
    )
    return db.session.scalars(query if key is None else query.filter_by(ladder=key)).all()


def find_open(human_id, key):
    """The decision about somebody on a ladder that waits for a second person, or None."""
    return db.session.scalar(select(LevelDecision).filter_by(human_id=human_id, ladder=key, outcome=""))


def get_open(decision_id):
    """The decision that waits, or Missing."""
    found = db.session.get(LevelDecision, decision_id)
    if found is None:
        raise Missing("There is no such decision.")
    return found


@dataclass(frozen=True)
class Waiting:
    """A decision that waits, with its steps and who confirmed first."""

    decision: LevelDecision
    now: ladder_rules.Step | None
    step: ladder_rules.Step | None
    first: str


def waiting_lines(key):
    """The Waiting of one ladder."""
    ladder = ladder_queries.get_ladder(key).ladder
    return [_waiting(one, ladder) for one in open_decisions(key)]


def first_name(decision):
    """Who confirmed first; a dash for a program."""
    user = db.session.get(User, decision.first_by_id) if decision.first_by_id else None
    return user.name if user else "–"


def _waiting(decision, ladder):
    return Waiting(
        decision, ladder.step(decision.was), ladder.step(decision.step), first_name(decision)
    )


@dataclass(frozen=True)
class Standing:
    """Everything about one person on one ladder."""

    human: Human
    ladder: ladder_rules.Ladder
    now: ladder_rules.Step | None
    steps: list  # level_rules.StepFound
    proposed: tuple | None
    waiting: Waiting | None
    facts: list
    lines: list
    decisions: list


def standing(key, human_id):
    """The Standing of a person on a ladder, or Missing; of a merged person that of the row kept."""
    human = get_person(human_id)
    house, now, proposed = proposed_for(key, human.id)
    grounds = ladder_queries.grounds_of([human.id], key)[human.id]
    open_one = find_open(human.id, key)
    return Standing(
        human, house.ladder, house.ladder.step(now),
        level_rules.steps_above(house.ladder, now, grounds, clock.today()), proposed,
        _waiting(open_one, house.ladder) if open_one else None, ladder_queries.facts_of(human.id),
        [one for one in ladder_queries.line_of_levels(human.id) if one.event.ladder == key],
        db.session.scalars(
            select(LevelDecision).filter_by(human_id=human.id, ladder=key).where(LevelDecision.outcome != "")
            .order_by(LevelDecision.id.desc())
        ).all(),
    )


def count_on_steps(key):
    """{key of a step: how many people hold it} on one ladder."""
    ids = ladder_queries.people_with_grounds()
    found = {}
    for at in range(0, len(ids), BATCH):
        for event in ladder_queries.latest_events(ids[at:at + BATCH], key).values():
            found[event.now] = found.get(event.now, 0) + 1
    return found


def names_behind(events):
    """{user id: name} of everybody who confirmed one of these moves (LevelEvent)."""
    ids = {one for event in events for one in (event.by_id, event.second_id) if one}
    return dict(db.session.execute(select(User.id, User.name).where(User.id.in_(ids))).all())


def last_moves(limit=30):
    """The latest moves of all, with people."""
    return db.session.execute(
        select(LevelEvent, Human).join(Human, Human.id == LevelEvent.human_id)
        .order_by(LevelEvent.id.desc()).limit(limit)
    ).all()
