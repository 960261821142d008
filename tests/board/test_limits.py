"""How many one process takes on, and from where."""

import resource

import pytest

from contest.board.limits import SPARE_FILES, Limits, address_of, make_room
from contest.board.node import Node
from tests.board.nodes import get, visit
from tests.board.test_node import live
from tests.results.scenes import make_scene


@pytest.mark.parametrize(
    ("proxies", "named", "expected"),
    [
        (0, "1.1.1.1", "9.9.9.9"), (1, "", "9.9.9.9"), (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"), (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "1.1.1.1"),
    ],
)
def test_only_what_ones_own_proxies_wrote_is_believed(proxies, named, expected):
    assert Limits(proxies=proxies).of(("9.9.9.9", named)) == expected


def test_the_address_of_a_request():
    headers = [(b"x-forwarded-for", b"1.1.1.1"), (b"host", b"x"), (b"x-forwarded-for", b"2.2.2.2")]

    assert address_of({"headers": headers, "client": ("9.9.9.9", 5)}) == ("9.9.9.9", "1.1.1.1,2.2.2.2")
    assert address_of({"headers": [], "client": None}) == ("", "")


def test_one_address_does_not_take_every_place(app):
    scene = make_scene(1).finish()

    async def act(node):
        assert isinstance(node, Node)
        path = f"/board/{scene.contest.slug}/events"
        held = [visit(node, path, headers={"X-Forwarded-For": "1.1.1.1"}) for _ in range(2)]
        for each in held:
            await each.until("retry")
        refused = await get(node, path, headers={"X-Forwarded-For": "1.1.1.1"})
        assert refused.status == 503 and 10 <= int(refused.headers["retry-after"]) <= 30
        other = visit(node, path, headers={"X-Forwarded-For": "2.2.2.2"})
        await other.until("retry")
        await held[0].close()
        again = visit(node, path, headers={"X-Forwarded-For": "1.1.1.1"})
        await again.until("retry")
        for each in (held[1], other, again):
            await each.close()
        assert node.stream.by_address == {}

    live(app, act, limits=Limits(most=10, per_address=2, proxies=1))


def test_pages_are_still_given_out_when_no_one_more_may_listen(app):
    scene = make_scene(1).finish()

    async def act(node):
        refused = await get(node, f"/board/{scene.contest.slug}/events")
        assert (refused.status, refused.headers["x-content-type-options"]) == (503, "nosniff")
        assert (await get(node, f"/board/{scene.contest.slug}")).status == 200

    live(app, act, limits=Limits(most=0))


def test_everybody_is_told_another_pause_before_coming_back(app):
    """Else a node that ends is met by everybody at once when it is back."""
    scene = make_scene(1).finish()

    async def act(node):
        path = f"/board/{scene.contest.slug}/events"
        boards = [visit(node, path) for _ in range(60)]
        for each in boards:
            await each.until("retry")
        pauses = {each.text.split("retry: ")[1].split("\n")[0] for each in boards}
        assert len(pauses) > 5 and all(2000 <= int(pause) <= 8000 for pause in pauses)
        for each in boards:
            await each.close()

    live(app, act)


def test_more_listeners_than_files_are_not_promised(monkeypatch):
    kept = [(1024, 1024)]
    monkeypatch.setattr(resource, "getrlimit", lambda what: kept[-1])
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: kept.append(limits))

    assert make_room(20_000) == 1024 - SPARE_FILES

    kept[:] = [(1024, 100_000)]
    assert make_room(20_000) == 20_000
    assert kept[-1] == (20_000 + SPARE_FILES, 100_000)


def test_who_asks_for_the_head_of_a_stream_listens_to_nothing(app):
    scene = make_scene(1).finish()

    async def act(node):
        path = f"/board/{scene.contest.slug}"
        for word in ("events", "feed"):
            head = await get(node, f"{path}/{word}", method="HEAD")
            assert (head.status, head.body) == (200, b"")
        assert not node.stream.listeners and not node.stream.by_address

    live(app, act)
