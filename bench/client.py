"""A small HTTP client on asyncio, only for the loopback and only for measuring."""

import asyncio
import re
import time

HOST = "127.0.0.1"


def percentile(values, share):
    """The value below which `share` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def request(method, path, headers=(), body=b""):
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", *(f"{k}: {v}" for k, v in headers)]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def answer(reader):
    """(status, body) of one answer that says its length."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    body = await reader.readexactly(int(length.group(1)) if length else 0)
    return int(head.split(b" ", 2)[1]), body


async def throughput(port, message, seconds, connections=8, depth=16):
    """Answers a second, asking `depth` at a time on each connection so that the client is no brake."""
    count, until = 0, time.monotonic() + seconds
    size = 0

    async def ask():
        nonlocal count, size
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        body = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE).group(1))
        await reader.readexactly(body)
        size = len(head) + body
        while time.monotonic() < until:
            writer.write(message * depth)
            await reader.readexactly(size * depth)
            count += depth
        writer.close()

    began = time.monotonic()
    await asyncio.gather(*(ask() for _ in range(connections)))
    return count / (time.monotonic() - began), size


async def latencies(port, message, seconds, connections=16):
    """Seconds that each answer took, one question at a time on each connection."""
    found, until = [], time.monotonic() + seconds

    async def ask():
        reader, writer = await asyncio.open_connection(HOST, port)
        while time.monotonic() < until:
            began = time.perf_counter()
            writer.write(message)
            status, _ = await answer(reader)
            if status not in {200, 304}:
                raise RuntimeError(f"the server answered {status}")
            found.append(time.perf_counter() - began)
        writer.close()

    await asyncio.gather(*(ask() for _ in range(connections)))
    return found


class Listener:
    """One open board; notes when each event arrived."""

    def __init__(self):
        self.arrived = {}  # event's number: perf_counter()
        self.told = {}  # event's number: its bytes, only where `keeps`
        self.keeps = False
        self._text = b""

    async def listen(self, port, path, ready):
        """Follow the stream until cancelled."""
        reader, writer = await asyncio.open_connection(HOST, port, limit=2**22)
        writer.write(request("GET", path, [("Accept", "text/event-stream")]))
        await reader.readuntil(b"retry")
        ready.set()
        try:
            while data := await reader.read(2**18):
                self._take(data, time.perf_counter())
        finally:
            writer.close()

    def _take(self, data, now):
        self._text += data
        while b"\n\n" in self._text:
            block, self._text = self._text.split(b"\n\n", 1)
            found = re.search(rb"id: \S+\.(\d+)\r?\nevent: board", block)
            if found:
                number = int(found.group(1))
                self.arrived[number] = now
                if self.keeps:
                    self.told[number] = block
