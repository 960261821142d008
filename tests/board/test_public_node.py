"""A public node shows what its origin shows, byte for byte, through breaks and after the origin's end."""

import asyncio
import random
from types import SimpleNamespace

import pytest

from contest import clock
from contest.audit.work import Actor
from contest.board import actions, origin_client, public_node
from contest.board.channel import Channel, chunk
from contest.board.origin import Origin, Pusher
from contest.board.parcel import BadParcel, sign, unpack
from contest.board.public_node import PublicNode
from contest.board.rendering import FEED, snapshot
from tests.board.nodes import get, visit
from tests.board.test_node import change, live
from tests.results.scenes import make_scene

KEY = "k" * 40
LANGUAGES = ("zh", "en")


def pages_of(scene):
    at = f"/board/{scene.contest.slug}"
    return [f"{at}{rest}" for rest in ("?lang=zh", "?lang=en", "/wall?lang=zh", "/data.json")]


async def take(origin, mirror):
    """One question and its answer, without a network."""
    mirror.take(unpack(origin.fed.parcel(mirror.position)))


async def paired(node, scene):
    """An origin with a feed, and a mirror that has everything asked for so far."""
    node.fed = Origin(node, KEY)
    for path in pages_of(scene):
        await get(node, path)
    await node.make_channel(scene.contest.slug, "zh", FEED)  # where a mirror has the data from
    mirror = PublicNode(KEY, ["http://nowhere"])
    await take(node, mirror)
    return mirror


def event_id(page):
    return page.text.split('data-event="')[1].split('"')[0]


def test_the_same_bytes_names_and_forms(app):
    scene = make_scene(3).finish()

    async def act(node):
        mirror = await paired(node, scene)
        for path in pages_of(scene):
            for packed in ({}, {"Accept-Encoding": "gzip"}):
                ours = await get(node, path, headers=packed)
                theirs = await get(mirror, path, headers=packed)
                assert theirs.status == 200 and theirs.body == ours.body, path
                assert theirs.headers["etag"] == ours.headers["etag"]
                assert theirs.headers.get("content-encoding") == ours.headers.get("content-encoding")

    live(app, act)


def test_what_a_shared_cache_is_told(app):
    scene = make_scene(1).finish()

    async def act(node):
        mirror = await paired(node, scene)
        chosen, guessed = f"/board/{scene.contest.slug}?lang=zh", f"/board/{scene.contest.slug}"
        page, other = await get(mirror, chosen), await get(mirror, guessed)
        known = await get(mirror, chosen, headers={"If-None-Match": page.headers["etag"]})
        missing = await get(mirror, "/board/nothing")
        assert "stale-if-error=" in page.headers["cache-control"]
        assert (page.headers["vary"], other.headers["vary"]) == (
            "Accept-Encoding", "Accept-Encoding, Accept-Language")
        assert (known.status, known.body) == (304, b"")
        assert known.headers["cache-control"] == page.headers["cache-control"]
        assert (missing.status, missing.headers["cache-control"]) == (404, "no-store")
        assert "set-cookie" not in page.headers

    live(app, act)


def test_the_very_events_reach_those_who_watch_the_mirror(app):
    scene = make_scene(3).finish()

    async def act(node):
        mirror = await paired(node, scene)
        path = f"/board/{scene.contest.slug}/events?lang=zh&after={{}}"
        at = event_id(await get(mirror, pages_of(scene)[0]))
        ours, theirs = visit(node, path.format(at)), visit(mirror, path.format(at))
        for number, points in enumerate((70, 80), start=1):
            await change(node, scene, scene.theory, 0, points)
            await ours.until("event: board", number)
            await take(node, mirror)
            await theirs.until("event: board", number)
        assert theirs.events() == ours.events()
        assert (await get(mirror, pages_of(scene)[0])).body == (await get(node, pages_of(scene)[0])).body
        await ours.close()
        await theirs.close()

    live(app, act)


def test_after_a_break_what_was_missed_comes_and_nothing_else(app):
    scene = make_scene(3).finish()

    async def act(node):
        mirror = await paired(node, scene)
        watcher = visit(node, f"/board/{scene.contest.slug}/events?lang=zh")
        await watcher.until("event: reload")
        for number, points in enumerate((70, 80, 90), start=1):
            await change(node, scene, scene.theory, 0, points)
            await watcher.until("event: board", number)
        parcel = unpack(node.fed.parcel(mirror.position))
        pages = [item for item in parcel.items if item.path[-1] == ("zh", "page")]
        assert not parcel.is_whole
        assert [[number for number, _ in item.events] for item in pages] == [[1, 2, 3]]
        mirror.take(parcel)
        assert unpack(node.fed.parcel(mirror.position)).items == ()
        await watcher.close()

    live(app, act)


@pytest.mark.parametrize("position", ["", "other.3", "e.999999", "e.x", "e"])
def test_whoever_knows_nothing_that_we_know_gets_everything(app, position):
    scene = make_scene(1).finish()

    async def act(node):
        await paired(node, scene)
        parcel = unpack(node.fed.parcel(position))
        assert parcel.is_whole and len(parcel.items) == 4

    live(app, act)


def test_an_origin_that_began_anew_sends_watchers_to_the_page(app):
    scene = make_scene(2).finish()

    async def act(node):
        mirror = await paired(node, scene)
        path = f"/board/{scene.contest.slug}"
        at = event_id(await get(mirror, f"{path}?lang=zh"))
        watcher = visit(mirror, f"{path}/events?lang=zh&after={at}")
        await watcher.until("retry")
        node.epoch = "new"
        for slug in list(node.channels):
            node._close(slug)
        node.fed = Origin(node, KEY)
        await get(node, f"{path}?lang=zh")
        await take(node, mirror)
        await watcher.until("event: reload")
        async with asyncio.timeout(10):
            await watcher.task  # it ends, so that the browser comes back to the new stream
        page = await get(mirror, f"{path}?lang=zh")
        assert event_id(page).startswith("new")

    live(app, act)


def test_a_board_that_is_taken_away_is_gone_at_the_mirror_too(app):
    scene = make_scene(1).finish()

    async def act(node):
        mirror = await paired(node, scene)
        await change(node, scene, actions.open_board, Actor(None, "test"), scene.contest.id, False)
        await node._look()
        await take(node, mirror)
        for path in pages_of(scene):
            assert (await get(mirror, path)).status == 404

    live(app, act)


def test_any_channel_that_another_room_registers_is_mirrored(app):
    """Screens, views, whatever: the feed knows no names."""
    scene = make_scene(1).finish()

    async def act(node):
        class More(PublicNode):
            mirrored = (*PublicNode.mirrored, "hall.open")

        mirror = await paired(node, scene)
        mirror = More(KEY, ["http://nowhere"])
        mirror.hall = SimpleNamespace(open={})
        node.mirrored, node.hall = More.mirrored, SimpleNamespace(open={})
        screen = Channel("s-1", "left wall")
        screen.page = snapshot("a page", "text/html")
        node.hall.open |= {("screens", "left"): screen, "logo": snapshot("<svg/>", "image/svg+xml")}
        await take(node, mirror)
        screen.number, screen.page = 1, snapshot("another", "text/html")
        screen.ring.append((1, chunk("id: s-1.1\nevent: turn\ndata: x\n\n")))
        await take(node, mirror)
        there = mirror.hall.open["screens", "left"]
        assert (there.number, there.page.body, list(there.ring)) == (1, b"another", list(screen.ring))
        assert mirror.hall.open["logo"].body == b"<svg/>"
        del node.hall.open["screens", "left"]
        await take(node, mirror)
        assert list(mirror.hall.open) == ["logo"] and not there.is_open

    live(app, act)


def test_a_parcel_that_was_spoilt_is_refused(app):
    scene = make_scene(2).finish()

    async def act(node):
        await paired(node, scene)
        whole, chance = node.fed.parcel(""), random.Random(5)
        for _ in range(60):
            spoilt = bytearray(whole)
            at = chance.randrange(whole.index(b"\n"), len(whole))
            spoilt[at] ^= 1 << chance.randrange(8)
            for bad in (bytes(spoilt), whole[:at]):
                try:
                    found = unpack(bad)
                except BadParcel:
                    continue
                # Only a bit that says nothing (a time in a gzip head) may pass.
                assert [i.page.body for i in found.items] == [i.page.body for i in unpack(whole).items]

    live(app, act)


def silent(mirror):
    mirror._heard_at -= public_node.STALE_SECONDS + 1
    mirror._set_stale(True)


def test_when_the_origin_is_gone_the_last_board_is_served_with_its_moment(app):
    scene = make_scene(2).finish()

    async def act(node):
        mirror = await paired(node, scene)
        path = f"/board/{scene.contest.slug}?lang=en"
        fresh = await get(mirror, path)
        watcher = visit(mirror, f"/board/{scene.contest.slug}/events?lang=en&after={event_id(fresh)}")
        await watcher.until("retry")
        silent(mirror)
        await watcher.until("event: copy\ndata: 2026-11-23 12:00:00")
        old = await get(mirror, path)
        assert old.status == 200 and "选手2" in old.text
        assert "as it stood at 2026-11-23 12:00:00." in old.text
        assert 'role="status" hidden' not in old.text.split('id="board-copy"')[1].split(">")[0]
        assert old.headers["etag"] != fresh.headers["etag"]

        clock.stand_still(clock.now().replace(minute=9))
        await node._look()
        await take(node, mirror)
        await watcher.until("event: fresh")
        assert (await get(mirror, path)).body == fresh.body
        await watcher.close()

    live(app, act)


def test_an_origin_without_its_database_is_no_living_origin(app):
    scene = make_scene(1).finish()

    async def act(node):
        mirror = await paired(node, scene)
        await take(node, mirror)  # it answers, but nothing has been read since
        heard = mirror._heard_at
        await take(node, mirror)
        assert mirror._heard_at == heard

    live(app, act)


def test_what_was_kept_is_served_after_a_restart_with_its_moment(app, tmp_path):
    scene = make_scene(2).finish()

    async def act(node):
        mirror = await paired(node, scene)
        mirror.keep = tmp_path / "kept" / "board.parcel"
        public_node._put_file(mirror.keep, Origin(mirror, KEY).parcel(""))
        again = PublicNode(KEY, ["http://127.0.0.1:9"], keep=mirror.keep.parent)
        await again.start()
        page = await get(again, f"/board/{scene.contest.slug}?lang=en")
        assert page.status == 200 and "as it stood at 2026-11-23 12:00:00." in page.text
        await again.stop()

    live(app, act)


def test_a_board_that_has_not_come_is_later_and_not_missing(app):
    scene = make_scene(1).finish()

    async def act(node):
        mirror = await paired(node, scene)
        silent(mirror)
        answer = await get(mirror, f"/board/{scene.contest.slug}/wall?lang=en")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
        assert answer.headers["x-content-type-options"] == "nosniff"

    live(app, act)


async def ask(node, query, *, key=KEY, method="GET", body=b"", moment="5"):
    """A question to /mirror as feed_client asks it."""
    path = f"/mirror?{query}"
    scope = {
        "type": "http", "method": method, "path": "/mirror", "query_string": query.encode(),
        "headers": [(b"x-mirror-time", moment.encode()),
                    (b"x-mirror-sign", sign(key, method, path, moment, body).encode())],
    }
    found = SimpleNamespace(status=None, body=b"")

    async def receive():
        return {"type": "http.request", "body": body}

    async def send(message):
        found.status = message.get("status", found.status)
        found.body += message.get("body", b"")

    await node(scope, receive, send)
    return found


def test_only_who_has_the_key_is_fed(app):
    scene = make_scene(1).finish()

    async def act(node):
        await paired(node, scene)
        assert (await ask(node, "after=", key="x" * 40)).status == 404  # without a key there is no feed
        node.sides["/mirror"] = node.fed
        assert (await ask(node, "after=", key="x" * 40)).status == 403
        assert (await get(node, "/mirror")).status == 403
        assert unpack((await ask(node, "after=")).body).is_whole

    live(app, act)


def test_what_a_mirror_is_asked_for_is_made_at_the_origin(app):
    scene = make_scene(1).finish()

    async def act(node):
        await paired(node, scene)
        node.sides["/mirror"] = node.fed
        slug = scene.contest.slug
        assert ("en", "wall") not in node.channels[slug]
        assert (await ask(node, f'want=["{slug}","en","wall"]')).body == b"yes"
        assert ("en", "wall") in node.channels[slug]
        for nothing in ('["nothing","en","wall"]', '["x"]', "7", "{"):
            assert (await ask(node, f"want={nothing}")).body == b"no"

    live(app, act)


def test_a_push_needs_the_key_and_is_not_played_back(app):
    scene = make_scene(1).finish()

    async def act(node):
        await paired(node, scene)
        mirror, parcel = PublicNode(KEY), node.fed.parcel("")
        pushes = [
            ({"key": "x" * 40}, 403), ({"moment": "7"}, 200), ({"moment": "7"}, 409),
            ({"moment": "6"}, 409), ({"moment": "8", "body": b"nonsense"}, 400), ({"moment": "9"}, 200),
        ]
        for given, status in pushes:
            asked = {"method": "POST", "body": parcel, **given}
            assert (await ask(mirror, "", **asked)).status == status, given
        assert (await get(mirror, pages_of(scene)[0])).body == (await get(node, pages_of(scene)[0])).body

    live(app, act)


def test_an_origin_behind_a_router_pushes_and_makes_what_is_wanted(app, monkeypatch):
    scene = make_scene(1).finish()

    async def act(node):
        await paired(node, scene)
        mirror, loop = PublicNode(KEY), asyncio.get_running_loop()
        moments = iter(range(1, 100))

        def exchange(_url, key, query, body, _authority):
            done = asyncio.run_coroutine_threadsafe(
                ask(mirror, query, key=key, method="POST", body=body, moment=str(next(moments))), loop
            ).result()
            if done.status != 200:
                raise origin_client.NotReached(str(done.status))
            return done.body

        monkeypatch.setattr(origin_client, "exchange", exchange)
        pusher = Pusher(node.fed, "http://there")
        await pusher.push()
        reader = visit(mirror, f"/board/{scene.contest.slug}/wall?lang=en")
        await asyncio.sleep(0)
        await pusher.push()  # hears what is wanted
        await pusher.push()  # and brings it
        async with asyncio.timeout(20):
            await reader.task
        assert reader.status == 200
        mirror = PublicNode(KEY)  # it was started anew and has forgotten
        await pusher.push()  # what changed is not enough for it
        await pusher.push()
        assert pusher.after == mirror.position
        for path in pages_of(scene):
            assert (await get(mirror, path)).body == (await get(node, path)).body

    live(app, act)


def test_after_a_restart_no_older_push_is_taken(app, tmp_path):
    scene = make_scene(2).finish()

    async def act(node):
        await paired(node, scene)
        old = node.fed.parcel("")
        await change(node, scene, scene.theory, 0, 70)
        await node._look()
        mirror = PublicNode(KEY, keep=tmp_path / "kept")
        answer = await ask(mirror, "", method="POST", body=node.fed.parcel(""), moment="9")
        assert answer.status == 200
        again = PublicNode(KEY, keep=tmp_path / "kept")
        await again.start()
        try:
            # Somebody overheard these bytes, and they are signed.
            assert (await ask(again, "", method="POST", body=old, moment="8")).status == 409
            assert (await ask(again, "", method="POST", body=old, moment="9")).status == 409
            new = await ask(again, "", method="POST", body=node.fed.parcel(""), moment="10")
            assert new.status == 200
        finally:
            await again.stop()
        at = pages_of(scene)[0]
        assert (await get(again, at)).body == (await get(node, at)).body

    live(app, act)


def test_rows_and_names_of_this_test_are_no_secret(app):
    """The feed holds nothing that the public door did not give: it is made of served pages alone."""
    scene = make_scene(2).finish()

    async def act(node):
        await paired(node, scene)
        for item in unpack(node.fed.parcel("")).items:
            served = [(await get(node, path)).body for path in pages_of(scene)]
            assert item.page.body in served

    live(app, act)
