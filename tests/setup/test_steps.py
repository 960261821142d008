"""Every step by everybody: only what the table permits happens, and never by one person alone."""

from datetime import timedelta
from itertools import combinations

import pytest
from sqlalchemy import func, select

from contest import clock
from contest.accounts import reentry
from contest.accounts.passwords import hash_secret as reentry_hash
from contest.accounts.rules import ROLES
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.setup import actions, procedure_actions, proposal_actions, queries, step_rules, stepping
from contest.setup.procedure_rules import FORMAL, SHORT, held_states, stored_form
from contest.setup.proposal_queries import find_open, get_open
from contest.setup.rules import STATES
from tests import factories

FULL = held_states(FORMAL, has_codes=True, is_last_stage=True)


@pytest.fixture
def quiet(monkeypatch):
    """Nothing but the table speaks."""
    monkeypatch.setattr(queries, "step_problems", lambda contest, step: [])


def count_trail(*what):
    return db.session.scalar(select(func.count()).select_from(TrailRow).where(*what))


def count_steps():
    """Rows of steps alone: the one that closes the scoring also seals a seed, in a row of its own."""
    return count_trail(TrailRow.did == "contest.step")


def make_contest(procedure=FORMAL, state="scoring"):
    return factories.make_contest(state=state, procedure=stored_form(procedure))


@pytest.mark.parametrize("procedure", [SHORT, FORMAL], ids=["short", "formal"])
def test_whatever_the_table_does_not_permit_is_refused_and_leaves_nothing(app, quiet, procedure):
    """State by state by role by act, and each button of the desk."""
    contest = make_contest(procedure)
    held = queries.held_states(contest)
    people = {role: factories.make_official(role, role, contest=contest) for role in ROLES}
    other = factories.make_official("another", *ROLES, contest=contest)
    before, wrong, permitted = count_trail(), [], 0
    for state in STATES:
        contest.state = state
        db.session.commit()
        for to in STATES:
            for act in {step.act for step in step_rules.STEPS}:
                for role, actor in people.items():
                    expected = [
                        step for step in step_rules.steps_from(state, held)
                        if (step.to, step.act) == (to, act) and role in (
                            step.second if step_rules.needs_second(step, procedure.four_eyes)
                            else step.roles
                        )
                    ]
                    try:
                        stepping.check_step(actor, contest, act, to, first=other)
                        is_let = True
                    except (Conflict, NotAllowed) as refused:
                        is_let = False
                        assert refused.status == (
                            403 if any(
                                (step.to, step.act) == (to, act)
                                for step in step_rules.steps_from(state, held)
                            ) else 409
                        )
                    permitted += is_let
                    if is_let != bool(expected):
                        wrong.append((state, to, act, role))
    assert wrong == [] and permitted > 15
    assert (count_trail(), contest.state) == (before, "archived")


@pytest.mark.parametrize("procedure", [SHORT, FORMAL], ids=["short", "formal"])
def test_a_button_of_the_desk_takes_no_other_step(app, quiet, procedure):
    contest = make_contest(procedure)
    official = factories.make_official("everything", *ROLES, contest=contest)
    taken = {}
    for state in STATES:
        for to in STATES:
            contest.state = state
            db.session.commit()
            before, steps = count_trail(), count_steps()
            try:
                actions.take_step(official, contest.id, to)
                taken[state, to] = count_steps() - steps
            except Conflict:
                assert (contest.state, count_trail()) == (state, before)

    expected = [("setup", "registration"), ("registration", "scoring"), ("final", "archived")]
    if procedure is FORMAL:
        expected[2:2] = [("scoring", "collected"), ("collected", "review")]
    assert taken == dict.fromkeys(expected, 1)


WHO = ("organiser", "chief_judge", "supervisor", "coding_judge", "judge")
FOR_TWO = [step for step in step_rules.STEPS if step.eyes]


@pytest.mark.parametrize("step", FOR_TWO, ids=lambda step: f"{step.act}-from-{step.state}")
def test_no_role_and_no_grant_lets_one_person_do_what_needs_two(app, monkeypatch, step):
    """Figure 20: same person, other person, stale word; every combination of the roles that act."""
    contest = make_contest(FORMAL, step.state)
    first = factories.make_official("first", *ROLES, contest=contest)
    for size in range(1, len(WHO) + 1):
        for held in map(set, combinations(WHO, size)):
            monkeypatch.setattr(stepping, "find_roles", lambda *_, held=held: held)
            with pytest.raises(NotAllowed, match="second person"):
                stepping.check_person(first, contest, step, first=first)
    monkeypatch.undo()
    owner = factories.make_official("owner", *ROLES)
    with pytest.raises(NotAllowed, match="second person"):
        stepping.check_person(owner, contest, step, first=owner)
    with pytest.raises(NotAllowed, match="second person"):
        stepping.check_person(owner, contest, step, first=None)
    for stale in (None, clock.now() - timedelta(minutes=6), clock.now() + timedelta(minutes=1)):
        with pytest.raises(NotAllowed, match="password or PIN"):
            stepping.check_person(
                Actor(owner.user_id, owner.name, word_at=stale), contest, step, first=first
            )
    assert stepping.check_person(owner, contest, step, first=first) is None


def test_a_proposal_is_confirmed_once_and_by_another(app):
    contest = make_contest(SHORT)
    version = queries.get_version(contest.id, 1)
    version.frozen_at = clock.now()  # a mark has come in
    db.session.commit()
    first, second, third = (
        factories.make_official(name, "organiser", contest=contest) for name in ("Ada", "Bo", "Cy")
    )
    with pytest.raises(Conflict, match="second person"):
        procedure_actions.set_procedure(first, contest.id, FORMAL)
    procedure_actions.propose_procedure(first, contest.id, FORMAL, "the ministry asks")
    proposal_id = find_open(contest.id, "procedure").id
    with pytest.raises(Conflict, match="proposed already"):
        procedure_actions.propose_procedure(second, contest.id, FORMAL, "me too")
    with pytest.raises(NotAllowed, match="second person"):
        procedure_actions.confirm_procedure(first, contest.id, proposal_id)
    with pytest.raises(NotAllowed, match="password or PIN"):
        procedure_actions.confirm_procedure(
            Actor(second.user_id, second.name), contest.id, proposal_id
        )
    assert queries.procedure_of(contest) == SHORT

    procedure_actions.confirm_procedure(second, contest.id, proposal_id)

    assert queries.procedure_of(contest) == FORMAL
    with pytest.raises(Conflict, match="decided"):
        procedure_actions.confirm_procedure(third, contest.id, proposal_id)
    row = db.session.scalars(select(TrailRow).order_by(TrailRow.id.desc())).first()
    assert (row.did, row.who, row.facts["proposed_by"]) == ("procedure.set", "Bo", "Ada")


def test_a_proposal_may_be_left_undone(app):
    contest = make_contest(SHORT)
    ada = factories.make_official("Ada", "organiser", contest=contest)
    procedure_actions.propose_procedure(ada, contest.id, FORMAL, "the ministry asks")
    proposal_id = find_open(contest.id, "procedure").id

    proposal_actions.decline_proposal(ada, contest.id, proposal_id)

    assert find_open(contest.id, "procedure") is None
    with pytest.raises(Conflict):
        get_open(contest.id, proposal_id)


def test_the_word_typed_again_is_the_password_or_the_pin_and_waits_after_failures(app):
    user = factories.make_user("Ada", pin_hash=reentry_hash("123456"))
    factories.browser_of(app, user)  # gives the password factories.WORD
    person = factories.person_of(user)

    for word in (factories.WORD, "123 456"):
        assert reentry.proven_actor(person, word).word_at == clock.now()
    for _ in range(5):
        with pytest.raises(Invalid) as refused:
            reentry.proven_actor(person, "wrong")
        assert set(refused.value.fields) == {"word"}
    with pytest.raises(Invalid, match="Too many"):
        reentry.proven_actor(person, factories.WORD)
    clock.stand_still(clock.now() + timedelta(minutes=2))
    assert reentry.proven_actor(person, factories.WORD).user_id == user.id
    assert user.failures == 0


def test_nobody_without_a_word_does_what_asks_for_one(app):
    person = factories.person_of(factories.make_user("Ada"))

    with pytest.raises(Invalid, match="no password and no PIN"):
        reentry.proven_actor(person, "")
