"""An SQLite database: copied while it lives, and replaced by a copy."""

import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL

from contest.backups.place import give_to_owner, open_private, to_disk
from contest.errors import Conflict

COMPANIONS = ("", "-wal", "-shm")
IN_USE_S = 2
PIECE_PAGES = 256  # of 4 KB


class SqliteStore:
    """The database file of this installation."""

    engine, file = "sqlite", "contest.sqlite"

    def __init__(self, url):
        self.path = Path(url.database)

    def size(self):
        """Bytes that a copy will take at most."""
        paths = (Path(f"{self.path}{end}") for end in COMPANIONS[:2])
        return sum(path.stat().st_size for path in paths if path.exists())

    def dump(self, to):
        """Copy the living database into a file, as of one moment, while others go on writing.

        A reader of the write-ahead log is waited for by nobody; within its one transaction what others
        write between two pieces does not make the copy begin again. Each piece is brought to the disk
        before the next, or the office's commits would stand in line behind the whole of it.
        """
        open_private(to).close()
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(to)) as copy:
            copy.execute("PRAGMA synchronous = OFF")
            copy.execute("PRAGMA journal_mode = OFF")  # half a copy is thrown away, never rolled back
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(copy, pages=PIECE_PAGES, sleep=0, progress=lambda *_: to_disk(to))
        to_disk(to)

    @contextmanager
    def unpacked(self, file):
        """The address of a database that holds the copy in a file; here the file itself."""
        yield _url(file)

    def is_there(self):
        """True when there is a database that may hold something."""
        return self.path.is_file() and self.path.stat().st_size > 0

    def be_alone(self):
        """Conflict while any program has the database open; its log is folded in."""
        try:
            with closing(sqlite3.connect(self.path, timeout=IN_USE_S)) as connection:
                # Leaving the write-ahead log is refused while anybody else is there.
                connection.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as busy:
            raise Conflict("A program is using the database; end it first.") from busy
        except sqlite3.DatabaseError:
            return  # Not a database any more: nobody can be at work on it, and it is only set aside.

    @contextmanager
    def laid_beside(self, file, name):
        """The address of a new database from a copy, beside the one in use; thrown away afterwards."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._beside(name)
        try:
            with open(file, "rb") as source, open_private(beside) as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            give_to_owner(beside)
            yield _url(beside)
        finally:
            for end in COMPANIONS:
                Path(f"{beside}{end}").unlink(missing_ok=True)

    def put_in(self, name, old):
        """Let the database laid beside take the place; what was there is renamed. Where it is now."""
        beside, set_aside = self._beside(name), self._beside(old)
        with closing(sqlite3.connect(beside)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        to_disk(beside)
        was_there = self.path.exists()
        for end in COMPANIONS:
            if (there := Path(f"{self.path}{end}")).exists():
                there.rename(f"{set_aside}{end}")
        os.rename(beside, self.path)
        to_disk(self.path.parent)
        return str(set_aside) if was_there else ""

    def _beside(self, name):
        return self.path.with_name(f"{self.path.name}.{name}")


def _url(path):
    # Not as text: a folder's name may hold what means something in an address.
    return URL.create("sqlite", database=str(path))
