"""Ports for the servers that tests start."""

import socket
from contextlib import ExitStack
from secrets import SystemRandom

FIRST, LAST = 10_000, 32_000  # below those that Linux gives to outgoing connections


def free_port():
    """A port on which nobody listens, nor on the one after it (the board's).

    The system would choose among the ports of outgoing connections: one of another test could take
    it before the server does, or while a server is started again.
    """
    while True:
        port = SystemRandom().randrange(FIRST, LAST, 2)
        with ExitStack() as stack:
            try:
                for each in (port, port + 1):
                    probe = stack.enter_context(socket.socket())
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", each))
            except OSError:
                continue  # somebody listens there
            return port
