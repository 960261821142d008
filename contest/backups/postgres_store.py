"""A PostgreSQL database: dumped with PostgreSQL's own program, tried out and put in by its other one."""

import os
import shutil
import subprocess
import uuid
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from time import sleep as wait

from contest.backups.place import open_private, to_disk
from contest.errors import Conflict

INSTALLED = Path("/usr/lib/postgresql")
IN_USE_S, LOOK_AGAIN_S = 2, 0.05
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
TOLD = 300  # characters of what a program says of its failure


class PostgresStore:
    """The database of this installation on its server."""

    engine, file = "postgresql", "contest.dump"

    def __init__(self, url):
        self.url = url

    def size(self):
        """Bytes that a copy will take at most."""
        with self._connected(self.url.database) as connection:
            return connection.execute("SELECT pg_database_size(current_database())").fetchone()[0]

    def dump(self, to):
        """Write everything, as of one moment, into a file; nobody waits for it."""
        open_private(to).close()
        _run("pg_dump", "-Fc", f"--file={to}", self._dsn(self.url.database), password=self.url.password)
        to_disk(to)

    @contextmanager
    def unpacked(self, file):
        """The address of a new database that holds the copy; it is dropped afterwards."""
        with self._filled(file, f"proof_{uuid.uuid4().hex[:12]}") as url:
            yield url

    def is_there(self):
        """True when there is a database that may hold something."""
        with self._connected(self._other()) as connection:
            return self._exists(connection, self.url.database)

    def be_alone(self):
        """Conflict while any program is connected to the database.

        The server's own workers are no programs, and whoever has just gone is still there for a moment.
        """
        until = monotonic() + IN_USE_S
        with self._connected(self.url.database) as connection:
            while connection.execute(_OTHERS).fetchone()[0]:
                if monotonic() > until:
                    raise Conflict("A program is using the database; end it first.")
                wait(LOOK_AGAIN_S)

    @contextmanager
    def laid_beside(self, file, name):
        """The address of a new database from a copy, beside the one in use; dropped if not put in."""
        with self._filled(file, name) as url:
            yield url

    def put_in(self, name, old):
        """Let the database laid beside take the place; what was there is renamed. Where it is now."""
        from psycopg import sql

        own, set_aside = self.url.database, self._beside(old)
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        with self._connected(self._other()) as connection:
            was_there = self._exists(connection, own)
            if was_there:
                connection.execute(rename.format(sql.Identifier(own), sql.Identifier(set_aside)))
            connection.execute(rename.format(sql.Identifier(self._beside(name)), sql.Identifier(own)))
        return set_aside if was_there else ""

    @contextmanager
    def _filled(self, file, name):
        from psycopg import sql

        beside = self._beside(name)
        with self._connected(self._other()) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(beside))
            )
            try:
                _run("pg_restore", "--no-owner", "--exit-on-error", "--dbname", self._dsn(beside),
                     str(file), password=self.url.password)
                yield self.url.set(database=beside)
            finally:
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(beside))
                )

    @staticmethod
    def _exists(connection, name):
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        return found.fetchone() is not None

    def _other(self):
        """A database of the server from which the own one may be renamed."""
        return "postgres" if self.url.database != "postgres" else "template1"

    def _beside(self, name):
        # PostgreSQL cuts names after 63 bytes.
        return f"{self.url.database[:30]}_{name.replace('-', '_').lower()}"

    @contextmanager
    def _connected(self, database):
        import psycopg

        try:
            with psycopg.connect(
                self._dsn(database), password=self.url.password, autocommit=True
            ) as connection:
                yield connection
        except psycopg.errors.InsufficientPrivilege as refused:
            raise Conflict(
                "PostgreSQL lets this program make no database, so no copy can be tried out: "
                "give its role CREATEDB."
            ) from refused
        except psycopg.Error as failed:
            raise Conflict("PostgreSQL refuses: %(why)s", why=" ".join(str(failed).split())) from failed

    def _dsn(self, database):
        from psycopg.conninfo import make_conninfo

        known = {"host": self.url.host, "port": self.url.port, "user": self.url.username}
        return make_conninfo(
            dbname=database, **{name: value for name, value in known.items() if value},
            **dict(self.url.query),
        )


def _run(name, *words, password):
    """One of PostgreSQL's own programs; the password is on nobody's list of processes."""
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run(
        [_program(name), *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, errors="replace", check=False,
    )
    if done.returncode:
        raise Conflict(
            "%(program)s failed: %(why)s", program=name, why=" ".join(done.stderr.split())[:TOLD]
        )


def _program(name):
    """The newest one installed: a dump must not be made by a program older than its server."""
    found = sorted(
        (path for path in INSTALLED.glob(f"*/bin/{name}") if path.parts[-3].isdecimal()),
        key=lambda path: int(path.parts[-3]),
    )
    if program := (found[-1] if found else shutil.which(name)):
        return str(program)
    raise Conflict(
        "%(program)s is not installed here, and only PostgreSQL's own programs copy its databases: "
        "install its client programs (postgresql-client).", program=name,
    )
