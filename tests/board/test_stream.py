"""One listener's stream, whose line takes its time."""

import asyncio
from types import SimpleNamespace

from contest.board.limits import Limits
from contest.board.stream import Stream
from tests.board.test_channel import issue, pieces, started
from tests.loops import run_apart


def test_what_is_published_while_a_line_is_busy_is_sent_after_it():
    """Positions in an event count from the event before: with one left out, places stand beside others."""
    async def listen():
        channel = started(pieces(a="0 x"))
        asked = SimpleNamespace(
            address=("9.9.9.9", ""), is_gzip=False, page="events", method="GET", last_event=channel.event_id
        )
        sent, busy, gone = [], asyncio.Event(), asyncio.Event()
        busy.set()

        async def send(message):
            await busy.wait()
            sent.append(message.get("body", b""))

        async def receive():
            await gone.wait()
            return {"type": "http.disconnect"}

        async def until(words):
            async with asyncio.timeout(10):
                while not any(words in each for each in sent):
                    await asyncio.sleep(0.001)

        task = asyncio.create_task(Stream(Limits()).serve(asked, channel, receive, send))
        await until(b"retry")
        busy.clear()
        issue(channel, pieces(a="1 x"))
        await asyncio.sleep(0.01)  # the first is on its way, and the line takes nothing
        issue(channel, pieces(a="2 x"))
        await asyncio.sleep(0.01)
        busy.set()
        issue(channel, pieces(a="3 x"))
        await until(b"id: e.3\n")
        gone.set()
        await task
        return b"".join(sent)

    told = run_apart(listen())

    assert [told.count(f"id: e.{n}\n".encode()) for n in (1, 2, 3)] == [1, 1, 1]
