"""A crowd of open boards in a process of its own: plain sockets on epoll, so that the client is no brake.

It asks for gzip, as browsers do. Only the first board unpacks its stream; as everybody is sent the same
compressed event, the others are known to have it by its last bytes.

`python -m bench.crowd PORT COUNT PATH` says on its output, a line of JSON each, when all are ready and
when each numbered event has come to the last of them. Times are of the system's monotonic clock.
"""

import contextlib
import errno
import json
import os
import re
import select
import socket
import subprocess
import sys
import threading
import time
import zlib
from pathlib import Path

HOST = "127.0.0.1"
AT_ONCE = 200  # connections begun at a time
NUMBER = re.compile(rb"id: \S+?\.(\d+)\n")
ROOT = Path(__file__).parent.parent
TAIL = 48  # the last bytes of an event that tell it from every other, its check of chunks included
HELLO_BYTES = 12  # the header of gzip comes first, apart from everything else
KEPT = 256  # as many of the last bytes of each board: a heartbeat may have come after the event


class _Unpacked:
    """The text of one board's stream, which comes in HTTP chunks of one gzip member."""

    def __init__(self):
        self.raw, self.gzip, self.text = b"", zlib.decompressobj(31), b""
        self.is_begun = False

    def take(self, data):
        """(event's number, its last bytes as sent) of every event that is whole now."""
        self.raw += data
        if not self.is_begun:
            head, found, rest = self.raw.partition(b"\r\n\r\n")
            if not found:
                return []
            self.raw, self.is_begun = rest, True
            if b"gzip" not in head:
                raise SystemExit("The board was asked for gzip and sends none.")
        found = []
        while b"\r\n" in self.raw:
            size, _, rest = self.raw.partition(b"\r\n")
            end = int(size, 16)
            if len(rest) < end + 2:
                break
            self.text += self.gzip.decompress(rest[:end])
            numbers = NUMBER.findall(self.text)
            if self.text.endswith(b"\n\n"):
                self.text = b""
            found += [(int(number), rest[:end][-TAIL:]) for number in numbers]
            self.raw = rest[end + 2:]
        return found


class _Boards:
    def __init__(self, port, path, count):
        self.message = (
            f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n"
            "Accept-Encoding: gzip\r\n\r\n"
        ).encode()
        self.port, self.count = port, count
        self.poll = select.epoll()
        self.sockets, self.rest = {}, {}
        self.unpacked, self.first_board = _Unpacked(), None
        self.heard = {}  # by board: (its last bytes, when they came)
        self.open_events = {}  # by number: (last bytes, boards that have not got it)
        self.ready, self.refused, self.lost = set(), 0, 0
        self.first = {}

    def open(self):
        """Open them all; who is refused is counted and closed."""
        left = self.count
        while left or len(self.ready) + self.refused + self.lost < self.count:
            waiting = len(self.sockets) - len(self.ready)
            for _ in range(min(left, AT_ONCE - waiting)):
                self._begin()
                left -= 1
            self.turn(0.2)
        say({"ready": len(self.ready), "refused": self.refused, "lost": self.lost})

    def _begin(self):
        one = socket.socket()
        one.setblocking(False)
        code = one.connect_ex((HOST, self.port))
        if code not in {0, errno.EINPROGRESS}:
            one.close()
            self.lost += 1
            return
        number = one.fileno()
        self.sockets[number], self.rest[number] = one, b""
        self.poll.register(number, select.EPOLLOUT)

    def turn(self, seconds):
        """Take what has come."""
        for number, event in self.poll.poll(seconds, 2048):
            if event & select.EPOLLOUT:
                with contextlib.suppress(OSError):
                    self.sockets[number].send(self.message)
                self.poll.modify(number, select.EPOLLIN)
            else:
                self._read(number)

    def _read(self, number):
        try:
            data = self.sockets[number].recv(262_144)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        if not data:
            return self._end(number, is_refused=False)
        if number not in self.ready:
            data = self.rest[number] + data
            if b" 503 " in data[:20]:
                return self._end(number, is_refused=True)
            if data.find(b"\r\n\r\n") < 0 or len(data) - data.find(b"\r\n\r\n") < HELLO_BYTES:
                self.rest[number] = data
                return None
            self.ready.add(number)
        self._note(number, data, time.monotonic())
        return None

    def _note(self, number, data, now):
        before = self.heard.get(number, (b"", 0))[0]
        last = data[-KEPT:] if len(data) >= KEPT else (before + data)[-KEPT:]
        self.heard[number] = (last, now)
        for event, (tail, missing) in list(self.open_events.items()):
            if number in missing and tail in last:
                self._came(event, number, now)
        if self.first_board in {None, number}:
            self.first_board = number
            for event, tail in self.unpacked.take(data):
                self._begin_event(event, tail)

    def _begin_event(self, event, tail):
        """An event is known by its last bytes now; who has got it before the first board did?"""
        self.open_events[event] = (tail, set(self.ready))
        for number in self.ready:
            last, at = self.heard[number]
            if tail in last:
                self._came(event, number, at)

    def _came(self, event, number, at):
        _, missing = self.open_events[event]
        missing.discard(number)
        first, last = self.first.get(event, (at, at))
        self.first[event] = (min(first, at), max(last, at))
        if not missing:
            del self.open_events[event]
            first, last = self.first[event]
            say({"number": event, "first": first, "last": last})

    def _end(self, number, is_refused):
        self.poll.unregister(number)
        self.sockets.pop(number).close()
        self.ready.discard(number)
        self.refused, self.lost = self.refused + is_refused, self.lost + (not is_refused)


def say(value):
    """One line of JSON."""
    os.write(1, json.dumps(value).encode() + b"\n")


class Crowd:
    """The process as its starter sees it."""

    def __init__(self, port, path, count):
        self.child = subprocess.Popen(
            [sys.executable, "-m", "bench.crowd", str(port), str(count), path], cwd=ROOT,
            stdout=subprocess.PIPE, text=True,
        )
        self.state, self.events = None, {}
        self._told = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.child.stdout:
            told = json.loads(line)
            if "ready" in told:
                self.state = told
                self._told.set()
            else:
                self.events[told["number"]] = (told["first"], told["last"])

    def wait_ready(self, seconds=600):
        """{"ready", "refused", "lost"} once every one has been answered."""
        if not self._told.wait(seconds):
            raise RuntimeError("the crowd never got its answers")
        return self.state

    def wait_for(self, number, seconds=60):
        """(first, last) moment of an event at the boards."""
        until = time.monotonic() + seconds
        while number not in self.events:
            if time.monotonic() > until:
                raise RuntimeError(f"event {number} never came to every board")
            time.sleep(0.002)
        return self.events[number]

    def end(self):
        """Close every board."""
        self.child.kill()
        self.child.wait()
        self.child.stdout.close()


def main(port, count, path):
    """Hold the boards open until killed."""
    os.nice(10)  # in earnest they are other people's machines
    boards = _Boards(int(port), path, int(count))
    boards.open()
    while True:
        boards.turn(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
