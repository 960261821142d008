"""One stream of numbered events and the page it keeps up to date, the same for everybody who listens."""

import asyncio
import json
import zlib
from collections import deque
from dataclasses import dataclass

from contest.board import rendering

RING = 64  # how many events may be missed and still be sent later
# A stream is one endless gzip member; every event is compressed once, apart, and shared by all.
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"


@dataclass(frozen=True)
class Chunk:
    """Bytes of the stream in both forms."""

    plain: bytes
    deflated: bytes


def chunk(text):
    """A Chunk of a text; the deflated form ends on a byte and needs nothing that went before."""
    data = text.encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    return Chunk(data, packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH))


HEARTBEAT = chunk(":\n\n")
HELLO = chunk(":\nretry: 3000\n\n")


@dataclass(frozen=True)
class Issue:
    """What a channel publishes at once: its number, the pieces, the event, the page."""

    number: int
    pieces: rendering.Pieces
    event: Chunk | None
    page: rendering.Snapshot


class Channel:
    """The board of one contest in one language and view."""

    def __init__(self, epoch, language, view):
        self.language, self.view, self.epoch = language, view, epoch
        self.number = 0
        self.pieces = None
        self.page = None
        self.ring = deque(maxlen=RING)
        self.wake = asyncio.Event()
        self.is_open = True

    @property
    def event_id(self):
        """The name of the newest event."""
        return f"{self.epoch}.{self.number}"

    def prepare(self, pieces, page_text):
        """The next Issue: pieces, the event that tells of them, and the page that shows them.

        page_text(event_id) renders the page. Equal pieces must not come here: an event for
        nothing would tell that something happened.
        """
        told = rendering.difference(self.pieces, pieces) if self.pieces is not None else None
        number = self.number + (told is not None)
        event_id = f"{self.epoch}.{number}"
        event = None
        if told is not None:
            data = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
            event = chunk(f"id: {event_id}\nevent: board\ndata: {data}\n\n")
        page = rendering.snapshot(page_text(event_id), "text/html; charset=utf-8")
        return Issue(number, pieces, event, page)

    def publish(self, issue):
        """Put an Issue before everybody; call it only in the event loop."""
        self.number, self.pieces, self.page = issue.number, issue.pieces, issue.page
        if issue.event is not None:
            self.ring.append((issue.number, issue.event))
        self.rouse()

    def rouse(self):
        """Wake everybody who listens."""
        self.wake, woken = asyncio.Event(), self.wake
        woken.set()

    def number_of(self, event_id):
        """The number in an event's name; None when it is not one of this channel's."""
        epoch, _, number = (event_id or "").rpartition(".")
        return int(number) if epoch == self.epoch and number.isdecimal() and len(number) < 19 else None

    def missed(self, number):
        """The chunks after `number`, oldest first; None when the gap is too old for the ring."""
        if number == self.number:
            return []
        oldest = self.ring[0][0] if self.ring else self.number + 1
        if number > self.number or number + 1 < oldest:
            return None
        return [piece for at, piece in self.ring if at > number]

    def reload(self):
        """The event that sends a listener to the page."""
        return chunk(f"id: {self.event_id}\nevent: reload\ndata: \n\n")
