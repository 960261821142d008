"""A small page over plain HTTP on which a tablet fetches the venue's certificate authority."""

import html
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import segno

PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>匠赛 Jiangsai</title></head><body>
<h1>信任赛场证书 · Trust the venue's certificate</h1>
<p><a href="/ca.crt"><strong>下载证书 · Download the certificate</strong></a></p>
<p>指纹（应与服务器上打印的一致）· Fingerprint (the server prints the same):<br><code>{fingerprint}</code></p>
<h2>iPad</h2><p>下载后：设置 → 通用 → VPN 与设备管理 → 安装；
再到 设置 → 通用 → 关于本机 → 证书信任设置，打开开关。<br>
After the download: Settings → General → VPN &amp; Device Management → install; then Settings →
General → About → Certificate Trust Settings, switch it on.</p>
<h2>Android</h2><p>设置 → 安全 → 加密与凭据 → 安装证书 → CA 证书。<br>
Settings → Security → Encryption &amp; credentials → Install a certificate → CA certificate.</p>
<h2>Windows</h2><p>打开文件 → 安装证书 → 本地计算机 → 受信任的根证书颁发机构。<br>
Open the file → Install Certificate → Local Machine → Trusted Root Certification Authorities.</p>
<p>然后打开 · Then open: <a href="{office}">{office}</a></p><p><img src="/code.svg" alt="{office}"></p>
<p>竞赛结束后请删除此证书。· Remove the certificate when the contest is over.</p></body></html>"""


def open_trust_page(host, port, papers, office):
    """Serve the page in a thread until `shutdown()` of what comes back is called."""
    server = ThreadingHTTPServer((host, port), partial(_Page, papers, office))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class _Page(BaseHTTPRequestHandler):
    def __init__(self, papers, office, *args):
        self.papers, self.office = papers, office
        super().__init__(*args)

    def do_GET(self):  # noqa: N802  (the name that the library asks for)
        """The page, the certificate, or the code that leads to the office."""
        if self.path == "/ca.crt":
            self._answer("application/x-x509-ca-cert", self.papers.authority.read_bytes())
        elif self.path == "/code.svg":
            code = BytesIO()
            segno.make(self.office).save(code, kind="svg", scale=6)
            self._answer("image/svg+xml", code.getvalue())
        elif self.path == "/":
            text = PAGE.format(fingerprint=self.papers.fingerprint, office=html.escape(self.office))
            self._answer("text/html; charset=utf-8", text.encode())
        else:
            self.send_error(404)

    def _answer(self, kind, body):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words):
        """Say nothing: who fetched the certificate is nobody's business."""
