"""The files that any web server can give out when everything else is down."""

import asyncio
import gzip
from datetime import timedelta

from contest import clock
from contest.audit.work import Actor
from contest.board import actions
from contest.board.kept_copy import KeptCopies, labelled
from tests.board.nodes import get
from tests.board.test_node import change
from tests.board.test_node import live as run
from tests.results.scenes import make_scene

LABEL = "This is the board as it stood at"


def live(app, act):
    """Somebody has looked at the English page."""
    async def looked(node):
        for slug in node.pulses:
            assert (await get(node, f"/board/{slug}?lang=en")).status == 200
        await act(node)

    run(app, looked)


def read(folder, name="index.en.html"):
    return (folder / name).read_text("utf-8")


def test_the_copy_is_the_page_with_its_moment(app, tmp_path):
    scene = make_scene(3).finish()

    async def act(node):
        await KeptCopies(node, tmp_path).write()
        folder = tmp_path / scene.contest.slug
        page = await get(node, f"/board/{scene.contest.slug}/all?lang=en")
        assert LABEL + " {at}." in page.text  # hidden there
        assert f"{LABEL} 2026-11-23 12:00:00." in read(folder)
        assert labelled(page.body, "2026-11-23 12:00:00").decode() == read(folder)
        assert "时的排行榜" in read(folder, "index.html")
        data = await get(node, f"/board/{scene.contest.slug}/data.json")
        assert (folder / "data.json").read_bytes() == data.body
        for name in ("index.html", "index.en.html", "data.json"):
            assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == (folder / name).read_bytes()

    live(app, act)


def test_the_copy_obeys_the_freeze(app, tmp_path):
    """What happens behind a frozen board changes no byte of any file but the moment on it."""
    scene = make_scene(3).finish()
    start = clock.now()
    clock.stand_still(start + timedelta(minutes=1))
    actions.freeze_board(Actor(None, "test"), scene.contest.id)
    clock.stand_still(start + timedelta(minutes=2))
    folder = tmp_path / scene.contest.slug

    def files():
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    async def act(node):
        copies = KeptCopies(node, tmp_path)
        await copies.write()
        before = files()
        for points in (70, 80, 90):
            await change(node, scene, scene.theory, 0, points)
            await node._look()
            await copies.write()
        assert files() == before and "Frozen at" in read(folder)
        await change(node, scene, actions.reveal_board, Actor(None, "test"), scene.contest.id)
        await node._look()
        await copies.write()
        assert "90.00" in read(folder) and "90.00" not in gzip.decompress(before["index.en.html.gz"]).decode()

    live(app, act)


def test_a_board_that_is_taken_away_leaves_no_copy(app, tmp_path):
    scene = make_scene(1).finish()
    folder = tmp_path / "public"
    (folder / "of-an-earlier-contest").mkdir(parents=True)

    async def act(node):
        copies = KeptCopies(node, folder)
        await copies.write()
        assert [each.name for each in folder.iterdir()] == [scene.contest.slug]
        await change(node, scene, actions.open_board, Actor(None, "test"), scene.contest.id, False)
        await node._look()
        await copies.write()
        assert list(folder.iterdir()) == []

    live(app, act)


def test_a_copy_of_a_process_before_this_one_is_brought_up_to_date(app, tmp_path):
    """Somebody read English yesterday; after the restart nobody has asked for it yet."""
    scene = make_scene(2).finish()
    folder = tmp_path / scene.contest.slug
    folder.mkdir()
    for name in ("index.en.html", "index.en.html.gz"):
        (folder / name).write_text("as it stood yesterday")

    async def act(node):
        await KeptCopies(node, tmp_path).write()
        assert "12:00:00." in read(folder)
        assert gzip.decompress((folder / "index.en.html.gz").read_bytes()) == read(folder).encode()

    run(app, act)


def test_the_moment_on_a_copy_is_that_of_the_last_look_at_the_database(app, tmp_path):
    scene = make_scene(1).finish()
    start = clock.now()

    async def act(node):
        copies = KeptCopies(node, tmp_path)
        clock.stand_still(start + timedelta(seconds=8))
        await copies.write()  # nobody has looked since
        assert "12:00:00." in read(tmp_path / scene.contest.slug)
        await node._look()
        await copies.write()
        assert "12:00:08." in read(tmp_path / scene.contest.slug)

    live(app, act)


def test_a_copy_follows_each_change_by_itself(app, tmp_path):
    scene = make_scene(2).finish()

    async def act(node):
        writing = asyncio.create_task(KeptCopies(node, tmp_path).run())
        folder = tmp_path / scene.contest.slug
        async with asyncio.timeout(30):
            while not (folder / "data.json").exists():
                await asyncio.sleep(0.05)
            await change(node, scene, scene.theory, 0, 93)
            while "93.00" not in read(folder):
                await asyncio.sleep(0.05)
        assert [path for path in folder.iterdir() if path.name.startswith(".")] == []
        writing.cancel()

    live(app, act)


def test_a_disk_that_is_full_does_not_end_the_writing(app, tmp_path, caplog):
    scene = make_scene(1).finish()

    async def act(node):
        place = tmp_path / "public"
        place.write_text("no folder")
        writing = asyncio.create_task(KeptCopies(node, place).run())
        async with asyncio.timeout(30):
            while "could not be written" not in caplog.text:
                await asyncio.sleep(0.05)
            place.unlink()
            while not (place / scene.contest.slug / "index.html").exists():
                await asyncio.sleep(0.05)
        assert not writing.done()
        writing.cancel()

    live(app, act)


def test_a_language_that_nobody_reads_is_not_rendered_for_the_file(app, tmp_path):
    scene = make_scene(1).finish()

    async def act(node):
        await KeptCopies(node, tmp_path).write()
        assert sorted(path.name for path in (tmp_path / scene.contest.slug).iterdir()) == [
            "data.json", "data.json.gz", "index.html", "index.html.gz"
        ]

    run(app, act)
