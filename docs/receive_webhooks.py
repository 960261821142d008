"""A receiver of webhooks in the standard library: it knows a genuine message, and takes each once.

    WEBHOOK_SECRET=whsec_… python docs/receive_webhooks.py 8080 taken.jsonl

Behind a server that speaks HTTPS. While a secret is exchanged give both, with a blank between them.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

TOLERANCE_S = 300
MOST_BYTES = 100_000


class Inbox:
    """What was taken, one message a line; its ids survive a restart."""

    def __init__(self, path):
        self.path, self.lock = Path(path), Lock()
        lines = self.path.read_text("utf-8").splitlines() if self.path.exists() else []
        self.ids = {json.loads(line)["id"] for line in lines}

    def take(self, message_id, body):
        """True when the message was not taken before; it is on the disk before that is said."""
        with self.lock:
            if message_id in self.ids:
                return False
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"id": message_id, **json.loads(body)}, ensure_ascii=False) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self.ids.add(message_id)
            return True


def is_genuine(secrets, headers, body, now):
    """True when somebody with one of the secrets signed this body within the last five minutes."""
    message_id, sent, given = (
        headers.get(name, "") for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
    )
    if not message_id or not sent.isdecimal() or abs(now - int(sent)) > TOLERANCE_S:
        return False
    signed = f"{message_id}.{sent}.".encode() + body
    is_found = False
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        for one in given.split():
            is_found |= hmac.compare_digest(one.encode(), wanted.encode())
    return is_found


class Receiver(BaseHTTPRequestHandler):
    """2xx: taken, or taken before. 401: not genuine; the sender tries again, for a day."""

    def do_POST(self):  # noqa: N802  (the server looks for this name)
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            return self.send_error(413)
        body = self.rfile.read(int(length))
        if not is_genuine(self.server.secrets, self.headers, body, time.time()):
            return self.send_error(401)
        self.server.inbox.take(self.headers["webhook-id"], body)
        self.send_response(204)
        return self.end_headers()


def main():
    """Serve on 127.0.0.1 until it is stopped."""
    port, path = int(sys.argv[1]), sys.argv[2]
    server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
    server.secrets, server.inbox = os.environ["WEBHOOK_SECRET"].split(), Inbox(path)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
