"""A network that does everything networks do, between clients and a server."""

import asyncio
import random
import threading
from contextlib import suppress

FATES = ("whole", "whole", "whole", "dropped", "late", "answer lost", "twice", "copy comes late",
         "request cut", "answer cut", "portal")
PORTAL = b"<html><body>Welcome to the hall's Wi-Fi. Please accept our terms.</body></html>"
PORTAL_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(PORTAL), PORTAL)
)


class FaultProxy:
    """Takes connections on `port`, hands each request on to the server, or not, or not only once.

    calm: while it is set nothing goes wrong. counts: how often each fate came.
    """

    def __init__(self, server_port, seed=1, fates=FATES, only=b"/operations"):
        self.server_port, self.fates, self.only = server_port, fates, only
        self.chance = random.Random(seed)
        self.counts = dict.fromkeys(fates, 0)
        self.calm = False
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._ready.wait(30), "the proxy did not start"
        return self

    def __exit__(self, *_error):
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(30)
        self._loop.close()

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())

    async def _serve(self):
        self._over, self._late = asyncio.Event(), set()
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()
        await asyncio.gather(*self._late, return_exceptions=True)
        # A browser may have gone in the middle of a page.
        open_still = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_still:
            task.cancel()
        await asyncio.gather(*open_still, return_exceptions=True)

    async def _meet(self, reader, writer):
        with suppress(OSError, asyncio.IncompleteReadError, ValueError):
            request = await _whole_request(reader)
            answer = await self._fate(request)
            if answer:
                writer.write(answer)
                await writer.drain()
        with suppress(OSError):
            writer.close()
            await writer.wait_closed()

    async def _fate(self, request):
        """What the client gets back; nothing when the connection simply ends."""
        if self.calm or self.only not in request.split(b"\r\n", 1)[0]:
            return await self._hand_on(request)
        fate = self.chance.choice(self.fates)
        self.counts[fate] += 1
        if fate == "dropped":
            return b""
        if fate == "portal":
            return PORTAL_ANSWER
        if fate == "request cut":
            await self._hand_on(request[: self.chance.randrange(len(request))])
            return b""
        if fate == "late":
            await asyncio.sleep(self.chance.uniform(0, 0.2))
        if fate == "copy comes late":
            self._late.add(asyncio.create_task(self._later(request)))
            return b""
        if fate == "twice":
            first, second = await asyncio.gather(self._hand_on(request), self._hand_on(request))
            return self.chance.choice([first, second])
        answer = await self._hand_on(request)
        if fate == "answer lost":
            return b""
        if fate == "answer cut":
            return answer[: self.chance.randrange(len(answer) or 1)]
        return answer

    async def _later(self, request):
        await asyncio.sleep(self.chance.uniform(0, 0.5))
        with suppress(OSError):
            await self._hand_on(request)

    async def _hand_on(self, request):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server_port)
        try:
            writer.write(request)
            await writer.drain()
            writer.write_eof()
            return await reader.read()
        finally:
            with suppress(OSError):
                writer.close()
                await writer.wait_closed()


async def _whole_request(reader):
    """The bytes of one request; the connection is asked to end with its answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    lines = head.split(b"\r\n")
    for line in lines:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    kept = [line for line in lines[:-2] if not line.lower().startswith(b"connection:")]
    body = await reader.readexactly(length)
    return b"\r\n".join([*kept, b"Connection: close", b"", b""]) + body
