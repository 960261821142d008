"""A one-time password runs out, and is replaced before anything else."""

from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from contest import clock
from contest.accounts import account_actions, actions, queries
from contest.accounts.forms import NewPerson
from contest.accounts.models import User
from contest.accounts.rules import GIVEN_FOR
from contest.db import db
from contest.errors import Invalid
from tests import factories

ENGLISH = {"Accept-Language": "en"}
OWN = "four calm words of mine"


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def local(contest):
    user = factories.make_user("Organiser here")
    factories.make_grant(user, "organiser", contest)
    return factories.person_of(user)


@pytest.fixture
def given(contest, local):
    """(login, one-time password) of a clerk who was added just now."""
    return add(local, contest, "clerk")


@pytest.fixture
def still(app):
    yield clock.stand_still
    clock.stand_still(None)


def add(local, contest, role):
    _, password = account_actions.add_person(local, NewPerson("zhong", "钟一", (role,)), contest.id)
    return "zhong", password


def come_in(app, given):
    browser = app.test_client()
    typed = dict(zip(("login", "password"), given, strict=True))
    answer = browser.post("/sign-in", data=typed, headers=ENGLISH)
    return browser, answer


def replace(browser, old, new):
    return browser.post(
        "/my/account/password", data={"old": old, "password": new, "password_again": new}, headers=ENGLISH
    )


def test_it_opens_for_three_days_and_then_nothing(app, given, still):
    began = clock.now()
    assert timedelta(hours=72) == GIVEN_FOR

    still(began + GIVEN_FOR - timedelta(minutes=1))
    assert come_in(app, given)[1].status_code == 303
    still(began + GIVEN_FOR + timedelta(minutes=1))
    answer = come_in(app, given)[1]

    assert answer.status_code == 422
    assert "was good for 72 hours and has run out" in answer.get_data(as_text=True)


def test_a_stranger_does_not_learn_that_it_ran_out(app, given, still):
    still(clock.now() + GIVEN_FOR + timedelta(minutes=1))

    answer = come_in(app, (given[0], "guessed by somebody"))[1]

    assert "The login or the password is wrong." in answer.get_data(as_text=True)


def test_a_new_one_counts_anew(app, contest, local, given, still):
    still(clock.now() + GIVEN_FOR + timedelta(minutes=1))

    fresh = account_actions.give_new_password(local, queries.find_user("zhong").id, contest.id)

    assert come_in(app, (given[0], fresh))[1].status_code == 303


@pytest.mark.parametrize("role", ["clerk", "judge", "contact"])
def test_it_is_replaced_before_anything_else(app, contest, local, role, still):
    login, password = add(local, contest, role)
    browser, _ = come_in(app, (login, password))
    assert browser.get("/my/account/factor", headers=ENGLISH).location == "/my/account"
    page = browser.get("/my/account", headers=ENGLISH).get_data(as_text=True)
    assert "choose one of your own first" in page

    assert replace(browser, password, OWN).status_code == 303

    assert browser.get("/my/account/factor").status_code == 200
    still(clock.now() + GIVEN_FOR + timedelta(minutes=1))
    browser, answer = come_in(app, (login, OWN))  # one's own does not run out, nor is it to be replaced
    assert answer.status_code == 303 and browser.get("/my/account/factor").status_code == 200


def test_the_one_time_password_is_no_password_of_ones_own(app, given):
    browser, _ = come_in(app, given)

    answer = replace(browser, given[1], given[1])

    assert answer.status_code == 422 and "somebody else knows that" in answer.get_data(as_text=True)
    assert queries.find_user("zhong").password_is_given


def test_programs_are_told_and_a_tablets_doors_stay_open(app, contest, local):
    browser, _ = come_in(app, add(local, contest, "judge"))

    asked = browser.get("/api/v1/sheets", headers=ENGLISH)
    assert asked.status_code == 403 and asked.json["error"]["code"] == "given_password"
    sent = browser.post("/api/v1/sheets/1/operations", json={}, headers={**ENGLISH, "X-Contest": "1"})
    assert sent.json["error"]["code"] not in ("given_password", "signed_out")


def test_whoever_comes_by_card_replaces_nothing(app, contest, local):
    add(local, contest, "judge")
    user = queries.find_user("zhong")
    token, pin = account_actions.issue_card(local, user.id, contest.id)
    tablet = app.test_client()

    tablet.post(f"/enter/{token}", data={"pin": pin})

    assert tablet.get("/my/account/factor").status_code == 200


def test_after_0064_passwords_of_before_go_on_opening(app, given):
    """Nobody is locked out in the middle of a contest by an update; they are only asked to replace it."""
    db.session.remove()
    downgrade(revision="0063_certificate_lists")
    upgrade(revision="0064_given_passwords")

    [row] = db.session.execute(text("SELECT password_is_given, password_until FROM user_account "
                                    "WHERE login = 'zhong'"))
    assert bool(row.password_is_given) and row.password_until is None
    clock.stand_still(clock.now() + GIVEN_FOR * 10)
    try:
        token = actions.sign_in(*given, "Edge")
    finally:
        clock.stand_still(None)
    assert token


def test_one_that_ran_out_is_no_word_at_the_door(app, given, still):
    still(clock.now() + GIVEN_FOR)

    with pytest.raises(Invalid, match="has run out"):
        actions.sign_in(*given, "Edge")
    assert db.session.scalar(db.select(User.failures).filter_by(login="zhong")) == 0
