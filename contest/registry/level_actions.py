"""Moving people on ladders: the rule proposes, people confirm, refuse with a reason, or take back."""

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.people.person_queries import hold_person
from contest.registry import ladder_queries, level_queries, level_rules
from contest.registry.level_models import LevelDecision, LevelEvent
from contest.registry.listing import list_person, show_level
from contest.registry.second_person import check_apart


def confirm_level(actor, key, human_id, step_key):
    """Confirm what the rule proposes; where two people are asked for, it then waits for the second.

    step_key: "" to take somebody off the ladder. Conflict when the rule does not propose it.
    """
    human = hold_person(human_id)
    house, now, proposed = level_queries.proposed_for(key, human.id)
    level_rules.check_proposed(proposed, step_key)
    return _decide(actor, house, human, proposed[0], now, step_key, "", proposed[2])


def lower_level(actor, key, human_id, step_key, reason):
    """Take somebody down to a lower step, or with "" off the ladder, with a reason."""
    human = hold_person(human_id)
    reason = level_rules.read_reason(reason)
    house = ladder_queries.get_ladder(key)
    now = ladder_queries.step_key_of(human.id, key)
    level_rules.check_lower(house.ladder, now, step_key)
    grounds = {"ladder": house.number, "by_hand": True}
    return _decide(actor, house, human, "lower", now, step_key, reason, grounds)


def refuse_level(actor, key, human_id, step_key, reason):
    """Refuse what the rule proposes; it is silent until the grounds change."""
    human = hold_person(human_id)
    reason = level_rules.read_reason(reason)
    house, now, proposed = level_queries.proposed_for(key, human.id)
    level_rules.check_proposed(proposed, step_key)
    _check_free(human.id, key)
    with work(
        actor, "registry.level_refuse", subject=human.name, reason=reason,
        **_told(house.ladder, now, step_key),
    ):
        decision = _decision(actor, key, human, proposed[0], now, step_key, "", proposed[2])
        decision.outcome, decision.outcome_reason = "refused", reason
        decision.decided_by_id, decision.decided_at = actor.user_id, clock.now()
    return decision


def second_level(actor, decision_id):
    """Confirm as the second person what the first one confirmed; it is looked at again.

    NotAllowed for a second self of the first; Conflict when the rule proposes it no longer.
    """
    decision = level_queries.get_open(decision_id)
    human = _hold(decision)
    _check_two_people(decision, actor)
    house = ladder_queries.get_ladder(decision.ladder)
    now = ladder_queries.step_key_of(human.id, decision.ladder)
    if now != decision.was:
        raise Conflict("This person stands on another step by now; refuse this and look again.")
    grounds = decision.grounds
    if not grounds.get("by_hand"):
        _, _, proposed = level_queries.proposed_for(decision.ladder, human.id)
        level_rules.check_proposed(proposed, decision.step)
        grounds = proposed[2]
    with work(
        actor, "registry.level", subject=human.name, reason=decision.reason,
        **_told(house.ladder, now, decision.step), confirmed_by=level_queries.first_name(decision),
    ):
        # What the first person saw may be revoked since, and the step be due for something else.
        decision.grounds = grounds
        _carry_out(decision, house.ladder, human, actor)
    return decision


def decline_level(actor, decision_id, reason):
    """Leave undone what waits for a second person, with a reason; whoever confirmed first may too."""
    decision = level_queries.get_open(decision_id)
    _hold(decision)
    reason = level_rules.read_reason(reason)
    ladder = ladder_queries.get_ladder(decision.ladder).ladder
    with work(
        actor, "registry.level_refuse", subject=decision.human.name, reason=reason,
        **_told(ladder, decision.was, decision.step),
    ):
        decision.outcome, decision.outcome_reason = "refused", reason
        decision.decided_by_id, decision.decided_at = actor.user_id, clock.now()
    return decision


def _told(ladder, was, now):
    """The move as the trail tells it, in the names of the steps."""
    def name(key):
        step = ladder.step(key)
        return step.name if step else "–"

    return {"ladder": ladder.name, "was": name(was), "now": name(now)}


def _check_free(human_id, key):
    if level_queries.find_open(human_id, key) is not None:
        raise Conflict("A move of this person waits for a second person already.")


def _hold(decision):
    """The person of a decision that waits, kept from a second act; Conflict when it waits no more by then."""
    human = hold_person(decision.human_id)
    db.session.refresh(decision)
    if decision.outcome:
        raise Conflict("This does not wait any more.")
    return human


def _check_two_people(decision, actor):
    level_rules.check_second(decision.first_by_id, actor.user_id)
    check_apart(decision.first_by_id, decision.first_at, actor.user_id)


def _decision(actor, key, human, act, now, step_key, reason, grounds):
    decision = LevelDecision(
        human_id=human.id, ladder=key, act=act, was=now, step=step_key, reason=reason, grounds=grounds,
        first_by_id=actor.user_id, first_at=clock.now(),
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def _decide(actor, house, human, act, now, step_key, reason, grounds):
    """Carried out at once where one person is enough, else kept for the second."""
    key = house.ladder.key
    _check_free(human.id, key)
    is_done = house.ladder.people == 1
    with work(
        actor, "registry.level" if is_done else "registry.level_first", subject=human.name, reason=reason,
        **_told(house.ladder, now, step_key),
    ):
        decision = _decision(actor, key, human, act, now, step_key, reason, grounds)
        if is_done:
            _carry_out(decision, house.ladder, human, None)
    return decision


def _carry_out(decision, ladder, human, second):
    """The move itself: the history's row, the register's level, and whoever listens."""
    decision.outcome, decision.decided_at = "confirmed", clock.now()
    decision.decided_by_id = second.user_id if second else decision.first_by_id
    kind = "raised" if decision.act == "raise" else "lowered" if decision.step else "withdrawn"
    note_level(
        human, ladder.key, decision.was, decision.step, kind, decision.grounds, reason=decision.reason,
        by_id=decision.first_by_id, second_id=second.user_id if second else None,
    )
    show_level(list_person(human))


def note_level(human, key, was, now, kind, grounds, **more):
    """Add a row to somebody's history of levels and tell it, within the caller's work."""
    event = new_event(human, key, was, now, kind, grounds, **more)
    db.session.flush()
    tell_level(event)


def new_event(human, key, was, now, kind, grounds, **more):
    """The LevelEvent alone, without a word; it has no number before the next flush."""
    event = LevelEvent(
        human_id=human.id, ladder=key, was=was, now=now, kind=kind, grounds=grounds, at=clock.now(),
        **{"on": clock.today(), **more},
    )
    db.session.add(event)
    return event


def tell_level(event):
    """Tell whoever listens of a move that is stored."""
    signals.level_changed.send(
        "registry.level", human_id=event.human_id, ladder=event.ladder, was=event.was, now=event.now
    )
