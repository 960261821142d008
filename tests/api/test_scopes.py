"""A token does what its scopes name, also where nobody needs a token (and no token at all is asked for)."""

import pytest
from flask import url_for

from contest import clock
from contest.api import actions, describing, door, rules
from contest.db import about_to_write, db
from contest.member_services.models import Case
from tests.conftest import NOON, TEST_SETTINGS
from tests.world import open_world

OPEN = {
    "api.show_board": "standings:read", "api.list_craftsmen": "registry:read",
    "api.list_records": "registry:read", "api.show_record": "registry:read",
    "api.show_craftsman": "registry:read", "api.list_services": "services:read",
    "api.show_service": "services:read", "api.list_slots": "services:read",
    "api.show_application": "services:read", "api.apply_for": "services:write",
    "api.complete_application": "services:write", "api.write_about_application": "services:write",
    "api.withdraw_application": "services:write", "api.rate_application": "services:write",
    "api.book_application_again": "services:write",
}
LETTER = {"answers": {"name": "钟一", "phone": "0571 8765 4321", "topic": "safety", "words": "灯坏了"}}


@pytest.fixture(scope="module")
def house(empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    yield open_world(empty_database, tmp_path_factory.mktemp("scopes"), **TEST_SETTINGS)
    clock.stand_still(None)


def token_for(house, *scopes):
    app, world = house
    with app.app_context():
        about_to_write(True)
        _, token = actions.make_token(world.actor("owner"), None, "x", scopes, 9, rules.SCOPES)
        about_to_write(False)
        db.session.remove()
    return {"Authorization": f"Bearer {token}", "X-Contest": "1", "Accept-Language": "en"}


def ask(house, endpoint, headers, body=None):
    app, world = house
    rule = next(one for one in app.url_map.iter_rules() if one.endpoint == endpoint)
    with app.test_request_context():
        address = url_for(endpoint, **world.arguments(rule))
    client = app.test_client()
    if "POST" in rule.methods:
        return client.post(address, json=body or {}, headers=headers)
    return client.get(address, headers=headers)


def test_what_is_open_is_what_is_written_here():
    assert {name for name, one in door.OPERATIONS.items() if one.is_open} == set(OPEN)


@pytest.mark.parametrize("endpoint", OPEN)
def test_a_token_without_the_scope_is_refused_in_one_sentence(house, endpoint):
    answer = ask(house, endpoint, token_for(house, "marks:read"))
    assert answer.status_code == 403
    assert answer.json["error"]["message"] == f"This needs a token with the scope {OPEN[endpoint]}."


@pytest.mark.parametrize("endpoint", OPEN)
def test_one_with_the_scope_and_none_at_all_come_as_far(house, endpoint):
    with_it, without = (
        ask(house, endpoint, headers, {"surplus": 1}).status_code
        for headers in (token_for(house, OPEN[endpoint]), {"X-Contest": "1"})
    )
    assert with_it == without != 403


def test_a_token_for_reading_marks_files_no_application(house):
    def count():
        with house[0].app_context():
            return db.session.query(Case).count()

    before, client = count(), house[0].test_client()
    at = "/api/v1/services/letterbox/applications"
    assert client.post(at, json=LETTER, headers=token_for(house, "marks:read")).status_code == 403
    assert count() == before
    assert client.post(at, json=LETTER, headers=token_for(house, "services:write")).status_code == 201
    assert count() == before + 1


def test_the_description_names_every_scope_and_what_is_open(house):
    with house[0].test_request_context():
        paths = describing.document("en")["paths"]
    for endpoint, one in door.OPERATIONS.items():
        path = describing.PART.sub(r"{\2}", one.path)
        told = paths[path][one.method.lower()]
        assert f"`{one.scope}`" in told["description"]
        assert ({} in told["security"]) == (endpoint in OPEN)
