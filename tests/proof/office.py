"""The office as it is started in earnest, to be killed in the middle of its work."""

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

from contest import create_app, serving
from contest.db import db, writing
from contest.judging.tablet_actions import note_start
from tests.ports import free_port
from tests.proof.sizes import SOAK

PATIENCE = 300  # seconds; only so that a server that never comes up ends the test


def environment_of(app, folder):
    """What a server process needs to work on this test's database."""
    return {
        **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_DATA": str(folder), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
        "CONTEST_NUDGE_PORT": str(serving.free_datagram_port()),
    }


class Office:
    """Office processes on one port, started again whenever they have ended."""

    def __init__(self, environment, workers=1):
        self.environment, self.workers = environment, workers
        self.port = free_port()
        self.child = None

    def start(self):
        """Start it, and wait until it answers."""
        self.child = serving.start_office(
            "127.0.0.1", self.port, self.workers, environment=self.environment
        )
        self.wait()

    def wait(self):
        """Wait until it answers; one that has ended is started anew."""
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert time.monotonic() < until, "the office does not come up again"
            if self.child.poll() is not None:
                self.child = serving.start_office(
                    "127.0.0.1", self.port, self.workers, environment=self.environment
                )
            time.sleep(0.02)

    def answers(self):
        """True when a page comes back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=0.5)
        try:
            connection.request("GET", "/sign-in")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def worker_pids(self):
        """The processes that this office's own process has made."""
        tasks = Path(f"/proc/{self.child.pid}/task")
        found = []
        for children in tasks.glob("*/children"):
            found += [int(pid) for pid in children.read_text().split()]
        return found

    def kill_workers(self):
        """SIGKILL to every worker, as a failing machine would: no goodbye, no flush."""
        for pid in self.worker_pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self):
        """End it."""
        if self.child is not None:
            serving.stop([self.child])


class Forked(Office):
    """An office whose processes are forked from one that has imported everything (ready_office)."""

    maker = pid = None

    def start(self):
        """Start it, and wait until it answers."""
        self.maker = subprocess.Popen(
            [sys.executable, "-m", "tests.proof.ready_office", str(self.port)], env=self.environment,
            cwd=serving.STATIC.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        self._fork()
        self.wait()

    def wait(self):
        """Wait until it answers."""
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert time.monotonic() < until, "the office does not come up again"
            time.sleep(0.02)

    def kill(self):
        """SIGKILL to the office and its worker at once; then another one is forked."""
        os.killpg(self.pid, signal.SIGKILL)
        self._fork()

    def stop(self):
        """End all of it."""
        if self.maker is not None:
            self.maker.stdin.close()
            self.maker.wait()
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.maker = None

    def _fork(self):
        self.maker.stdin.write("another\n")
        self.maker.stdin.flush()
        self.pid = int(self.maker.stdout.readline())


class Served(Office):
    """`contest serve` as it is typed: office, board and keeper, each with all its imports."""

    def start(self):
        """Start it, and wait until it answers."""
        self._type()
        self.wait()

    def wait(self):
        """Wait until it answers."""
        until = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.child.poll() is None and time.monotonic() < until, "the server does not come up"
            time.sleep(0.02)

    def kill(self):
        """SIGKILL to every process of it at once, as when the power goes; then it is typed again."""
        os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()
        self._type()

    def _type(self):
        self.child = subprocess.Popen(
            [sys.executable, "-m", "contest", "serve", "--port", str(self.port),
             "--board-port", str(free_port())],
            env=self.environment, cwd=serving.STATIC.parent, start_new_session=True,
            stdout=subprocess.DEVNULL,
        )


class Machine(Served):
    """A whole machine on a data folder. In the soak it is `contest serve` and commands as processes of
    their own; in `make test` they run within the test, and only the office is a process."""

    def __init__(self, data, **settings):
        super().__init__({**os.environ, "CONTEST_DATA": str(data), **settings})
        for name in ("CONTEST_DATABASE", "CONTEST_SECRET_KEY", "CONTEST_CODES_KEY"):
            self.environment.pop(name, None)

    def type_in(self, *words):
        """Run a `contest` command on its data; what it prints."""
        if not SOAK:
            with self._application() as app:
                done = app.test_cli_runner().invoke(args=list(words))
            assert done.exit_code == 0, (done.output, done.exception)
            return done.output
        done = subprocess.run(
            [sys.executable, "-m", "contest", *words], env=self.environment, cwd=serving.STATIC.parent,
            capture_output=True, text=True, check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self):
        """Start it, and wait until it answers."""
        if SOAK:
            super().start()
            return
        with self._application(), writing():
            note_start()
        Office.start(self)

    def wait(self):
        """Wait until it answers."""
        (Served if SOAK else Office).wait(self)

    def lose(self):
        """Every process of it ends at once, as when the power goes."""
        if SOAK:
            os.killpg(self.child.pid, signal.SIGKILL)
        else:
            workers = self.worker_pids()
            self.child.kill()  # first, so that it starts no other worker
            for pid in workers:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.child.wait()

    @contextmanager
    def _application(self):
        with patch.dict(os.environ, self.environment, clear=True):
            app = create_app(SERVER_NAME="localhost")
        with app.app_context(), writing(False):
            yield app
            db.session.remove()
            db.engine.dispose()
