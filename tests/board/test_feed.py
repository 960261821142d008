"""The feed for other programs: a form that is written down, events that add up to the board."""

import json
from pathlib import Path

from contest import clock
from contest.board import feed, queries
from contest.db import about_to_write, db
from tests.board.crowds import give, make_crowd
from tests.board.nodes import visit
from tests.board.test_node import change, live
from tests.results.scenes import make_scene

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/board.schema.json").read_text(encoding="utf-8")
)
TYPES = {
    "object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None),
}


def wrong(value, schema, path="board"):
    """Every way in which a value is not what the schema says; the schema uses only these words."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    kinds = [TYPES[name] for name in types]
    if kinds and not any(type(value) is kind for kind in kinds):
        return [f"{path} is a {type(value).__name__}"]
    found = []
    if "const" in schema and value != schema["const"]:
        found.append(f"{path} is {value!r}")
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path} is {value!r}")
    if isinstance(value, dict) and "properties" in schema:
        known = schema["properties"]
        found += [f"{path} has {name}" for name in value if name not in known]
        found += [f"{path} lacks {name}" for name in schema.get("required", ()) if name not in value]
        for name in known.keys() & value.keys():
            found += wrong(value[name], known[name], f"{path}.{name}")
    if isinstance(value, list) and "items" in schema:
        for at, item in enumerate(value):
            found += wrong(item, schema["items"], f"{path}[{at}]")
    return found


def document(slug):
    return json.loads(feed.text_of(feed.document_of(queries.public_board(slug, clock.now()))))


def test_the_board_has_the_form_that_is_written_down(app):
    contest, entrants = make_crowd(8, unfinished=2, by_group=True)
    scene = make_scene(3, state="registration")

    assert wrong(document(contest.slug), SCHEMA) == []
    assert wrong(document(scene.contest.slug), SCHEMA) == []


def test_the_schema_sees_what_is_wrong(app):
    contest, _ = make_crowd(4, unfinished=0)
    board = document(contest.slug)
    board["rows"][0]["place"] = "1"
    board["rows"][1]["judge"] = "严"
    del board["state"]

    assert set(wrong(board, SCHEMA)) == {
        "board.rows[0].place is a str", "board.rows[1] has judge", "board lacks state"
    }


def applied(board, told):
    """What docs/feed.md tells other programs to do with a change."""
    for name, value in told.items():
        if name not in ("rows", "teams", "organisations"):
            board[name] = value
            continue
        lines = {line["key"]: line for line in board[name]}
        lines |= value.get("changed", {})
        for key, place in value.get("places", {}).items():
            lines[key] = {**lines[key], **place}
        order = value.get("order") or [line["key"] for line in board[name]]
        board[name] = [lines[key] for key in order]
    return board


def test_the_changes_add_up_to_the_board(app):
    contest, entrants = make_crowd(8, unfinished=4)
    slug, contest_id = contest.slug, contest.id

    async def act(node):
        stream = visit(node, f"/board/{slug}/feed", headers={"Accept-Encoding": "gzip"})
        await stream.until("event: snapshot")
        for count, (entrant, key, points) in enumerate(
            ((entrants[7], "risk", 99), (entrants[6], "drill", 80), (entrants[7], "drill", 12)), 1
        ):
            about_to_write(True)
            give(contest, entrant, key, points)
            about_to_write(False)
            node.hear(contest_id)
            await stream.until("event: change", count)
        await stream.close()
        events = stream.events()
        assert [name for _, name, _ in events] == ["snapshot", *["change"] * 3]
        numbers = [int(event_id.rpartition(".")[2]) for event_id, _, _ in events]
        assert numbers == [0, 1, 2, 3]
        board = events[0][2]
        for _, _, told in events[1:]:
            assert len(json.dumps(told)) < len(json.dumps(board))
            board = applied(board, told)
        db.session.rollback()
        assert board == document(slug)

    live(app, act)


def test_who_comes_back_gets_only_what_was_missed(app):
    scene = make_scene(3).finish()

    async def act(node):
        path = f"/board/{scene.contest.slug}/feed"
        first = visit(node, path)
        await first.until("event: snapshot")
        [(last, _, _)] = first.events()
        await first.close()
        scene.minute = 1
        await change(node, scene, scene.theory, 0, 99)
        again = visit(node, path, headers={"Last-Event-ID": last})
        by_address = visit(node, f"{path}?after={last}")
        await again.until("event: change")
        await by_address.until("event: change")
        stranger = visit(node, path, headers={"Last-Event-ID": "of-another-server.7"})
        await stranger.until("event: snapshot")
        for one in (again, by_address, stranger):
            await one.close()
        assert [name for _, name, _ in again.events()] == ["change"]
        assert again.events() == by_address.events()
        assert [name for _, name, _ in stranger.events()] == ["snapshot"]

    live(app, act)


def test_a_board_that_is_taken_away_ends_the_feed_without_a_last_look(app):
    scene = make_scene(3).finish()

    async def act(node):
        stream = visit(node, f"/board/{scene.contest.slug}/feed")
        await stream.until("event: snapshot")

        def close():
            scene.contest.is_public = False
            db.session.commit()

        await change(node, scene, close)
        await stream.until("event: gone")
        await stream.task
        assert stream.text.count("event: snapshot") == 1

    live(app, act)


def test_without_a_node_the_feed_is_a_poll_of_whole_boards(client):
    scene = make_scene(2).finish()
    path = f"/board/{scene.contest.slug}/feed"

    first = client.get(path).text
    at = first.split("id: ")[1].split("\n")[0]
    quiet = client.get(path, headers={"Last-Event-ID": at}).text
    scene.theory(0, 100)
    changed = client.get(path, headers={"Last-Event-ID": at}).text

    assert "event: snapshot" in first and "event:" not in quiet and "event: snapshot" in changed
    data = first.split("data: ")[1].split("\n")[0]
    assert json.loads(data)["format"] == feed.FORMAT
