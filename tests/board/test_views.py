"""Every view of the public board, by a node and by the office alone."""

import re
from datetime import timedelta

import pytest

from contest import clock
from contest.audit.chain_queries import find_head, links_of
from contest.board import actions, rendering
from contest.db import db
from contest.results import actions as results_actions
from tests import factories
from tests.board.crowds import give, make_crowd
from tests.board.nodes import get
from tests.board.test_node import live

PATHS = ["" if name == "page" else f"/{name}" for name in rendering.VIEWS]
NOT_FINAL = ("Provisional", "not final", "Not started")


def event_free(text):
    """A page without the name of the event from which its stream goes on, which is each server's own."""
    return re.sub(r'data-event="[^"]*"', "", text)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_node_and_the_office_serve_the_same_bytes(app, language):
    contest, _ = make_crowd(8, unfinished=2, by_group=True)
    now = clock.now()
    clock.stand_still(now)
    headers = {"Accept-Language": language}
    office = {path: app.test_client().get(f"/board/{contest.slug}{path}", headers=headers) for path in PATHS}
    slug = contest.slug

    async def act(node):
        for path in PATHS:
            answer = await get(node, f"/board/{slug}{path}", headers=headers)
            assert answer.status == office[path].status_code == 200, path
            assert event_free(answer.text) == event_free(office[path].text), path
            for name in ("content-security-policy", "content-type", "cache-control"):
                assert answer.headers[name] == office[path].headers[name], (path, name)

    live(app, act)


@pytest.mark.parametrize("path", PATHS)
def test_whatever_is_not_final_says_so(client, path):
    """Figure 28: before the results are final every board carries the mark, in both languages."""
    contest, entrants = make_crowd(4, unfinished=0)
    address = f"/board/{contest.slug}{path}?lang="
    petra = factories.make_official("Petra", "organiser")

    def says(*words):
        english, chinese = client.get(address + "en").text, client.get(address + "zh").text
        return (
            any(word in english for word in words),
            any(word in chinese for word in ("成绩未定", "初步成绩", "并非最终")),
        )

    assert says(*NOT_FINAL) == (True, True)
    # Nothing has been published: "provisional results" would sound like a result.
    text = client.get(address + "en").text
    assert ("All marks in, not final" in text, "Provisional" in text) == (True, False)
    assert not client.get(f"/board/{contest.slug}/data.json").json["is_final"]
    results_actions.publish_results(petra, contest.id, "provisional")
    assert says(*NOT_FINAL) == (True, True)
    second = factories.make_official("Quirin", "organiser")
    results_actions.publish_results(second, contest.id, "final")
    assert says("Final results") == (True, False)
    assert client.get(f"/board/{contest.slug}/data.json").json["is_final"]


def test_programs_are_told_the_head_of_the_publication_and_none_that_grows_with_the_marks(client):
    contest, entrants = make_crowd(4, unfinished=2)

    def told():
        board = client.get(f"/board/{contest.slug}/data.json").json["chain"]
        assert client.get(f"/api/v1/boards/{contest.slug}").json["chain"] == board
        return board

    assert told() is None  # marks are shown as they come in
    actions.freeze_board(factories.make_official("Hilda", "organiser"), contest.id)
    for entrant in entrants[2:]:
        for key in ("risk", "drill", "talk"):
            give(contest, entrant, key, 80)
    assert told() is None  # frozen: nothing tells that marks came in
    actions.reveal_board(factories.make_official("Hugo", "organiser"), contest.id)
    results_actions.publish_results(factories.make_official("Petra", "organiser"), contest.id, "provisional")

    [row] = [row for row in links_of(contest.id) if row.kind == "result_sheet"]
    published = {"seq": row.seq, "hash": row.hash.hex()}
    assert told() == published
    factories.make_theory(contest, entrants[0], "91")
    db.session.commit()
    assert find_head(contest.id).seq > row.seq
    assert told() == published  # also when a later mark lengthens the chain


@pytest.mark.parametrize("path", PATHS)
def test_a_contest_that_has_not_begun_says_so(client, path):
    contest = factories.make_contest(state="registration")

    text = client.get(f"/board/{contest.slug}{path}?lang=en").text

    assert "Not started" in text


@pytest.mark.parametrize("path", PATHS)
def test_a_live_board_says_that_it_is_being_scored_and_is_no_result(client, path):
    contest, _ = make_crowd(4, unfinished=2)
    address = f"/board/{contest.slug}{path}?lang="

    assert "Being scored, not final" in client.get(address + "en").text
    chinese = client.get(address + "zh").text
    assert ("评分中，成绩未定" in chinese, "初步成绩" in chinese) == (True, False)
    actions.freeze_board(factories.make_official("Hilda", "organiser"), contest.id)
    frozen = client.get(address + "en").text
    assert ("Not final" in frozen, "Being scored" in frozen, "Frozen at" in frozen) == (True, False, True)


@pytest.mark.parametrize("path", PATHS)
def test_only_the_embedded_board_may_stand_in_others_frames(client, path):
    contest, _ = make_crowd(4, unfinished=0)

    policy = client.get(f"/board/{contest.slug}{path}").headers["Content-Security-Policy"]

    ancestors = "frame-ancestors *" if path == "/embed" else "frame-ancestors 'self'"
    assert policy.endswith(ancestors) and policy.count("frame-ancestors") == 1


@pytest.mark.parametrize("path", PATHS)
def test_no_view_sets_a_cookie_or_holds_a_form_that_writes(client, path):
    contest, _ = make_crowd(4, unfinished=0)

    answer = client.get(f"/board/{contest.slug}{path}")

    assert "Set-Cookie" not in answer.headers
    assert "<form" not in answer.text and "csrf" not in answer.text


def test_other_sites_may_read_the_data(client):
    contest, _ = make_crowd(4, unfinished=0)

    for path in ("data.json", "feed"):
        answer = client.get(f"/board/{contest.slug}/{path}")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_overlay_is_rendered_for_five_however_many_compete(client):
    contest, _ = make_crowd(16, unfinished=0)

    text = client.get(f"/board/{contest.slug}/overlay?lang=en").text

    assert text.count('id="overlay-row-') == 10  # five contestants, five teams


def test_the_printed_board_has_every_list_and_the_revision(client):
    contest, _ = make_crowd(8, unfinished=0, by_group=True)
    live_page = client.get(f"/board/{contest.slug}/print?lang=en").text
    results_actions.publish_results(
        factories.make_official("Petra", "organiser"), contest.id, "provisional"
    )
    printed = client.get(f"/board/{contest.slug}/print?lang=en").text

    for anchor in ("individuals", "teams", "organisations", "module-risk", "by-organisation"):
        assert f'id="{anchor}"' in live_page
    assert "Marks up to" in live_page and "Revision 1, published at" in printed


def test_a_frozen_board_tells_every_view_nothing(app):
    contest, entrants = make_crowd(6, unfinished=2)
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(factories.make_official("Olga", "organiser"), contest.id)
    clock.stand_still(start + timedelta(minutes=5))
    guest = app.test_client()
    paths = [*PATHS, "/data.json", "/feed", *(f"/events?view={name}" for name in rendering.VIEWS)]

    def everything():
        return [guest.get(f"/board/{contest.slug}{path}").data for path in paths]

    before = everything()
    give(contest, entrants[5], "risk", 99)
    give(contest, entrants[4], "drill", 1)
    db.session.commit()
    clock.stand_still(start + timedelta(minutes=30))

    assert everything() == before


def test_the_first_five_are_five_of_each_group_where_groups_have_places_of_their_own(app):
    contest, _ = make_crowd(16, unfinished=0, by_group=True)

    page = app.test_client().get(f"/board/{contest.slug}/overlay?lang=zh").text

    groups = re.findall(r'<tr id="overlay-row-[^>]*data-group="([^"]*)"', page)
    assert sorted(groups) == sorted(["职工组"] * 5 + ["学生组"] * 5)
    assert "data-by-group" in page
    framed = app.test_client().get(f"/board/{contest.slug}/embed?lang=zh").text
    assert framed.count(" · 职工组</small>") == 8
