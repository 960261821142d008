"""Personal data at rest: sealed with AES-256-GCM, so that a reader of the database alone learns nothing.

A sealed text is "personal:<key id>:<base64 of nonce, ciphertext and tag>". Where it belongs (column, and
row where that is known beforehand) is bound into the seal: moved elsewhere it does not open.
"""

import base64
import hmac
import json
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy import String
from sqlalchemy.types import TypeDecorator

from contest.errors import Conflict
from contest.i18n import N_
from contest.people import personal_keys

MARK = "personal:"
NONCE = 12
_opened = {}  # path -> (what the file's state was, its keys)
NOT_OURS = N_(
    "These personal data are sealed with a key that is not here, or were changed. Put the file of the keys "
    "of personal data back from its copy."
)


class WrongKey(Conflict):
    """Personal data were sealed with a key that is not in this installation's file, or were changed."""

    def __init__(self):
        super().__init__(NOT_OURS)


def keys_here():
    """The PersonalKeys of the application that runs; read again when the file has changed."""
    path = Path(current_app.config["PERSONAL_KEYS"])
    if (known := _opened.get(path)) and known[0] == _state(path):
        return known[1]
    keys = personal_keys.open_keys(path)
    _opened[path] = (_state(path), keys)
    return keys


def _state(path):
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode


def seal(text, place, keys=None):
    """The text as it lies in the database; place: the column (and row) to which it is bound."""
    keys = keys or keys_here()
    nonce = os.urandom(NONCE)
    hidden = AESGCM(keys.sealing[keys.current]).encrypt(nonce, text.encode(), place.encode())
    return f"{MARK}{keys.current}:{base64.b64encode(nonce + hidden).decode()}"


def unseal(sealed, place, keys=None):
    """The text again; WrongKey for a seal of another key, of another place, or one that was changed."""
    keys = keys or keys_here()
    name, _, packed = sealed.removeprefix(MARK).partition(":")
    if not sealed.startswith(MARK) or name not in keys.sealing:
        raise WrongKey()
    data = base64.b64decode(packed)
    try:
        opened = AESGCM(keys.sealing[name]).decrypt(data[:NONCE], data[NONCE:], place.encode())
    except InvalidTag as error:
        raise WrongKey() from error
    return opened.decode()


def key_of(sealed):
    """The id of the key with which a text was sealed."""
    return sealed.removeprefix(MARK).partition(":")[0]


def match_of(text, keys=None):
    """The keyed hash by which equal numbers are found without opening any."""
    return hmac.digest((keys or keys_here()).match, text.encode(), "sha256").hex()


class SealedText(TypeDecorator):
    """A column of text that is sealed on its way into the database; empty text stays empty."""

    impl = String
    cache_ok = True

    def __init__(self, place):
        super().__init__()
        self.place = place

    def process_bind_param(self, value, dialect):
        return seal(value, self.place) if value else value

    def process_result_value(self, value, dialect):
        return unseal(value, self.place) if value else value


class SealedDocument(SealedText):
    """A column of a document (JSON) that is sealed likewise."""

    cache_ok = True

    def process_bind_param(self, value, dialect):
        return None if value is None else seal(json.dumps(value, ensure_ascii=False), self.place)

    def process_result_value(self, value, dialect):
        return json.loads(unseal(value, self.place)) if value else None
