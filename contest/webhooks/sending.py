"""One try to deliver a message: resolved once, the machine looked at, connected to that very machine."""

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from contest.errors import Invalid
from contest.webhooks import address_rules

LIMIT_S = 5  # for the whole try: name, connection, request, the answer's head
AGENT = "Jiangsai-Webhooks/1"


@dataclass(frozen=True)
class Answer:
    """What came of a try. status: None where nothing was answered; problem: rules.PROBLEMS, "" when taken."""

    status: int | None
    problem: str
    duration_ms: int


class _Stopped(Exception):
    """A try that ends before anything was sent, with the problem."""


def send(url, headers, body, allowed=(), limit_s=LIMIT_S, resolve=socket.getaddrinfo):
    """Post `body` (bytes) and look at the answer's number alone; the Answer, within `limit_s` seconds.

    allowed: private networks that may be sent to. A redirection is not followed.
    """
    begun = time.monotonic()
    try:
        status, problem = _try(url, headers, body, allowed, begun + limit_s, resolve)
    except _Stopped as stopped:
        status, problem = None, str(stopped)
    return Answer(status, problem, round((time.monotonic() - begun) * 1000))


def _try(url, headers, body, allowed, until, resolve):
    try:
        target = address_rules.read_target(url, allowed)
    except Invalid as forbidden:
        raise _Stopped("forbidden") from forbidden
    machine = _machine(target, allowed, until, resolve)
    connection = _Connection(target, machine, until)
    watch = threading.Timer(max(0, until - time.monotonic()), connection.hang_up)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", target.path, body, {
            "Host": target.authority, "Content-Type": "application/json", "User-Agent": AGENT,
            "Connection": "close", **headers,
        })
        answer = connection.getresponse()
        status = answer.status
        answer.close()  # what it says is nothing that we need
    except (OSError, http.client.HTTPException) as failed:
        raise _Stopped("timeout" if connection.is_late else _why(failed)) from failed
    finally:
        watch.cancel()
        connection.close()
    if 200 <= status < 300:
        return status, ""
    return status, "redirect" if 300 <= status < 400 else "status"


def _why(failed):
    for kind, problem in (
        (TimeoutError, "timeout"), (ssl.SSLError, "tls"), (OSError, "connect"),
    ):
        if isinstance(failed, kind):
            return problem
    return "broken"


def _machine(target, allowed, until, resolve):
    """The machine to connect to: every address that the name has must be one that may be sent to."""
    found = [ipaddress.ip_address(one[4][0]) for one in _resolved(target, until, resolve)]
    try:
        for address in found:
            address_rules.check_machine(address, allowed)
    except Invalid as forbidden:
        raise _Stopped("forbidden") from forbidden
    if target.scheme == "http" and not all(address_rules.is_inside(one, allowed) for one in found):
        raise _Stopped("plain")
    return found[0]


def _resolved(target, until, resolve):
    """What the name means, asked once. The system's resolver knows no limit of time, so it waits apart."""
    answers = queue.SimpleQueue()

    def ask():
        try:
            answers.put(resolve(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.put([])

    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=max(0, until - time.monotonic()))
    except queue.Empty:
        raise _Stopped("timeout") from None
    if not found:
        raise _Stopped("name")
    return found


class _Connection(http.client.HTTPConnection):
    """To one machine, whatever the name means meanwhile; the certificate must still be the name's."""

    def __init__(self, target, machine, until):
        super().__init__(target.host, target.port)
        self.target, self.machine, self.until, self.is_late = target, machine, until, False

    def connect(self):
        family = socket.AF_INET6 if self.machine.version == 6 else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self.sock.settimeout(max(0.01, self.until - time.monotonic()))
        self.sock.connect((str(self.machine), self.target.port))
        if self.target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def hang_up(self):
        """The time is over, also for whoever answers a byte at a time."""
        self.is_late = True
        sock = self.sock
        if sock is not None:
            with suppress(OSError):
                # Not the shutdown of TLS, which another thread may be in the middle of.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
