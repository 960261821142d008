import pytest

from contest.accounts import account_actions, actions, queries, tickets
from contest.accounts.forms import NewPerson
from contest.accounts.passwords import hash_secret
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from tests import factories


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def chief(app):
    """An organiser of the whole installation."""
    user = factories.make_user("Chief")
    factories.make_grant(user, "organiser")
    return factories.person_of(user)


@pytest.fixture
def local(contest):
    """An organiser of one contest."""
    user = factories.make_user("Local")
    factories.make_grant(user, "organiser", contest)
    return factories.person_of(user)


@pytest.fixture
def judge(contest):
    user = factories.make_user("Jana", password_hash=hash_secret("correct horse"))
    factories.make_grant(user, "judge", contest)
    return user


def trail():
    return db.session.query(TrailRow).order_by(TrailRow.id).all()


def test_a_person_is_added_with_a_password_that_works_once_shown(contest, local):
    new = NewPerson("li-jd", "李监督", ("supervisor", "clerk"))

    user_id, password = account_actions.add_person(local, new, contest.id)

    assert queries.find_person(actions.sign_in("li-jd", password, "test")).user_id == user_id
    assert queries.roles_of(queries.get_user(user_id), contest.id) == ("supervisor", "clerk")
    assert password not in str([row.facts for row in trail()])


def test_an_account_that_exists_is_given_the_roles_and_keeps_its_password(contest, local, judge):
    new = NewPerson(judge.login, "Jana", ("clerk",))

    user_id, password = account_actions.add_person(local, new, contest.id)

    assert (user_id, password) == (judge.id, None)
    assert queries.roles_of(judge, contest.id) == ("judge", "clerk")
    assert actions.sign_in(judge.login, "correct horse", "test")


def test_a_login_of_somebody_else_is_refused(contest, local, judge):
    with pytest.raises(Invalid) as refused:
        account_actions.add_person(local, NewPerson(judge.login, "Milan", ("clerk",)), contest.id)

    assert refused.value.fields.keys() == {"login"}
    assert queries.roles_of(judge, contest.id) == ("judge",)
    assert trail() == []


def test_only_an_organiser_of_the_place_adds(contest, local, judge):
    other = factories.make_contest()
    new = NewPerson("li-jd", "Li", ("clerk",))

    for person, where in [(factories.person_of(judge), contest.id), (local, other.id), (local, None)]:
        with pytest.raises(NotAllowed):
            account_actions.add_person(person, new, where)
    assert queries.find_user("li-jd") is None


def test_roles_are_exactly_those_chosen_and_the_trail_has_both(contest, local, judge):
    account_actions.set_roles(local, judge.id, ("chief_judge",), contest.id)

    assert queries.roles_of(judge, contest.id) == ("chief_judge",)
    assert trail()[-1].facts == {"old": ["judge"], "new": ["chief_judge"]}


def test_roles_in_other_contests_stay(contest, chief, judge):
    other = factories.make_contest()
    factories.make_grant(judge, "clerk", other)

    account_actions.set_roles(chief, judge.id, (), contest.id)

    assert {(g.role, g.contest_id) for g in judge.grants} == {("clerk", other.id)}


def test_somebody_without_a_role_here_is_missing_here(contest, local):
    stranger = factories.make_user()

    with pytest.raises(Missing):
        account_actions.set_roles(local, stranger.id, ("clerk",), contest.id)


def test_the_last_organiser_keeps_the_role_and_stays_switched_on(chief):
    second = factories.make_user()
    factories.make_grant(second, "organiser")
    account_actions.set_roles(chief, second.id, (), None)
    factories.make_grant(second, "organiser")
    account_actions.switch_account(chief, second.id, False)

    with pytest.raises(Conflict):
        account_actions.set_roles(chief, chief.user_id, (), None)
    with pytest.raises(Conflict):
        account_actions.switch_account(chief, chief.user_id, False)
    assert queries.other_organisers(second.id) == 1


def test_a_switched_off_organiser_does_not_count_as_another_one(chief):
    second = factories.make_user(is_active=False)
    factories.make_grant(second, "organiser")

    assert queries.other_organisers(chief.user_id) == 0


def test_switching_off_ends_sessions_and_cards(contest, local, judge):
    token = actions.sign_in(judge.login, "correct horse", "test")
    card, _ = account_actions.issue_card(local, judge.id, contest.id)

    account_actions.switch_account(local, judge.id, False, contest.id)

    assert queries.find_person(token) is None
    assert queries.find_card(card) is None
    with pytest.raises(Conflict):
        account_actions.issue_card(local, judge.id, contest.id)


@pytest.mark.parametrize("act", [
    account_actions.give_new_password, account_actions.issue_card, account_actions.revoke_card,
    lambda who, user, place: account_actions.switch_account(who, user, False, place),
    lambda who, user, place: account_actions.end_session_of(who, user, 1, place),
], ids=["password", "card", "revoke", "switch", "session"])
def test_a_contests_organiser_cannot_take_over_somebody_with_more_rights(
    contest, local, chief, act
):
    factories.make_grant(queries.get_user(chief.user_id), "judge", contest)

    with pytest.raises(NotAllowed):
        act(local, chief.user_id, contest.id)
    assert trail() == []


def test_a_new_password_ends_the_old_one_and_every_session(contest, local, judge):
    token = actions.sign_in(judge.login, "correct horse", "test")

    password = account_actions.give_new_password(local, judge.id, contest.id)

    assert queries.find_person(token) is None
    assert actions.sign_in(judge.login, password, "test")
    with pytest.raises(Invalid):
        actions.sign_in(judge.login, "correct horse", "test")


def test_nobody_gives_themselves_a_one_time_password(contest, local):
    with pytest.raises(Conflict):
        account_actions.give_new_password(local, local.user_id, contest.id)


def test_a_new_card_ends_tablets_but_not_the_office(contest, local, judge):
    token, pin = account_actions.issue_card(local, judge.id, contest.id)
    tablet = actions.enter_by_card(token, pin, "tablet")
    office = actions.sign_in(judge.login, "correct horse", "office")

    account_actions.issue_card(local, judge.id, contest.id)

    assert queries.find_person(tablet) is None
    assert queries.find_person(office)
    with pytest.raises(NotAllowed):
        actions.enter_by_card(token, pin, "tablet")


def test_cards_for_many_are_issued_all_or_none(contest, local, judge):
    second = factories.make_user("Milan")
    factories.make_grant(second, "judge", contest)

    issued = account_actions.issue_cards(local, [judge.id, second.id], contest.id)
    with pytest.raises(Missing):
        account_actions.issue_cards(local, [judge.id, 999], contest.id)

    assert [user.id for user, _, _ in issued] == [judge.id, second.id]
    for user, token, pin in issued:
        opened = actions.enter_by_card(token, pin, "tablet")
        assert queries.find_person(opened).user_id == user.id
    assert [row.did for row in trail()].count("card.issue") == 1


def test_an_organiser_ends_one_session(contest, local, judge):
    one, two = (actions.sign_in(judge.login, "correct horse", "test") for _ in range(2))
    session_id = queries.find_person(one).session_id

    account_actions.end_session_of(local, judge.id, session_id, contest.id)

    assert queries.find_person(one) is None
    assert queries.find_person(two)
    with pytest.raises(Missing):
        account_actions.end_session_of(local, judge.id, session_id, contest.id)


def test_a_session_is_ended_only_through_its_owner(contest, local, judge):
    other = factories.make_user(password_hash=hash_secret("correct horse"))
    factories.make_grant(other, "clerk", contest)
    token = actions.sign_in(other.login, "correct horse", "test")

    with pytest.raises(Missing):
        account_actions.end_session_of(
            local, judge.id, queries.find_person(token).session_id, contest.id
        )
    assert queries.find_person(token)


def test_a_card_can_be_taken_back(contest, local, judge):
    token, pin = account_actions.issue_card(local, judge.id, contest.id)

    account_actions.revoke_card(local, judge.id, contest.id)

    assert not queries.has_card(judge.id)
    with pytest.raises(NotAllowed):
        actions.enter_by_card(token, pin, "tablet")
    assert tickets.new_card(judge)
