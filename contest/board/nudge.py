"""Telling the board node that something changed: one datagram, sent after the commit, never waited for."""

import logging
import socket
from queue import SimpleQueue
from threading import Lock, Thread

from flask import current_app

from contest import signals

log = logging.getLogger(__name__)


@signals.marks_changed.connect
@signals.board_changed.connect
@signals.results_finalised.connect
def nudge(_did, contest_id):
    """Say that the boards of a contest may have changed. Who hears nothing looks every two seconds."""
    port = current_app.config["NUDGE_PORT"]
    url = current_app.config["REDIS_URL"]
    if port:
        _send_datagram(port, str(contest_id).encode())
    if url:
        _postman.post(url, current_app.config["REDIS_CHANNEL"], str(contest_id))


def _send_datagram(port, message):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            sender.sendto(message, ("127.0.0.1", port))
        except OSError as error:
            # The mark is stored; a judge must never hear of the audience's trouble.
            log.warning("the board node could not be nudged: %s", error)


class _Postman:
    """Carries messages to Redis in a thread of its own, so that no judge waits for it."""

    def __init__(self):
        self._letters = SimpleQueue()
        self._thread = None
        self._hiring = Lock()

    def post(self, url, channel, message):
        """Leave a message; it is sent soon, or dropped when Redis does not answer."""
        with self._hiring:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._work, name="nudges", daemon=True)
                self._thread.start()
        self._letters.put((url, channel, message))

    def _work(self):
        import redis

        clients = {}
        while True:
            url, channel, message = self._letters.get()
            if url not in clients:
                clients[url] = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
            try:
                clients[url].publish(channel, message)
            except redis.RedisError as error:
                log.warning("the board nodes could not be nudged: %s", error)


_postman = _Postman()
