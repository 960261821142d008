import pytest
from flask import url_for
from werkzeug.routing import IntegerConverter

from contest.accounts.guards import needs
from contest.accounts.rules import ROLES
from contest.audit.models import TrailRow
from contest.db import db
from tests import factories


def dummies(rule):
    """Believable values for whatever an address names."""
    return {name: 1 if isinstance(rule._converters[name], IntegerConverter) else "x"
            for name in rule.arguments - (rule.defaults or {}).keys()}


def guarded_rules(app):
    """Every address with its guard and one method that it takes."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            guard = app.view_functions[rule.endpoint].guard
            method = "POST" if "POST" in rule.methods else "GET"
            yield rule, guard, method, url_for(rule.endpoint, **dummies(rule), _external=False)


def test_a_guard_names_roles_that_exist():
    with pytest.raises(ValueError, match="king"):
        needs("king")
    with pytest.raises(ValueError, match="not roles"):
        needs()


def test_every_guard_is_known(app):
    with app.test_request_context():
        known = {"everybody", "signed in", *ROLES}
        assert [rule for rule, guard, _, _ in guarded_rules(app) if not set(guard) <= known] == []


def test_a_guest_is_sent_to_sign_in_wherever_a_person_is_needed(app, client):
    factories.make_user()
    with app.test_request_context():
        closed = [
            (method, at) for _, guard, method, at in guarded_rules(app) if guard != ("everybody",)
        ]

    answers = {(m, at): client.open(at, method=m) for m, at in closed}

    assert len(answers) > 10
    wrong = {
        key: answer.status for key, answer in answers.items()
        if answer.status_code != (401 if "/api/" in key[1] else 303)
        or answer.status_code == 303 and not answer.location.startswith("/sign-in")
    }
    assert wrong == {}


def test_somebody_without_a_role_is_refused_wherever_one_is_needed(app):
    with app.test_request_context():
        closed = [
            (method, at) for _, guard, method, at in guarded_rules(app) if set(guard) <= set(ROLES)
        ]
    browser = factories.browser_of(app, factories.make_user())

    refused = {(m, at): browser.open(at, method=m).status_code for m, at in closed}

    assert len(refused) > 10
    assert set(refused.values()) == {403}
    assert db.session.query(TrailRow).filter_by(did="request.refused").count() == len(refused)


def test_a_role_in_another_contest_is_refused_in_every_address_of_a_contest(app):
    contest = factories.make_contest()
    user = factories.make_user()
    for role in ROLES:
        factories.make_grant(user, role, factories.make_contest())
    with app.test_request_context():
        closed = [
            (method, at) for rule, guard, method, at in guarded_rules(app)
            if set(guard) <= set(ROLES) and "contest_id" in dummies(rule)
        ]
    browser = factories.browser_of(app, user)

    assert contest.id == 1
    assert len(closed) > 10
    assert {browser.open(at, method=m).status_code for m, at in closed} == {403}


def test_htmx_is_led_to_the_sign_in_page_as_a_whole(client):
    answer = client.get("/my/account", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/sign-in")


def test_a_program_hears_that_it_is_signed_out(client):
    answer = client.post("/my/account/password", json={"old": "x"})

    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "signed_out"
