"""The gate of the office: a request goes to a thread only once all of it is here.

Threads are few, because they share one lock, and whoever writes holds SQLite's: a tablet whose Wi-Fi
ends in the middle of a sentence would keep both from everybody else. So bodies are received here, where
waiting costs nothing, and operations on sheets have a thread of their own that no slow page takes.
"""

import asyncio
import contextvars
import io
import logging
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from tempfile import TemporaryFile
from time import monotonic

from granian.rsgi import ProtocolClosed

from contest.db import CAME

log = logging.getLogger(__name__)

OPERATION = re.compile(r"/api/v1/sheets/\d+/operations")
BODY_SECONDS = 600  # for the whole of a body
IN_MEMORY = 256 * 1024  # of a body; what is longer goes to the disk
PIECE = 1024 * 1024  # of an answer that is longer than that
MOST_HELD = 512 * 1024 * 1024  # of bodies longer than IN_MEMORY, all together
MOST_WAITING = 1024  # requests for a thread of one kind
SAID = {
    400: "This request came only half.\n",
    408: "The request did not arrive in time. Please send it again.\n",
    500: "Internal Server Error\n",
    503: "The server is busy. Please try again in a moment.\n",
}


class Turned(Exception):
    """A request that goes no further; with the status that is answered."""


class Gate:
    """A WSGI application as granian's RSGI calls one.

    threads: for pages; lanes: for operations on sheets; most_bytes: what a body may have; stall: seconds
    without a byte of a body that was announced.
    """

    def __init__(self, app, threads=4, lanes=1, most_bytes=20 * 1024 * 1024, stall=30):
        self.app, self.most_bytes, self.stall, self.held = app, most_bytes, stall, 0
        self.pages = Pool(threads, "page")
        self.operations = Pool(lanes, "operation")

    def __rsgi_del__(self, _loop):
        for pool in (self.pages, self.operations):
            pool.threads.shutdown(wait=False, cancel_futures=True)

    async def __rsgi__(self, scope, proto):
        body = Body(self, scope)
        try:
            await body.receive(proto)
            pool = self.operations if OPERATION.fullmatch(scope.path) else self.pages
            await pool.answer(Answer(self.app, environ_of(scope, body), proto))
        except Turned as turned:
            say(proto, turned.args[0])
        except ProtocolClosed:
            log.debug("%s %s: hung up", scope.method, scope.path)
        finally:
            body.close()


class Body:
    """What follows the head of a request, received before anybody works on it.

    What is longer than any page takes is not kept: its length alone makes the page refuse it.
    """

    def __init__(self, gate, scope):
        self.gate, self.length, self.held, self.file = gate, 0, 0, io.BytesIO()
        said = scope.headers.get("content-length") or ""
        self.said = int(said) if said.isascii() and said.isdigit() else None
        # Of HTTP/2 it may come without a length and without a word.
        self.is_there = self.said or (self.said is None and scope.method not in ("GET", "HEAD"))

    async def receive(self, proto):
        """Wait for the whole of it; Turned."""
        if not self.is_there:
            return
        if self.said and self.said > self.gate.most_bytes:
            self.length = self.said
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                await self._take_all(proto)
        except TimeoutError:
            raise Turned(408) from None
        if self.said is not None and self.length < self.said:
            raise Turned(400)  # half of what was announced is nothing to work on
        self.file.seek(0)

    async def _take_all(self, proto):
        if self.said and self.said <= IN_MEMORY:
            async with asyncio.timeout(self.gate.stall):
                self._take(await proto())
            return
        async with asyncio.timeout(self.gate.stall) as patience:
            async for piece in proto:
                self._take(piece)
                if self.length > self.gate.most_bytes:
                    return
                patience.reschedule(asyncio.get_running_loop().time() + self.gate.stall)

    def _take(self, piece):
        self.length += len(piece)
        if self.length > IN_MEMORY:
            self._hold(self.length - self.held)
            if isinstance(self.file, io.BytesIO):
                begun, self.file = self.file.getvalue(), TemporaryFile()  # noqa: SIM115  (closed with it)
                self.file.write(begun)
        self.file.write(piece)

    def _hold(self, more):
        if self.gate.held + more > MOST_HELD:
            raise Turned(503)
        self.gate.held += more
        self.held += more

    def close(self):
        """Forget it."""
        self.gate.held -= self.held
        self.held = 0
        self.file.close()


class Pool:
    """Threads of one kind, and how many requests wait for one or have it."""

    def __init__(self, threads, name):
        self.threads, self.waiting = ThreadPoolExecutor(threads, name), 0

    async def answer(self, answer):
        """Let a thread work for this answer, and send what it could not send at once; Turned."""
        if self.waiting >= MOST_WAITING:
            raise Turned(503)
        self.waiting += 1
        # Every request has variables of its own, whichever thread goes on with it.
        context, loop = contextvars.Context(), asyncio.get_running_loop()
        try:
            piece = await loop.run_in_executor(self.threads, context.run, answer.begin)
            if answer.is_open:
                stream = answer.proto.response_stream(answer.status, answer.headers)
                while piece:
                    await stream.send_bytes(piece)
                    piece = await loop.run_in_executor(self.threads, context.run, answer.next_piece)
        finally:
            self.waiting -= 1
            if answer.is_open:  # whoever asked has hung up
                await loop.run_in_executor(self.threads, context.run, answer.close)


class Answer:
    """What the application answers; each method is called in a thread."""

    def __init__(self, app, environ, proto):
        self.app, self.environ, self.proto = app, environ, proto
        self.status, self.headers = 500, []
        self._chunks = self._rest = None

    @property
    def is_open(self):
        """Is there more to come than was sent?"""
        return self._chunks is not None

    def begin(self):
        """Let the application work and send its answer; of a long one the first piece comes back."""
        try:
            self._chunks = self.app(self.environ, self._start)
            self._rest = iter(self._chunks)
            piece = self.next_piece()
        except Exception:
            log.exception("%s %r", self.environ["REQUEST_METHOD"], self.environ["PATH_INFO"])
            self.close()
            say(self.proto, 500)
            return b""
        if not self.is_open:
            with suppress(ProtocolClosed):
                self.proto.response_bytes(self.status, self.headers, piece)
        return piece

    def _start(self, status, headers, _error=None):
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower(), value) for name, value in headers]

    def next_piece(self):
        """The next PIECE or so, empty after the last one, with which all is closed."""
        taken, size = [], 0
        for chunk in self._rest:
            taken.append(chunk)
            size += len(chunk)
            if size >= PIECE:
                break
        else:
            self.close()
        return b"".join(taken)

    def close(self):
        """Let go of what the application holds for this answer."""
        chunks, self._chunks = self._chunks, None
        if hasattr(chunks, "close"):
            chunks.close()


def environ_of(scope, body):
    """The WSGI environment of a request (PEP 3333)."""
    server, client = scope.server.rpartition(":"), scope.client.rpartition(":")
    environ = {
        "REQUEST_METHOD": scope.method, "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"), "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}", "SERVER_NAME": server[0].strip("[]"),
        "SERVER_PORT": server[2], "REMOTE_ADDR": client[0].strip("[]"), "REMOTE_PORT": client[2],
        "wsgi.version": (1, 0), "wsgi.url_scheme": scope.scheme, "wsgi.input": body.file,
        "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False, "wsgi.input_terminated": True, CAME: monotonic(),
    }
    for name, value in scope.headers.items():
        _add_header(environ, name, value)
    if scope.authority:  # HTTP/2 says so what Host says before it
        environ.setdefault("HTTP_HOST", scope.authority)
    if body.is_there:
        environ["CONTENT_LENGTH"] = str(body.length)
    return environ


def _add_header(environ, name, value):
    if "_" in name or name == "content-length":
        return  # a_b and a-b would be one; what counts of a length is what arrived
    key = name.upper().replace("-", "_")
    if key != "CONTENT_TYPE":
        key = f"HTTP_{key}"
    if key in environ:
        value = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
    environ[key] = value


def say(proto, status):
    """A sentence of the gate's own."""
    headers = [("content-type", "text/plain; charset=utf-8"), ("cache-control", "no-store")]
    headers += [("retry-after", "2")] if status == 503 else []
    with suppress(ProtocolClosed):
        proto.response_str(status, headers, SAID[status])
