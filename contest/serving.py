"""Starting the servers: the office for those who work, the board node for the audience."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from contest import config, running
from contest.keepers import Keeper, keep_all, keep_one, stop

STATIC = Path(__file__).resolve().parent.parent / "static"
# For pages. Eight take the one lock from each other: pages cost a third more and the slowest take twice as
# long (measured, docs/board-bench.md).
THREADS = 4
_ready = []


def serve(host="127.0.0.1", port=8000, board_port=8001, workers=1, threads=THREADS, told=None):
    """Run office and board node until one of them ends or Ctrl-C; returns the exit code.

    told(address of the office, address of the board) is called once both have been started.
    """
    environment = dict(os.environ)
    address = reachable(host)
    scheme = "https" if environment.get("CONTEST_TLS_CERT") else "http"
    environment.setdefault("CONTEST_NUDGE_PORT", str(free_datagram_port()))
    environment.setdefault("CONTEST_BOARD_URL", f"{scheme}://{address}:{board_port}")
    environment.setdefault("CONTEST_ADDRESS", f"{scheme}://{address}:{port}")
    children = [
        start_office(host, port, workers, threads, environment),
        start_board(host, board_port, environment),
    ]
    keeper = Keeper(lambda: _start(["keepers", *wanted_keepers()], environment))
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if told is not None:
            told(f"{scheme}://{address}:{port}", environment["CONTEST_BOARD_URL"])
        return _wait_for_first(children, keeper)
    except KeyboardInterrupt:
        return 0
    finally:
        stop([*children, *keeper.children()])


def wanted_keepers():
    """What is kept beside the servers (keepers.py), by the settings of this installation."""
    is_wanted = {"backups": config.backup_minutes() > 0, "follow": bool(config.follow_to())}
    every = "backups", "follow", "webhooks", "letters", "chains"
    return [word for word in every if is_wanted.get(word, True)]


def taken_port(host, ports):
    """The first of the ports that another program listens on here, or None.

    Two servers could share a port without a word and answer in turn; so it is asked for alone.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in ports:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            # What has just ended does not count as listening.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as refused:
                if refused.errno == errno.EADDRINUSE:
                    return port
    return None


def start_office(host, port, workers=1, threads=THREADS, environment=None):
    """The office as a child process: Flask under granian, behind a gate (gate.py)."""
    return _start(["office", host, str(port), str(workers), str(threads)], environment)


def start_board(host, port, environment=None):
    """The board node as a child process."""
    return _start(["board", host, str(port)], environment)


def start_public_node(host, port, environment=None):
    """A public node as a child process: a board node that is fed by another one."""
    return _start(["public", host, str(port)], environment)


def _start(words, environment):
    environment = dict(os.environ if environment is None else environment)
    # Every thread would keep memory of its own: after large forms up to twice as much.
    environment.setdefault("MALLOC_ARENA_MAX", "2")
    return subprocess.Popen(
        [sys.executable, "-m", "contest.serving", *words], env=environment,
        cwd=STATIC.parent,
    )


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def _wait_for_first(children, *tended):
    while True:
        for child in children:
            if child.poll() is not None:
                return child.returncode or 1
        for one in tended:
            one.tend()
        time.sleep(0.2)


def free_datagram_port():
    """A port of this machine on which no datagrams are heard yet."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def reachable(host):
    """The address that phones in the room can reach, when the server listens everywhere."""
    if host not in {"0.0.0.0", "::", ""}:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.connect(("10.255.255.255", 9))  # Nothing is sent; it only chooses a way out.
        return probe.getsockname()[0]
    return "127.0.0.1"


def run(words):
    """What a child process does: one granian server, or what keepers.py keeps, until it is told to stop."""
    if words[0] == "public":  # It has no data folder and no database.
        return _serve(words)
    if not running.run_here(config.data_folder()):
        sys.exit("The database is being restored or taken over; start again when that is done.")
    if words[0] == "board":
        return _serve(words)
    app = _ready_application()
    if words[0] == "keepers":
        return keep_all(words[1:], app)
    if words[0] != "office":
        return keep_one(words[0], app)
    _tell_troubles(app)
    return serve_office(app, *words[1:])


def _tell_troubles(app):
    """Say at the start what of this machine could spoil a contest; the desk says it too."""
    from contest.backups import self_test
    from contest.commands.terminal import own_language
    from contest.db import db
    from contest.pages import sentence

    with app.app_context(), own_language():
        for note in self_test.problems():
            print(sentence({"message": note.text, "params": note.params}), file=sys.stderr, flush=True)
        db.engine.dispose()  # see _ready_application


def serve_office(app, host="127.0.0.1", port=8000, workers=1, threads=THREADS):
    """The office in this process and in workers that are forked with its application."""
    _ready[:] = [app, int(threads)]
    _serve(["office", host, port, workers])


def office_application():
    """The office's application for a worker: forked with it, or built anew where processes are not forked.

    A worker that replaces a dead one so has nothing to import; it opens the database itself.
    """
    from contest.gate import Gate

    app, threads = _ready if _ready else (_ready_application(), THREADS)
    is_one_writer = app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    return Gate(app, threads, 1 if is_one_writer else 4, app.config["MAX_CONTENT_LENGTH"])


def _ready_application():
    """The application on a database of this version; a sentence ends the process where it is not."""
    from contest import create_app
    from contest.commands.database import what_is_wrong
    from contest.commands.terminal import own_language
    from contest.db import db

    app = create_app()
    with app.app_context(), own_language():
        if sentence := what_is_wrong():
            sys.exit(sentence)
        db.engine.dispose()  # No connection may go over into a forked process.
    return app


def _serve(words):
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    kind, host, port, *more = words
    common = {
        "address": host, "port": int(port), "factory": True, "log_level": "warning",
        "static_path_route": ["/static"], "static_path_mount": [STATIC], "websockets": False,
        "workers_kill_timeout": 3, "static_path_expires": 600,
    }
    if certificate := os.environ.get("CONTEST_TLS_CERT"):
        common |= {"ssl_cert": Path(certificate), "ssl_key": Path(os.environ["CONTEST_TLS_KEY"])}
    if kind == "office":
        server = Granian(
            "contest.serving:office_application", interface=Interfaces.RSGI, workers=int(more[0]),
            # Whoever sends slowly waits at the gate, and keeps nobody from it.
            backlog=4_096, backpressure=4_096,
            # A worker that dies is replaced at once; one that dies again and again ends the office.
            respawn_failed_workers=True, **common,
        )
    else:
        factories = {"board": "create_node", "public": "create_public_node"}
        # Every open board holds a connection, and every connection a buffer: with the server's least
        # one a board costs 20 KB instead of 31.
        server = Granian(
            f"contest.board.starting:{factories[kind]}", interface=Interfaces.ASGI, workers=1,
            backlog=16_384, backpressure=65_536,
            http1_settings=HTTP1Settings(max_buffer_size=8_192), **common,
        )
    server.serve()


if __name__ == "__main__":
    from contest.serving import run as run_as_workers_know_it

    run_as_workers_know_it(sys.argv[1:])
