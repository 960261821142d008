"""What public nodes carry: one bad kind, thing, file or word holds up no other one, and the push goes on."""

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from contest.board import channels, origin
from contest.board.carried_kinds import pass_on
from contest.board.channels import one_piece
from contest.board.origin import Origin, Pusher
from tests.board.test_node import live
from tests.board.test_public_node import KEY

AWAY = OperationalError("select", {}, Exception("the database is away"))


class Things:
    """A further kind with things called a, b, c, of which some cannot be had."""

    def __init__(self, bad=()):
        self.bad, self.there, self.heard = set(bad), ["a", "b", "c"], []

    def _check(self, name):
        if name in self.bad:
            raise AWAY

    def find(self, key):
        self._check(key)
        return key if key in self.there else None

    def render(self, key):
        return one_piece(f"<p>{key}</p>"), lambda _event_id: f"<p>{key}</p>"

    def fetch(self, key, name):
        self._check(f"{key}/{name}")
        return key.encode(), "text/plain"

    def hear(self, key, _words):
        self._check(key)
        self.heard.append(key)
        return ""

    def carried(self):
        self._check("carried")
        return [(key, ["one", "two"]) for key in self.there]


@pytest.fixture
def things(monkeypatch):
    made = {name: Things() for name in ("first", "second")}
    kinds = {
        name: channels.Kind(one.find, one.render, one.fetch, one.hear, one.carried)
        for name, one in made.items()
    }
    monkeypatch.setattr(channels, "KINDS", kinds)
    return made


def carried(node, name):
    return {key for kind, key in node.kinds.carried.channels if kind == name}


def files(node, name):
    return {f"{key}/{file}" for kind, key, file in node.kinds.carried.files if kind == name}


def test_a_thing_or_file_that_cannot_be_had_holds_up_no_other_and_comes_later(app, things, caplog):
    things["first"].bad = {"a", "b/one"}

    async def act(node):
        node.kinds.is_carried = True
        await node._look()
        assert carried(node, "first") == {"b", "c"} and carried(node, "second") == {"a", "b", "c"}
        assert files(node, "first") == {"a/one", "a/two", "b/two", "c/one", "c/two"}
        assert "first/a could not be opened" in caplog.text
        assert "first/b/one could not be read" in caplog.text
        things["first"].bad = set()
        await node._look()
        assert carried(node, "first") == {"a", "b", "c"} and "b/one" in files(node, "first")

    live(app, act)


def test_a_kind_that_cannot_be_read_keeps_its_own_and_holds_up_no_other(app, things, caplog):
    async def act(node):
        node.kinds.is_carried = True
        await node._look()
        things["first"].bad = {"carried"}
        things["second"].there = ["a"]
        await node._look()
        assert carried(node, "first") == {"a", "b", "c"} and carried(node, "second") == {"a"}
        assert "which first public nodes carry" in caplog.text

    live(app, act)


def test_what_was_taken_back_goes_although_something_else_cannot_be_had(app, things):
    async def act(node):
        node.kinds.is_carried = True
        await node._look()
        things["first"].there = ["b", "d"]
        things["first"].bad = {"d", "d/one"}
        await node._look()
        assert carried(node, "first") == {"b"} and files(node, "first") == {"b/one", "b/two", "d/two"}

    live(app, act)


def test_a_word_that_cannot_be_written_down_holds_up_no_other(app, things, caplog):
    things["first"].bad = {"a"}

    async def act(node):
        await pass_on(node.kinds, [["first", "a", "x=1"], 7, ["first", "b", 5], ["second", "c", "x=1"]])
        assert things["second"].heard == ["c"]
        assert "first/a said at a public node could not be written down" in caplog.text

    live(app, act)


@pytest.mark.parametrize("wrong", [AWAY, RuntimeError("else"), origin.origin_client.NotReached("x")])
def test_a_push_that_fails_is_told_and_tried_again(app, monkeypatch, caplog, wrong):
    monkeypatch.setattr(origin, "RETRY_SECONDS", 0.0)

    async def act(node):
        pusher, tries, again = Pusher(Origin(node, KEY), "http://there"), [], asyncio.Event()

        async def push():
            tries.append(len(tries))
            if len(tries) == 1:
                raise wrong
            again.set()
            pusher.after = pusher.origin.journal.position  # nothing more to tell

        pusher.push = push
        task = asyncio.create_task(pusher.run())
        waiting = asyncio.create_task(again.wait())
        await asyncio.wait((task, waiting), return_when=asyncio.FIRST_COMPLETED)
        assert not task.done() and tries[:2] == [0, 1]
        assert "the public node at http://there" in caplog.text
        task.cancel()

    live(app, act)
