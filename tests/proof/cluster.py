"""A PostgreSQL cluster of a test's own: made in a temporary folder, crashed, thrown away."""

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.ports import free_port

NOBODY = "postgres"


def _programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))
    return Path(found[-1]).parent if found else None


class Cluster:
    """A server on a port of its own, with `fsync` as it comes: what it acknowledges is on the disk."""

    def __init__(self):
        self.programs = _programs()
        if self.programs is None:
            pytest.skip("PostgreSQL's own programs are not installed, so its crash test is skipped")
        self.folder = Path(tempfile.mkdtemp(prefix="contest-cluster-"))
        self.port = free_port()
        self.user = None
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            try:
                self.user = pwd.getpwnam(NOBODY)
            except KeyError:
                pytest.skip(f"PostgreSQL does not run as root, and there is no user {NOBODY}")
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)

    @property
    def url(self):
        """The address of its database."""
        return f"postgresql+psycopg://{NOBODY}@127.0.0.1:{self.port}/postgres"

    def _run(self, program, *words):
        more = {"user": self.user.pw_uid, "group": self.user.pw_gid} if self.user else {}
        subprocess.run(
            [self.programs / program, *words], check=True, cwd=self.folder, timeout=120,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, extra_groups=[] if more else None,
            **more,
        )

    def make(self):
        """Make the cluster and start it."""
        self._run("initdb", "-D", "data", "-U", NOBODY, "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def start(self):
        """Start it, and wait until it takes connections."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c shared_buffers=16MB"
        self._run("pg_ctl", "-D", "data", "-w", "-t", "100", "-l", "log", "-o", options, "start")

    def crash(self):
        """Stop at once: no checkpoint, no goodbye; the next start has to recover."""
        self._run("pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")

    def remove(self):
        """End it and throw its files away."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def cluster():
    """A running cluster."""
    found = Cluster()
    try:
        found.make()
        yield found
    finally:
        found.remove()
