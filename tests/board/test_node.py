"""The node without a server around it; test_serving.py tries it with one."""

import asyncio
import json
from datetime import timedelta

import pytest

from contest import clock
from contest.audit.work import Actor
from contest.board import actions, queries
from contest.board.kept_copy import KeptCopies
from contest.board.node import Node
from contest.db import about_to_write, db
from tests.board.nodes import get, running_node, visit
from tests.loops import run_apart
from tests.results.scenes import make_scene


def live(app, act, **settings):
    """Run `act(node)` beside a running node."""
    db.session.commit()
    about_to_write(False)  # the node's thread only reads

    async def run():
        async with running_node(app, **settings) as node:
            await act(node)

    run_apart(run())


async def change(node, scene, act, *what):
    """Somebody else writes, and nudges."""
    about_to_write(True)
    act(*what)
    about_to_write(False)
    node.hear(scene.contest.id)


def test_the_page_is_compressed_named_and_not_sent_twice(app):
    scene = make_scene(3).finish()

    async def act(node):
        path = f"/board/{scene.contest.slug}"
        first = await get(node, path, headers={"Accept-Encoding": "gzip", "Accept-Language": "en"})
        again = await get(node, path, headers={
            "If-None-Match": first.headers["etag"], "Accept-Language": "en"
        })
        assert (first.status, again.status, again.body) == (200, 304, b"")
        assert "选手3" in first.text and "Live board" in first.text
        assert first.headers["cache-control"] == "no-cache"
        assert "set-cookie" not in first.headers

    live(app, act)


def test_the_node_and_the_office_serve_the_same_lines(app):
    scene = make_scene(3).finish()
    path = f"/board/{scene.contest.slug}/data.json"
    office = app.test_client().get(path)

    async def act(node):
        assert (await get(node, path)).body == office.data

    live(app, act)


@pytest.mark.parametrize("path", ["/board/nothing", "/board/nothing/events", "/elsewhere", "/board/a/b/c"])
def test_what_is_not_there_is_404(app, path):
    async def act(node):
        assert (await get(node, path)).status == 404

    live(app, act)


def test_the_node_is_only_read(app):
    async def act(node):
        assert (await get(node, "/board/x", method="POST")).status == 405

    live(app, act)


def test_a_new_mark_reaches_an_open_board(app):
    scene = make_scene(3).finish()

    async def act(node):
        page = await get(node, f"/board/{scene.contest.slug}?lang=en")
        at = page.text.split('data-event="')[1].split('"')[0]
        board = visit(node, f"/board/{scene.contest.slug}/events?lang=en&after={at}",
                      headers={"Accept-Encoding": "gzip"})
        await board.until("retry")
        await change(node, scene, scene.theory, 0, 100)
        await board.until("event: board")
        number, name, told = board.events()[0]
        assert number.endswith(".1")
        assert any("100.00" in html for html in told["entrants"]["rows"].values())
        assert [key for key, _ in told["entrants"]["moves"]] == list(told["entrants"]["rows"])
        await board.close()

    live(app, act)


def test_in_a_rush_the_event_goes_before_the_page_which_then_follows(app, monkeypatch):
    scene = make_scene(2).finish()
    monkeypatch.setattr("contest.board.node.LATEST_PAGE", 1000.0)

    async def act(node):
        path = f"/board/{scene.contest.slug}?lang=zh"
        first = await get(node, path)
        at = first.text.split('data-event="')[1].split('"')[0]
        board = visit(node, f"/board/{scene.contest.slug}/events?lang=zh&after={at}")
        await board.until("retry")
        look = node._look

        async def rush():
            """A look during which the next change comes."""
            asyncio.get_running_loop().call_later(0.001, node.hear, scene.contest.id)
            await look()

        node._look = rush
        await change(node, scene, scene.theory, 0, 71)
        await board.until("event: board")
        assert (await get(node, path)).text == first.text
        late = visit(node, f"/board/{scene.contest.slug}/events?lang=zh&after={at}")
        await late.until("event: board")  # who comes with that page hears of what it lacks
        node._look = look
        await node._look()
        page = await get(node, path)
        assert f'data-event="{board.events()[0][0]}"' in page.text and "71.00" in page.text
        assert len(board.events()) == 1
        await board.close()
        await late.close()

    live(app, act)


def test_a_board_that_cannot_be_made_holds_up_no_other(app, monkeypatch, caplog):
    broken, sound = make_scene(2).finish(), make_scene(2).finish()
    public_board = queries.public_board

    def board(slug, now):
        if slug == broken.contest.slug:
            raise ZeroDivisionError("a plan nobody thought of")
        return public_board(slug, now)

    async def act(node):
        for scene in (broken, sound):
            await get(node, f"/board/{scene.contest.slug}?lang=zh")
        node.channels = dict(sorted(node.channels.items(), key=lambda pair: pair[0] != broken.contest.slug))
        monkeypatch.setattr(queries, "public_board", board)
        await change(node, broken, broken.theory, 0, 71)
        await change(node, sound, sound.theory, 0, 72)
        await node._look()
        assert "72.00" in (await get(node, f"/board/{sound.contest.slug}?lang=zh")).text
        assert "could not be brought up to date" in caplog.text
        monkeypatch.setattr(queries, "public_board", public_board)
        await node._look()
        assert "71.00" in (await get(node, f"/board/{broken.contest.slug}?lang=zh")).text

    live(app, act)


@pytest.mark.parametrize(("seconds", "longest"), [(-5, 0.1), (0.3, 0.3), (None, 1.0)])
def test_the_node_rests_past_no_freeze_and_never_less_than_a_little(app, seconds, longest):
    """Also while its database is away and the moment of the freeze is long gone."""
    node = Node(app)
    node.next_switch = None if seconds is None else clock.now() + timedelta(seconds=seconds)

    assert node._rest(0.0) == pytest.approx(0.1)
    assert node._rest(10.0) <= longest + 1e-6


def test_who_comes_back_gets_what_was_missed(app):
    scene = make_scene(2).finish()

    async def act(node):
        path = f"/board/{scene.contest.slug}/events?lang=zh"
        page = await get(node, f"/board/{scene.contest.slug}?lang=zh")
        at = page.text.split('data-event="')[1].split('"')[0]
        watcher = visit(node, path, headers={"Last-Event-ID": at})
        for number, points in enumerate((70, 80), start=1):
            await change(node, scene, scene.theory, 0, points)
            await watcher.until("event: board", number)
        late = visit(node, path, headers={"Last-Event-ID": watcher.events()[0][0]})
        await late.until("event: board")
        assert late.events() == watcher.events()[1:]
        await watcher.close()
        await late.close()

    live(app, act)


def test_a_stranger_to_the_stream_is_sent_to_the_page(app):
    scene = make_scene(1).finish()

    async def act(node):
        board = visit(node, f"/board/{scene.contest.slug}/events", headers={"Last-Event-ID": "old.4"})
        await board.until("event: reload")
        await board.close()

    live(app, act)


def test_a_change_without_a_nudge_is_found_by_looking(app):
    scene = make_scene(2).finish()

    async def act(node):
        page = await get(node, f"/board/{scene.contest.slug}?lang=zh")
        at = page.text.split('data-event="')[1].split('"')[0]
        board = visit(node, f"/board/{scene.contest.slug}/events?lang=zh&after={at}")
        about_to_write(True)
        scene.theory(0, 100)
        about_to_write(False)
        await board.until("event: board")
        await board.close()

    live(app, act)


def test_a_stream_carries_the_headers_of_every_answer(app):
    scene = make_scene(2).finish()

    async def act(node):
        page = await get(node, f"/board/{scene.contest.slug}?lang=zh")
        at = page.text.split('data-event="')[1].split('"')[0]
        path = f"/board/{scene.contest.slug}/events?lang=zh&after={at}"
        board = await get(node, path, method="HEAD")
        assert (page.status, board.status) == (200, 200)
        for answer in (page, board):
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]

    live(app, act)


def test_a_frozen_board_sends_no_event(app):
    scene = make_scene(3).finish()
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(Actor(None, "test"), scene.contest.id)
    clock.stand_still(start + timedelta(minutes=2))

    async def act(node):
        pages = [f"/board/{scene.contest.slug}{rest}" for rest in ("?lang=zh", "/wall", "/data.json")]
        before = [(await get(node, path)).body for path in pages]
        at = before[0].decode().split('data-event="')[1].split('"')[0]
        board = visit(node, f"/board/{scene.contest.slug}/events?lang=zh&after={at}")
        await board.until("retry")
        for points in (70, 80, 90):
            await change(node, scene, scene.theory, 0, points)
            await node._look()
        assert [(await get(node, path)).body for path in pages] == before
        assert board.events() == []
        await change(node, scene, actions.reveal_board, Actor(None, "test"), scene.contest.id)
        await board.until("event: board")
        await board.close()

    live(app, act)


def test_a_freeze_that_begins_by_itself_is_seen(app):
    scene = make_scene(2).finish()
    start = clock.now()
    actions.freeze_board(Actor(None, "test"), scene.contest.id, start + timedelta(seconds=30))

    async def act(node):
        path = f"/board/{scene.contest.slug}?lang=en"
        assert "Frozen" not in (await get(node, path)).text
        clock.stand_still(start + timedelta(seconds=31))
        await node._look()
        assert "Frozen" in (await get(node, path)).text

    live(app, act)


def test_too_many_listeners_are_asked_to_come_later(app, monkeypatch):
    scene = make_scene(1).finish()
    monkeypatch.setattr("contest.board.stream.random.randint", lambda least, most: 7)

    async def act(node):
        path = f"/board/{scene.contest.slug}/events"
        first = visit(node, path)
        await first.until("retry")
        second = await get(node, path)
        assert (second.status, second.headers["retry-after"]) == (503, "7")
        await first.close()
        third = visit(node, path)
        await third.until("retry")
        await third.close()

    live(app, act, most_listeners=1)


def test_a_listener_that_takes_nothing_is_let_go(app, monkeypatch):
    scene = make_scene(1).finish()
    monkeypatch.setattr("contest.board.stream.LONGEST_SEND", -1.0)

    async def act(node):
        board = visit(node, f"/board/{scene.contest.slug}/events")
        await board.until("retry")
        stuck = next(iter(node.stream.listeners))
        stuck.sending_since = 0.0
        node.stream.drop_stuck()
        async with asyncio.timeout(10):
            await board.task
        assert node.stream.listeners == set()

    live(app, act)


def test_a_board_that_is_taken_away_is_gone(app):
    scene = make_scene(1).finish()

    async def act(node):
        path = f"/board/{scene.contest.slug}"
        assert (await get(node, path)).status == 200
        await change(node, scene, actions.open_board, Actor(None, "test"), scene.contest.id, False)
        await node._look()
        assert (await get(node, path)).status == 404

    live(app, act)


def test_bursts_are_rendered_together(app):
    scene = make_scene(2).finish()

    async def act(node):
        page = await get(node, f"/board/{scene.contest.slug}?lang=zh")
        at = page.text.split('data-event="')[1].split('"')[0]
        board = visit(node, f"/board/{scene.contest.slug}/events?lang=zh&after={at}")
        await board.until("retry")
        about_to_write(True)
        for points in range(60, 80):
            scene.theory(0, points)
        about_to_write(False)
        for _ in range(20):
            node.hear(scene.contest.id)
        await board.until("79.00")
        assert len(board.events()) < 20
        await board.close()

    live(app, act)




def test_whatever_the_audience_gets_before_publication_says_that_it_is_not_final(app, tmp_path):
    """Figure 28: pages in both languages, wall, data, the kept files."""
    scene = make_scene(3).finish()
    words = {"zh": "成绩未定", "en": "not final"}

    async def act(node):
        path = f"/board/{scene.contest.slug}"
        for language, word in words.items():
            for page in ("", "/wall"):
                assert word in (await get(node, f"{path}{page}?lang={language}")).text
        data = json.loads((await get(node, f"{path}/data.json")).text)
        assert data["state"] in {"scoring", "provisional"}
        await KeptCopies(node, tmp_path).write()
        for language, name in (("zh", "index.html"), ("en", "index.en.html")):
            assert words[language] in (tmp_path / scene.contest.slug / name).read_text("utf-8")

    live(app, act)
