"""Figure 46: what anybody can read holds no identity number and no telephone of the people in the house."""

import logging
import re

import pytest

from contest import clock, signals
from contest.audit.work import work
from contest.db import db, writing
from contest.member_services import catalogue_queries
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.models import Case
from contest.people.id_rules import check_sign
from contest.registry.models import Honour
from contest.webhooks import actions as webhooks
from contest.webhooks import outbox_actions
from contest.webhooks import rules as webhook_rules
from contest.webhooks.models import WebhookMessage
from contest.webhooks.sending import Answer
from tests.conftest import NOON, TEST_SETTINGS
from tests.members.conftest import NUMBER
from tests.world import open_world
from tests.world_parts import WALKERS

PHONES = (b"0571 8765 4321", b"057187654321", b"13800138000")
CARD = re.compile(rb"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
# Streams have no end; what they send is what the pages of the board show.
ENDLESS = ("stream", "hear")


@pytest.fixture(scope="module")
def house(empty_database, tmp_path_factory):
    """The world with everything in it, and what the server logged while it was built."""
    clock.stand_still(NOON)
    folder = tmp_path_factory.mktemp("public")
    lines = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())
    logging.getLogger().addHandler(handler)
    app, world = open_world(empty_database, folder, **TEST_SETTINGS)
    yield app, world, lines, folder
    logging.getLogger().removeHandler(handler)
    with app.app_context():
        db.engine.dispose()
    clock.stand_still(None)


def answers(app, world, walker):
    """(address, bytes of the answer) of everything that can be read."""
    browser = world.browser(app, walker)
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.rsplit(".", 1)[-1].startswith(ENDLESS):
            continue
        with app.test_request_context():
            address = rule.build({**(rule.defaults or {}), **world.arguments(rule)})[1]
        answer = browser.get(address)
        yield address, answer.headers.to_wsgi_list().__repr__().encode() + answer.get_data()


def cards_in(data):
    """Numbers that are identity numbers by their last sign."""
    found = (one.group().decode().upper() for one in CARD.finditer(data))
    return [one for one in found if check_sign(one[:17]) == one[17]]


@pytest.fixture(scope="module", autouse=True)
def everywhere_known(house):
    """What is looked for is there, sealed, or the test would look for nothing."""
    app, world, _, _ = house
    with app.app_context():
        from contest.members.personal_queries import number_of

        assert number_of(world.examples["human_id"]) == NUMBER
        assert "0571 8765 4321" in {case.phone for case in db.session.query(Case)}


@pytest.mark.parametrize("walker", WALKERS)
def test_no_page_holds_an_identity_number(house, walker):
    """Also not one for officials: it is shown whole only as the answer to a reasoned look."""
    app, world, _, _ = house
    found = {address: cards_in(data) for address, data in answers(app, world, walker)}
    assert {address: cards for address, cards in found.items() if cards} == {}


@pytest.mark.parametrize("walker", ["guest", "judge", "clerk", "contact", "host"])
def test_no_page_of_outsiders_holds_a_telephone(house, walker):
    app, world, _, _ = house
    own = ("/my", "/applications")  # a receipt code opens one's own application
    assert [
        address for address, data in answers(app, world, walker)
        if any(phone in data for phone in PHONES) and not address.startswith(own)
    ] == []


def test_no_webhook_tells_one(house):
    """Everything that could be told is told, to a subscriber of every topic, service and fact."""
    app, world, _, _ = house
    sent = []

    def send(url, headers, body, allowed):
        sent.append(repr(headers).encode() + body)
        return Answer(204, "", 7)

    with app.app_context(), writing():
        owner, services = world.actor("owner"), tuple(catalogue_queries.every_service())
        told, _ = webhooks.add_webhook(
            owner, "全部", "https://hooks.example.org/all", tuple(webhook_rules.TOPICS),
            services, tuple(webhook_rules.FACTS),
        )
        with work(owner, "webhook.try", subject="all"):
            _tell_everything()
        bodies = [row.body.encode() for row in db.session.query(WebhookMessage)]
        while outbox_actions.deliver_next(told.id, send) is not None:
            pass
    for kind in ("honour.", "level.", "entitlement.", "case."):
        assert any(f'"type":"{kind}'.encode() in data for data in sent), kind
    assert any(b'"name":"' in data and b'"about"' in data for data in sent)
    for data in (*bodies, *sent):
        assert cards_in(data) == [] and not any(phone in data for phone in PHONES)


def _tell_everything():
    """The signals of everything that the world holds, as if it had just happened."""
    for honour in db.session.query(Honour):
        signals.honour_changed.send("test", honour_id=honour.id, state=honour.state)
    for held in db.session.query(Entitlement):
        signals.entitlement_changed.send("changed", entitlement_id=held.id, was="", now="")
    for case in db.session.query(Case):
        signals.case_moved.send("test", case_id=case.id, was="received", now=case.state)
        if case.human_id:
            signals.level_changed.send("test", human_id=case.human_id, ladder="c2", was="", now="one")


def test_neither_the_log_nor_a_file_beside_the_database_holds_one(house):
    _, _, lines, folder = house
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for text in ("\n".join(lines).encode(), *files):
        assert cards_in(text) == [] and not any(phone in text for phone in PHONES)
