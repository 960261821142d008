"""What somebody of the audience asks the node for."""

from functools import lru_cache
from urllib.parse import parse_qs, unquote

from contest.board import rendering
from contest.board.limits import address_of

PLACES = {*rendering.VIEWS, "events", "feed", "data.json", "qr.svg"} - {"page"}


class Asked:
    """What a request asks for, read once from its scope."""

    __slots__ = (
        "address", "host", "is_gzip", "kind", "known_etag", "language", "last_event", "method", "page",
        "scheme", "slug", "view", "words",
    )

    def __init__(self, scope, kinds):
        self.method, self.scheme = scope["method"], scope.get("scheme", "http")
        accepted = self.host = self.known_etag = self.last_event = ""
        self.is_gzip, self.address = False, address_of(scope)
        for name, value in scope["headers"]:
            if name == b"accept-encoding":
                self.is_gzip = b"gzip" in value
            elif name == b"accept-language":
                accepted = value.decode("latin-1")
            elif name == b"if-none-match":
                self.known_etag = value.decode("latin-1")
            elif name == b"last-event-id":
                self.last_event = value.decode("latin-1")
            elif name == b"host":
                self.host = value.decode("latin-1")
        self.slug, self.page, self.language, self.view, after = _address(
            scope["path"], scope["query_string"], accepted
        )
        self.last_event = self.last_event or after
        self.kind = None if self.page else _kind_of(scope["path"], kinds.names)
        self.words = scope["query_string"]


def _kind_of(path, kinds):
    """(kind, key, page) of an address of a further kind; None for any other."""
    parts = unquote(path).strip("/").split("/")
    if parts[0] not in kinds or not 2 <= len(parts) <= 4:
        return None
    return parts[0], parts[1], "/".join(parts[2:])


@lru_cache(maxsize=4096)
def _address(path, query_string, accepted):
    """(slug, page, language, view, last event) of an address.

    page: a view, events, feed, data.json, qr.svg, front, or "" for nothing of ours.
    """
    query = parse_qs(query_string.decode("latin-1"))
    one = {name: values[0] for name, values in query.items()}
    slug, page = _place(unquote(path).strip("/").split("/"))
    view = one.get("view", "page")
    return (
        slug, page, rendering.choose_language(one.get("lang", ""), accepted),
        view if view in rendering.VIEWS else "page", one.get("after", ""),
    )


def _place(parts):
    if parts == [""]:
        return "", "front"
    if parts[0] == "board" and len(parts) == 2:
        return parts[1], "page"
    if parts[0] == "board" and len(parts) == 3 and parts[2] in PLACES:
        return parts[1], parts[2]
    return "", ""
