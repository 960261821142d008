"""Figure 26: behind a frozen board marks come in, and no page of anybody who must not know changes by a byte.

Every GET route of the url_map, for a guest (in both languages) and for each role that is not told marks.
"""

import io
import re
import zipfile
from datetime import timedelta

import pytest

from contest import clock
from contest.board import actions
from contest.db import about_to_write, db
from contest.results import queries as results
from contest.setup.models import Contest
from contest.theory.models import TheoryEntry
from tests.conftest import NOON, TEST_SETTINGS
from tests.documents.paper_text import pages_of
from tests.world import open_world
from tests.world_parts import NoExample

MUST_NOT_KNOW = ("guest", "contact", "curator", "service_officer")
# A curator reads the office's pages: how far a contest has come is theirs to know, its marks are not.
NOT_IN_OFFICE = tuple(role for role in MUST_NOT_KNOW if role != "curator")
# Each time these files are taken is written down, and so tells in the logs of the next round.
TAKEN = {"member_services.download_payments", "member_services.download_benefits"}
OF_THE_HOUR = {"Set-Cookie", "Date", "Expires"}
# What is new for each request and tells nothing: form tokens, tickets signed with the moment.
# Whatever is not Chinese: a reader of PDF may find another sign in two neighbouring letters of the hash.
HEAD = re.compile(r"第 ?\d+ ?节，[^\u4e00-\u9fff]{8,}")
FRESH = re.compile(rb'((?:name="(?:csrf_token|ticket)" value=|"X-CSRFToken": )")[^"]*')


@pytest.fixture
def house(empty_database, tmp_path):
    clock.stand_still(NOON)
    app, world = open_world(empty_database, tmp_path, **TEST_SETTINGS)
    yield app, world
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    clock.stand_still(None)


def crawl(app, world, walkers=MUST_NOT_KNOW):
    """{(walker, language, address): everything that came back}; the guest reads both languages."""
    found = {}
    rules = [
        rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint not in TAKEN
    ]
    with app.test_request_context("/"):
        adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
        addresses = []
        for rule in rules:
            try:
                addresses.append(adapter.build(rule.endpoint, world.arguments(rule)))
            except NoExample:
                pytest.fail(f"{rule.rule} has no example in tests/world.py")
    for walker in walkers:
        for language in ("zh", "en") if walker == "guest" else ("zh",):
            for address in addresses:
                answer = world.browser(app, walker, language).get(address)
                # How long a pack is depends on the digits of its chain's head.
                fresh = OF_THE_HOUR | ({"Content-Length"} if answer.data.startswith(b"PK") else set())
                headers = sorted(pair for pair in answer.headers.items() if pair[0] not in fresh)
                found[walker, language, address] = (answer.status_code, headers, told(answer.data))
    return found


def told(body):
    """The bytes without what is new for each request; of a workbook its parts, of a PDF its words."""
    if body.startswith(b"%PDF"):
        return pages_of(body)
    if not body.startswith(b"PK"):
        return FRESH.sub(rb"\1", body)
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        # The papers of a pack carry the head of their contest's chain, which grows with every download.
        names = {*book.namelist()} - {"docProps/core.xml", "SHA256SUMS", "00-contents.txt"}
        return {name: without_head(told(book.read(name))) for name in sorted(names)}


def without_head(part):
    if isinstance(part, dict):
        return {name: without_head(one) for name, one in part.items()}
    if isinstance(part, list):
        return [without_head(one) for one in part]
    return HEAD.sub("", part.decode("utf-8", "replace") if isinstance(part, bytes) else part)


def differing(one, other):
    return sorted(key for key in other if one[key] != other[key])


def acted(app, act):
    with app.app_context():
        about_to_write(True)
        act()
        db.session.remove()
        about_to_write(False)


def test_no_route_tells_what_came_in_behind_the_freeze(house):
    app, world = house
    later = NOON + timedelta(minutes=20)
    acted(app, lambda: actions.freeze_board(world.actor("organiser"), world.running))
    clock.stand_still(later)
    crawl(app, world)  # An officer who opens a case is written down, once an hour: it must not tell here.
    first = crawl(app, world)

    def come_in():
        contest = db.session.get(Contest, world.running)
        before = {row.entrant_id: row.total for row in results.standings(contest.id).rows}
        for entrant_id in before:
            db.session.add(TheoryEntry(
                contest_id=contest.id, module_key="paper", entrant_id=entrant_id, units=991_100,
                state="scored", source="behind the freeze", at=clock.now(),
            ))
        contest.marks_version += 1
        db.session.commit()
        assert before != {row.entrant_id: row.total for row in results.standings(contest.id).rows}

    acted(app, come_in)
    second = crawl(app, world)
    assert differing(first, second) == []
    clock.stand_still(later + timedelta(seconds=1))
    acted(app, lambda: actions.reveal_board(world.actor("organiser"), world.running))
    assert any("/board/" in address for _, _, address in differing(first, crawl(app, world, ["guest"])))


def test_no_route_tells_what_the_contest_has_come_to_behind_the_freeze(house):
    app, world = house
    acted(app, lambda: actions.freeze_board(world.actor("organiser"), world.running))
    clock.stand_still(NOON + timedelta(minutes=20))
    crawl(app, world, NOT_IN_OFFICE)
    first = crawl(app, world, NOT_IN_OFFICE)

    def go_on():
        db.session.get(Contest, world.running).state = "final"
        db.session.commit()

    acted(app, go_on)
    assert differing(first, crawl(app, world, NOT_IN_OFFICE)) == []
