"""The gate of the office: what is half here keeps nobody waiting, and an operation no slow page."""

import asyncio
import http.client
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from contest import gate, serving
from tests import factories
from tests.ports import free_port
from tests.test_serving import PATIENCE, ask, wait_for

OPERATIONS = "/api/v1/sheets/3/operations"


class Headers(list):
    """Pairs, as granian gives them."""

    def get(self, name):
        return next((value for key, value in self if key == name), None)

    def items(self):
        return list(self)


class Proto:
    """One connection: what it sends, and what it was answered. A piece of None: nothing more ever comes."""

    def __init__(self, *pieces):
        self.pieces, self.status, self.headers, self.sent = pieces, None, [], []

    async def __call__(self):
        return b"".join([piece async for piece in self])

    async def __aiter__(self):
        for piece in self.pieces:
            if piece is None:
                await asyncio.Event().wait()
            yield piece

    def response_bytes(self, status, headers, body):
        assert self.status is None
        self.status, self.headers = status, headers
        self.sent.append(body)

    def response_str(self, status, headers, text):
        self.response_bytes(status, headers, text.encode())

    def response_stream(self, status, headers):
        self.status, self.headers = status, headers
        return SimpleNamespace(send_bytes=self._send)

    async def _send(self, piece):
        self.sent.append(piece)


def scope(path="/sign-in", method="POST", length=None, headers=(), client="10.0.0.2:4711"):
    said = [] if length is None else [("content-length", str(length))]
    return SimpleNamespace(
        path=path, method=method, query_string="a=1", http_version="1.1", scheme="https",
        server="10.0.0.1:8000", client=client, authority="venue.local",
        headers=Headers([*said, *headers]),
    )


def through(app, *asked, **wishes):
    """Send (scope, Proto) pairs through a Gate before an application, all at once; the protos."""
    async def run():
        own = gate.Gate(app, **wishes)
        await asyncio.gather(*(own.__rsgi__(*each) for each in asked))
        own.__rsgi_del__(None)
        return own

    # In a thread of its own: in this one a browser's tests may have left a loop running.
    with ThreadPoolExecutor(1) as thread:
        own = thread.submit(lambda: asyncio.run(run())).result()
    assert own.held == own.pages.waiting == own.operations.waiting == 0
    return [proto for _, proto in asked]


Missing = SimpleNamespace(file=None, is_there=False, length=0)


def echo(environ, start):
    body = environ["wsgi.input"].read()
    start("200 OK", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    return [environ.get("CONTENT_LENGTH", "none").encode(), b" ", body]


def test_a_body_in_pieces_comes_whole_and_the_answer_as_it_is():
    [proto] = through(echo, (scope(length=6), Proto(b"abc", b"def")))
    assert (proto.status, proto.sent) == (200, [b"6 abcdef"])
    assert proto.headers == [("set-cookie", "a=1"), ("set-cookie", "b=2")]


def test_a_body_without_an_announced_length_has_the_length_that_came():
    [proto] = through(echo, (scope(headers=[("transfer-encoding", "chunked")]), Proto(b"abc", b"defg")))
    assert proto.sent == [b"7 abcdefg"]
    [proto] = through(echo, (scope(method="GET"), Proto(None)))
    assert proto.sent == [b"none "]


def test_a_long_body_goes_to_the_disk_and_comes_back(monkeypatch):
    monkeypatch.setattr(gate, "IN_MEMORY", 10)
    kinds = []

    def app(environ, start):
        kinds.append(type(environ["wsgi.input"]).__name__)
        return echo(environ, start)

    [proto] = through(app, (scope(length=24), Proto(*[b"123456"] * 4)))
    assert proto.sent == [b"24 " + b"123456" * 4]
    assert kinds != ["BytesIO"]


def test_a_body_longer_than_any_page_takes_is_not_kept_and_its_length_is_told():
    announced, chunked = through(
        echo, (scope(length=101), Proto(None)), (scope(), Proto(*[b"x" * 60] * 9, None)), most_bytes=100,
    )
    assert announced.sent == [b"101 "]
    assert chunked.sent[0].startswith(b"120 ")


def test_what_stops_in_the_middle_is_told_and_never_reaches_a_page():
    calls = []
    half = Proto(b"ab", None)
    late, short = through(
        lambda *given: calls.append(given), (scope(length=5), half), (scope(length=5), Proto(b"ab")),
        stall=0.05,
    )
    assert (late.status, short.status) == (408, 400)
    assert not calls


def test_there_is_room_for_so_many_long_bodies_and_short_ones_always_come_through(monkeypatch):
    monkeypatch.setattr(gate, "IN_MEMORY", 10)
    monkeypatch.setattr(gate, "MOST_HELD", 30)
    long, short = (scope(length=40), Proto(*[b"x" * 20] * 2)), (scope(length=3), Proto(b"abc"))
    turned, taken = through(echo, long, short)
    assert (turned.status, dict(turned.headers)["retry-after"]) == (503, "2")
    assert taken.status == 200


def test_an_operation_waits_for_no_slow_page():
    done, order = threading.Event(), []

    def app(environ, start):
        if environ["PATH_INFO"] == OPERATIONS:
            done.set()
        else:
            assert done.wait(PATIENCE)
        order.append(environ["PATH_INFO"])
        return echo(environ, start)

    pages = [(scope("/slow", "GET"), Proto()) for _ in range(4)]
    protos = through(app, *pages, (scope(OPERATIONS, length=2), Proto(b"{}")), threads=2)
    assert order[0] == OPERATIONS
    assert {proto.status for proto in protos} == {200}


def test_operations_go_one_after_the_other_where_there_is_one_writer():
    at_work, most = [], []

    def app(environ, start):
        at_work.append(1)
        most.append(len(at_work))
        threading.Event().wait(0.01)
        at_work.pop()
        return echo(environ, start)

    through(app, *[(scope(OPERATIONS, length=2), Proto(b"{}")) for _ in range(6)], lanes=1)
    assert most == [1] * 6


def test_who_comes_when_too_many_wait_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(gate, "MOST_WAITING", 0)
    [proto] = through(echo, (scope(length=1), Proto(b"a")))
    assert proto.status == 503


def test_a_long_answer_goes_out_in_pieces_and_is_closed_once(monkeypatch):
    monkeypatch.setattr(gate, "PIECE", 5)
    closed = []

    class Chunks:
        def __iter__(self):
            return iter([b"abc"] * 5)

        def close(self):
            closed.append(1)

    def app(_environ, start):
        start("206 PARTIAL", [("Content-Type", "x")])
        return Chunks()

    [proto] = through(app, (scope(), Proto(b"")))
    assert (proto.status, proto.sent) == (206, [b"abcabc", b"abcabc", b"abc"])
    assert closed == [1]


def test_who_hangs_up_in_the_middle_of_a_long_answer_leaves_nothing_open(monkeypatch):
    monkeypatch.setattr(gate, "PIECE", 5)
    closed = []

    class Chunks(list):
        def close(self):
            closed.append(1)

    class Closing(Proto):
        async def _send(self, piece):
            raise gate.ProtocolClosed

    def app(_environ, start):
        start("200 OK", [])
        return Chunks([b"abcdef"] * 5)

    through(app, (scope(), Closing(b"")))
    assert closed == [1]


def test_an_application_that_fails_is_an_answer_of_500_and_a_line_in_the_log(caplog):
    def app(_environ, _start):
        raise ValueError("why")

    [proto] = through(app, (scope("/x", "GET"), Proto()))
    assert proto.status == 500
    assert "why" in caplog.text and "/x" in caplog.text


def test_the_environment_of_a_page():
    environ = gate.environ_of(
        scope("/比武/ x", headers=[
            ("cookie", "a=1"), ("cookie", "b=2"), ("x-a", "1"), ("x-a", "2"), ("a_b", "1"),
            ("content-type", "t"),
        ]),
        Missing,
    )
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/比武/ x"
    assert (environ["HTTP_COOKIE"], environ["HTTP_X_A"], environ["CONTENT_TYPE"]) == ("a=1; b=2", "1,2", "t")
    assert (environ["SERVER_NAME"], environ["SERVER_PORT"]) == ("10.0.0.1", "8000")
    assert environ["HTTP_HOST"] == "venue.local"
    assert (environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]) == ("10.0.0.2", "https")
    assert gate.environ_of(scope(client="[fe80::1]:80"), Missing)["REMOTE_ADDR"] == "fe80::1"
    assert not {name for name in environ if "A_B" in name or name == "CONTENT_LENGTH"}


@pytest.fixture
def office(app, tmp_path):
    factories.make_user("somebody")
    environment = {
        **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_DATA": str(tmp_path), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
    }
    port = free_port()
    child = serving.start_office("127.0.0.1", port, environment=environment)
    wait_for(port, "/sign-in")
    yield port
    serving.stop([child])


def test_forms_that_arrive_half_keep_no_thread_and_no_lock_from_the_others(office):
    halves = []
    for path in ["/sign-in"] * 10 + [OPERATIONS] * 10:
        half = socket.create_connection(("127.0.0.1", office), timeout=PATIENCE)
        half.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n"
                     b"Content-Type: application/x-www-form-urlencoded\r\n\r\nlogin=" % path.encode())
        halves.append(half)

    assert ask(office, "/sign-in").status == 200
    whole = http.client.HTTPConnection("127.0.0.1", office, timeout=PATIENCE)
    whole.request("POST", OPERATIONS, b"{}", {"Content-Type": "application/json"})
    assert whole.getresponse().status == 401

    # And the rest of one of them is taken when it comes at last.
    halves[0].sendall(b"x" * 44)
    assert halves[0].recv(12) == b"HTTP/1.1 400"
    for half in halves:
        half.close()
