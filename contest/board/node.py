"""The board node: a small server of its own for the audience, so that judges never wait for it.

A bare ASGI application. It holds no session, writes nothing, and knows only what
queries.public_board() gives out; each page is rendered and compressed once per change.
"""

import asyncio
import logging
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import monotonic

from contest import clock
from contest.board import listening, pulse_queries, queries, rendering
from contest.board.answers import send_file, send_snapshot, send_text
from contest.board.asked import Asked
from contest.board.channel import Channel, FeedChannel
from contest.board.kind_channels import KindChannels
from contest.board.limits import MOST_LISTENERS, Limits
from contest.board.pieces import difference
from contest.board.stream import Stream
from contest.documents.qr import qr_svg
from contest.errors import Missing

log = logging.getLogger(__name__)

POLL_SECONDS = 2.0
SHORTEST_PAUSE = 0.1  # at most ten renderings a second; the last change is always rendered
RESTS = 0.5  # times as long as the work took: the audience gets two thirds of one core at most
LATEST_PAGE = 1.0  # so old a page may be in a rush; whoever has it open hears of every event
LONGEST_HELD = 1.0
HEARTBEAT_SECONDS = 15.0


class Node:
    """The ASGI application. `flask_app` gives the database and the templates, in one thread."""

    # What public nodes mirror: these dicts, of any depth, whose leaves are Channels and Snapshots.
    mirrored = ("channels", "kinds.carried.channels", "kinds.carried.files")

    def __init__(self, flask_app, epoch=None, most_listeners=MOST_LISTENERS, limits=None):
        self.flask_app = flask_app
        self.epoch = epoch or secrets.token_hex(4)
        self.channels = {}  # by slug: {(language, view): Channel}
        self.boards = {}  # by slug: the PublicBoard that is rendered
        self.data = {}  # by slug: (PublicBoard, Snapshot of it as JSON), made when somebody asks
        self.codes = {}  # by slug and address: Snapshot of the QR code
        self.pulses = None  # by slug: what the boards depend on, as last seen
        self.shown = {}  # by slug: the pulse that is rendered
        self.nudged = set()
        self.dirty = asyncio.Event()
        self.next_switch = None  # when a freeze begins or ends by itself
        self.true_at = None  # the moment at which what is served was last known to be so
        self.news = asyncio.Event()  # set, and replaced, whenever something mirrored has changed
        self.sides = {}  # by path: another ASGI application at that address
        self.companions = []  # what runs as long as the node: objects with run()
        self.stream = Stream(limits or Limits(most_listeners))
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="board")
        self._making = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._tasks = []
        self._channels_made = 0
        self.kinds = KindChannels(flask_app, self.epoch, self._in_thread)

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self.sides.get(scope["path"], self._answer)(scope, receive, send)

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
        try:
            await self._look()
        except Exception:
            # Without its database the node waits for it; a start that failed would never be made good.
            log.exception("the board could not be read yet")
            self.pulses = self.pulses or {}
        self._tasks = [
            asyncio.create_task(self._watch()), asyncio.create_task(self._beat()),
            asyncio.create_task(self._warm()),
        ]
        self._tasks += [asyncio.create_task(each.run()) for each in self.companions]
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
        self.kinds.stop()

    def hear(self, contest_id):
        """A nudge: the boards of this contest may have changed (0: any of them)."""
        self.nudged.add(contest_id)
        self.dirty.set()

    async def _warm(self):
        """Read the marks of every public contest before somebody waits for them."""
        for slug in list(self.pulses):
            await self._channel(slug, "zh", "page")

    async def _watch(self):
        worked = 0.0
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.dirty.wait(), self._pause())
            await asyncio.sleep(self._held_back(worked))
            self.dirty.clear()
            began = monotonic()
            try:
                await self._look()
            except Exception:
                # The database may be away for a moment; what is shown stays shown meanwhile.
                log.exception("the board could not be brought up to date")
                await self._make_late_pages()
            worked = monotonic() - began
            await asyncio.sleep(self._rest(worked))

    def _rest(self, worked):
        """How long the audience leaves the processor to others; not past a moment of freezing."""
        # The shortest pause always: a moment that has come is not waited for, also without a database.
        return max(SHORTEST_PAUSE - worked, min(RESTS * worked, POLL_SECONDS / 2, self._pause()))

    def _held_back(self, worked):
        """How long a look, as long as the last one, waits for a freeze that would begin before its end."""
        left = (self.next_switch - clock.now()).total_seconds() if self.next_switch else 0.0
        return left if 0 < left < min(worked, LONGEST_HELD) else 0.0

    def _pause(self):
        """Until the next look: shorter when a freeze begins before that, which nobody nudges about."""
        if self.next_switch is None:
            return POLL_SECONDS
        left = (self.next_switch - clock.now()).total_seconds()
        return min(max(left, 0.001), POLL_SECONDS)

    async def _look(self):
        def read():
            now = clock.now()
            return now, pulse_queries.pulses(now), pulse_queries.next_switch(now)

        async with self._looking:
            nudged, self.nudged = self.nudged, set()
            await self.kinds.look()  # first: a stage waits for it, and it costs little
            if self.kinds.is_carried:
                self.tell()  # whoever mirrors finds out itself whether anything is new
            now, self.pulses, self.next_switch = await self._in_thread(read)
            failed = set()
            for slug in list(self.channels):
                try:
                    await self._bring_up(slug, nudged)
                except Exception:
                    # One contest's trouble holds up no other one; it is tried again at the next look.
                    log.exception("the board of %s could not be brought up to date", slug)
                    failed.add(self.pulses[slug].contest_id if slug in self.pulses else 0)
            if failed:
                self.nudged |= failed
                await self._make_late_pages()
            if not failed and not any(self._has_old_pages(slug) for slug in self.channels):
                self.true_at = now

    async def _bring_up(self, slug, nudged):
        pulse = self.pulses.get(slug)
        if pulse is None:
            self._close(slug)
        elif (
            pulse != self.shown.get(slug) or nudged & {pulse.contest_id, 0}
            or self._has_old_pages(slug)
        ):
            async with self._making:
                await self._render(slug, list(self.channels.get(slug, {})))
            self.shown[slug] = pulse

    def tell(self):
        """Wake whoever mirrors this node: something that is served has changed."""
        self.news, woken = asyncio.Event(), self.news
        woken.set()

    async def _beat(self):
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            self.stream.drop_stuck()
            for views in self.channels.values():
                for channel in views.values():
                    channel.rouse()
            self.kinds.rouse()

    def _close(self, slug):
        for channel in self.channels.pop(slug, {}).values():
            channel.is_open = False
            channel.rouse()
        self.boards.pop(slug, None)
        self.data.pop(slug, None)
        self.shown.pop(slug, None)
        self.tell()

    # Rendering: one look at the public door for all languages and views.

    async def _in_thread(self, function):
        def work():
            with self.flask_app.app_context():
                return function()

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _render(self, slug, wanted):
        # Only while `_making` is held: two renderings of one channel would number events twice.
        channels = self.channels.setdefault(slug, {})
        try:
            board = await self._in_thread(lambda: queries.public_board(slug, clock.now()))
        except Missing:
            self._close(slug)
            return
        before, self.boards[slug] = self.boards.get(slug), board
        made = {key: channels.get(key) or self._new_channel(key) for key in wanted}
        # First every event, those first that most wait for; then the pages, which nobody waits for.
        is_new = len(made.keys() - channels.keys()) > 0
        changed = False
        for channel in sorted(made.values(), key=lambda channel: -self.stream.waiting[channel]):
            changed |= await self._tell(board, channel)
        if is_new or _is_another_state(before, board) or not self._puts_pages_off(made.values()):
            changed |= await self._make_pages(board, made.values())
        channels |= made
        if changed:
            self.tell()

    def _puts_pages_off(self, made):
        """True while the next change waits already: its event goes before the pages of this one."""
        late = monotonic() - LATEST_PAGE
        return bool(self.nudged) and not any(
            channel.has_old_page and channel.page_at < late for channel in made
        )

    async def _make_pages(self, board, made):
        """The pages that do not show the newest event; True when there was one."""
        old = [channel for channel in made if channel.has_old_page]
        for channel in old:
            channel.turn(await self._in_thread(partial(self._show, board, channel)))
        return bool(old)

    async def _make_late_pages(self):
        """The pages that were put off for a look that failed: what they show is known."""
        async with self._making:
            for slug, channels in list(self.channels.items()):
                try:
                    if await self._make_pages(self.boards[slug], list(channels.values())):
                        self.tell()
                except Exception:
                    log.exception("the pages of %s could not be made", slug)

    def _has_old_pages(self, slug):
        return any(channel.has_old_page for channel in self.channels.get(slug, {}).values())

    async def _tell(self, board, channel):
        """Tell the listeners of one channel what has changed; True when something has."""
        if channel.told_of is board:
            return False

        def work():
            with rendering.in_language(board.slug, channel.language):
                pieces = rendering.render_pieces(board, channel.view, channel.pieces)
            if channel.pieces is not None and not difference(channel.pieces, pieces):
                return None, None
            issue = channel.prepare(pieces)
            is_waited_for = channel.at_once or issue.leads_to_page
            return issue, self._show(board, channel, issue) if is_waited_for else None

        issue, shown = await self._in_thread(work)
        channel.told_of = board
        if issue is None:
            return False
        if shown is not None:
            channel.turn(shown)
        channel.publish(issue)
        # Those who listen go first: whatever is made next would take its turns between theirs.
        await asyncio.sleep(0)
        return True

    def _show(self, board, channel, issue=None):
        """The page after an issue, or, without one, after the newest."""
        at = issue or channel

        def page_text(event_id):
            with rendering.in_language(board.slug, channel.language):
                return rendering.render_page(board, channel.view, at.pieces, event_id)

        return channel.show(at.number, page_text)

    def _new_channel(self, key):
        # A channel that is made again begins at 0: the name of its events must be another.
        self._channels_made += 1
        kind = FeedChannel if key[1] == rendering.FEED else Channel
        return kind(f"{self.epoch}-{self._channels_made}", *key)

    async def document(self, slug):
        """The Snapshot of a board as JSON, made when it is first asked for after a change; or None."""
        if slug not in self.boards and await self._channel(slug, "zh", "page") is None:
            return None
        board, made = self.boards[slug], self.data.get(slug)
        if made is None or made[0] is not board:
            made = self.data[slug] = board, await self._in_thread(
                lambda: rendering.snapshot(rendering.data_of(board), "application/json")
            )
        return made[1]

    async def kept_document(self, slug):
        """As `document`, for the copies on the disk."""
        return await self.document(slug)

    async def make_channel(self, *asked):
        """The channel that somebody asks another node for; None when there is no such board."""
        return await self._channel(*asked)

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
        asked = Asked(scope, self.kinds)
        if asked.method not in {"GET", "HEAD"}:
            return await send_text(send, 405, b"This address is only read.")
        if asked.kind:
            return await self._answer_kind(asked, receive, send)
        slug, page = asked.slug, asked.page
        if page == "front" and self.pulses:
            newest = max(self.pulses.values(), key=lambda pulse: pulse.contest_id)
            return await send_text(send, 303, b"", (b"location", f"/board/{newest.slug}".encode()))
        if page in rendering.VIEWS:
            channel = await self._channel(slug, asked.language, page)
            if channel is not None:
                return await send_snapshot(send, asked, channel.page)
        elif page == "events":
            channel = await self._channel(slug, asked.language, asked.view)
            if channel is not None:
                return await self.stream.serve(asked, channel, receive, send)
        elif page == "feed":
            channel = await self._channel(slug, "zh", rendering.FEED)
            if channel is not None:
                return await self.stream.serve(asked, channel, receive, send)
        elif page == "data.json":
            if (found := await self.document(slug)) is not None:
                return await send_snapshot(send, asked, found)
        elif page == "qr.svg" and slug in self.pulses:
            return await send_snapshot(send, asked, self._code(slug, asked))
        return await send_text(send, 404, b"There is no such board.")

    async def _answer_kind(self, asked, receive, send):
        name, key, page = asked.kind
        if page == "seen":
            told = await self.kinds.hear(name, key, asked.words)
            return await send_text(send, 404 if told is None else 200, (told or "").encode())
        channel = await self.kinds.channel(name, key) if page in {"", "events"} else None
        if page == "" and channel is not None:
            return await send_snapshot(send, asked, channel.page)
        if page == "events" and channel is not None:
            return await self.kinds.stream.serve(asked, channel, receive, send)
        if page not in {"", "events"} and (found := await self.kinds.file(name, key, page)):
            return await send_file(send, *found)
        return await send_text(send, 404, b"There is no such page.")

    def _code(self, slug, asked):
        base = self.flask_app.config["BOARD_URL"] or f"{asked.scheme}://{asked.host}"
        key = (slug, base)
        if key not in self.codes:
            if len(self.codes) > 100:
                self.codes.clear()  # The name of the host comes from outside.
            self.codes[key] = rendering.snapshot(qr_svg(f"{base}/board/{slug}"), "image/svg+xml")
        return self.codes[key]


def _is_another_state(before, after):
    """True when the board has frozen, was revealed, published or made final: pages say so at once."""
    return before is None or (before.state, before.frozen_at) != (after.state, after.frozen_at)
