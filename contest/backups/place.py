"""Where this installation's copies and keys lie."""

import os
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from contest.backups.rules import fingerprint
from contest.db import db
from contest.draw.sealing import find_key

# The key that signs bulletins is not among them: a stolen copy must not be able to sign.
KEY_FILES = ("codes_key", "secret_key")


@dataclass(frozen=True)
class Place:
    """folder: of the copies. data: the data folder. keys: {name: the key in use}.

    second: the folder that follows the database within seconds, or "".
    """

    folder: Path
    data: Path
    minutes: int
    keys: dict
    second: str = ""

    @property
    def installation(self):
        """By what this installation knows its own copies."""
        return fingerprint(self.keys["codes_key"])

    def kept_keys(self):
        """{name: key} of those that lie in the data folder; the others come from the environment."""
        return {name: key for name, key in self.keys.items() if self.is_kept(name)}

    def is_kept(self, name):
        """True when the key in use is the one in the data folder."""
        path = self.data / name
        return path.is_file() and path.read_text().strip() == self.keys[name]


def place_here(folder=None):
    """The Place of the application that runs; folder: another one for the copies."""
    config = current_app.config
    data = Path(config["DATA_FOLDER"])
    return Place(
        folder=Path(folder or config["BACKUP_TO"] or data / "backups").absolute(), data=data,
        minutes=config["BACKUP_MINUTES"],
        # "" where it is lost: a restore may bring it back with a copy.
        keys={
            "codes_key": config["CODES_KEY"] or (find_key() if _has_database() else ""),
            "secret_key": config["SECRET_KEY"],
        },
        second=config["FOLLOW_TO"],
    )


def _has_database():
    """False on a machine where there is none yet: asking whether anything is sealed in it would make one."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        path = Path(url.database)
        return path.is_file() and path.stat().st_size > 0
    from contest.backups.postgres_store import PostgresStore  # which stands on this file

    return PostgresStore(url).is_there()


def open_private(path, mode="wb"):
    """A new file that only its owner may read."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags | os.O_EXCL, 0o600))


def give_to_owner(path):
    """What root makes belongs to the owner of the folder it lies in: the server must be able to use it."""
    if os.geteuid() == 0:
        owner, own = _owner_of(path.parent), _owner_of(path)
        # Only where it is not so yet: each change of a file's owner has to go through the disk's journal.
        if own != owner:
            os.chown(path, *owner)


def _owner_of(path):
    found = path.stat()
    return found.st_uid, found.st_gid


def to_disk(path):
    """Return only when what was written to a file or folder lies on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        # Not its times, if they are all that changed: for them whoever commits meanwhile would wait.
        (os.fsync if os.path.isdir(path) else os.fdatasync)(handle)
    finally:
        os.close(handle)
