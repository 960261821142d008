"""Figure 46: what anybody can read holds no identity number and no telephone of the people in the house."""

import logging
import re

import pytest

from contest import clock
from contest.db import db
from contest.people.id_rules import check_sign
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
        from contest.member_services.models import Case
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


def test_neither_the_log_nor_a_file_beside_the_database_holds_one(house):
    _, _, lines, folder = house
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for text in ("\n".join(lines).encode(), *files):
        assert cards_in(text) == [] and not any(phone in text for phone in PHONES)
