"""Figure 38: whatever a program sends, no fault and no answer that the description does not know."""

import os
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, checks
from schemathesis.specs.openapi import checks as openapi

from contest import clock
from contest.api import actions, describing, rules
from contest.db import about_to_write, db
from tests.conftest import NOON, TEST_SETTINGS
from tests.world import open_world
from tests.world_parts import WALKERS

IS_FULL = os.environ.get("CONTEST_SOAK") == "1"
EXAMPLES = int(os.environ.get("CONTEST_EXAMPLES", "200" if IS_FULL else "8"))
# Who asks: a guest, a judge, tokens that work and one that does not; the other roles at full size.
ASKING = ("guest", "token of the house", "token of a contest", "judge", "wrong token")
if IS_FULL:
    ASKING += tuple(walker for walker in WALKERS if walker not in ("guest", "judge"))
CHECKS = [
    checks.not_a_server_error, openapi.status_code_conformance, openapi.content_type_conformance,
    openapi.response_headers_conformance, openapi.response_schema_conformance,
]


class House:
    """The filled application, its description, and the headers of everybody who asks."""

    def __init__(self, app, world):
        self.app, self.world = app, world
        app.testing = False  # a fault is an answer, as for a program outside
        self.schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        self.rules = {rule.endpoint: rule for rule in app.url_map.iter_rules()}
        self.headers = {walker: self._session(walker) for walker in WALKERS if walker != "guest"} | {
            "guest": {}, "wrong token": {"Authorization": "Bearer jst_guessed"},
            "token of the house": self._token("owner", None),
            "token of a contest": self._token("judge", world.running),
        }

    def _session(self, walker):
        cookie = self.world.browser(self.app, walker).get_cookie("session")
        return {"Cookie": f"session={cookie.value}", "X-Contest": "1"}

    def _token(self, walker, contest_id):
        with self.app.app_context():
            about_to_write(True)
            _, token = actions.make_token(
                self.world.actor(walker), contest_id, "fuzz", list(rules.SCOPES), 90, rules.SCOPES
            )
            about_to_write(False)
            db.session.remove()
        return {"Authorization": f"Bearer {token}"}

    def parts(self, operation_id):
        """What stands in this operation's address for something that is there."""
        endpoint = "judging.post_operation" if operation_id == "post_operation" else f"api.{operation_id}"
        return self.world.arguments(self.rules[endpoint])


@pytest.fixture(scope="module")
def house(empty_database, tmp_path_factory):
    clock.stand_still(NOON)
    yield House(*open_world(empty_database, tmp_path_factory.mktemp("fuzz"), **TEST_SETTINGS))
    clock.stand_still(None)


def operation_ids():
    from contest import create_app

    app = create_app(**TEST_SETTINGS)
    with app.test_request_context():
        paths = describing.document("en")["paths"]
    return sorted(one["operationId"] for path in paths.values() for one in path.values())


def is_all_sent(query, address):
    """Whether every parameter that was thought of stands in the address that was asked."""
    return set(query or {}) <= set(parse_qs(urlsplit(address).query, keep_blank_values=True))


@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("operation_id", operation_ids())
def test_no_fault_and_no_answer_that_the_description_does_not_know(house, operation_id, asking):
    operation = house.schema.find_operation_by_id(operation_id)
    modes = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]

    @seed(20261127)
    @settings(max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))
    @given(data=st.data(), is_there=st.booleans())
    def ask(data, is_there):
        mode = data.draw(st.sampled_from(modes))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if is_there:
            case.path_parameters = {**(case.path_parameters or {}), **house.parts(operation_id)}
        answer = case.call(headers=house.headers[asking])
        # Path and headers were put right above; only what is wrong elsewhere must be refused.
        wrong = {place.value for place, one in case.meta.components.items() if one.mode.is_negative}
        must_refuse = wrong & {"query", "body"}
        # A parameter whose value is an empty list is not written at all: nothing came that is wrong.
        # And a body too large is refused by a status that the checker does not count as one.
        if not is_all_sent(case.query, answer.request.url) or answer.status_code == 413:
            must_refuse = {}
        case.validate_response(
            answer, checks=[*CHECKS, *([openapi.negative_data_rejection] if must_refuse else [])]
        )

    ask()
