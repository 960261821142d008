"""Figure 27: a freeze at a set moment, with four office workers, two nodes and marks around that moment."""

import http.client
import json
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest

from contest import clock, serving
from contest.accounts.models import User
from contest.audit.work import Actor
from contest.board import actions, queries
from contest.db import about_to_write, db
from contest.judging.models import Sheet, SheetRevision
from tests import factories
from tests.judging.panels import DRILL, make_panel
from tests.ports import free_port
from tests.proof.office import PATIENCE
from tests.proof.sizes import report, size
from tests.proof.tablets import TROUBLE, post
from tests.results.scenes import make_scene

MARKS = size(40, 400)
SPREAD = 0.4  # seconds before and after the moment over which the marks are sent
LOOK_EVERY = 0.02  # seconds; without a pause they take the processors from those they look at
AHEAD = 12  # seconds between setting the freeze and its moment


def data(port, slug):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", f"/board/{slug}/data.json")
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def shown(board):
    """The entry numbers whose drill is on a board."""
    at = [column["key"] for column in board["columns"]].index("drill") if board["columns"] else None
    return frozenset(row["number"] for row in board["rows"] if row["cells"][at]["text"] is not None)


class Watcher(threading.Thread):
    """Asks one server again and again, and keeps every different answer with its moment."""

    def __init__(self, port, slug, end):
        super().__init__()
        self.port, self.slug, self.end = port, slug, end
        self.seen = []

    def run(self):
        while not self.end.is_set():
            board = data(self.port, self.slug)
            self.seen.append((clock.now(), board["frozen_at"], shown(board)))
            time.sleep(LOOK_EVERY)


@pytest.fixture
def start_servers(app, office):
    """Starts four workers of the office and two board nodes, one nudged and one that only looks."""
    children, codes_key = [], app.config["CODES_KEY"]

    def start():
        ports = [free_port(), free_port()]
        office.environment["CONTEST_CODES_KEY"] = codes_key
        deaf = {**office.environment, "CONTEST_NUDGE_PORT": str(serving.free_datagram_port())}
        # Not by office.start(): on a busy machine four workers take longer to come up than one.
        office.child = serving.start_office("127.0.0.1", office.port, 4, environment=office.environment)
        for port, environment in zip(ports, (office.environment, deaf), strict=True):
            children.append(serving.start_board("127.0.0.1", port, environment))
        return [office.port, office.port, *ports]

    yield start
    serving.stop(children)


def wait_for(port, slug):
    until = time.monotonic() + 5 * PATIENCE
    while True:
        try:
            return data(port, slug)
        except (OSError, http.client.HTTPException, ValueError):
            assert time.monotonic() < until
            time.sleep(0.1)


def send_around(moment, port, cookie, ids):
    """Hand in one sheet after the other, so that they are spread around the moment."""
    for number, sheet_id in enumerate(ids):
        due = moment + timedelta(seconds=SPREAD * (2 * number / len(ids) - 1))
        if number < len(ids) / 4:  # also where the machine is slow some come before
            due = moment - timedelta(seconds=AHEAD * 2 / 3)
        time.sleep(max(0, (due - clock.now()).total_seconds()))
        body = {"op_id": str(uuid4()), "base_rev": 0, "kind": "submit", "marks": DRILL}
        while True:
            try:
                assert post(port, cookie, sheet_id, body)[0] == 200
                break
            except TROUBLE:
                continue


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_no_mark_is_on_the_wrong_side_of_the_freeze(app, own_time, start_servers, let_go):
    panel = make_panel(entrants=MARKS)
    slug, contest_id = panel.contest.slug, panel.contest.id
    cookie = factories.browser_of(
        app, db.session.get(User, panel.judges[0].user_id)
    ).get_cookie("session").value
    numbers = {one.id: one.number for one in panel.entrants}
    ids = [row.id for row in db.session.query(Sheet).filter_by(module_key="drill").order_by(Sheet.id)]
    let_go()
    servers = start_servers()
    for port in servers:
        wait_for(port, slug)
    about_to_write(True)
    moment = clock.now().replace(microsecond=0) + timedelta(seconds=AHEAD)
    actions.freeze_board(Actor(None, "test"), contest_id, moment)
    let_go()

    end = threading.Event()
    watchers = [Watcher(port, slug, end) for port in servers]
    posters = [
        threading.Thread(target=send_around, args=(moment, servers[0], cookie, ids[start::4]))
        for start in range(4)
    ]
    for thread in (*watchers, *posters):
        thread.start()
    for thread in posters:
        thread.join()
    truth = {}
    for at, sheet_id in db.session.query(SheetRevision.at, SheetRevision.sheet_id):
        truth[numbers[db.session.get(Sheet, sheet_id).entrant_id]] = at
    before = {number for number, at in truth.items() if at <= moment}
    time.sleep(2)
    end.set()
    for watcher in watchers:
        watcher.join()

    assert len(truth) == MARKS and 0 < len(before) < MARKS
    wrong = [seen for watcher in watchers for seen in watcher.seen if not seen[2] <= before]
    assert wrong == []
    for watcher in watchers:
        assert watcher.seen[-1][2] == before and watcher.seen[-1][1] is not None
    late = [
        max([(at - moment).total_seconds() for at, frozen, _ in watcher.seen if frozen is None], default=0)
        for watcher in watchers
    ]
    nearest = min(abs((at - moment).total_seconds()) for at in truth.values())
    report(
        27, marks=MARKS, before=len(before), after=MARKS - len(before), on_the_wrong_side=len(wrong),
        nearest_ms=round(nearest * 1000, 1), answers=sum(len(w.seen) for w in watchers),
        last_unfrozen_answer_after_ms=round(max(late) * 1000),
        by_server_ms={
            name: round(after * 1000)
            for name, after in zip(("office", "office again", "node", "deaf node"), late, strict=True)
        },
    )


def test_a_mark_from_a_clock_that_is_ahead_is_not_shown_before_the_freeze(app):
    """One millisecond on either side, while the board's own clock is still before the moment."""
    scene = make_scene(2)
    start = clock.now()
    moment = start + timedelta(seconds=30)
    actions.freeze_board(Actor(None, "test"), scene.contest.id, moment)
    for entrant, side in ((0, -1), (1, 1)):
        at = moment + timedelta(milliseconds=side)
        scene.minute = (at - scene.at).total_seconds() / 60 + scene.minute
        scene.theory(entrant, 80 + entrant)

    for now in (start, moment - timedelta(milliseconds=1), moment, moment + timedelta(hours=1)):
        rows = queries.public_board(scene.contest.slug, now).rows
        assert sorted((row.number, row.cells[0].text) for row in rows) == [
            ("A001", "80.00"), ("A002", None)
        ], now


def test_a_freeze_that_begins_while_marks_are_read_holds_for_them(app, monkeypatch):
    scene = make_scene(1)
    start = clock.now()
    actions.freeze_board(Actor(None, "test"), scene.contest.id, start + timedelta(seconds=1))
    real = queries.shown

    def slow(contest_id, cutoff):
        clock.stand_still(start + timedelta(seconds=2))
        return real(contest_id, cutoff)

    monkeypatch.setattr(queries, "shown", slow)

    assert queries.public_board(scene.contest.slug, start).frozen_at == start + timedelta(seconds=1)
