"""A token does what its scopes name, until it is revoked; hostile bodies are refused."""

import pytest

from contest import clock
from contest.api import actions, queries
from contest.api.models import ApiToken
from contest.audit.chain_queries import find_head
from contest.db import about_to_write, db
from contest.member_services.entitlement_models import Entitlement
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
    told = program.get(f"{at}/standings", headers=head).json["chain"]
    with app.app_context():
        now = find_head(world.running)
        assert told == {"seq": now.seq, "hash": now.hash.hex()}
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


def test_a_token_of_the_whole_house_reads_who_is_entitled_to_what_page_by_page(house):
    app, world = house
    with app.app_context():
        about_to_write(True)
        tokens = [actions.make_token(
            world.actor(walker), contest_id, "x", ["entitlements:read"], 9, ["entitlements:read"]
        )[1] for walker, contest_id in (("owner", None), ("organiser", world.running))]
        about_to_write(False)
        held = db.session.query(Entitlement).order_by(Entitlement.id).all()
        ids, person = [one.id for one in held], held[0].human_id

    def ask(token, asked):
        return app.test_client().get(
            f"/api/v1/entitlements?{asked}", headers={"Authorization": f"Bearer {token}"}
        )

    assert ask(tokens[1], "").status_code == 403
    found, after = [], ""
    while after is not None:
        page = ask(tokens[0], f"limit=1&after={after}").json
        found, after = [*found, *page["items"]], page["next"]
    assert [one["id"] for one in found] == ids
    assert {one["person"] for one in ask(tokens[0], f"person={person}").json["items"]} == {person}
    assert ask(tokens[0], "service=nowhere").json["items"] == []
    assert not {"name", "amount", "reason"} & set(found[0])


@pytest.mark.parametrize("body", [b"[" * 10_000, b"[" * 40 + b"]" * 40, b'{"answers": NaN}', b"{"])
def test_json_that_nests_too_deep_or_is_none_is_refused(house, body):
    app, _ = house
    answer = app.test_client().post(
        "/api/v1/services/skill_allowance/applications", data=body,
        headers={"Content-Type": "application/json", "X-Contest": "1"},
    )

    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_json")
