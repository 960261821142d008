"""Asking another board node over HTTP(S), signed both ways."""

import http.client
import ssl
import time
from urllib.parse import urlsplit

from contest.board.parcel import MOST_BYTES, is_signed, sign

SECONDS = 30.0  # longer than an origin without news waits before it answers
PATH = "/mirror"


class NotReached(Exception):
    """The other node was not reached, refused, or is not the one that has the key."""


def exchange(url, key, query="", body=b"", authority=None):
    """The answer's bytes: a question when there is no body, a push when there is one.

    authority: a file with the certificate authority to trust, for a closed network.
    """
    target = urlsplit(url)
    method, moment = ("POST" if body else "GET"), str(time.time_ns())
    where = f"{PATH}?{query}"
    sealed = sign(key, method, where, moment, body)
    connection = _connection(target, authority)
    try:
        connection.request(method, target.path.rstrip("/") + where, body or None, {
            "X-Mirror-Time": moment, "X-Mirror-Sign": sealed,
            **({"Content-Type": "application/octet-stream"} if body else {}),
        })
        answer = connection.getresponse()
        data = answer.read(MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise NotReached(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise NotReached(f"it answered {answer.status}")
    if not is_signed(answer.headers.get("X-Mirror-Sign", ""), key, sealed, data):
        raise NotReached("its answer is not signed with this key")
    return data


def _connection(target, authority):
    if target.scheme == "https":
        trusted = ssl.create_default_context(cafile=authority)
        return http.client.HTTPSConnection(target.hostname, target.port, timeout=SECONDS, context=trusted)
    return http.client.HTTPConnection(target.hostname, target.port, timeout=SECONDS)
