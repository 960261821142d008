"""A key is given back at once when nothing was stored, and kept when something was."""

import uuid

import pytest

from contest import clock, signals
from contest.api import actions, rules
from contest.api.models import KeptAnswer
from contest.db import about_to_write, db
from contest.member_services.models import Case
from tests.conftest import NOON, TEST_SETTINGS
from tests.world import open_world

PATH = "/api/v1/services/letterbox/applications"


def body_with(words):
    """An application; the same one again within a while is known for a repeat."""
    return {"answers": {"name": "钟一", "phone": "0571 8765 4321", "topic": "safety", "words": words}}


@pytest.fixture(scope="module")
def house(empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    app, world = open_world(empty_database, tmp_path_factory.mktemp("keys"), **TEST_SETTINGS)
    app.testing = False  # a fault is an answer
    with app.app_context():
        about_to_write(True)
        _, token = actions.make_token(
            world.actor("owner"), None, "x", ["services:write"], 90, rules.SCOPES
        )
        about_to_write(False)
        db.session.remove()
    yield app, token
    clock.stand_still(None)


def post(house, key, body=None):
    app, token = house
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    return app.test_client().post(PATH, json=body or body_with(key), headers=headers)


def count(house, table):
    with house[0].app_context():
        return db.session.query(table).count()


def break_before(_did, **_facts):
    raise RuntimeError("a fault within the work: nothing is committed")


def test_after_a_fault_that_stored_nothing_the_same_key_does_it_at_once(house):
    key, before = uuid.uuid4().hex, count(house, Case)
    with signals.case_moved.connected_to(break_before):
        assert post(house, key).status_code == 500
    assert count(house, Case) == before

    first, again = post(house, key), post(house, key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count(house, Case) == before + 1


def test_after_a_refusal_the_same_key_may_carry_what_is_right(house):
    key = uuid.uuid4().hex
    assert post(house, key, {"answers": {}}).status_code == 422
    assert post(house, key, {"wrong": {}}).status_code == 422

    assert post(house, key).status_code == 201


def test_what_broke_off_after_it_had_stored_something_keeps_its_key(house, monkeypatch):
    """The answer is lost after the commit; only after a while is it known that nobody works on it."""
    from contest.api import routes

    def lose(_row):
        raise RuntimeError("a fault after the commit")

    key, before = uuid.uuid4().hex, count(house, Case)
    monkeypatch.setattr(routes, "_application", lose)
    assert post(house, key).status_code == 500
    monkeypatch.undo()

    assert count(house, Case) == before + 1
    answer = post(house, key)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "conflict")
    with house[0].app_context():
        assert db.session.query(KeptAnswer).filter_by(key=key).one().status is None
