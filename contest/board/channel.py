"""One stream of numbered events and the page it keeps up to date, the same for everybody who listens."""

import json
import zlib
from collections import deque
from dataclasses import dataclass, replace
from time import monotonic

from contest.board import feed, rendering
from contest.board.pieces import ANEW, difference

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
# When a node ends, everybody comes back, each after another pause.
HELLOS = [chunk(f":\nretry: {pause}\n\n") for pause in range(2000, 8000, 250)]
HELLO = HELLOS[0]


def copy_notice(moment):
    """What is said to open boards while the origin is away: this is how it stood at that moment."""
    return chunk(f"event: copy\ndata: {moment}\n\n")


FRESH = chunk("event: fresh\ndata: \n\n")


@dataclass(frozen=True)
class Issue:
    """One change of a channel: the number, the pieces, and the event that tells of them.

    leads_to_page: the event only sends people to the page, which then must be there before it.
    """

    number: int
    pieces: rendering.Pieces
    event: Chunk | None
    leads_to_page: bool = False


@dataclass(frozen=True)
class Shown:
    """What a channel shows whoever comes: the page of a number; whole: see FeedChannel."""

    number: int
    page: rendering.Snapshot
    whole: Chunk | None = None


class Channel:
    """The board of one contest in one language and view."""

    def __init__(self, epoch, language="", view=""):
        self.language, self.view, self.epoch = language, view, epoch
        self.number = 0
        self.pieces = None
        self.told_of = None  # the board that the listeners were last told of
        self.page = None
        self.page_of = None  # the number that the page shows: for a moment it may be an older one
        self.page_at = 0.0  # when it was turned to, by the monotonic clock
        self.whole = None
        self.ring = deque(maxlen=RING)
        self.roused = 0  # how often those who wait were woken
        self._waiting = []
        self.is_open = True
        self.notice = HEARTBEAT  # what is said when there is nothing new

    @property
    def has_old_page(self):
        """True while the newest event is not yet on the page."""
        return self.page_of != self.number

    @property
    def event_id(self):
        """The name of the newest event."""
        return f"{self.epoch}.{self.number}"

    def prepare(self, pieces):
        """The next Issue. Equal pieces must not come here: they would tell that something happened."""
        told = self.tell(self.pieces, pieces) if self.pieces is not None else None
        number = self.number + (told is not None)
        event = None
        if told is not None and self.keeps_events:
            name, data = ("reload", "") if told is ANEW else (self.event_name, _json(told))
            event = chunk(f"id: {self.epoch}.{number}\nevent: {name}\ndata: {data}\n\n")
        return Issue(number, pieces, event, told is ANEW)

    def show(self, number, page_text):
        """The Shown of a number; page_text(event_id) renders the page."""
        return Shown(number, self.snapshot(page_text(f"{self.epoch}.{number}")))

    def both(self, pieces, page_text):
        """The next Issue and what is Shown after it."""
        issue = self.prepare(pieces)
        return issue, self.show(issue.number, page_text)

    event_name = "board"
    at_once = False  # True: the event waits for the page

    @property
    def keeps_events(self):
        """False where nobody listens: a page on paper."""
        return rendering.VIEWS[self.view].is_streamed

    def tell(self, before, after):
        """What an event says of a change."""
        return difference(before, after)

    def snapshot(self, text):
        """The page as it is served."""
        is_framed = rendering.VIEWS[self.view].is_framed
        return rendering.snapshot(text, "text/html; charset=utf-8", is_framed)

    def turn(self, shown):
        """Serve this page from now on."""
        self.page, self.page_of, self.whole = shown.page, shown.number, shown.whole
        self.page_at = monotonic()

    def publish(self, issue):
        """Tell everybody who listens of an Issue; call it only in the event loop.

        Who still reads the page before it hears of it by the number that stands in that page.
        """
        self.number, self.pieces = issue.number, issue.pieces
        if issue.event is not None:
            self.ring.append((issue.number, issue.event))
        self.rouse()

    def rouse(self):
        """Wake everybody who listens."""
        self.roused += 1
        self._waiting, woken = [], self._waiting
        for one in woken:
            if not one.done():  # who has gone meanwhile
                one.set_result(None)

    def next(self, loop):
        """A future that ends when the channel is roused the next time.

        No asyncio.Event: it asks for its loop at every turn, which took half of the time in which ten
        thousand boards are told, and looks for each one that goes among all that stay.
        """
        waiting = loop.create_future()
        self._waiting.append(waiting)
        return waiting

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

    def farewell(self):
        """The last event of a board that is taken away."""
        return self.reload()


def _json(told):
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


class FeedChannel(Channel):
    """The board of one contest as data; whoever must begin anew gets all of it in one event."""

    event_name = "change"
    at_once = True  # the page is where listeners begin: it must not be older than the last event
    keeps_events = True

    def tell(self, before, after):
        return feed.difference(before, after)

    def snapshot(self, text):
        return rendering.snapshot(text, "application/json")

    def show(self, number, page_text):
        shown = super().show(number, page_text)
        data = shown.page.body.decode()
        whole = chunk(f"id: {self.epoch}.{number}\nevent: snapshot\ndata: {data}\n\n")
        return replace(shown, whole=whole)

    def reload(self):
        return self.whole

    def farewell(self):
        return chunk("event: gone\ndata: \n\n")
