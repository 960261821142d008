"""A contest's board and public nodes as processes: through deaths and restarts, by question and push."""

import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from contest import serving
from contest.db import about_to_write, db
from tests.ports import free_port
from tests.results.scenes import make_scene
from tests.test_serving import PATIENCE, ask, event, wait_for

KEY = "test-" + "k" * 40


@pytest.fixture
def children():
    """Processes that are ended with the test."""
    found = []
    yield found
    serving.stop(found)


@pytest.fixture
def environment(app, tmp_path):
    return {
        **os.environ, "CONTEST_DATABASE": app.config["SQLALCHEMY_DATABASE_URI"],
        "CONTEST_DATA": str(tmp_path), "CONTEST_SECRET_KEY": app.config["SECRET_KEY"],
        "CONTEST_NUDGE_PORT": str(serving.free_datagram_port()), "CONTEST_FEED_KEY": KEY,
    }


def bare(folder, **settings):
    """What a machine has that knows nothing of the contest but the feed's key."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONTEST_")}
    return {**kept, "CONTEST_FEED_KEY": KEY, "CONTEST_DATA": str(folder / "not-made"), **settings}


def until(found):
    """Wait until found() is true; what it gave."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            if value := found():
                return value
        except (OSError, http.client.HTTPException):
            pass
        assert time.monotonic() < end
        time.sleep(0.1)


def lose(child):
    """End a server and its worker at once, as when the power goes."""
    tasks = Path(f"/proc/{child.pid}/task")
    workers = [int(pid) for each in tasks.glob("*/children") for pid in each.read_text().split()]
    child.kill()
    for pid in workers:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    child.wait()


def page(port, slug):
    answer = ask(port, f"/board/{slug}?lang=en")
    return answer.read().decode() if answer.status == 200 else ""


def write(scene, points):
    about_to_write(True)
    scene.theory(0, points)
    about_to_write(False)


def test_public_nodes_follow_outlive_and_find_their_origin_again(app, environment, children, tmp_path):
    scene = make_scene(3).finish()
    slug, origin, ports = scene.contest.slug, free_port(), [free_port(), free_port()]
    app.config["NUDGE_PORT"] = int(environment["CONTEST_NUDGE_PORT"])
    db.session.commit()
    about_to_write(False)
    children.append(serving.start_board("127.0.0.1", origin, environment))
    wait_for(origin, f"/board/{slug}?lang=en")
    key_file = tmp_path / "key"
    key_file.write_text(KEY)
    for number, port in enumerate(ports):
        words = ["public-node", "--from", f"http://127.0.0.1:{origin}", "--port", str(port),
                 "--key-file", str(key_file), "--keep", str(tmp_path / f"kept{number}")]
        bare_one = {k: v for k, v in bare(tmp_path).items() if k != "CONTEST_FEED_KEY"}
        children.append(subprocess.Popen(
            [sys.executable, "-m", "contest", *words], env=bare_one, cwd=serving.STATIC.parent,
        ))
    for port in ports:
        assert until(lambda port=port: page(port, slug)) == page(origin, slug)
    at = page(origin, slug).split('data-event="')[1].split('"')[0]
    streams = [ask(port, f"/board/{slug}/events?lang=en&after={at}") for port in ports]

    write(scene, 91)
    for stream in streams:
        told = event(stream)
        assert told["event"] == "board" and "91.00" in told["data"]
    assert [page(port, slug) for port in ports] == [page(origin, slug)] * 2

    lose(children[0])
    assert "91.00" in page(ports[0], slug)
    until((tmp_path / "kept0" / "board.parcel").exists)
    serving.stop([children[1]])
    children.append(serving.start_public_node("127.0.0.1", ports[0], bare(
        tmp_path, CONTEST_FEED_FROM=f"http://127.0.0.1:{origin}",
        CONTEST_FEED_KEEP=str(tmp_path / "kept0"),
    )))
    copy = until(lambda: page(ports[0], slug))
    assert "91.00" in copy and "This is the board as it stood at 2" in copy

    write(scene, 92)
    children.append(serving.start_board("127.0.0.1", origin, environment))
    until(lambda: "92.00" in page(ports[0], slug) and "92.00" in page(ports[1], slug))
    until(lambda: page(ports[0], slug) == page(ports[1], slug) == page(origin, slug))
    assert not (tmp_path / "not-made").exists()  # no data folder, so no database and no other key


def test_an_origin_that_cannot_be_reached_pushes(app, environment, children, tmp_path):
    scene = make_scene(2).finish()
    slug, origin, port = scene.contest.slug, free_port(), free_port()
    app.config["NUDGE_PORT"] = int(environment["CONTEST_NUDGE_PORT"])
    db.session.commit()
    about_to_write(False)
    environment["CONTEST_PUSH_TO"] = f"http://127.0.0.1:{port}"
    children.append(serving.start_board("127.0.0.1", origin, environment))
    wait_for(origin, f"/board/{slug}")
    children.append(serving.start_public_node("127.0.0.1", port, bare(tmp_path)))

    assert until(lambda: page(port, slug)) == page(origin, slug)
    wall = until(lambda: ask(port, f"/board/{slug}/wall?lang=en").read() or None)
    assert wall == ask(origin, f"/board/{slug}/wall?lang=en").read()
    write(scene, 93)
    until(lambda: "93.00" in page(port, slug))


def test_without_a_key_there_is_no_public_node(tmp_path):
    for key in ("", "short"):
        done = subprocess.run(
            [sys.executable, "-m", "contest", "public-node", "--from", "http://x"],
            env={**bare(tmp_path), "CONTEST_FEED_KEY": key}, cwd=serving.STATIC.parent,
            capture_output=True, text=True, check=False,
        )
        assert done.returncode == 1 and "CONTEST_FEED_KEY" in done.stderr
