"""What public nodes carry of the further kinds (channels.KINDS): kept at the origin, served by the mirror."""

import gzip
import json
import logging
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256

from contest.board import channels, origin_client
from contest.board.limits import Limits
from contest.board.rendering import Snapshot
from contest.board.stream import Stream

log = logging.getLogger(__name__)

SAY_SECONDS = 3.0  # a page that says nothing for ten is silent
MOST_HEARD = 200


class CarriedFiles:
    """At the origin: which channels public nodes get, and the files beside them."""

    def __init__(self, kinds, in_thread):
        self.kinds, self.in_thread = kinds, in_thread
        self.channels = {}  # by (kind, key)
        self.files = {}  # by (kind, key, name): Snapshot

    async def look(self):
        """Let go of what is not to be carried any more, then open the rest before anybody asks.

        The trouble of one kind, thing or file holds up no other one; it is tried again at the next look.
        """
        for name, kind in channels.KINDS.items():
            try:
                carried = await self.in_thread(lambda kind=kind: list(kind.carried()))
            except Exception:
                log.exception("which %s public nodes carry could not be read", name)
                continue
            wanted = {(name, key) for key, _ in carried}
            files = {(name, key, each) for key, names in carried for each in names}
            # First of all: what the house has just taken back must not wait for anything that can fail.
            self._let_go(name, wanted & self.kinds.open.keys(), files)
            for each in wanted:
                await self._open(each)
            for each in files - self.files.keys():
                await self._fetch(each)

    def _let_go(self, name, wanted, files):
        for shelf, there in ((self.channels, wanted), (self.files, files)):
            for gone in [each for each in shelf if each[0] == name and each not in there]:
                del shelf[gone]

    async def _open(self, each):
        try:
            channel = await self.kinds.channel(*each)
        except Exception:
            log.exception("%s/%s could not be opened for public nodes", *each)
            return
        if channel is not None:
            self.channels[each] = channel

    async def _fetch(self, each):
        try:
            found = await self.kinds.file(*each)
        except Exception:
            log.exception("%s/%s/%s could not be read for public nodes", *each)
            return
        if found is not None:
            self.files[each] = snapshot_of(*found)


def snapshot_of(body, content_type):
    """A Snapshot of bytes."""
    return Snapshot(
        body, gzip.compress(body, 5, mtime=0), f'"{sha256(body).hexdigest()[:24]}"', content_type
    )


class MirroredKinds:
    """At a public node, in the place of KindChannels: what came with the feed, and nothing else."""

    def __init__(self, most_listeners):
        self.carried = Shelves()
        self.stream = Stream(Limits(most_listeners))
        self.heard = {}  # by (kind, key): what a page said of itself, for the origin

    @property
    def names(self):
        """The first parts of the addresses."""
        return {name for name, _ in self.carried.channels}

    def stop(self):
        """Close every stream."""
        self.stream.end_all()

    def rouse(self):
        """Send every listener a heartbeat, and let go of those who take nothing."""
        self.stream.drop_stuck()
        for channel in self.carried.channels.values():
            channel.rouse()

    async def channel(self, name, key):
        """The channel of one thing, or None."""
        return self.carried.channels.get((name, key))

    async def file(self, name, key, page):
        """(bytes, content type) of a file beside the page, or None."""
        found = self.carried.files.get((name, key, page))
        return (found.body, found.content_type) if found is not None else None

    async def hear(self, name, key, query_string):
        """Keep what a page says of itself for the origin; the clock as an answer."""
        if (name, key) not in self.carried.channels:
            return None
        if len(self.heard) < MOST_HEARD:
            self.heard[name, key] = query_string.decode("latin-1")[:200]
        return datetime.now(UTC).isoformat()

    def hand_over(self):
        """What was heard since the last time, as lists for JSON."""
        said, self.heard = self.heard, {}
        return [[*of, words] for of, words in said.items()]


class Shelves:
    """Empty shelves under the names of CarriedFiles."""

    def __init__(self):
        self.channels, self.files = {}, {}


async def pass_on(kinds, said):
    """At the origin: hear what pages said of themselves at a public node; odd words are nothing.

    What cannot be written down is told to the log: a page says it again in a moment.
    """
    for each in said[:MOST_HEARD] if isinstance(said, list) else ():
        with suppress(ValueError, TypeError, AttributeError):
            name, key, words = each
            if name in channels.KINDS:
                await _hear(kinds, name, str(key), words.encode("latin-1"))


async def _hear(kinds, name, key, words):
    try:
        await kinds.hear(name, key, words)
    except Exception:
        log.exception("what %s/%s said at a public node could not be written down", name, key)


async def say(node):
    """At a public node that asks: bring the origin what was heard; what fails is said anew in a moment."""
    if (said := node.kinds.hand_over()) and node.sources:
        with suppress(origin_client.NotReached):
            await node.ask(node.sources[0], heard=json.dumps(said))
