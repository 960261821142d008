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

STATIC = Path(__file__).resolve().parent.parent / "static"
STOP_SECONDS = 10


def serve(host="127.0.0.1", port=8000, board_port=8001, workers=1, threads=4, told=None):
    """Run office and board node until one of them ends or Ctrl-C; returns the exit code.

    told(address of the office, address of the board) is called once both have been started.
    """
    environment = dict(os.environ)
    address = reachable(host)
    environment.setdefault("CONTEST_NUDGE_PORT", str(free_datagram_port()))
    environment.setdefault("CONTEST_BOARD_URL", f"http://{address}:{board_port}")
    children = [
        start_office(host, port, workers, threads, environment),
        start_board(host, board_port, environment),
    ]
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        if told is not None:
            told(f"http://{address}:{port}", environment["CONTEST_BOARD_URL"])
        return _wait_for_first(children)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(children)


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


def start_office(host, port, workers=1, threads=4, environment=None):
    """The office as a child process: Flask under granian, few threads, because they share one lock."""
    return _start(["office", host, str(port), str(workers), str(threads)], environment)


def start_board(host, port, environment=None):
    """The board node as a child process."""
    return _start(["board", host, str(port)], environment)


def _start(words, environment):
    return subprocess.Popen(
        [sys.executable, "-m", "contest.serving", *words], env=environment,
        cwd=STATIC.parent,
    )


def _interrupt(_signal, _frame):
    raise KeyboardInterrupt


def _wait_for_first(children):
    while True:
        for child in children:
            if child.poll() is not None:
                return child.returncode or 1
        time.sleep(0.2)


def stop(children):
    """End child processes: asked first, then made to."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


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
    """What a child process does: one granian server, until it is told to stop."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    kind, host, port, *more = words
    common = {
        "address": host, "port": int(port), "factory": True, "log_level": "warning",
        "static_path_route": ["/static"], "static_path_mount": [STATIC], "websockets": False,
        "workers_kill_timeout": 3, "static_path_expires": 600,
    }
    if kind == "office":
        workers, threads = map(int, more)
        server = Granian(
            "contest:create_app", interface=Interfaces.WSGI, workers=workers,
            blocking_threads=threads, **common,
        )
    else:
        # Every open board holds a connection, and every connection a small buffer.
        server = Granian(
            "contest.board.node:create_node", interface=Interfaces.ASGI, workers=1,
            backlog=16_384, backpressure=65_536,
            http1_settings=HTTP1Settings(max_buffer_size=16_384), **common,
        )
    server.serve()


if __name__ == "__main__":
    run(sys.argv[1:])
