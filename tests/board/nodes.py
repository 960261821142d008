"""A board node inside the test's own event loop, and a browser for it."""

import asyncio
import json
import zlib
from contextlib import asynccontextmanager, suppress

from contest.board.node import Node


class Visit:
    """One request and what came back so far."""

    def __init__(self):
        self.status, self.headers, self.body = None, {}, b""
        self.more = asyncio.Event()
        self.leave = asyncio.Event()
        self.task = None

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
        self.more.set()

    async def receive(self):
        await self.leave.wait()
        return {"type": "http.disconnect"}

    @property
    def text(self):
        """What has been sent, unpacked."""
        if self.headers.get("content-encoding") == "gzip":
            return zlib.decompressobj(wbits=31).decompress(self.body).decode()
        return self.body.decode()

    async def until(self, words, count=1):
        """Wait until `words` have come `count` times."""
        async with asyncio.timeout(30):
            while self.text.count(words) < count:
                self.more.clear()
                await self.more.wait()

    def events(self):
        """The stream's events as (id, name, data)."""
        found = []
        for block in self.text.split("\n\n"):
            fields = dict(line.partition(": ")[::2] for line in block.split("\n") if ": " in line)
            if "event" in fields and "id" in fields:  # a notice has no number
                data = fields.get("data", "")
                found.append((fields["id"], fields["event"], json.loads(data) if data else None))
        return found

    async def close(self):
        self.leave.set()
        with suppress(asyncio.CancelledError):
            await self.task


def visit(node, path, headers=None, method="GET"):
    """Begin a request; its `task` ends when the answer is complete."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "method": method, "path": path, "query_string": query.encode(),
        "scheme": "http",
        "headers": [(k.lower().encode(), v.encode()) for k, v in (headers or {}).items()],
    }
    found = Visit()
    found.task = asyncio.create_task(node(scope, found.receive, found.send))
    return found


async def get(node, path, **asked):
    """A finished request."""
    found = visit(node, path, **asked)
    async with asyncio.timeout(30):
        await found.task
    return found


@asynccontextmanager
async def running_node(app, **settings):
    """A node that has been started on the test's database; its events are named e-…"""
    node = Node(app, epoch="e", **settings)
    await node.start()
    try:
        yield node
    finally:
        await node.stop()
