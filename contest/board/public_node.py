"""A board node apart from the contest: no database, no secret but the feed's key, any number of them.

It serves the very bytes that its origin serves, and goes on serving the last ones, with their moment
on them, when the origin is gone.
"""

import asyncio
import json
import logging
import os
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import product
from pathlib import Path
from time import monotonic
from urllib.parse import urlencode

from contest.board import origin_client
from contest.board.answers import COMMON, OWN
from contest.board.carried_kinds import SAY_SECONDS, MirroredKinds, say
from contest.board.channel import FRESH, Channel, copy_notice
from contest.board.kept_copy import labelled, said
from contest.board.kind_channels import MOST_LISTENERS
from contest.board.node import Node
from contest.board.origin import PATH, RETRY_SECONDS, Origin, answer, shelf_of
from contest.board.parcel import AFTER, MOST_BYTES, BadParcel, channel_of, is_signed, sign, unpack
from contest.board.pulse_queries import Pulse
from contest.board.rendering import FEED, snapshot
from contest.i18n import LANGUAGES

log = logging.getLogger(__name__)

STALE_SECONDS = 25.0  # an origin that lives is heard of every ten
LONGEST_WAIT = 8.0  # for a board that the origin still has to make
MOST_WANTED = 100
KEEP_SECONDS = 5.0
PUSHED = "board.pushed"  # the moment of the last push, so that no older one is taken after a restart
# Whoever shares a copy asks again after a second; with the origin gone the old one is better than none.
SHARED = b"public, max-age=0, s-maxage=1, stale-while-revalidate=5, stale-if-error=86400"


class NotHere(Exception):
    """A board that exists but has not come yet."""


class _NoApplication:
    """What stands where a board node has its application: there is no database to ask."""

    def __init__(self, board_url):
        self.config = {"BOARD_URL": board_url}

    def app_context(self):
        raise NotHere


class PublicNode(Node):
    """A Node whose channels come from another one's feed instead of from the database."""

    def __init__(self, key, sources=(), *, keep=None, authority=None, board_url="", limits=None):
        super().__init__(_NoApplication(board_url), limits=limits)
        self.kinds.stop()  # there is no database from which it could be brought up to date
        self.kinds = MirroredKinds(MOST_LISTENERS)
        self.key, self.sources, self.authority = key, list(sources), authority
        self.keep = Path(keep) / "board.parcel" if keep else None
        self.pulses = {}
        self.position, self.moment = "", ""
        self.wanted = {}  # by what was asked for: until when nobody asks again
        self.is_stale = False
        self.live_pages = {}  # by channel's path: the page without the label of a copy
        self._heard_at = monotonic()
        self._pushed_at = 0
        if not self.sources:
            self.sides[PATH] = self.take_push

    async def start(self):
        """Take up what was kept, then follow the origin."""
        if self.keep is not None and self.keep.exists():
            self._take_up(self.keep.read_bytes())
        self._pushed_at = self._last_push()
        self._tasks = [asyncio.create_task(work()) for work in (self._age, self._beat)]
        self._tasks += [asyncio.create_task(each.run()) for each in self.companions]
        if self.sources:
            self._tasks.append(asyncio.create_task(self._pull()))
            self._tasks.append(asyncio.create_task(self._say()))
        if self.keep is not None:
            self._tasks.append(asyncio.create_task(self._keep()))

    def _take_up(self, data):
        try:
            self.take(unpack(data))
        except BadParcel as wrong:
            log.warning("what was kept cannot be used: %s", wrong)
        # Nobody knows yet whether it is still so.
        self.position = ""
        self._heard_at = monotonic() - STALE_SECONDS
        self._set_stale(bool(self.channels))

    # Hearing from the origin.

    async def _pull(self):
        while True:
            source = self.sources[0]
            try:
                data = await self.ask(source, after=self.position)
                self.take(unpack(data))
                await self._warm()
            except (origin_client.NotReached, BadParcel) as error:
                log.warning("the origin at %s: %s", source, error)
                self.sources.append(self.sources.pop(0))
                if isinstance(error, BadParcel):
                    self.position = ""
                await asyncio.sleep(RETRY_SECONDS)

    async def _say(self):
        while True:
            await asyncio.sleep(SAY_SECONDS)
            await say(self)

    async def ask(self, source, **query):
        return await asyncio.to_thread(
            origin_client.exchange, source, self.key, urlencode(query), b"", self.authority
        )

    async def take_push(self, scope, receive, send):
        """POST /mirror: a parcel from an origin that this node cannot reach."""
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        body = await _body(receive) if scope["method"] == "POST" else b""
        sealed, moment = given.get(b"x-mirror-sign", ""), given.get(b"x-mirror-time", "")
        query = scope["query_string"].decode("latin-1")
        if not is_signed(sealed, self.key, scope["method"], f"{PATH}?{query}", moment, body):
            return await answer(send, 403, b"", "")
        # A parcel that was overheard and is sent again must not set the board back.
        if not body or not moment.isdecimal() or int(moment) <= self._pushed_at:
            return await answer(send, 409, b"", "")
        try:
            parcel = unpack(body)
        except BadParcel:
            self.position = ""
            return await answer(send, 400, b"", "")
        self._pushed_at = int(moment)
        await self._note_push(moment)
        if parcel.is_whole or parcel.extra.get(AFTER) == self.position:
            self.take(parcel)
            await self._warm()
        else:
            self.position = ""  # this node was begun anew since: all of it, then
        told = json.dumps({
            "position": self.position, "want": self._hand_out(), "heard": self.kinds.hand_over(),
        }).encode()
        return await answer(send, 200, told, sign(self.key, sealed, told))

    def _last_push(self):
        """When the last push came that an earlier process of this node took; 0 where nobody knows."""
        text = ""
        if self.keep is not None:
            with suppress(FileNotFoundError):
                text = self.keep.with_name(PUSHED).read_text("ascii", "replace")
        return int(text) if text.isdecimal() else 0

    async def _note_push(self, moment):
        if self.keep is None:
            return
        try:
            await asyncio.to_thread(_put_file, self.keep.with_name(PUSHED), moment.encode())
        except OSError:
            # The board goes on; the next parcel but one mends what an old one would do after a restart.
            log.exception("the moment of a push could not be kept for a restart")

    def _hand_out(self):
        return [list(asked) for asked in self.wanted if not self._find(asked)]

    def take(self, parcel):
        """Put a parcel's things in their places and wake everybody who watches them."""
        if parcel.is_whole:
            self._clear(keep={item.path for item in parcel.items})
        self.pulses = {slug: Pulse(number, slug, (), ()) for number, slug in parcel.contests}
        for item in parcel.items:
            if item.path[0] in self.mirrored:
                self._place(item)
        self.position = parcel.position
        if parcel.moment != self.moment:
            self.moment, self._heard_at = parcel.moment, monotonic()
            self.true_at = datetime.fromisoformat(parcel.moment)
            self._set_stale(False)
        self.tell()

    def _clear(self, keep):
        for name in self.mirrored:
            for path, _ in list(_leaves((name,), shelf_of(self, name))):
                if path not in keep:
                    self._remove(path)

    def _shelf(self, path):
        shelf = shelf_of(self, path[0])
        for key in path[1:-1]:
            shelf = shelf.setdefault(key, {})
        return shelf

    def _remove(self, path):
        _close(self._shelf(path).pop(path[-1], None))
        self.live_pages.pop(path, None)

    def _place(self, item):
        if item.page is None:
            return self._remove(item.path)
        shelf, key = self._shelf(item.path), item.path[-1]
        if not item.epoch:
            shelf[key] = item.page
            return None
        channel = shelf.get(key)
        if channel is None or channel.epoch != item.epoch:
            _close(channel)
            channel = channel_of(item)
        _update(channel, item)
        self.live_pages.pop(item.path, None)
        if self.is_stale:
            self._label(item.path, channel)
        shelf[key] = channel
        return channel.rouse()

    # What is asked for and has not come.

    def _find(self, asked):
        return self.channels.get(asked[0], {}).get(tuple(asked[1:]))

    async def _channel(self, *asked):
        found = self._find(asked)
        if found is not None or asked[0] not in self.pulses:
            return found
        await self._want(asked)
        until = monotonic() + LONGEST_WAIT
        while (found := self._find(asked)) is None:
            if monotonic() > until or self.is_stale:
                raise NotHere
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), 0.5)
        return found

    async def document(self, slug):
        """The board as JSON: what the feed begins with."""
        channel = await self._channel(slug, "zh", FEED)
        return channel.page if channel is not None else None

    async def kept_document(self, slug):
        found = self._find((slug, "zh", FEED))
        return found.page if found is not None else None

    async def make_channel(self, *asked):
        """The channel if it is here; the rest comes when somebody looks."""
        return self._find(asked)

    async def _want(self, asked):
        now = monotonic()
        for old in [old for old, until in self.wanted.items() if until < now]:
            del self.wanted[old]
        if asked in self.wanted or len(self.wanted) >= MOST_WANTED:
            return
        self.wanted[asked] = now + LONGEST_WAIT
        if self.sources:
            with suppress(origin_client.NotReached):
                await self.ask(self.sources[0], want=json.dumps(asked))

    async def _warm(self):
        """The page in every language, and the data, come before anybody asks: an origin may die."""
        for slug in self.pulses:
            pages = product((slug,), LANGUAGES, ("page", "all"))
            for asked in (*pages, (slug, "zh", FEED)):
                if self._find(asked) is None:
                    await self._want(asked)

    # The label of a copy, when the origin is silent.

    async def _age(self):
        while True:
            await asyncio.sleep(1)
            self._set_stale(monotonic() - self._heard_at > STALE_SECONDS)

    def _set_stale(self, is_stale):
        if is_stale == self.is_stale:
            return
        self.is_stale = is_stale
        for name in self.mirrored:
            for path, leaf in list(_leaves((name,), shelf_of(self, name))):
                if isinstance(leaf, Channel):
                    self._tell_age(path, leaf)

    def _tell_age(self, path, channel):
        if self.is_stale:
            self._label(path, channel)
        else:
            channel.page = self.live_pages.pop(path, channel.page)
            channel.notice = FRESH
        channel.rouse()

    def _label(self, path, channel):
        if self.true_at is None:
            return
        moment = said(self.true_at, self.true_at.tzinfo)
        self.live_pages.setdefault(path, channel.page)
        page = self.live_pages[path]
        body = labelled(page.body, moment)
        if body != page.body:
            fresh = snapshot(body.decode(), page.content_type)
            channel.page = replace(page, body=body, compressed=fresh.compressed, etag=fresh.etag)
        channel.notice = copy_notice(moment)

    # Keeping it over a restart, and answering.

    async def _keep(self):
        kept = None
        while True:
            await asyncio.sleep(KEEP_SECONDS)
            if self.position and not self.is_stale and self.position != kept:
                kept = self.position
                data = Origin(self, self.key).parcel("")
                try:
                    await asyncio.to_thread(_put_file, self.keep, data)
                except OSError:
                    log.exception("the board could not be kept for a restart")

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await super().__call__(scope, receive, send)
        try:
            return await super().__call__(scope, receive, _for_caches(scope, send))
        except NotHere:
            headers = [(b"retry-after", b"5"), (b"content-length", b"0"), (b"cache-control", b"no-store")]
            headers += [*COMMON, OWN]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": b""})


def _update(channel, item):
    newest = channel.ring[-1][0] if channel.ring else None
    fresh = [pair for pair in item.events if newest is None or pair[0] > newest]
    if fresh and newest is not None and fresh[0][0] != newest + 1:
        channel.ring.clear()
    channel.ring.extend(fresh)
    channel.number, channel.page = item.number, item.page
    for name, chunk in item.chunks.items():
        setattr(channel, name, chunk)


def _leaves(path, shelf):
    for key, leaf in list(shelf.items()):
        if isinstance(leaf, dict):
            yield from _leaves((*path, key), leaf)
        else:
            yield (*path, key), leaf


def _close(leaf):
    if isinstance(leaf, Channel):
        leaf.is_open = False
        leaf.rouse()


def _for_caches(scope, send):
    """The same answers with what a shared cache must know; those without a name are not kept."""
    is_chosen = b"lang=" in scope["query_string"]

    async def say(message):
        if message["type"] == "http.response.start":
            headers = dict(message["headers"])
            if b"etag" in headers:
                headers[b"cache-control"] = SHARED
                if is_chosen:
                    headers[b"vary"] = b"Accept-Encoding"
                message = {**message, "headers": list(headers.items())}
        await send(message)

    return say


async def _body(receive):
    pieces, size = [], 0
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if not message.get("more_body") or size > MOST_BYTES:
            return b"".join(pieces) if size <= MOST_BYTES else b""


def _put_file(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    new.write_bytes(data)
    os.replace(new, path)
