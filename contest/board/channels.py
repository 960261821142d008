"""Further things that the board node serves: later areas say here how each kind is found and shown."""

from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from contest.board.rendering import Pieces


@dataclass(frozen=True)
class Kind:
    """One kind of channel, at /<name>/<key>: a page, its stream, files beside it.

    find(key): what the page depends on, equal while nothing changes; None when there is no such
    thing. render(key): (Pieces, page_text(event id)) in the language of that thing. fetch(key,
    name): (bytes, content type) of a file, or None. hear(key, words): what the page says of itself,
    by its own request to <key>/seen, the only thing by which a node writes; a text as an answer, or
    None when there is no such thing. carried(): pairs (key, names of files) of what public nodes
    carry too: everybody there may know it as it stands now.
    """

    find: Callable
    render: Callable
    fetch: Callable
    hear: Callable
    carried: Callable = tuple


KINDS = {}  # by the first part of the address


def register(name, find, render, fetch, hear, carried=tuple):
    """Let every board node serve /<name>/<key>; call it when the area is loaded."""
    KINDS[name] = Kind(find, render, fetch, hear, carried)


def as_markup(html):
    """What a template rendered, to be put into another one."""
    return Markup(html)


def one_piece(html):
    """The Pieces of a page that changes as a whole."""
    return Pieces(html, "", {}, {})
