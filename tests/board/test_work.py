"""What a submission and a watcher cost, counted in queries and renderings, never in time."""

from collections import Counter

import pytest
from sqlalchemy import Engine, event

from contest.board import channel, rendering
from tests.board.nodes import get, visit
from tests.board.test_node import change, live
from tests.results.scenes import make_scene


@pytest.fixture
def work(monkeypatch):
    """Counts the queries, renderings, compressions and events of this process."""
    count = Counter()

    def counted(place, name):
        real = getattr(place, name)

        def act(*args, **more):
            count[name] += 1
            return real(*args, **more)

        monkeypatch.setattr(place, name, act)

    for place, name in (
        (rendering, "render_pieces"), (rendering, "render_page"), (rendering, "snapshot"),
        (channel, "chunk"),
    ):
        counted(place, name)

    def query(*_args):
        count["queries"] += 1

    event.listen(Engine, "before_cursor_execute", query)
    yield count
    event.remove(Engine, "before_cursor_execute", query)


async def one_change(node, scene, work, watchers):
    """Open so many boards, change one mark, wait until all have it: the work of the change alone."""
    path = f"/board/{scene.contest.slug}"
    at = (await get(node, f"{path}?lang=zh")).text.split('data-event="')[1].split('"')[0]
    boards = [visit(node, f"{path}/events?lang=zh&after={at}") for _ in range(watchers)]
    for each in boards:
        await each.until("retry")
    async with node._looking:  # no look of the node's own falls between
        work.clear()
    points = scene.points = getattr(scene, "points", 60) + 1
    await change(node, scene, scene.theory, 0, points)
    for each in boards:
        await each.until("event: board")
    async with node._looking:
        found = dict(work)
    for each in boards:
        await each.close()
    return found


@pytest.fixture
def no_looks(monkeypatch):
    """The node works only when it is nudged, so that what it does can be counted."""
    monkeypatch.setattr("contest.board.node.POLL_SECONDS", 600.0)
    monkeypatch.setattr("contest.board.node.SHORTEST_PAUSE", 0.5)


def test_a_submission_costs_the_same_with_one_watcher_and_with_three_hundred(app, work, no_looks):
    scene = make_scene(3).finish()

    async def act(node):
        await one_change(node, scene, work, 1)  # everything is warm afterwards
        alone = await one_change(node, scene, work, 1)
        crowded = await one_change(node, scene, work, 300)
        assert crowded == alone
        assert alone["render_pieces"] == alone["render_page"] == alone["chunk"] == 1

    live(app, act)


@pytest.mark.parametrize("entrants", [3, 40])
def test_a_watcher_costs_no_query_and_no_rendering_however_many_take_part(app, work, no_looks, entrants):
    scene = make_scene(entrants).finish()

    async def act(node):
        path = f"/board/{scene.contest.slug}"
        first = await get(node, f"{path}?lang=zh", headers={"Accept-Encoding": "gzip"})
        at = first.text.split('data-event="')[1].split('"')[0]
        async with node._looking:
            work.clear()
        boards = []
        for _ in range(50):
            page = await get(node, f"{path}?lang=zh", headers={"Accept-Encoding": "gzip"})
            assert page.body == first.body
            boards.append(visit(node, f"{path}/events?lang=zh&after={at}"))
            await boards[-1].until("retry")
        assert work == {}
        for each in boards:
            await each.close()

    live(app, act)
