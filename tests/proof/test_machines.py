"""Two offices and two board nodes on one PostgreSQL and a Redis of the test's own, by settings alone."""

import http.client
import json
import shutil
import subprocess
import time

import pytest
import redis

from contest import serving
from contest.accounts.models import User
from contest.db import db
from contest.judging.models import Sheet, SheetRevision
from tests import factories
from tests.judging.panels import DRILL, make_panel, operation
from tests.ports import free_port
from tests.proof.office import PATIENCE, Office, environment_of
from tests.proof.sizes import report
from tests.proof.tablets import TROUBLE, post

on_postgres = pytest.mark.parametrize("app", ["postgres"], indirect=True)


class OwnRedis:
    """A server on a port of its own, which may be stopped and started."""

    def __init__(self, folder):
        self.program, self.folder, self.port = shutil.which("redis-server"), folder, free_port()
        if self.program is None:
            pytest.skip("redis-server is not installed, so its test is skipped")
        self.child = None

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self):
        self.child = subprocess.Popen(
            [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no", "--dir", str(self.folder)], stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + PATIENCE
        with redis.Redis.from_url(self.url) as client:
            while True:
                try:
                    return client.ping()
                except redis.RedisError:
                    assert time.monotonic() < until
                    time.sleep(0.05)

    def listeners(self, channel):
        """How many nodes listen on a channel."""
        with redis.Redis.from_url(self.url) as client:
            return dict(client.pubsub_numsub(channel))[channel.encode()]

    def stop(self):
        if self.child is not None:
            self.child.kill()
            self.child.wait()


@pytest.fixture
def own_redis(tmp_path):
    found = OwnRedis(tmp_path)
    found.start()
    yield found
    found.stop()


def drills(port, slug):
    """{entry number: the drill's mark} as a server's data tell."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", f"/board/{slug}/data.json")
        board = json.loads(connection.getresponse().read())
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    at = [column["key"] for column in board["columns"]].index("drill")
    return {row["number"]: row["cells"][at]["text"] for row in board["rows"] if row["cells"][at]["text"]}


def wait_until(found):
    """Seconds until found() is true; four servers that start at once take their time on a busy machine."""
    began = time.monotonic()
    while not found():
        assert time.monotonic() < began + 5 * PATIENCE
        time.sleep(0.02)
    return time.monotonic() - began


def hand_in(office, cookie, sheet_id):
    """Send one full sheet until it is answered, as a tablet does."""
    body = {"op_id": operation({}).op_id, "base_rev": 0, "kind": "submit", "marks": DRILL}
    while True:
        try:
            assert post(office.port, cookie, sheet_id, body)[0] == 200
            return
        except TROUBLE:
            continue


@pytest.fixture
def machines(app, own_time, own_redis, tmp_path):
    """Four processes as on four machines: nothing in common but the database, the keys and Redis."""
    offices, boards, children = [], [], []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        environment = environment_of(app, folder) | {
            "CONTEST_REDIS": own_redis.url, "CONTEST_REDIS_CHANNEL": "boards", "CONTEST_NUDGE_PORT": "0",
            "CONTEST_CODES_KEY": app.config["CODES_KEY"],
        }
        offices.append(Office(environment))

    def start():
        for office in offices:
            office.child = serving.start_office("127.0.0.1", office.port, environment=office.environment)
            boards.append(free_port())
            children.append(serving.start_board("127.0.0.1", boards[-1], office.environment))
        for office in offices:
            wait_until(office.answers)
        return offices, boards

    yield start
    for office in offices:
        office.stop()
    serving.stop(children)


@on_postgres
def test_a_mark_through_either_office_is_on_both_boards_with_and_without_redis(
    app, machines, own_redis, let_go
):
    panel = make_panel(entrants=8)
    slug = panel.contest.slug
    numbers = {one.id: one.number for one in panel.entrants}
    sheets = [
        (row.id, numbers[row.entrant_id])
        for row in db.session.query(Sheet).filter_by(module_key="drill").order_by(Sheet.id)
    ]
    cookie = factories.browser_of(
        app, db.session.get(User, panel.judges[0].user_id)
    ).get_cookie("session").value
    let_go()
    offices, boards = machines()
    for port in boards:
        wait_until(lambda port=port: drills(port, slug) == {})
    wait_until(lambda: own_redis.listeners("boards") == 2)
    handed_in, took = set(), {}

    def mark(number, office, how):
        sheet_id, entrant = sheets[number]
        hand_in(offices[office], cookie, sheet_id)
        handed_in.add(entrant)
        took[how] = max(
            wait_until(lambda port=port: set(drills(port, slug) or ()) == handed_in) for port in boards
        )

    mark(0, 0, "with_redis")
    mark(1, 1, "with_redis")
    own_redis.stop()
    mark(2, 0, "without")
    mark(3, 1, "without")
    own_redis.start()
    wait_until(lambda: own_redis.listeners("boards") == 2)
    mark(4, 0, "redis_back")
    mark(5, 1, "redis_back")

    rows = db.session.query(SheetRevision.sheet_id).all()
    assert sorted(row.sheet_id for row in rows) == [sheet_id for sheet_id, _ in sheets[:6]]
    assert drills(boards[0], slug) == drills(boards[1], slug)
    report("several machines", **{f"{how}_s": round(seconds, 2) for how, seconds in took.items()})


@on_postgres
def test_with_redis_back_a_board_is_told_and_does_not_only_look(app, machines, own_redis, let_go):
    """Fast again is seen by what is heard, not by a clock: the office's word arrives on the channel."""
    panel = make_panel(entrants=2)
    sheets = [row.id for row in db.session.query(Sheet).filter_by(module_key="drill").order_by(Sheet.id)]
    contest_id = panel.contest.id
    cookie = factories.browser_of(
        app, db.session.get(User, panel.judges[0].user_id)
    ).get_cookie("session").value
    let_go()
    offices, _ = machines()
    own_redis.stop()
    hand_in(offices[1], cookie, sheets[0])
    own_redis.start()
    wait_until(lambda: own_redis.listeners("boards") == 2)
    with redis.Redis.from_url(own_redis.url) as client, client.pubsub() as ear:
        ear.subscribe("boards")
        ear.get_message(timeout=PATIENCE)
        hand_in(offices[1], cookie, sheets[1])
        until = time.monotonic() + PATIENCE
        while (heard := ear.get_message(ignore_subscribe_messages=True, timeout=1)) is None:
            assert time.monotonic() < until
        assert heard["data"] == str(contest_id).encode()
