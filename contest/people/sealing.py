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
from sqlalchemy import String, inspect, literal, select, type_coerce
from sqlalchemy.types import TypeDecorator

from contest.db import check_texts, db
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
GONE = N_(
    "The keys of the personal data in this database are missing. Put the copy of their file at %(path)s, so "
    "that its owner alone may read it; no new keys are made, for they would open nothing."
)


class WrongKey(Conflict):
    """Personal data were sealed with a key that is not in this installation's file, or were changed."""

    def __init__(self, message=NOT_OURS, **params):
        super().__init__(message, **params)


def keys_here():
    """The PersonalKeys of the application that runs; read again when the file has changed.

    They are made when there are none and nothing is sealed yet; WrongKey when something is: new keys
    would open none of it, and would match no number any more.
    """
    path = Path(current_app.config["PERSONAL_KEYS"])
    if (known := _opened.get(path)) and known[0] == _state(path):
        return known[1]
    if not path.exists() and is_anything_sealed():
        raise WrongKey(GONE, path=path)
    keys = personal_keys.open_keys(path)
    _opened[path] = (_state(path), keys)
    return keys


def sealed_columns():
    """The columns of all tables in which texts lie sealed with the personal keys."""
    for table in db.metadata.sorted_tables:
        for column in table.c:
            if isinstance(column.type, SealedText) or (table.name, column.name) == ("id_number", "sealed"):
                yield column


def is_anything_sealed():
    """True when the database holds a text that was sealed, as far as this transaction sees."""
    # Sealing began with this table: while a migration makes it (under locks that let nobody look)
    # there is nothing yet.
    return stands_in(sealed_columns(), MARK, "id_number")


def stands_in(columns, mark, first_table):
    """True when a text of one of the columns begins with a mark; first_table: where there may be none yet."""
    was_reading = db.session().in_transaction()
    connection = db.session.connection()
    try:
        found = inspect(connection)
        if not found.has_table(first_table):
            return False
        # A database of an earlier release lacks some of them: nothing is sealed in what is not there.
        there = {column for column in columns if found.has_table(column.table.name) and column.name in {
            one["name"] for one in found.get_columns(column.table.name)}}
        return any(
            connection.scalar(
                select(literal(1)).select_from(column.table)
                .where(type_coerce(column, String).like(f"{mark}%")).limit(1)
            )
            for column in there
        )
    finally:
        if not was_reading:
            db.session.rollback()


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


def pseudonym(human_id):
    """How the trail, which is never erased, names a person: a keyed hash that opens only with the key."""
    return f"person {match_of(f'human:{human_id}')[:12]}"


class SealedText(TypeDecorator):
    """A column of text that is sealed on its way into the database; empty text stays empty."""

    impl = String
    cache_ok = True

    def __init__(self, place):
        super().__init__()
        self.place = place

    def process_bind_param(self, value, dialect):
        check_texts(value)  # once it is sealed the database sees nothing of it
        return seal(value, self.place) if value else value

    def process_result_value(self, value, dialect):
        return unseal(value, self.place) if value else value


class SealedDocument(SealedText):
    """A column of a document (JSON) that is sealed likewise."""

    cache_ok = True

    def process_bind_param(self, value, dialect):
        check_texts(value)
        return None if value is None else seal(json.dumps(value, ensure_ascii=False), self.place)

    def process_result_value(self, value, dialect):
        return json.loads(unseal(value, self.place)) if value else None
