"""Two people of one act are two people: nobody confirms through an account of his own making."""

from datetime import timedelta

import pytest

from contest import clock
from contest.accounts import account_actions, actions
from contest.accounts.forms import NewPerson
from contest.accounts.hands import AT_THE_MACHINE
from contest.accounts.passwords import hash_secret
from contest.accounts.queries import get_user
from contest.db import db
from contest.errors import NotAllowed
from contest.setup.models import PlanVersion
from contest.setup.pairing import check_two_people
from contest.setup.step_rules import WITNESSES
from tests import factories


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def organiser(contest):
    return _official("周组委", contest)


def _official(name, contest, role="organiser"):
    user = factories.make_user(name, password_hash=hash_secret("four calm words"))
    factories.make_grant(user, role, contest)
    return user


def _marks_come_in(contest):
    clock.stand_still(clock.now() + timedelta(hours=1))
    db.session.query(PlanVersion).filter_by(contest_id=contest.id).update(
        {"frozen_at": clock.now()}
    )
    db.session.commit()
    clock.stand_still(clock.now() + timedelta(hours=1))


def _add(organiser, contest, *roles, login="ghost", own=True):
    """An account that `organiser` makes; own: whose one-time password was replaced by whoever has it."""
    new = NewPerson(login=login, name=login, roles=roles)
    user_id, password = account_actions.add_person(
        factories.person_of(organiser), new, contest.id
    )
    if own:
        _replace(get_user(user_id), password)
    return get_user(user_id)


def _replace(user, password):
    actions.change_password(factories.person_of(user), password, f"{password} of mine")


def _check(contest, *two):
    check_two_people(contest, *(one.id for one in two), WITNESSES)


def test_an_account_made_after_the_first_mark_confirms_nothing_of_its_maker(contest, organiser):
    _marks_come_in(contest)
    ghost = _add(organiser, contest, "organiser", "supervisor", "chief_judge")

    for two in ((organiser, ghost), (ghost, organiser)):
        with pytest.raises(NotAllowed, match="周组委 gave a role"):
            _check(contest, *two)
    _check(contest, _official("吴组委", contest), ghost)


def test_who_was_made_before_the_first_mark_confirms_once_the_password_is_his_own(
    contest, organiser
):
    chief = _add(organiser, contest, "chief_judge", own=False)
    _marks_come_in(contest)

    with pytest.raises(NotAllowed, match="one-time password"):
        _check(contest, organiser, chief)
    chief.password_is_given = False  # as change_password does
    db.session.commit()
    _check(contest, organiser, chief)
    _check(contest, chief, _official("吴监督", contest, "supervisor"))


def test_a_second_self_behind_a_second_self_is_found(contest, organiser):
    _marks_come_in(contest)
    first = _add(organiser, contest, "organiser", login="first")
    second = _add(first, contest, "supervisor", login="second")
    third = _add(organiser, contest, "chief_judge", login="third")

    for two in ((organiser, second), (second, third)):
        with pytest.raises(NotAllowed, match="周组委"):
            _check(contest, *two)


def test_a_new_role_does_not_make_somebody_the_second_person_of_who_gave_it(contest, organiser):
    judge = _official("郑评审", contest, "judge")
    chief = _official("王裁判长", contest, "chief_judge")
    _marks_come_in(contest)
    for user, roles in ((judge, ["judge", "supervisor"]), (chief, ["chief_judge", "supervisor"])):
        account_actions.set_roles(factories.person_of(organiser), user.id, roles, contest.id)

    with pytest.raises(NotAllowed, match="gave a role"):
        _check(contest, organiser, judge)
    _check(contest, organiser, chief)  # who was chief judge before


def test_a_new_password_or_pin_of_the_other_party_is_no_proof_of_two(contest, organiser):
    chief = _official("王裁判长", contest, "chief_judge")
    other = _official("吴组委", contest)
    _marks_come_in(contest)
    made = account_actions.give_new_password(factories.person_of(organiser), chief.id, contest.id)
    _replace(chief, made)

    with pytest.raises(NotAllowed, match="周组委"):
        _check(contest, organiser, chief)

    made = account_actions.give_new_password(factories.person_of(other), chief.id, contest.id)
    _replace(chief, made)
    _check(contest, organiser, chief)
    account_actions.issue_card(factories.person_of(organiser), chief.id, contest.id)
    with pytest.raises(NotAllowed, match="周组委"):
        _check(contest, organiser, chief)


def test_a_program_and_rows_from_before_the_marks_on_record_are_nobodys_second_self(contest):
    _marks_come_in(contest)
    old, new = _official("甲", contest), _official("乙", contest, "supervisor")

    _check(contest, old, new)
    check_two_people(contest, None, new.id, WITNESSES)


def test_an_old_contest_past_its_scoring_takes_all_that_is_on_record_as_recent(contest, organiser):
    ghost = _add(organiser, contest, "supervisor")
    contest.state = "collected"
    db.session.commit()

    with pytest.raises(NotAllowed, match="周组委"):
        _check(contest, organiser, ghost)


def test_the_command_line_makes_no_pair_of_people_by_itself_once_marks_are_in(contest, organiser):
    before = _official("早先的", contest, "supervisor")
    _marks_come_in(contest)
    made = [_by_machine(name, contest) for name in ("甲", "乙")]

    with pytest.raises(NotAllowed, match="depends on the other") as refused:
        _check(contest, *made)
    assert refused.value.params["name"].english == AT_THE_MACHINE.english
    _check(contest, made[0], before)
    _check(contest, organiser, made[1])


def _by_machine(name, contest):
    user = factories.make_user(name, password_hash=hash_secret("four calm words"))
    user.password_at, user.password_by_id = clock.now(), None
    grant = factories.make_grant(user, "supervisor", contest)
    grant.granted_at, grant.granted_by_id = clock.now(), None
    db.session.commit()
    return user
