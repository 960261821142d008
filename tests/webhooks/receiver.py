"""A receiver as bad as receivers are, as a process: python receiver.py PORT LOG.

What it does is the first part of the path: ok, fail (500), later (503 until the file LOG.ready is there),
hang, drip (a byte of the head every half second), redirect/… (to the rest of the path), gone (410), huge
(a head without end). Every request is a line of the log, written before it is answered.
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote


class Bad(BaseHTTPRequestHandler):
    def do_POST(self):  # noqa: N802
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        line = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body}
        with open(sys.argv[2], "a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
        kind, _, rest = self.path.strip("/").partition("/")
        getattr(self, f"_{kind}")(unquote(rest))

    do_GET = do_POST  # noqa: N815  (whoever followed a redirection would ask so)

    def _say(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _ok(self, _rest):
        self._say(204)

    def _fail(self, _rest):
        self._say(500)

    def _later(self, _rest):
        self._say(204 if Path(f"{sys.argv[2]}.ready").exists() else 503)

    def _gone(self, _rest):
        self._say(410)

    def _redirect(self, rest):
        self._say(307, Location=rest)

    def _hang(self, _rest):
        time.sleep(60)

    def _drip(self, _rest):
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 120:
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.5)

    def _huge(self, _rest):
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"X-Filler: aaaaaaaaaaaaaaaaaaaa\r\n" * 100_000)
        except OSError:
            return

    def log_message(self, *_said):
        """Nothing on the terminal."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Bad)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()
