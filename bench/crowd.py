"""A crowd of open boards in a process of its own: plain sockets on epoll, so that the client is no brake.

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
from pathlib import Path

HOST = "127.0.0.1"
AT_ONCE = 200  # connections begun at a time
NUMBER = re.compile(rb"id: \S+?\.(\d+)\n")
ROOT = Path(__file__).parent.parent


class _Boards:
    def __init__(self, port, path, count):
        self.message = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept: text/event-stream\r\n\r\n".encode()
        self.port, self.count = port, count
        self.poll = select.epoll()
        self.sockets, self.newest, self.rest = {}, {}, {}
        self.ready, self.refused, self.lost = set(), 0, 0
        self.first, self.come = {}, {}

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
        self.sockets[number], self.newest[number], self.rest[number] = one, -1, b""
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
            if b"retry" not in data:
                self.rest[number] = data
                return None
            self.ready.add(number)
        self._note(number, data, time.monotonic())
        return None

    def _note(self, number, data, now):
        data = self.rest[number] + data if self.rest[number] else data
        found = NUMBER.findall(data)
        if found and not data.endswith((b"\n\n", b"\n\n\r\n")):
            self.rest[number] = data[data.rfind(b"id: "):]
            found = found[:-1]
        else:
            self.rest[number] = b""
        for text in found:
            self._count(number, int(text), now)

    def _count(self, number, event, now):
        for each in range(max(self.newest[number], event - 64) + 1, event + 1):
            self.first.setdefault(each, now)
            self.come[each] = self.come.get(each, 0) + 1
            if self.come[each] == len(self.ready):
                say({"number": each, "first": self.first[each], "last": now})
        self.newest[number] = max(event, self.newest[number])

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
