"""The board node: a small server of its own for the audience, so that judges never wait for it.

A bare ASGI application. It holds no session, writes nothing, and knows only what
queries.public_board() gives out; each page is rendered and compressed once per change.
"""

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import lru_cache
from time import monotonic
from urllib.parse import parse_qs, unquote

from contest import clock, pages
from contest.board import listening, queries, rendering
from contest.board.channel import Channel
from contest.board.stream import Stream
from contest.documents.qr import qr_svg
from contest.errors import Missing

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
SHORTEST_PAUSE = 0.1  # at most ten renderings a second; the last change is always rendered
RESTS = 1  # times as long as the work took: the audience gets half of one core at most
HEARTBEAT_SECONDS = 15.0
MOST_LISTENERS = 20_000
PLACES = {"wall", "events", "data.json", "qr.svg"}

COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-app", b"contest"),
    (b"content-security-policy", pages.POLICY.encode()),
]


class Node:
    """The ASGI application. `flask_app` gives the database and the templates, in one thread."""

    def __init__(self, flask_app, epoch=None, most_listeners=MOST_LISTENERS):
        self.flask_app = flask_app
        self.epoch = epoch or secrets.token_hex(4)
        self.channels = {}  # by slug: {(language, view): Channel}
        self.data = {}  # by slug: Snapshot of the JSON
        self.codes = {}  # by slug and address: Snapshot of the QR code
        self.pulses = None  # by slug: what the boards depend on, as last seen
        self.shown = {}  # by slug: the pulse that is rendered
        self.nudged = set()
        self.dirty = asyncio.Event()
        self.stream = Stream(most_listeners)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="board")
        self._making = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._tasks = []
        self._channels_made = 0

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    # Life: what runs from start to stop.

    async def _live(self, receive, send):
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def start(self):
        """Begin to listen for nudges and to look at the database now and then."""
        await self._look()
        self._tasks = [
            asyncio.create_task(self._watch()), asyncio.create_task(self._beat()),
            asyncio.create_task(self._warm()),
        ]
        self._tasks += await listening.listen(self.flask_app.config, self.hear)

    async def stop(self):
        """End every task and stream."""
        self.stream.end_all()
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._thread.shutdown(wait=False)

    def hear(self, contest_id):
        """A nudge: the boards of this contest may have changed (0: any of them)."""
        self.nudged.add(contest_id)
        self.dirty.set()

    async def _warm(self):
        """Read the marks of every public contest before somebody waits for them."""
        for slug in list(self.pulses):
            await self._channel(slug, "zh", "page")

    async def _watch(self):
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.dirty.wait(), POLL_SECONDS)
            self.dirty.clear()
            began = monotonic()
            try:
                await self._look()
            except Exception:
                # The database may be away for a moment; what is shown stays shown meanwhile.
                log.exception("the board could not be brought up to date")
            worked = monotonic() - began
            await asyncio.sleep(max(SHORTEST_PAUSE - worked, min(RESTS * worked, POLL_SECONDS / 2)))

    async def _look(self):
        async with self._looking:
            nudged, self.nudged = self.nudged, set()
            self.pulses = await self._in_thread(lambda: queries.pulses(clock.now()))
            for slug in list(self.channels):
                pulse = self.pulses.get(slug)
                if pulse is None:
                    self._close(slug)
                elif pulse != self.shown.get(slug) or nudged & {pulse.contest_id, 0}:
                    async with self._making:
                        await self._render(slug, list(self.channels[slug]))
                    self.shown[slug] = pulse

    async def _beat(self):
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            self.stream.drop_stuck()
            for channels in self.channels.values():
                for channel in channels.values():
                    channel.rouse()

    def _close(self, slug):
        for channel in self.channels.pop(slug).values():
            channel.is_open = False
            channel.rouse()
        self.data.pop(slug, None)
        self.shown.pop(slug, None)

    # Rendering: one look at the public door for all languages and views.

    async def _in_thread(self, function):
        def work():
            with self.flask_app.app_context():
                return function()

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _render(self, slug, wanted):
        # Only while `_making` is held: two renderings of one channel would number events twice.
        channels = self.channels.setdefault(slug, {})
        known = {key: channels[key].pieces for key in wanted if key in channels}

        def work():
            board = queries.public_board(slug, clock.now())
            found = {}
            for language, view in wanted:
                with rendering.in_language(slug, language):
                    before = known.get((language, view))
                    found[language, view] = rendering.render_pieces(board, view, before)
            return board, found, rendering.data_of(board)

        try:
            board, found, data = await self._in_thread(work)
        except Missing:
            self._close(slug)
            return
        self.data[slug] = rendering.snapshot(data, "application/json")
        for key, pieces in found.items():
            channel = channels.get(key) or self._new_channel(key)
            if channel.pieces is None or rendering.difference(channel.pieces, pieces):
                await self._publish(slug, board, channel, pieces)
            channels[key] = channel

    def _new_channel(self, key):
        # A channel that is made again begins at 0: the name of its events must be another.
        self._channels_made += 1
        return Channel(f"{self.epoch}-{self._channels_made}", *key)

    async def _publish(self, slug, board, channel, pieces):
        def work():
            return channel.prepare(pieces, page_text)

        def page_text(event_id):
            with rendering.in_language(slug, channel.language):
                return rendering.render_page(board, channel.view, pieces, event_id)

        channel.publish(await self._in_thread(work))

    async def _channel(self, slug, language, view):
        """The channel, made when it is first asked for; None when there is no such board."""
        found = self.channels.get(slug, {}).get((language, view))
        if found is None and slug in self.pulses:
            async with self._making:
                if (language, view) not in self.channels.get(slug, {}):
                    await self._render(slug, [(language, view)])
            found = self.channels.get(slug, {}).get((language, view))
        return found

    # Answers.

    async def _answer(self, scope, receive, send):
        asked = Asked(scope)
        if asked.method not in {"GET", "HEAD"}:
            return await _send_text(send, 405, b"This address is only read.")
        slug, page = asked.slug, asked.page
        if page == "front" and self.pulses:
            newest = max(self.pulses.values(), key=lambda pulse: pulse.contest_id)
            return await _send_text(send, 303, b"", (b"location", f"/board/{newest.slug}".encode()))
        if page in rendering.VIEWS:
            channel = await self._channel(slug, asked.language, page)
            if channel is not None:
                return await _send_snapshot(send, asked, channel.page)
        elif page == "events":
            channel = await self._channel(slug, asked.language, asked.view)
            if channel is not None:
                return await self.stream.serve(asked, channel, receive, send)
        elif page == "data.json":
            if await self._channel(slug, asked.language, "page") is not None:
                return await _send_snapshot(send, asked, self.data[slug])
        elif page == "qr.svg" and slug in self.pulses:
            return await _send_snapshot(send, asked, self._code(slug, asked))
        return await _send_text(send, 404, b"There is no such board.")

    def _code(self, slug, asked):
        base = self.flask_app.config["BOARD_URL"] or f"{asked.scheme}://{asked.host}"
        key = (slug, base)
        if key not in self.codes:
            if len(self.codes) > 100:
                self.codes.clear()  # The name of the host comes from outside.
            self.codes[key] = rendering.snapshot(qr_svg(f"{base}/board/{slug}"), "image/svg+xml")
        return self.codes[key]


class Asked:
    """What a request asks for, read once from its scope."""

    __slots__ = (
        "host", "is_gzip", "known_etag", "language", "last_event", "method", "page", "scheme",
        "slug", "view",
    )

    def __init__(self, scope):
        self.method, self.scheme = scope["method"], scope.get("scheme", "http")
        accepted = self.host = self.known_etag = self.last_event = ""
        self.is_gzip = False
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                self.is_gzip = b"gzip" in value
            elif name == b"accept-language":
                accepted = value.decode("latin-1")
            elif name == b"if-none-match":
                self.known_etag = value.decode("latin-1")
            elif name == b"last-event-id":
                self.last_event = value.decode("latin-1")
            elif name == b"host":
                self.host = value.decode("latin-1")
        self.slug, self.page, self.language, self.view, after = _address(
            scope["path"], scope["query_string"], accepted
        )
        self.last_event = self.last_event or after


@lru_cache(maxsize=4096)
def _address(path, query_string, accepted):
    """(slug, page, language, view, last event) of an address.

    page: page, wall, events, data.json, qr.svg, front, or "" for nothing of ours.
    """
    query = parse_qs(query_string.decode("latin-1"))
    one = {name: values[0] for name, values in query.items()}
    slug, page = _place(unquote(path).strip("/").split("/"))
    view = one.get("view", "page")
    return (
        slug, page, rendering.choose_language(one.get("lang", ""), accepted),
        view if view in rendering.VIEWS else "page", one.get("after", ""),
    )


def _place(parts):
    if parts == [""]:
        return "", "front"
    if parts[0] == "board" and len(parts) == 2:
        return parts[1], "page"
    if parts[0] == "board" and len(parts) == 3 and parts[2] in PLACES:
        return parts[1], parts[2]
    return "", ""


async def _send_snapshot(send, asked, snapshot):
    plain, packed = _headers_of(snapshot)
    if snapshot.etag in asked.known_etag:
        await send({"type": "http.response.start", "status": 304, "headers": plain[:-1]})
        await send({"type": "http.response.body", "body": b""})
        return
    body, headers = (snapshot.compressed, packed) if asked.is_gzip else (snapshot.body, plain)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body if asked.method == "GET" else b""})


@lru_cache(maxsize=256)
def _headers_of(snapshot):
    """The headers of the plain and of the compressed form; the length stands last."""
    common = [
        (b"content-type", snapshot.content_type.encode()), (b"etag", snapshot.etag.encode()),
        (b"cache-control", b"no-cache"), (b"vary", b"Accept-Encoding, Accept-Language"), *COMMON,
    ]
    packed = [(b"content-encoding", b"gzip"), (b"content-length", _length(snapshot.compressed))]
    return [*common, (b"content-length", _length(snapshot.body))], [*common, *packed]


def _length(body):
    return str(len(body)).encode()


async def _send_text(send, status, text, *more):
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"),
        (b"content-length", str(len(text)).encode()), *COMMON, *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})


def create_node():
    """The node of this installation, for an ASGI server's factory."""
    from contest import create_app

    return Node(create_app())


