"""Taking a contest from one state to another within a larger act; the caller commits.

    step = check_step(actor, contest, "publish", "provisional", first=proposer)
    with work(actor, …):
        go(contest, "provisional")
"""

from contest import clock, signals
from contest.accounts.queries import find_roles
from contest.audit.chaining import note_record
from contest.setup import queries, step_rules
from contest.setup.pairing import check_two_people


def check_step(actor, contest, act, to, first=None):
    """The Step of the table, when everything that it asks for is there.

    contest: the row, held by the caller. first: who proposed it (an Actor), where two people are
    needed. Conflict when the table has no such step or something stands in the way; NotAllowed for
    the wrong person, without a second one, or without the word typed again.
    """
    step = find_step(contest, act, to)
    check_person(actor, contest, step, first)
    check_clear(contest, step)
    return step


def find_step(contest, act, to):
    """The Step of the table by this act to this state; Conflict when there is none from here."""
    return step_rules.get_step(contest.state, to, act, queries.held_states(contest))


def check_clear(contest, step):
    """Conflict that tells everything that stands in the way of a step."""
    step_rules.check_clear(queries.step_problems(contest, step))


def check_person(actor, contest, step, first=None):
    """NotAllowed unless this person may take this step, now and as the second one where needed."""
    if needs_second(contest, step):
        check_second(contest, first, actor, (*step.roles, *step.second))
        _check_role(actor, contest, step.second)
    else:
        _check_role(actor, contest, step.roles)
    if step.word:
        check_word(actor)


def check_second(contest, first, actor, roles):
    """NotAllowed unless first and actor are two people, each once, neither a second self of the other.

    roles: by which of them the two take part.
    """
    step_rules.check_second(first, actor)
    check_two_people(contest, first.user_id, actor.user_id, roles)


def check_proposer(actor, contest, step):
    """NotAllowed unless this person may propose this step to a second one."""
    _check_role(actor, contest, step.roles)
    if step.word:
        check_word(actor)


def check_word(actor):
    """NotAllowed unless the password or PIN was typed again for this act."""
    step_rules.check_word(actor, clock.now())


def needs_second(contest, step):
    """True when one proposes this step in this contest and another one confirms it."""
    return step_rules.needs_second(step, queries.procedure_of(contest).four_eyes)


def _check_role(actor, contest, roles):
    if actor.user_id is not None:
        step_rules.check_role(roles, find_roles(actor.user_id, contest.id))


def go(contest, to):
    """Set the state that was checked, and tell it within the caller's work."""
    was, contest.state = contest.state, to
    if to == "archived":
        note_record(contest.id, "close", {"contest": contest.id})
    signals.step_taken.send("step", contest_id=contest.id, was=was, to=to)
