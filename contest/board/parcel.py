"""What one board node tells another: whatever a public node serves and that changed, in one piece of bytes.

A parcel is a line of JSON that lists what follows, then the bytes in that order: pages and files as they
were compressed once, events as they stand in the stream, and what else a channel keeps. They are of the
boards, which everybody finds, and of further kinds such as the hall's screens, which whoever has the
address may see as they stand now. The signature goes beside it, in a header.
"""

import hmac
import json
import zlib
from dataclasses import dataclass, field, fields
from datetime import datetime
from hashlib import sha256

from contest.board.channel import Channel, Chunk
from contest.board.rendering import Snapshot

MOST_BYTES = 256 * 2**20
AFTER = "after"  # in a parcel's extra: the position up to which the other side is thought to know everything
LEAST_KEY = 32


class BadParcel(Exception):
    """Bytes that are no parcel, or not one of whoever has the key."""


@dataclass(frozen=True)
class Item:
    """One thing of a parcel. path: where the node keeps it. page None: it is gone.

    A channel has an epoch, the number of its newest event, the events that may be missed, and, if
    it is of a special kind, other chunks by the name of their attribute.
    """

    path: tuple
    page: Snapshot | None
    epoch: str = ""
    number: int = 0
    events: tuple = ()  # (number, Chunk)
    kind: str = ""
    chunks: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Parcel:
    """What changed after a position. is_whole: what is not in it is gone."""

    position: str
    is_whole: bool
    contests: tuple  # (contest id, slug)
    moment: str  # local time of the origin at which all this was true
    items: tuple = ()
    extra: dict = field(default_factory=dict)


def item_of(path, leaf, after=None):
    """The Item of a Channel or Snapshot; `after` is the newest event that the other side has."""
    if not isinstance(leaf, Channel):
        return Item(path, leaf)
    missed = None if after is None else leaf.missed(after)
    events = leaf.ring if missed is None else [pair for pair in leaf.ring if pair[0] > after]
    chunks = {
        name: value for name, value in vars(leaf).items()
        if isinstance(value, Chunk) and name != "notice"  # whether it is a copy each node knows itself
    }
    return Item(
        path, leaf.page, leaf.epoch, leaf.number, tuple(events), type(leaf).__name__, chunks
    )


def channel_of(item):
    """An empty Channel of an item's kind."""
    kinds = {each.__name__: each for each in (Channel, *Channel.__subclasses__())}
    key = item.path[-1]
    names = key if isinstance(key, tuple) else (key,)
    return kinds.get(item.kind, Channel)(item.epoch, *names[:2])


def pack(parcel):
    """The bytes of a parcel."""
    listed, blobs = [], []
    for item in parcel.items:
        told = {"path": _plain(item.path)}
        if item.page is not None:
            told |= {
                "type": item.page.content_type, "etag": item.page.etag,
                "size": len(item.page.compressed), "form": _form(item.page),
            }
            blobs.append(item.page.compressed)
        if item.epoch:
            told |= {
                "epoch": item.epoch, "number": item.number,
                "events": [[number, len(event.deflated)] for number, event in item.events],
            }
            blobs += [event.deflated for _, event in item.events]
            told |= {
                "kind": item.kind,
                "chunks": [[name, len(one.deflated)] for name, one in item.chunks.items()],
            }
            blobs += [one.deflated for one in item.chunks.values()]
        listed.append(told)
    head = {
        "position": parcel.position, "whole": parcel.is_whole, "contests": parcel.contests,
        "moment": parcel.moment, "items": listed, "extra": parcel.extra,
    }
    return b"".join([json.dumps(head, separators=(",", ":")).encode(), b"\n", *blobs])


def unpack(data):
    """The Parcel of bytes; BadParcel when they do not hold together."""
    try:
        head, _, rest = data.partition(b"\n")
        told = json.loads(head)
        cut = _Cut(rest)
        items = tuple(_item(each, cut) for each in told["items"])
        datetime.fromisoformat(told["moment"])
        return Parcel(
            str(told["position"]), bool(told["whole"]),
            tuple((int(number), str(slug)) for number, slug in told["contests"]),
            str(told["moment"]), items, dict(told["extra"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, EOFError, zlib.error) as wrong:
        raise BadParcel(f"these bytes are no parcel: {wrong!r}") from wrong


class _Cut:
    def __init__(self, data):
        self.data, self.at = data, 0

    def next(self, size):
        piece = self.data[self.at : self.at + size]
        if len(piece) != size:
            raise EOFError("cut off")
        self.at += size
        return piece


def _item(told, cut):
    page, events = None, ()
    if "etag" in told:
        page = _snapshot(cut.next(told["size"]), told["etag"], told["type"], told["form"])
    if "epoch" in told:
        events = tuple((int(number), _chunk(cut.next(size))) for number, size in told["events"])
    chunks = {str(name): _chunk(cut.next(size)) for name, size in told.get("chunks", ())}
    return Item(
        _keys(told["path"]), page, told.get("epoch", ""), told.get("number", 0), events,
        told.get("kind", ""), chunks,
    )


def _form(page):
    """Whatever else belongs to a page, such as who may show it in a frame."""
    known = {"body", "compressed", "etag", "content_type"}
    return {each.name: getattr(page, each.name) for each in fields(page) if each.name not in known}


def _snapshot(compressed, etag, content_type, form):
    body = _unpacked(compressed, 31)
    if etag != f'"{sha256(body).hexdigest()[:24]}"':
        raise ValueError("a page is not what its name says")
    return Snapshot(body, compressed, etag, content_type, **form)


def _chunk(deflated):
    return Chunk(_unpacked(deflated, -15), deflated)


def _unpacked(data, form):
    body = zlib.decompressobj(form).decompress(data, MOST_BYTES)
    if len(body) == MOST_BYTES:
        raise ValueError("larger than any board")
    return body


def _plain(path):
    return [list(part) if isinstance(part, tuple) else part for part in path]


def _keys(path):
    if len(path) < 2:
        raise ValueError("a path without a shelf")
    return tuple(tuple(part) if isinstance(part, list) else part for part in path)


def sign(key, *parts):
    """The signature of some parts under the feed's key."""
    seal = hmac.new(key.encode(), digestmod=sha256)
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        seal.update(len(data).to_bytes(8, "big") + data)
    return seal.hexdigest()


def is_signed(given, key, *parts):
    """True when `given` is the signature of these parts."""
    return hmac.compare_digest(str(given).encode(), sign(key, *parts).encode())
