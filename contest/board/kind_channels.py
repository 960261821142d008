"""The node's channels of further kinds (channels.KINDS): kept up to date, answered, streamed."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs

from contest.board import channels, rendering
from contest.board.carried_kinds import CarriedFiles
from contest.board.channel import Channel
from contest.board.limits import Limits
from contest.board.pieces import difference
from contest.board.stream import Stream

log = logging.getLogger(__name__)

MOST_LISTENERS = 500
LANGUAGE = "of-its-own"  # such a page has the language that was chosen for it


class KindChannel(Channel):
    """A page of a further kind: it is no view of a board."""

    keeps_events = True

    def snapshot(self, text):
        """The page as it is served, in nobody's frame."""
        return rendering.snapshot(text, "text/html; charset=utf-8")


class KindChannels:
    """The open channels of every further kind, by (kind, key)."""

    def __init__(self, flask_app, epoch, in_thread):
        self.flask_app, self.epoch = flask_app, epoch
        self.in_thread = in_thread
        self.open = {}
        self.shown = {}  # by (kind, key): what was found when it was rendered
        # Apart from the audience's: however many watch the board, a screen in the hall gets through.
        self.stream = Stream(Limits(MOST_LISTENERS))
        self.names = channels.KINDS
        self.carried = CarriedFiles(self, in_thread)
        self.is_carried = False  # True where public nodes are fed
        self._made = 0
        self._making = asyncio.Lock()
        # Who writes may have to wait; nobody's page is rendered later for it.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="seen")

    def stop(self):
        """Close every stream and take no more words."""
        self.stream.end_all()
        self._writer.shutdown(wait=False)

    async def look(self):
        """Bring every open channel up to date; close those whose thing is gone."""
        for name, key in list(self.open):
            try:
                await self._refresh(name, key)
            except Exception:
                # One page's trouble holds up neither the others nor the boards; it is tried again.
                log.exception("%s/%s could not be brought up to date", name, key)
        if self.is_carried:
            try:
                await self.carried.look()
            except Exception:
                log.exception("what public nodes carry could not be brought up to date")

    def rouse(self):
        """Send every listener a heartbeat, and let go of those who take nothing."""
        self.stream.drop_stuck()
        for channel in self.open.values():
            channel.rouse()

    async def channel(self, name, key):
        """The channel of one thing, made when it is first asked for; None when there is none."""
        if (name, key) not in self.open:
            await self._refresh(name, key)
        return self.open.get((name, key))

    async def _refresh(self, name, key):
        async with self._making:  # two renderings of one channel would number events twice
            await self._render(name, key)

    async def _render(self, name, key):
        kind, known = channels.KINDS[name], self.open.get((name, key))
        before = self.shown.get((name, key))

        def work():
            found = kind.find(key)
            if found is None or (known is not None and found == before):
                return found, None
            return found, kind.render(key)

        found, rendered = await self.in_thread(work)
        if found is None:
            self._close(name, key)
        elif rendered is not None:
            await self._publish(name, key, *rendered)
            self.shown[name, key] = found

    async def _publish(self, name, key, pieces, page_text):
        channel = self.open.get((name, key))
        if channel is None:
            self._made += 1
            channel = KindChannel(f"{self.epoch}-{name}-{self._made}", LANGUAGE, name)
        if channel.pieces is None or difference(channel.pieces, pieces):
            issue, shown = await self.in_thread(lambda: channel.both(pieces, page_text))
            channel.turn(shown)
            channel.publish(issue)
        self.open[name, key] = channel

    def _close(self, name, key):
        self.shown.pop((name, key), None)
        channel = self.open.pop((name, key), None)
        if channel is not None:
            channel.is_open = False
            channel.rouse()

    async def file(self, name, key, page):
        """(bytes, content type) of a file beside the page, or None."""
        return await self.in_thread(lambda: channels.KINDS[name].fetch(key, page))

    async def hear(self, name, key, query_string):
        """Pass on what a page says of itself; the answer, None when there is no such page."""
        words = {word: values[0] for word, values in parse_qs(query_string.decode("latin-1")).items()}

        def work():
            with self.flask_app.app_context():
                return channels.KINDS[name].hear(key, words)

        return await asyncio.get_running_loop().run_in_executor(self._writer, work)
