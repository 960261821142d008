"""The process that keeps a second place at most some seconds behind the living SQLite database.

It holds two copies there, in the form of every other copy. The older one loses its name, gets the pages
that changed, is proved, and has a name again: whatever happens meanwhile, the other one is whole.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import signal
import sqlite3
import sys
import time
import uuid
from importlib.metadata import version
from urllib.parse import quote

from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError

from contest import clock
from contest.backups import proof, queries, rules
from contest.backups.actions import LOCK, MAKING, note_try, sha256_of, store_here
from contest.backups.place import give_to_owner, open_private, place_here, to_disk
from contest.backups.queries import FOLLOW_TRY, Copy
from contest.backups.rules import MANIFEST, Manifest, changed_pages, fingerprint
from contest.db import db, snapshot
from contest.errors import Conflict, Refusal

log = logging.getLogger(__name__)


def follow(app, folder=None):
    """Follow for as long as the process lives; it never hurries the office."""
    os.nice(10)
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, lambda *_: sys.exit(0))
    with app.app_context():
        follower = Follower(place_here(folder or app.config["FOLLOW_TO"]))
    while True:
        with app.app_context():
            follow_once(follower)
            db.session.remove()
        time.sleep(rules.FOLLOW_EVERY.total_seconds())


def follow_once(follower):
    """Bring the second place up to now; what fails is written down and tried again. True when it did."""
    at, failed = clock.now(), None
    try:
        follower.catch_up(at)
    except Refusal as refused:
        failed = refused
    except (OSError, sqlite3.Error, SQLAlchemyError) as broken:
        failed = Conflict(
            "The second place %(folder)s is not followed: %(why)s", folder=str(follower.place.folder),
            why=str(getattr(broken, "orig", None) or getattr(broken, "strerror", None) or broken).strip(),
        )
    try:
        note_try(follower.place, failed, FOLLOW_TRY, "follow.fail", at)
    except (OSError, SQLAlchemyError) as worse:
        log.warning("the second place is not followed: %s; nor can that be written down: %s", failed, worse)
    return failed is None


class Follower:
    """What this process knows of its two copies in the second place."""

    def __init__(self, place):
        self.place, self.store = place, store_here()
        self.source = self.lock = None
        self.image, self.changes, self.seen = b"", set(), None
        self.newest = self.spare = None  # folders that hold the image, and the one before it

    def catch_up(self, at):
        """Copy what changed since the last time, if anything did; Conflict where it cannot be proved."""
        if self.store.engine != "sqlite":
            raise Conflict("Only SQLite is followed by this program; PostgreSQL streams by itself, see "
                           "docs/operating.md.")
        self._settle_in()
        seen = self.source.execute("PRAGMA data_version").fetchone()[0]
        if seen == self.seen and self.newest is not None and self.newest.is_dir():
            return
        with snapshot():
            before = proof.look(check_chains=False)
        image = self._read()
        folder = self._fill(image)
        copy = self._prove(folder, image, before, at)
        self.spare = self.newest
        self.newest, self.image, self.seen = copy.folder, image, seen
        self._clear_away()

    def _settle_in(self):
        folder = self.place.folder
        if folder == place_here().folder:
            raise Conflict("The second place must be another folder than that of the copies.")
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True)
            give_to_owner(folder)
        if self.lock is None:
            lock = open(folder / LOCK, "w")  # noqa: SIM115  (it is held, not read)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as held:
                lock.close()
                raise Conflict("Another follower already writes to %(folder)s.", folder=str(folder)) from held
            self.lock = lock
        if self.source is None:
            self.source = sqlite3.connect(f"file:{quote(str(self.store.path))}?mode=rw", uri=True,
                                          isolation_level=None, timeout=10)

    def _read(self):
        """Every page as of one moment. A reader of the write-ahead log is waited for by nobody."""
        self.source.execute("BEGIN")
        try:
            self.source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            return self.source.serialize()
        finally:
            self.source.execute("COMMIT")

    def _fill(self, image):
        """A folder without a copy's name whose database is this image, on the disk."""
        for rest in self.place.folder.glob(f"{MAKING}*"):
            shutil.rmtree(rest)
        spare, self.spare = self.spare, None
        fresh, changes = changed_pages(self.image, image), None
        folder = self.place.folder / f"{MAKING}{uuid.uuid4().hex}"
        if spare is not None and spare.is_dir():
            spare.rename(folder)
            (folder / MANIFEST).unlink()
            changes = fresh | self.changes
        else:
            folder.mkdir(mode=0o700)
            open_private(folder / self.store.file).close()
        self.changes = fresh
        path = folder / self.store.file
        with open(path, "r+b") as file:
            rules.write_pages(file, image, changes, lambda: to_disk(path))
        to_disk(path)
        return folder

    def _prove(self, folder, image, before, at):
        """Open it again, look at every page, write its manifest and give it its name; the Copy."""
        path, sha256 = folder / self.store.file, hashlib.sha256(image).hexdigest()
        if sha256_of(path) != sha256:
            raise Conflict("What lies in the second place is not what was written there.")
        with proof.opened(_unchanging(path)):
            proof.check_pages()
            found = proof.look(check_chains=False)
        with snapshot():
            rules.check_copy(before, found, proof.is_on_chain)
        fresh = [folder / MANIFEST]
        for name, key in self.place.kept_keys().items():
            if not (folder / name).exists():
                with open_private(folder / name) as kept:
                    kept.write(key.encode())
                fresh.append(folder / name)
        manifest = Manifest(
            at=at, program=version("contest"), engine=self.store.engine, file=self.store.file,
            size=len(image), sha256=sha256, contents=found,
            keys={name: fingerprint(key) for name, key in self.place.keys.items()},
        )
        with open_private(folder / MANIFEST) as kept:
            kept.write(manifest.text().encode())
        for there in (folder, *folder.iterdir()):
            give_to_owner(there)
        # The database is there already, and keys from before: each wait holds up the office's commits.
        for written in (*fresh, folder):
            to_disk(written)
        named = self.place.folder / rules.name_of(at, {path.name for path in self.place.folder.iterdir()})
        folder.rename(named)
        to_disk(self.place.folder)
        return Copy(named, manifest)

    def _clear_away(self):
        """Copies of an earlier process: two are enough."""
        known = queries.list_copies(self.place.folder, self.place.installation)
        keep = {self.newest, self.spare or next(
            (copy.folder for copy in known if copy.folder != self.newest), None
        )}
        for copy in known:
            if copy.folder not in keep:
                gone = self.place.folder / f"{MAKING}{uuid.uuid4().hex}"
                copy.folder.rename(gone)
                shutil.rmtree(gone)


def _unchanging(path):
    """The address of a database that nobody writes to: no lock is taken and no log is made beside it."""
    return URL.create("sqlite", database=f"file:{quote(str(path))}", query={"immutable": "1", "uri": "true"})
