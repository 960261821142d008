"""What Flask, Granian and SQLite do at best here: a sheet's bytes parsed, one row, one durable commit."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from bench.installation import free_port, wait_for_port

_own = threading.local()


def application():
    """A Flask application of one address, with the settings of our database and nothing of our program."""
    from flask import Flask, request

    app = Flask(__name__)

    @app.post("/<path:address>")
    def take(address):
        if not hasattr(_own, "connection"):
            _own.connection = sqlite3.connect(os.environ["BARE_DATABASE"], timeout=30, isolation_level=None)
            _own.connection.execute("PRAGMA synchronous = FULL")
        found = json.loads(request.get_data())
        _own.connection.execute("BEGIN IMMEDIATE")
        _own.connection.execute("INSERT INTO entry (address, marks) VALUES (?, ?)",
                                (address, json.dumps(found["marks"])))
        _own.connection.execute("COMMIT")
        return {"stored": True}

    return app


class BareOffice:
    """It as processes: as many workers and threads as our office has unless told otherwise."""

    def __init__(self, workers=1, threads=4):
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="contest-bare-")), free_port()
        database = self.folder / "bare.sqlite"
        with sqlite3.connect(database) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("CREATE TABLE entry (id INTEGER PRIMARY KEY, address TEXT, marks TEXT)")
        connection.close()
        self.child = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "--log-level", "error",
             "--host", "127.0.0.1", "--port", str(self.port), "--workers", str(workers),
             "--blocking-threads", str(threads), "bench.bare_office:application"],
            cwd=Path(__file__).parent.parent, env={**os.environ, "BARE_DATABASE": str(database)},
        )
        wait_for_port(self.port)

    def stop(self):
        """End it and throw its rows away."""
        self.child.terminate()
        self.child.wait()
        shutil.rmtree(self.folder)
