"""A token does what its scopes name, until it is revoked; hostile bodies are refused."""

import pytest

from contest import clock
from contest.api import actions, queries
from contest.api.models import ApiToken
from contest.db import about_to_write, db
from tests.conftest import NOON, TEST_SETTINGS
from tests.world import open_world


@pytest.fixture(scope="module")
def house(empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    yield open_world(empty_database, tmp_path_factory.mktemp("api"), **TEST_SETTINGS)
    clock.stand_still(None)


def test_a_token_reads_what_its_scopes_name_and_nothing_else_until_it_is_revoked(house):
    app, world = house
    program = app.test_client()
    head = {"Authorization": f"Bearer {world.more['token_id']}"}
    at = f"/api/v1/contests/{world.running}"

    assert program.get(f"{at}/standings", headers=head).status_code == 200
    assert program.get(f"{at}/entrants", headers=head).status_code == 403
    assert program.get(f"/api/v1/contests/{world.finished}/standings", headers=head).status_code == 403
    assert program.get(f"{at}/standings", headers={"Authorization": "Bearer guessed"}).status_code == 401

    with app.app_context():
        about_to_write(True)
        row = db.session.get(ApiToken, world.examples["token_id"])
        assert queries.hash_token(world.more["token_id"]) == row.token_hash
        actions.revoke_token(world.actor("organiser"), row)
        about_to_write(False)
    assert program.get(f"{at}/standings", headers=head).status_code == 401


@pytest.mark.parametrize("body", [b"[" * 10_000, b"[" * 40 + b"]" * 40, b'{"answers": NaN}', b"{"])
def test_json_that_nests_too_deep_or_is_none_is_refused(house, body):
    app, _ = house
    answer = app.test_client().post(
        "/api/v1/services/skill_allowance/applications", data=body,
        headers={"Content-Type": "application/json", "X-Contest": "1"},
    )

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_json")
