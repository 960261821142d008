"""The real servers on free ports: office and board node, started as `contest serve` starts them."""

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from contest import keepers, serving
from contest.backups.queries import list_copies
from contest.db import about_to_write, db
from contest.running import alone
from tests.ports import free_port
from tests.results.scenes import make_scene

PATIENCE = 60  # seconds; only so that a broken server ends the test


def ask(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request("GET", path, headers=headers)
    return connection.getresponse()


def wait_for(port, path):
    until = time.monotonic() + PATIENCE
    while True:
        try:
            answer = ask(port, path)
            return answer.status, answer.read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def event(stream):
    """The next event of a stream: {field: value}."""
    fields = {}
    while True:
        line = stream.readline().decode().rstrip("\n")
        if not line and "event" in fields:
            return fields
        name, _, value = line.partition(": ")
        if name:
            fields[name] = value


@pytest.fixture
def environment(app, tmp_path):
    return {
        **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_DATA": str(tmp_path), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
        "CONTEST_NUDGE_PORT": str(serving.free_datagram_port()),
    }


def test_a_mark_travels_from_the_database_to_an_open_board(app, environment):
    scene = make_scene(3).finish()
    slug, port = scene.contest.slug, free_port()
    app.config["NUDGE_PORT"] = int(environment["CONTEST_NUDGE_PORT"])
    db.session.commit()
    about_to_write(False)
    child = serving.start_board("127.0.0.1", port, environment)
    try:
        status, page = wait_for(port, f"/board/{slug}?lang=en")
        at = page.decode().split('data-event="')[1].split('"')[0]
        stream = ask(port, f"/board/{slug}/events?lang=en&after={at}")
        assert (status, stream.getheader("Content-Type")) == (200, "text/event-stream; charset=utf-8")

        about_to_write(True)
        scene.theory(0, 100)
        about_to_write(False)
        told = event(stream)

        assert told["event"] == "board"
        assert "100.00" in told["data"]
        late = ask(port, f"/board/{slug}/events?lang=en", **{"Last-Event-ID": at})
        again = event(late)
        # Each waits another while before it asks again.
        assert {**again, "retry": ""} == {**told, "retry": ""}
        assert ask(port, "/static/css/board.css").status == 200
    finally:
        serving.stop([child])


def test_the_office_serves_pages_and_files(app, environment):
    port = free_port()
    child = serving.start_office("127.0.0.1", port, environment=environment)
    try:
        status, page = wait_for(port, "/board/nothing")

        assert status == 404 and b"<html" in page
        assert ask(port, "/static/css/tokens.css").status == 200
    finally:
        serving.stop([child])
    assert child.returncode is not None


def test_when_one_server_ends_so_does_the_other():
    ended, running = (serving.subprocess.Popen(["sleep", seconds]) for seconds in ("0", "600"))

    code = serving._wait_for_first([ended, running])
    serving.stop([ended, running])

    assert code != 0
    assert running.returncode is not None


def test_an_address_that_phones_can_reach():
    assert serving.reachable("192.0.2.7") == "192.0.2.7"
    assert serving.reachable("0.0.0.0") not in {"0.0.0.0", ""}


def test_a_port_that_somebody_listens_on_is_taken():
    """Also when the other one would share it: an audience must not get two contests in turn."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert serving.taken_port("127.0.0.1", [port]) == port
        assert serving.taken_port("0.0.0.0", [port]) == port

    assert serving.taken_port("127.0.0.1", [port]) is None


def test_a_keeper_is_started_again_but_not_again_and_again(monkeypatch):
    started, now = [], [0.0]

    def start():
        started.append(now[0])
        child = subprocess.Popen(["true"])
        child.wait()
        return child

    monkeypatch.setattr(keepers.time, "monotonic", lambda: now[0])
    keeper = keepers.Keeper(start)
    for now[0] in (0, 1, 29, 31, 32, 61):
        keeper.tend()

    assert started == [0, 31, 61]


def test_without_copies_and_a_second_place_nobody_keeps_them(monkeypatch, tmp_path):
    monkeypatch.setenv("CONTEST_BACKUP_MINUTES", "0")
    assert serving.wanted_keepers() == ["webhooks", "letters", "chains"]

    monkeypatch.setenv("CONTEST_BACKUP_MINUTES", "5")
    monkeypatch.setenv("CONTEST_FOLLOW_TO", str(tmp_path))
    assert serving.wanted_keepers() == ["backups", "follow", "webhooks", "letters", "chains"]


def test_the_keeper_copies_the_database_of_a_contest_that_takes_marks(app, environment, tmp_path):
    make_scene(1)
    db.session.commit()
    db.session.remove()
    about_to_write(False)
    child = serving._start(["keepers", "backups"], environment)
    try:
        until = time.monotonic() + PATIENCE
        while not (copies := list_copies(tmp_path / "backups")):
            assert child.poll() is None and time.monotonic() < until
            time.sleep(0.1)
    finally:
        serving.stop([child])

    assert copies[0].manifest.is_whole


def forked_from(process, count):
    """The ids of its child processes, once there are so many."""
    until = time.monotonic() + PATIENCE
    while True:
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        if len(found) == count:
            return [int(one) for one in found]
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.1)


def test_a_keeper_that_dies_takes_no_other_with_it_and_none_outlives_its_parent(app, environment):
    about_to_write(False)
    parent = serving._start(["keepers", "webhooks", "chains"], environment)
    try:
        first, second = forked_from(parent, 2)
        os.kill(first, signal.SIGKILL)
        assert forked_from(parent, 1) == [second]
    finally:
        parent.kill()
        parent.wait()

    until = time.monotonic() + PATIENCE
    while Path(f"/proc/{second}").exists():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_no_server_starts_while_a_copy_is_put_in(monkeypatch, tmp_path):
    monkeypatch.setenv("CONTEST_DATA", str(tmp_path))

    with alone(tmp_path), pytest.raises(SystemExit, match="is being restored"):
        serving.run(["board", "127.0.0.1", "0"])
