"""Screens of the hall at a public node: fed by the push, no database, and nothing ahead of the hall."""

import json
import re

from contest import clock
from contest.board import actions as board_actions
from contest.board.carried_kinds import pass_on
from contest.board.origin import Origin
from contest.board.parcel import unpack
from contest.board.public_node import PublicNode
from contest.ceremony import actions, screen_actions
from contest.ceremony.models import Screen
from contest.db import db
from tests.board.nodes import get, visit
from tests.board.test_node import change, live
from tests.board.test_public_node import KEY
from tests.ceremony.stages import begin, host, make_ready
from tests.ceremony.test_node import CURTAIN, FIRST, make_screen
from tests.ceremony.test_screen_rules import png


async def feed(node):
    """The node as an origin, and a public node that has everything."""
    node.kinds.is_carried = True
    node.fed = Origin(node, KEY)
    mirror = PublicNode(KEY, ["http://nowhere"])
    await bring(node, mirror)
    return mirror


async def bring(node, mirror):
    await node._look()
    mirror.take(unpack(node.fed.parcel(mirror.position)))


def test_a_public_node_shows_a_screen_and_each_step_of_the_hall(app):
    scene = make_ready(3, teams=())
    token, leader = make_screen(scene), host(scene)
    begin(scene)

    async def act(node):
        mirror = await feed(node)
        page = await get(mirror, f"/screens/{token}")
        assert page.body == (await get(node, f"/screens/{token}")).body and CURTAIN in page.text
        at = re.search('data-event="([^"]*)"', page.text)[1]
        stream = visit(mirror, f"/screens/{token}/events?after={at}")
        await stream.until("retry")
        await change(node, scene, actions.move_reveal, leader, scene.contest.id, 0, 1)
        await bring(node, mirror)
        await stream.until("event: board")
        [(_, _, told)] = stream.events()
        assert FIRST in told["head"] and "选手2" not in told["head"]
        assert (await get(mirror, f"/screens/{token}")).body == (await get(node, f"/screens/{token}")).body
        await stream.close()

    live(app, act)


def test_what_the_hall_has_not_seen_is_not_in_the_feed(app):
    scene = make_ready(3, teams=())
    make_screen(scene)
    begin(scene)

    async def act(node):
        await feed(node)
        [page] = [
            item.page.body.decode() for item in unpack(node.fed.parcel("")).items
            if item.path[0] == "kinds.carried.channels"
        ]
        assert CURTAIN in page
        assert not [name for name in ("选手1", "选手2", "选手3") if name in page]
        assert not re.search(r"\d\.\d\d", page.split('id="screen-stage"')[1])

    live(app, act)


def test_pictures_come_with_the_feed_and_go_with_what_shows_them(app):
    scene = make_ready(2, teams=())
    leader = host(scene)
    picture = screen_actions.add_picture(leader, scene.contest.id, "logo.png", png())
    token = make_screen(scene, "sponsors", {"pictures": [picture.id], "seconds": 9, "title": ""})
    screen_id, path = db.session.query(Screen.id).scalar(), f"/screens/{token}/pictures/{picture.id}"

    async def act(node):
        mirror = await feed(node)
        answer = await get(mirror, path)
        assert (answer.status, answer.body, answer.headers["content-type"]) == (200, png(), "image/png")
        assert (await get(mirror, f"/screens/{token}/pictures/9999")).status == 404
        await change(node, scene, screen_actions.switch_screens, leader, scene.contest.id, [screen_id],
                     "blank", {})
        await bring(node, mirror)
        assert (await get(mirror, path)).status == 404

    live(app, act)


def test_screens_of_a_contest_that_is_not_public_stay_in_the_house(app):
    scene = make_ready(2, teams=())
    token, leader = make_screen(scene), host(scene)

    async def act(node):
        mirror = await feed(node)
        stream = visit(mirror, f"/screens/{token}/events")
        await stream.until("retry")
        await change(node, scene, board_actions.open_board, leader, scene.contest.id, False)
        await bring(node, mirror)
        assert (await get(node, f"/screens/{token}")).status == 200
        for page in ("", "/events", "/seen"):
            assert (await get(mirror, f"/screens/{token}{page}")).status == 404
        assert token.encode() not in node.fed.parcel("")
        await stream.task  # it ends

    live(app, act)


def test_what_a_screen_says_at_a_public_node_reaches_the_desk(app):
    scene = make_ready(2, teams=())
    token = make_screen(scene)

    async def act(node):
        mirror = await feed(node)
        answer = await get(mirror, f"/screens/{token}/seen?shown=0123456789ab&dark=1")
        assert (answer.status, answer.text[:4].isdecimal()) == (200, True)
        assert (await get(mirror, "/screens/guessed/seen?shown=0123456789ab")).status == 404
        said = json.loads(json.dumps(mirror.kinds.hand_over()))
        assert mirror.kinds.hand_over() == []
        await pass_on(node.kinds, said)
        for odd in (None, 7, [["screens"]], [["nothing", "x", "y"]], [["screens", token, 5]], [7]):
            await pass_on(node.kinds, odd)

    live(app, act)

    db.session.expire_all()
    screen = db.session.query(Screen).one()
    assert (screen.seen_mark, screen.is_dark, screen.seen_at) == ("0123456789ab", True, clock.now())
