"""`contest venue`: an authority that is made once, a certificate that browsers can check, three servers."""

import http.client
import os
import ssl
import subprocess
import sys
import time

import pytest

from contest import certificates
from contest.db import db
from tests.ports import free_port
from tests.test_serving import PATIENCE


def read(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.headers


def test_an_authority_is_made_once_and_a_new_name_only_makes_a_new_certificate(app, tmp_path):
    first = certificates.prepare(tmp_path / "venue", ["127.0.0.1", "localhost"])
    authority, certificate = first.authority.read_bytes(), first.certificate.read_bytes()

    again = certificates.prepare(tmp_path / "venue", ["localhost"])
    assert again.certificate.read_bytes() == certificate
    other = certificates.prepare(tmp_path / "venue", ["10.1.2.3", "localhost"])

    assert (first.is_new, again.is_new, other.is_new) == (True, False, False)
    assert other.authority.read_bytes() == authority
    assert other.certificate.read_bytes() != certificate
    assert {path.stat().st_mode & 0o77 for path in (tmp_path / "venue").glob("*.key")} == {0}


@pytest.fixture
def venue(app, tmp_path):
    """The command, running; the ports of office, board and trust page."""
    ports = [free_port(), free_port(), free_port()]
    environment = {
        **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_DATA": str(tmp_path), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
    }
    db.session.commit()
    child = subprocess.Popen(
        [sys.executable, "-m", "contest", "venue", "--host", "127.0.0.1", "--port", str(ports[0]),
         "--board-port", str(ports[1]), "--trust-port", str(ports[2])],
        env=environment, stdout=subprocess.PIPE, text=True,
    )
    yield ports, tmp_path / "venue" / "ca.pem"
    child.terminate()
    child.wait(PATIENCE)


def test_a_tablet_that_trusts_the_authority_reaches_office_and_board(venue):
    (office, board, trust), authority = venue
    until = time.monotonic() + PATIENCE
    while True:
        try:
            status, fetched, headers = read(http.client.HTTPConnection("127.0.0.1", trust), "/ca.crt")
            context = ssl.create_default_context(cadata=fetched.decode())
            page = read(http.client.HTTPSConnection("127.0.0.1", office, context=context), "/sign-in")
            shown = read(http.client.HTTPSConnection("127.0.0.1", board, context=context), "/board/x")
            break
        except OSError:
            assert time.monotonic() < until, "the servers did not come up"
            time.sleep(0.1)

    assert (status, headers["Content-Type"]) == (200, "application/x-x509-ca-cert")
    assert fetched == authority.read_bytes()
    assert page[0] in {200, 303} and page[2]["X-App"] == "contest"
    assert shown[0] == 404
    guide = read(http.client.HTTPConnection("127.0.0.1", trust), "/")[1].decode()
    assert "Certificate Trust Settings" in guide and f"https://127.0.0.1:{office}/" in guide
    with pytest.raises(ssl.SSLCertVerificationError):
        read(http.client.HTTPSConnection("127.0.0.1", office, context=ssl.create_default_context()), "/")
