"""Pages of every kind of mark without a script, and the chief judge's acts on panels."""

import re

import pytest

from contest.db import db
from tests import factories
from tests.judging.every_rule import DIFFICULTY, EXECUTION, FULL, make_every_rule
from tests.judging.panels import mark

TYPED = {
    "mark-A1-0": "5.87", "mark-A1-1-void": "1", "mark-A1-2": "6.02", "mark-A2-0": "8",
    "mark-A2-1": "9.5", "mark-A2-2": "10", "mark-A2-3-void": "1", "mark-A3": "B",
    "mark-B1-0": "1", "mark-B2": "10.40", "mark-B3": "35", "mark-C1": "2", "mark-C2-0": "yes",
    "mark-C2-1": "no",
}


@pytest.fixture
def scene(app):
    return make_every_rule()


@pytest.fixture
def browse(app, scene):
    """The browser of the judge in a seat."""
    user_ids = [judge.user_id for judge in scene.judges]

    def open_browser(seat=1):
        return factories.browser_of(app, db.session.get(factories.User, user_ids[seat - 1]))

    return open_browser


@pytest.fixture
def chief(as_role, scene):
    return as_role("chief_judge", scene.contest)


def form_of(page):
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


def address(scene, rest="", **sheet):
    return f"/judging/sheets/{scene.sheet(**sheet).id}{rest}"


def post(client, scene, rest="", typed=None, **sheet):
    fields = form_of(client.get(address(scene, "", **sheet)))
    return client.post(address(scene, rest, **sheet), data={**fields, **(typed or TYPED)})


def test_every_kind_is_marked_and_handed_in_without_a_script(browse, scene):
    client = browse()

    saved = post(client, scene, "/check", module="jump")
    summary = client.get(saved.location)
    done = client.post(address(scene, "/submit", module="jump"), data=form_of(summary))

    assert "1087.52" in summary.text
    assert scene.sheet(module="jump").state == "submitted"
    closed = client.get(done.location).text
    assert "B</strong> · Good" in closed and "1087.52" in closed


def test_attempts_left_empty_are_said_before_handing_in(browse, scene):
    client = browse()
    typed = {name: text for name, text in TYPED.items() if name != "mark-A1-2"}

    summary = client.get(post(client, scene, "/check", typed, module="jump").location).text

    assert "Attempts left empty count as not taken." in summary
    assert "Not yet marked" not in re.sub(r"<template.*?</template>", "", summary, flags=re.S)


def test_a_lost_item_and_a_missed_key_item_are_said_in_words(browse, scene):
    client = browse()

    saved = post(client, scene, "", {**TYPED, "mark-B1-1": "1"}, module="jump")
    page = client.get(saved.location).text

    assert "The whole item is lost: it earns 0." in page
    assert "Key item missed: your whole sheet earns 0." in page
    summary = client.get(address(scene, "/summary", module="jump")).text
    assert "A key item earns 0, so this whole sheet earns 0." in summary


def test_a_judge_sees_only_the_own_panel(browse, scene):
    assert 'data-aspect="D1"' in browse(1).get(address(scene, module="show")).text
    page = browse(3).get(address(scene, module="show", seat=3)).text
    assert "Execution" in page and "Artistry" in page
    assert 'data-aspect="D1"' not in page
    assert "Floor · Execution" in browse(3).get("/judging").text


def test_a_form_with_another_panels_mark_stores_only_the_own(browse, scene):
    client = browse()
    post(client, scene, "", {"mark-D1": "6.5", "mark-E1": "8"}, module="show")

    assert scene.sheet(module="show").marks == {"D1": "6.5"}


def test_the_list_shows_ranks_and_warns_of_the_same_one(browse, scene):
    mark(scene, {"R1": "2"}, entrant=0, module="beauty")
    mark(scene, {"R1": "2"}, entrant=1, module="beauty")

    page = browse().get("/judging").text

    assert "A rank was given more than once." in page
    assert f"same rank: {scene.entrants[1].number}" in page
    sheet = browse().get(address(scene, module="beauty", entrant=2)).text
    assert f"{scene.entrants[0].number}, {scene.entrants[1].number}" in sheet


def desk(scene, rest=""):
    return f"/contests/{scene.contest.id}/chief{rest}"


def test_the_desk_names_the_panels_and_what_is_marked_again(chief, scene):
    mark(scene, DIFFICULTY, module="show")
    mark(scene, EXECUTION, seat=3, module="show")
    mark(scene, {**EXECUTION, "E2": 0}, seat=4, module="show")

    page = chief.get(desk(scene, "?module=show")).text

    assert page.index("Difficulty") < page.index("Seat 1") < page.index("Seat 3")
    assert "Mark again: E2" in page
    number = scene.entrants[0].number
    only = chief.get(desk(scene, "?module=show&kind=again")).text
    assert f">{number}</a>" in only and f">{scene.entrants[1].number}</a>" not in only


def test_the_chief_opens_a_panels_sheets_from_the_page(chief, scene):
    mark(scene, FULL, module="jump")
    mark(scene, {**FULL, "C1": 0}, seat=2, module="jump")
    at = desk(scene, f"/jump/{scene.entrants[0].number}")
    assert "the judgements lie more than one step apart" in chief.get(at).text

    refused = chief.post(f"{at}/mark-again", data={"panel": "", "reason": ""})
    opened = chief.post(f"{at}/mark-again", data={"panel": "", "reason": "two steps", "word": factories.WORD})

    assert (refused.status_code, opened.status_code) == (422, 303)
    assert {scene.sheet(module="jump", seat=seat).state for seat in (1, 2)} == {"reopened"}
    assert "two steps" in chief.get(at).text


def test_the_panels_page_seats_each_panel(as_role, scene):
    organiser = as_role("organiser", scene.contest)
    base = f"/contests/{scene.contest.id}/panels"
    page = organiser.get(base).text
    assert page.index("Difficulty") < page.index("Execution") < page.rindex("Reserves")

    a, b, c, _ = (str(judge.id) for judge in scene.judges)
    saved = organiser.post(f"{base}/show", data={"judge_id": [a, "", c, b, ""]})

    assert saved.status_code == 303
    assert "2 of 2 seats" in organiser.get(base).text
    assert "1 of 2 seats" in organiser.get(base).text
