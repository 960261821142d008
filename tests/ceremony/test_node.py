"""Screens through the board node: pushed, found again after a restart, heard."""

import re

from contest.ceremony import actions, screen_actions
from contest.ceremony.models import Screen
from contest.db import db
from tests.board.nodes import get, visit
from tests.board.test_node import change, live
from tests.ceremony.stages import begin, host, make_ready
from tests.ceremony.test_screen_rules import png

CURTAIN, FIRST = "成绩公布", "选手1"


def make_screen(scene, shows="reveal", options=None):
    screen = screen_actions.add_screen(host(scene), scene.contest.id, "左屏", "zh")
    screen_actions.switch_screens(host(scene), scene.contest.id, [screen.id], shows, options or {})
    return screen.token


def test_a_step_is_pushed_to_a_screen(app):
    scene = make_ready(3, teams=())
    token, leader = make_screen(scene), host(scene)
    begin(scene)

    async def act(node):
        page = await get(node, f"/screens/{token}")
        assert (page.status, CURTAIN in page.text, FIRST in page.text) == (200, True, False)
        at = re.search('data-event="([^"]*)"', page.text)[1]
        stream = visit(node, f"/screens/{token}/events?after={at}")
        await stream.until("retry")
        await change(node, scene, actions.move_reveal, leader, scene.contest.id, 0, 1)
        await stream.until("event: board")
        [(_, name, told)] = stream.events()
        assert (name, FIRST in told["head"], "选手2" in told["head"]) == ("board", True, False)
        assert FIRST in (await get(node, f"/screens/{token}")).text
        await stream.close()

    live(app, act)


def test_after_a_restart_of_the_node_a_screen_is_sent_to_its_page(app):
    scene = make_ready(3, teams=())
    token = make_screen(scene)
    begin(scene)
    actions.move_reveal(host(scene), scene.contest.id, 0, 2)

    async def act(node):
        stream = visit(node, f"/screens/{token}/events?after=before.7")
        await stream.until("event: reload")
        assert "选手2" in (await get(node, f"/screens/{token}")).text
        await stream.close()

    live(app, act)


def test_the_node_and_the_office_serve_the_same_screen(app):
    scene = make_ready(3, teams=())
    token = make_screen(scene)
    begin(scene)
    office = app.test_client().get(f"/screens/{token}").text

    async def act(node):
        page = (await get(node, f"/screens/{token}")).text
        assert re.sub('data-event="[^"]*"', "", page) == re.sub('data-event="[^"]*"', "", office)

    live(app, act)


def test_a_screen_that_is_taken_away_is_gone(app):
    scene = make_ready(2, teams=())
    token = make_screen(scene)
    screen_id = db.session.query(Screen.id).scalar()
    leader = host(scene)

    async def act(node):
        stream = visit(node, f"/screens/{token}/events")
        await stream.until("retry")
        await change(node, scene, screen_actions.remove_screen, leader, scene.contest.id, screen_id)
        await stream.until("event: reload", 2)
        for page in ("", "/events", "/seen", "/pictures/1"):
            assert (await get(node, f"/screens/{token}{page}")).status == 404

    live(app, act)


def test_what_a_screen_says_is_written_down_and_answered_with_the_clock(app):
    scene = make_ready(2, teams=())
    token = make_screen(scene)

    async def act(node):
        answer = await get(node, f"/screens/{token}/seen?shown=0123456789ab&dark=1")
        assert (answer.status, answer.text[:10]) == (200, "2026-11-23")
        assert (await get(node, "/screens/guessed/seen?shown=0123456789ab")).status == 404

    live(app, act)

    db.session.expire_all()
    screen = db.session.query(Screen).one()
    assert (screen.seen_mark, screen.is_dark, screen.seen_at is not None) == ("0123456789ab", True, True)


def test_pictures_come_from_the_node_too(app):
    scene = make_ready(2, teams=())
    picture = screen_actions.add_picture(host(scene), scene.contest.id, "logo.png", png())
    token = make_screen(scene, "sponsors", {"pictures": [picture.id], "seconds": 9, "title": ""})
    path = f"/screens/{token}/pictures/{picture.id}"

    async def act(node):
        answer = await get(node, path)
        assert (answer.status, answer.body, answer.headers["content-type"]) == (200, png(), "image/png")
        for wrong in ("9999", "x", "9" * 30):
            assert (await get(node, f"/screens/{token}/pictures/{wrong}")).status == 404

    live(app, act)


def test_a_full_board_does_not_keep_a_screen_out(app):
    scene = make_ready(2, teams=())
    token = make_screen(scene)

    async def act(node):
        crowd = await get(node, f"/board/{scene.contest.slug}/events")
        stream = visit(node, f"/screens/{token}/events")
        await stream.until("retry")
        assert (crowd.status, stream.status) == (503, 200)
        await stream.close()

    live(app, act, most_listeners=0)
