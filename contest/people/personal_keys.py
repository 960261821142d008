"""The keys under which personal data lie in the database: in a file of their own, never in the database.

The file holds one key for the keyed hash by which numbers are matched, and keys for sealing: the newest
seals, older ones still open what was sealed before, also in a copy that is put back.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field

from contest.errors import Conflict

KEY_BYTES = 32


@dataclass(frozen=True)
class PersonalKeys:
    """match: the key of the keyed hash. sealing: {key id: key}. current: the id of the key that seals."""

    match: bytes = field(repr=False)
    sealing: dict = field(repr=False)
    current: str


def new_sealing_key():
    """(its id, a new key)."""
    key = secrets.token_bytes(KEY_BYTES)
    return hashlib.sha256(key).hexdigest()[:8], key


def open_keys(path):
    """The PersonalKeys of a file, which is made when there is none; Conflict when it cannot be used."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return _make(path)
    except OSError as error:
        raise Conflict("The keys of personal data cannot be read: %(why)s.", why=error.strerror) from error
    if path.stat().st_mode & 0o077:
        raise Conflict(
            "The file of the keys of personal data may be read by others. Allow its owner alone: chmod 600."
        )
    try:
        kept = json.loads(data)
        keys = {name: base64.b64decode(key, validate=True) for name, key in kept["sealing"].items()}
        found = PersonalKeys(base64.b64decode(kept["match"], validate=True), keys, kept["current"])
        if found.current not in keys or {len(key) for key in (found.match, *keys.values())} != {KEY_BYTES}:
            raise ValueError("a key is missing or too short")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Conflict("The file of the keys of personal data is damaged; put its copy back.") from error
    return found


def add_key(path):
    """Let a new key seal from now on; the older ones stay for opening. Returns the PersonalKeys."""
    with _alone(path):
        kept = open_keys(path)
        name, key = new_sealing_key()
        made = PersonalKeys(kept.match, {**kept.sealing, name: key}, name)
        _write(made, path, os.replace)
    return made


@contextmanager
def _alone(path):
    """Within the block nobody else writes the file: of two keys made at once none may go lost."""
    lock = path.with_name(f"{path.name}.lock")
    with open(lock, "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget_key(path, name):
    """Throw an older key away: what it sealed, for instance in old copies, never opens again."""
    with _alone(path):
        kept = open_keys(path)
        if name == kept.current:
            raise Conflict("This key seals now: make a new one first (contest personal rotate).")
        if name not in kept.sealing:
            raise Conflict("There is no key %(name)s.", name=name)
        left = {each: key for each, key in kept.sealing.items() if each != name}
        _write(PersonalKeys(kept.match, left, kept.current), path, os.replace)


def _make(path):
    name, key = new_sealing_key()
    made = PersonalKeys(secrets.token_bytes(KEY_BYTES), {name: key}, name)
    try:
        _write(made, path, _put_first)
    except FileExistsError:
        return open_keys(path)  # Another process of the same installation made them first.
    return made


def _put_first(fresh, path):
    try:
        os.link(fresh, path)  # unlike a rename this refuses when somebody was faster
    finally:
        os.unlink(fresh)


def _write(keys, path, put):
    document = {
        "match": base64.b64encode(keys.match).decode(), "current": keys.current,
        "sealing": {name: base64.b64encode(key).decode() for name, key in keys.sealing.items()},
    }
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with open(fresh, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(json.dumps(document).encode())
        file.flush()
        os.fsync(file.fileno())
    put(fresh, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
