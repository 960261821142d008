"""Codes and secret seeds at rest: a reader of the database alone learns neither.

The key lies in a file of its own (config.codes_key). A text is sealed in the manner of SIV: its HMAC
is the nonce of a key stream made by HMAC-SHA256, and is checked when the seal is opened. Equal texts
give equal seals, so that the database still refuses a code that is given twice.
"""

import base64
import hmac
from functools import lru_cache

from flask import current_app
from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

MARK = "sealed:"
NONCE = 16


class WrongKey(Exception):
    """The codes were sealed with another key than this installation's codes_key."""


def _hmac(key, data):
    return hmac.digest(key, data, "sha256")


def _stream(key, nonce, size):
    blocks = range(-(-size // 32))
    return b"".join(_hmac(key, nonce + n.to_bytes(4, "big")) for n in blocks)[:size]


def seal(key, text):
    """The text as it lies in the database."""
    nonce_key, stream_key = _hmac(key, b"nonce"), _hmac(key, b"stream")
    data = text.encode()
    nonce = _hmac(nonce_key, data)[:NONCE]
    hidden = bytes(a ^ b for a, b in zip(data, _stream(stream_key, nonce, len(data)), strict=True))
    return MARK + base64.urlsafe_b64encode(nonce + hidden).decode()


@lru_cache(maxsize=20_000)
def unseal(key, sealed):
    """The text again; one that was never sealed comes back as it is. WrongKey for a foreign seal."""
    if not sealed.startswith(MARK):
        return sealed
    nonce_key, stream_key = _hmac(key, b"nonce"), _hmac(key, b"stream")
    packed = base64.urlsafe_b64decode(sealed[len(MARK):])
    nonce, hidden = packed[:NONCE], packed[NONCE:]
    data = bytes(a ^ b for a, b in zip(hidden, _stream(stream_key, nonce, len(hidden)), strict=True))
    if not hmac.compare_digest(_hmac(nonce_key, data)[:NONCE], nonce):
        raise WrongKey(WrongKey.__doc__)
    return data.decode()


class Sealed(TypeDecorator):
    """A column of text that is sealed on its way into the database; empty text stays empty."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return seal(_key(), value) if value else value

    def process_result_value(self, value, dialect):
        return unseal(_key(), value) if value else value


def _key():
    return current_app.config["CODES_KEY"].encode()
