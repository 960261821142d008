"""What the machine can do at best: nginx giving out the same bytes, bare sockets telling as many."""

import asyncio
import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.installation import free_port, wait_for_port
from contest.board.channel import GZIP_HEADER, HELLO, chunk

CONFIG = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type text/html;
  open_file_cache max=10; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{ listen 127.0.0.1:{port}; root {folder}/files; add_header Content-Encoding gzip; }}
}}
"""


class Nginx:
    """nginx with one process, like the board node, and one file: the page as the node has compressed it."""

    def __init__(self, body):
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="contest-nginx-")), free_port()
        (self.folder / "files").mkdir()
        (self.folder / "files" / "page").write_bytes(body)
        os.chmod(self.folder, 0o755)
        config = self.folder / "nginx.conf"
        config.write_text(CONFIG.format(folder=self.folder, port=self.port))
        self.child = subprocess.Popen(
            [program(), "-c", str(config), "-p", str(self.folder)], stderr=subprocess.DEVNULL
        )
        wait_for_port(self.port)

    def stop(self):
        """End it and throw its files away."""
        self.child.terminate()
        self.child.wait()
        shutil.rmtree(self.folder)


def program():
    """Where nginx is, or None."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


class _Client(asyncio.Protocol):
    clients = set()

    def connection_made(self, transport):
        self.transport = transport
        self.clients.add(transport)

    def data_received(self, data):
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n" + _framed(GZIP_HEADER) + _framed(HELLO.deflated)
        )

    def connection_lost(self, _error):
        self.clients.discard(self.transport)


def _framed(data):
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def _tell(port, size):
    """Send an event that is so large when packed to every client at each line on the input."""
    loop = asyncio.get_running_loop()
    await loop.create_server(_Client, "127.0.0.1", port, backlog=16_384)
    lines, number = asyncio.StreamReader(), 0
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while await lines.readline():
        number += 1
        text = base64.b64encode(os.urandom(size)).decode()[:max(0, size * 4 // 3 - 90)]
        event = _framed(chunk(f"id: bare.{number}\nevent: board\ndata: {text}\n\n").deflated)
        for client in _Client.clients:
            client.write(event)


class BareSockets:
    """A process of nothing but asyncio's sockets."""

    def __init__(self, size):
        self.port, self.number = free_port(), 0
        self.child = subprocess.Popen(
            [sys.executable, "-m", "bench.limits", str(self.port), str(size)],
            cwd=Path(__file__).parent.parent, stdin=subprocess.PIPE,
        )
        wait_for_port(self.port)

    def tell(self):
        """Have the next event sent; (its number, the moment of asking)."""
        self.number += 1
        began = time.monotonic()
        self.child.stdin.write(b"\n")
        self.child.stdin.flush()
        return self.number, began

    def stop(self):
        """End it."""
        self.child.kill()
        self.child.wait()
        self.child.stdin.close()


if __name__ == "__main__":
    asyncio.run(_tell(int(sys.argv[1]), int(sys.argv[2])))
