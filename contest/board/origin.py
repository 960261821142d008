"""The origin's half of the feed: what public nodes ask for, and pushing it to those that cannot ask.

A question carries the position up to which the other side knows everything; the answer waits until
there is more. So a break, however long, is made good by the next question.
"""

import asyncio
import json
import logging
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from operator import attrgetter
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from contest.board import origin_client
from contest.board.carried_kinds import pass_on
from contest.board.channel import Channel
from contest.board.origin_client import PATH
from contest.board.parcel import AFTER, Parcel, is_signed, item_of, pack, sign

log = logging.getLogger(__name__)

JOURNAL = 4096  # how many changes are remembered one by one; who is further behind gets everything
WAIT_SECONDS = 10.0  # a question without news is answered after this, which tells that the origin lives
PUSH_SECONDS = 1.0
RETRY_SECONDS = 3.0


class Journal:
    """Which of a node's things changed in which order."""

    def __init__(self, node, epoch):
        self.node, self.epoch = node, epoch
        self.count = 0
        self.known = {}  # path: what was there at the last look
        self.changes = deque(maxlen=JOURNAL)  # (count, path, newest event before)

    @property
    def position(self):
        """The name of the newest change."""
        return f"{self.epoch}.{self.count}"

    def look(self):
        """Note what changed since the last look; no rendering, no query, only comparing names."""
        found = dict(self._leaves())
        for path in [path for path in self.known if path not in found]:
            del self.known[path]
            self._note(path, None)
        for path, leaf in found.items():
            name = _name(leaf)
            before = self.known.get(path)
            if name != before:
                self.known[path] = name
                same = before is not None and isinstance(leaf, Channel) and before[0] == name[0]
                self._note(path, before[1] if same else None)

    def _note(self, path, before):
        self.count += 1
        self.changes.append((self.count, path, before))

    def _leaves(self):
        for name in self.node.mirrored:
            yield from _walk((name,), shelf_of(self.node, name))

    def parcel(self, after, moment):
        """The Parcel of everything after a position."""
        self.look()
        leaves = dict(self._leaves())
        contests = tuple(
            (pulse.contest_id, slug) for slug, pulse in (self.node.pulses or {}).items()
        )
        start = self._start(after)
        if start is None:
            items = [item_of(path, leaf) for path, leaf in leaves.items() if _name(leaf)]
        else:
            first = {}  # path: the newest event that the other side has
            for count, path, before in self.changes:
                if count > start:
                    first.setdefault(path, before)
            items = [item_of(path, leaves.get(path), before) for path, before in first.items()]
        return Parcel(
            self.position, start is None, contests, moment, tuple(items), {AFTER: after}
        )

    def _start(self, after):
        epoch, _, count = after.rpartition(".")
        if epoch != self.epoch or not count.isdecimal() or int(count) > self.count:
            return None
        oldest = self.changes[0][0] if self.changes else self.count + 1
        return int(count) if int(count) + 1 >= oldest else None


def shelf_of(node, name):
    """The dict that a node calls so: "channels", or "kinds.open" of something that it has."""
    return attrgetter(name)(node)


def _walk(path, shelf):
    for key, leaf in list(shelf.items()):
        if isinstance(leaf, dict):
            yield from _walk((*path, key), leaf)
        elif _name(leaf) is not None:
            yield (*path, key), leaf


def _name(leaf):
    """What tells one state of a thing from another; None while there is nothing to serve."""
    if isinstance(leaf, Channel):
        return (leaf.epoch, leaf.number, leaf.page.etag) if leaf.page is not None else None
    return (leaf.etag,)


class Origin:
    """Answers the questions of public nodes that have the key."""

    def __init__(self, node, key, zone="Asia/Shanghai"):
        self.node, self.key, self.zone = node, key, ZoneInfo(zone)
        self.journal = Journal(node, node.epoch)

    def parcel(self, after):
        """The bytes of everything after a position."""
        # Not the present: an origin whose database is away serves what was true before that.
        true_at = self.node.true_at or datetime.fromtimestamp(0, UTC)
        moment = true_at.astimezone(self.zone).isoformat(timespec="seconds")
        return pack(self.journal.parcel(after, moment))

    async def __call__(self, scope, receive, send):
        """GET /mirror?after=POSITION, or &want=[slug, language, view] to have a board made."""
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        sealed = given.get(b"x-mirror-sign", "")
        query = scope["query_string"].decode("latin-1")
        seal = (scope["method"], f"{PATH}?{query}", given.get(b"x-mirror-time", ""), b"")
        if scope["method"] != "GET" or not is_signed(sealed, self.key, *seal):
            return await answer(send, 403, b"", "")
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if "heard" in asked:
            await hear_pages(self.node, asked["heard"])
            body = b"yes"
        elif "want" in asked:
            body = await make_wanted(self.node, asked["want"])
        else:
            await self.wait(asked.get("after", ""), WAIT_SECONDS)
            body = self.parcel(asked.get("after", ""))
        return await answer(send, 200, body, sign(self.key, sealed, body))

    async def wait(self, after, seconds):
        """Wait until there is something after a position, but not for ever."""
        until = asyncio.get_running_loop().time() + seconds
        while True:
            news = self.node.news
            self.journal.look()
            left = until - asyncio.get_running_loop().time()
            if self.journal.position != after or left <= 0:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), left)


async def make_wanted(node, text):
    """Have the node make a board that a public node was asked for; tells whether there is one."""
    try:
        wanted = [str(word) for word in json.loads(text)]
        channel = await node.make_channel(*wanted)
    except (ValueError, TypeError, KeyError):
        return b"no"
    return b"yes" if channel is not None else b"no"


async def hear_pages(node, text):
    """Hear what pages at a public node say of themselves."""
    with suppress(ValueError):
        await pass_on(node.kinds, json.loads(text))


async def answer(send, status, body, signature):
    """Send bytes that only the one who asked may keep."""
    headers = [
        (b"content-type", b"application/octet-stream"), (b"cache-control", b"no-store"),
        (b"content-length", str(len(body)).encode()), (b"x-mirror-sign", signature.encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Pusher:
    """Brings the feed to a public node that cannot reach the origin (a venue behind a router)."""

    def __init__(self, origin, url, authority=None):
        self.origin, self.url, self.authority = origin, url, authority
        self.after = ""

    async def run(self):
        """Push for as long as the node lives; what a break kept back goes with the next parcel."""
        while True:
            try:
                await self.push()
                await self.origin.wait(self.after, PUSH_SECONDS)
            except origin_client.NotReached as error:
                log.warning("the public node at %s was not reached: %s", self.url, error)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:
                # The database may be away for a moment; a task that ended would never push again.
                log.exception("the push to the public node at %s failed; it is tried again", self.url)
                await asyncio.sleep(RETRY_SECONDS)

    async def push(self):
        """One parcel; the answer says what the other side knows and which boards it was asked for."""
        body = self.origin.parcel(self.after)
        told = await asyncio.to_thread(
            origin_client.exchange, self.url, self.origin.key, "", body, self.authority
        )
        try:
            heard = json.loads(told)
            self.after, wanted = str(heard["position"]), heard["want"]
            said = heard.get("heard", [])
        except (ValueError, KeyError, TypeError) as wrong:
            raise origin_client.NotReached(f"it answered {told[:80]!r}") from wrong
        for each in wanted:
            await make_wanted(self.origin.node, json.dumps(each))
        await pass_on(self.origin.node.kinds, said)
