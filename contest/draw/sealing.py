"""Codes and secret seeds at rest: a reader of the database alone learns neither.

The key lies in a file of its own, in the data folder or elsewhere (config.codes_key_path). It is made at
the first use, and never again while anything is sealed: a new one would open none of it.
A text is sealed in the manner of SIV: its HMAC
is the nonce of a key stream made by HMAC-SHA256, and is checked when the seal is opened. Equal texts
give equal seals, so that the database still refuses a code that is given twice.
"""

import base64
import hmac
from functools import lru_cache
from pathlib import Path

from flask import current_app
from sqlalchemy import String
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeDecorator

from contest import config
from contest.db import db
from contest.errors import Conflict
from contest.i18n import N_
from contest.people.sealing import stands_in

MARK = "sealed:"
NONCE = 16
NOT_OURS = N_("The codes were sealed with another key than this installation's codes_key.")
GONE = N_(
    "The key of the blind codes in this database is missing. Put its copy at %(path)s, so that its owner "
    "alone may read it; no new key is made, for it would open none of them."
)


class WrongKey(Conflict, DontWrapMixin):
    """The codes were sealed with another key than this installation's codes_key, or that is missing."""

    def __init__(self, message=NOT_OURS, **params):
        super().__init__(message, **params)


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
        raise WrongKey()
    return data.decode()


class Sealed(TypeDecorator):
    """A column of text that is sealed on its way into the database; empty text stays empty."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return seal(key_here().encode(), value) if value else value

    def process_result_value(self, value, dialect):
        return unseal(key_here().encode(), value) if value else value


def find_key():
    """The key of this installation, made when there is none and nothing is sealed yet; else ""."""
    here = current_app.config
    if not here["CODES_KEY"]:
        folder = Path(here["DATA_FOLDER"])
        found = config.codes_key(folder, may_make=False)
        here["CODES_KEY"] = found or ("" if _is_anything_sealed() else config.codes_key(folder))
    return here["CODES_KEY"]


def key_here():
    """The same; WrongKey where it is missing and something is sealed."""
    key = find_key()
    if not key:
        raise WrongKey(GONE, path=config.codes_key_path(Path(current_app.config["DATA_FOLDER"])))
    return key


def _is_anything_sealed():
    columns = [
        column for table in db.metadata.sorted_tables for column in table.c if isinstance(column.type, Sealed)
    ]
    return stands_in(columns, MARK, "blind_code")


def where_key_lies():
    """(how, path) of the key: "environment" (then path is None), "beside" the database or "apart" from it."""
    here = current_app.config
    folder = Path(here["DATA_FOLDER"])
    path = config.codes_key_path(folder)
    kept = path.read_text().strip() if path.is_file() else ""
    if here["CODES_KEY"] and kept != here["CODES_KEY"]:
        return "environment", None
    return ("beside" if path.parent.resolve() == folder.resolve() else "apart"), path
