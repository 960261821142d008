import re
from datetime import timedelta

import pytest

from contest import clock
from contest.board import queries
from contest.board.models import BoardSwitch
from contest.db import db
from tests import factories
from tests.results.scenes import make_scene


def test_the_board_is_for_everybody_and_sets_no_cookie(client):
    scene = make_scene(2).finish()

    answer = client.get(f"/board/{scene.contest.slug}", headers={"Accept-Language": "en"})

    assert answer.status_code == 200
    assert "选手2" in answer.text and "not final" in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_address_chooses_the_language(client):
    scene = make_scene(1).finish()

    english = client.get(f"/board/{scene.contest.slug}?lang=en", headers={"Accept-Language": "zh"})
    chinese = client.get(f"/board/{scene.contest.slug}?lang=zh", headers={"Accept-Language": "en"})

    assert 'lang="en"' in english.text and 'lang="zh-CN"' in chinese.text


def test_who_is_signed_in_does_not_shine_through(app, as_role):
    scene = make_scene(1).finish()
    path = f"/board/{scene.contest.slug}?lang=zh"

    theirs = as_role("organiser", scene.contest).get(path)

    assert theirs.data == app.test_client().get(path).data


@pytest.mark.parametrize("path", ["", "/wall", "/events", "/data.json", "/qr.svg"])
def test_a_board_that_is_not_public_is_missing(client, path):
    contest = factories.make_contest()
    contest.is_public = False
    db.session.commit()

    assert client.get(f"/board/{contest.slug}{path}").status_code == 404
    assert client.get(f"/board/nothing{path}").status_code == 404


def test_the_same_page_is_not_sent_twice(client):
    scene = make_scene(1).finish()
    first = client.get(f"/board/{scene.contest.slug}")

    again = client.get(f"/board/{scene.contest.slug}", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_the_stream_without_a_node_is_a_poll(client):
    scene = make_scene(2).finish()
    page = client.get(f"/board/{scene.contest.slug}")
    at = page.text.split('data-event="')[1].split('"')[0]
    path = f"/board/{scene.contest.slug}/events"

    quiet = client.get(path, headers={"Last-Event-ID": at})
    scene.theory(0, 100)
    changed = client.get(path, headers={"Last-Event-ID": at})

    assert "event" not in quiet.text and "retry:" in quiet.text
    assert "event: reload" in changed.text


def test_the_code_leads_to_the_board(client):
    contest = factories.make_contest()

    answer = client.get(f"/board/{contest.slug}/qr.svg")

    assert (answer.content_type, answer.text[:4]) == ("image/svg+xml", "<svg")


def test_the_wall_shows_a_curtain_before_the_contest(client):
    contest = factories.make_contest(state="setup")

    assert "The contest begins soon" in client.get(f"/board/{contest.slug}/wall?lang=en").text


def test_the_organiser_freezes_and_reveals(as_role):
    scene = make_scene(1).finish()
    browser = as_role("organiser", scene.contest)
    address = f"/contests/{scene.contest.id}/board"

    assert browser.post(f"{address}/freeze", data={"when": "now"}).status_code == 303
    assert "The board is frozen" in browser.get(address).text
    assert browser.post(f"{address}/reveal").status_code == 303
    assert queries.switches(scene.contest.id, clock.now()).cutoff is None


def test_the_results_page_says_what_the_public_sees(as_role):
    scene = make_scene(1).finish()
    browser = as_role("organiser", scene.contest)
    browser.post(f"/contests/{scene.contest.id}/board/freeze", data={"when": "now"})

    assert "You see everything." in browser.get(f"/contests/{scene.contest.id}/results").text


def test_a_wrong_moment_comes_back_with_its_reason(as_role):
    scene = make_scene(1)
    browser = as_role("organiser", scene.contest)

    answer = browser.post(
        f"/contests/{scene.contest.id}/board/freeze", data={"when": "later", "moment": "tomorrow"}
    )

    assert answer.status_code == 422
    assert "Write the moment like" in answer.text and "tomorrow" in answer.text
    assert db.session.query(BoardSwitch).count() == 0


def test_a_moment_is_typed_in_local_time(as_role):
    scene = make_scene(1)
    browser = as_role("organiser", scene.contest)

    browser.post(
        f"/contests/{scene.contest.id}/board/freeze",
        data={"when": "later", "moment": "2026-11-23T13:30"},
    )

    switch = queries.find_switch(scene.contest.id)
    assert switch.freeze_from == clock.now() + timedelta(minutes=90)


@pytest.mark.parametrize("role", ["host", "chief_judge"])
def test_whoever_leads_the_ceremony_freezes_and_reveals(as_role, role):
    scene = make_scene(1).finish()
    browser = as_role(role, scene.contest)
    address = f"/contests/{scene.contest.id}/board"

    assert f"{address}/freeze" in browser.get(address).text
    assert f"{address}/open" not in browser.get(address).text
    assert browser.post(f"{address}/freeze", data={"when": "now"}).status_code == 303
    assert queries.switches(scene.contest.id, clock.now()).cutoff is not None
    assert browser.post(f"{address}/reveal").status_code == 303
    assert queries.switches(scene.contest.id, clock.now()).cutoff is None


@pytest.mark.parametrize(
    ("act", "role", "status"),
    [
        ("open", "host", 403), ("open", "chief_judge", 403),
        *((act, "judge", 403) for act in ("freeze", "reveal", "open")),
        *((act, None, 303) for act in ("freeze", "reveal", "open")),
    ],
)
def test_others_do_not_turn_the_switches(app, as_role, act, role, status):
    scene = make_scene(1)
    browser = as_role(role, scene.contest) if role else app.test_client()

    answer = browser.post(f"/contests/{scene.contest.id}/board/{act}", data={"is_public": "0"})

    assert answer.status_code == status
    assert db.session.query(BoardSwitch).count() == 0
    assert scene.contest.is_public


def test_an_organiser_elsewhere_is_a_stranger_here(as_role):
    scene, other = make_scene(1), factories.make_contest()
    browser = as_role("organiser", other)

    assert browser.get(f"/contests/{scene.contest.id}/board").status_code == 403


def test_the_board_is_opened_by_a_button(as_role):
    scene = make_scene(1)
    browser = as_role("organiser", scene.contest)

    browser.post(f"/contests/{scene.contest.id}/board/open", data={"is_public": "0"})

    assert not scene.contest.is_public


def test_links_from_the_office_carry_the_chosen_language(as_role, client):
    contest = make_scene(1).finish().contest
    honour = factories.make_honour(contest)
    browser = as_role("organiser", contest)
    craftsman = f"/register/{honour.craftsman.token}"
    for chosen in ("zh", "en"):
        for reader in (browser, client):
            with reader.session_transaction() as session:
                session["language"] = chosen
        pages = [client.get("/"), client.get(craftsman), browser.get("/"),
                 browser.get(f"/contests/{contest.id}/board")]
        for page in pages:
            found = re.findall(r'href="([^"]*/board/[^"]*)"', page.text)
            ends = (f"?lang={chosen}", f"&amp;lang={chosen}")
            assert found and all(link.endswith(ends) for link in found), found
