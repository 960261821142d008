"""Sending a channel's events to everybody who listens, and letting go of those who cannot keep up."""

import asyncio
import random
from collections import Counter
from time import monotonic

from contest.board.answers import COMMON, OWN
from contest.board.channel import GZIP_HEADER, HELLOS

LONGEST_SEND = 20.0  # seconds until a listener whose line takes nothing is dropped


class Listener:
    """One open stream. There are ten thousand of them: each holds one task, and no second one that waits."""

    __slots__ = ("is_gzip", "leaving", "receive", "send", "sending_since", "task")

    def __init__(self, task, is_gzip, receive, send):
        self.task, self.is_gzip = task, is_gzip
        self.receive, self.send = receive, send
        self.sending_since = None
        self.leaving = None

    def watch(self):
        """End the task when the other side goes."""
        # The server's own future, where it gives one: a task around it would be another kilobyte.
        self.leaving = asyncio.ensure_future(self.receive())
        self.leaving.add_done_callback(self._heard)

    def _heard(self, told):
        if told.cancelled():
            return
        if told.exception() is not None or told.result()["type"] == "http.disconnect":
            self.task.cancel()
        else:
            self.watch()

    async def say(self, chunks):
        """Send them as one piece."""
        pieces = [c.deflated if self.is_gzip else c.plain for c in chunks]
        body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self.sending_since = monotonic()
        await self.send({"type": "http.response.body", "body": body, "more_body": True})
        self.sending_since = None


class Stream:
    """Every open stream of this process."""

    def __init__(self, limits):
        self.limits = limits
        self.listeners = set()
        self.by_address = Counter()
        self.waiting = Counter()  # by channel: how many listen

    async def serve(self, asked, channel, receive, send):
        """Hold one stream open until the listener goes; 503 when there are too many.

        Who is refused looks at the page now and then (static/board.js); each after another pause.
        """
        address = self.limits.of(asked.address)
        if not self.limits.has_room(len(self.listeners), self.by_address[address]):
            if not self.by_address[address]:
                del self.by_address[address]
            return await _refuse(send)
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache"),
            (b"x-accel-buffering", b"no"), (b"vary", b"Accept-Encoding"), *COMMON, OWN,
        ]
        if asked.is_gzip:
            headers.append((b"content-encoding", b"gzip"))
        if asked.page == "feed":
            headers.append((b"access-control-allow-origin", b"*"))
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if asked.method == "HEAD":
            return await send({"type": "http.response.body", "body": b""})
        listener = Listener(asyncio.current_task(), asked.is_gzip, receive, send)
        self.listeners.add(listener)
        self.by_address[address] += 1
        self.waiting[channel] += 1
        listener.watch()
        try:
            await _follow(asked.last_event, channel, listener)
            await send({"type": "http.response.body", "body": b""})
        except asyncio.CancelledError:
            # The listener has gone, was too slow, or the node stops: nothing more can be said.
            pass
        finally:
            self.listeners.discard(listener)
            _one_less(self.waiting, channel)
            _one_less(self.by_address, address)
            listener.leaving.cancel()

    def drop_stuck(self):
        """Let go of the listeners whose line has taken nothing for too long."""
        late = monotonic() - LONGEST_SEND
        for listener in self.listeners:
            if listener.sending_since is not None and listener.sending_since < late:
                listener.task.cancel()

    def end_all(self):
        """Close every stream."""
        for listener in self.listeners:
            listener.task.cancel()


async def _follow(last_event, channel, listener):
    if listener.is_gzip:
        await listener.send({"type": "http.response.body", "body": GZIP_HEADER, "more_body": True})
    await listener.say([random.choice(HELLOS)])
    number, loop = channel.number_of(last_event), asyncio.get_running_loop()
    while True:
        # What is published while this line takes its time is not yet sent: remember up to where.
        roused, newest = channel.roused, channel.number
        missed = None if number is None else channel.missed(number)
        if not channel.is_open:
            await listener.say([channel.farewell()])
            return
        await listener.say([channel.reload()] if missed is None else missed or [channel.notice])
        number = newest
        if channel.roused == roused:
            await channel.next(loop)


def _one_less(counter, key):
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


async def _refuse(send):
    pause = str(random.randint(10, 30)).encode()
    await send({"type": "http.response.start", "status": 503, "headers": [
        (b"retry-after", pause), (b"content-length", b"0"), (b"cache-control", b"no-store"), *COMMON,
        OWN,
    ]})
    await send({"type": "http.response.body", "body": b""})
