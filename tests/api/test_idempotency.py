"""A key is given back at once when nothing was stored, and kept when something was."""

import uuid
from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from contest import clock, signals
from contest.api import actions, rules
from contest.api.models import KeptAnswer
from contest.db import about_to_write, db
from contest.member_services.models import Case
from tests import factories
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


def post(house, key, body=None, is_guest=False):
    app, token = house
    who = {"X-Contest": "1"} if is_guest else {"Authorization": f"Bearer {token}"}
    headers = {**who, "Idempotency-Key": key}
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
    from contest.api import service_routes

    def lose(_row):
        raise RuntimeError("a fault after the commit")

    key, before = uuid.uuid4().hex, count(house, Case)
    monkeypatch.setattr(service_routes, "_application", lose)
    assert post(house, key).status_code == 500
    monkeypatch.undo()

    assert count(house, Case) == before + 1
    answer = post(house, key)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "conflict")
    with house[0].app_context():
        assert db.session.query(KeptAnswer).filter_by(key=key).one().status is None


def test_a_guests_key_is_done_once_and_answered_alike(house):
    key, before = uuid.uuid4().hex, count(house, Case)
    first, again = (post(house, key, is_guest=True) for _ in range(2))
    clock.stand_still(NOON + timedelta(days=1))  # when the application itself is no repeat any more
    later = post(house, key, is_guest=True)
    clock.stand_still(NOON)

    assert [one.status_code for one in (first, again, later)] == [201, 201, 201]
    assert first.json == again.json == later.json
    assert count(house, Case) == before + 1
    other = post(house, key, body_with("something else"), is_guest=True)
    assert (other.status_code, other.json["error"]["code"]) == (422, "invalid")
    assert count(house, Case) == before + 1


def test_a_guests_key_and_that_of_somebody_known_are_two(house):
    key = uuid.uuid4().hex
    mine, guests = post(house, key), post(house, key, body_with("a guest's words"), is_guest=True)
    assert (mine.status_code, guests.status_code) == (201, 201)
    assert mine.json["receipt"] != guests.json["receipt"]


def test_of_guests_keys_the_latest_are_kept_for_a_week_and_others_for_good(house, monkeypatch):
    monkeypatch.setattr(rules, "GUESTS_MOST", 3)
    owned = uuid.uuid4().hex
    post(house, owned)
    keys = [uuid.uuid4().hex for _ in range(5)]
    for key in keys:
        assert post(house, key, is_guest=True).status_code == 201

    def kept():
        with house[0].app_context():
            return {key for key, in db.session.query(KeptAnswer.key).filter_by(user_id=None)}

    assert kept() == set(keys[-3:])
    clock.stand_still(NOON + timedelta(days=8))
    last = uuid.uuid4().hex
    assert post(house, last, is_guest=True).status_code == 201
    clock.stand_still(NOON)
    assert kept() == {last}
    assert post(house, owned).headers["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_a_guests_key_stands_once_in_the_database_also_after_going_back(app):
    user = factories.make_user()
    db.session.add(KeptAnswer(user_id=user.id, key="k", fingerprint="f", at=NOON))
    db.session.add(KeptAnswer(user_id=None, key="k", fingerprint="f", at=NOON))
    db.session.commit()
    for user_id in (user.id, None):
        db.session.add(KeptAnswer(user_id=user_id, key="k", fingerprint="f", at=NOON))
        with pytest.raises(IntegrityError):
            db.session.commit()
        db.session.rollback()
    db.session.remove()

    downgrade(revision="0042_gates_in_the_chain")
    assert db.session.execute(text("SELECT count(*) FROM api_answer")).scalar() == 1
    db.session.remove()
    upgrade(revision="0044_guest_keys")
    assert db.session.query(KeptAnswer).one().key == "k"
