"""What the node answers, as ASGI messages."""

from functools import lru_cache

from contest import pages

COMMON = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-app", b"contest"),
]
OWN = (b"content-security-policy", pages.POLICY.encode())
# What other sites may show in a frame.
FRAMED = (b"content-security-policy", pages.FRAMED_POLICY.encode())


async def send_snapshot(send, asked, snapshot):
    plain, packed = _headers_of(snapshot)
    if snapshot.etag in asked.known_etag:
        await send({"type": "http.response.start", "status": 304, "headers": plain[:-1]})
        await send({"type": "http.response.body", "body": b""})
        return
    body, headers = (snapshot.compressed, packed) if asked.is_gzip else (snapshot.body, plain)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body if asked.method == "GET" else b""})


@lru_cache(maxsize=256)
def _headers_of(snapshot):
    """The headers of the plain and of the compressed form; the length stands last."""
    common = [
        (b"content-type", snapshot.content_type.encode()), (b"etag", snapshot.etag.encode()),
        (b"cache-control", b"no-cache"), (b"vary", b"Accept-Encoding, Accept-Language"), *COMMON,
        FRAMED if snapshot.is_framed else OWN,
    ]
    if snapshot.content_type == "application/json":
        common.append((b"access-control-allow-origin", b"*"))
    packed = [(b"content-encoding", b"gzip"), (b"content-length", _length(snapshot.compressed))]
    return [*common, (b"content-length", _length(snapshot.body))], [*common, *packed]


async def send_file(send, body, content_type):
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"content-type", content_type.encode()), (b"cache-control", b"max-age=600"),
        (b"content-length", _length(body)), *COMMON, OWN,
    ]})
    await send({"type": "http.response.body", "body": body})


def _length(body):
    return str(len(body)).encode()


async def send_text(send, status, text, *more):
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"),
        (b"content-length", str(len(text)).encode()), *COMMON, OWN, *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
