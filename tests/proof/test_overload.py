"""Figure 40: more boards than there is room for, and all of them back at once; the judges never feel it."""

import http.client
import json
import threading
import time
from contextlib import suppress
from uuid import uuid4

from bench.client import percentile
from bench.crowd import Crowd
from contest import serving
from contest.accounts.models import User
from contest.db import db
from contest.judging.models import Sheet
from tests import factories
from tests.board.test_limits import SPARE_FILES
from tests.judging.panels import DRILL
from tests.ports import free_port
from tests.proof.office import PATIENCE
from tests.proof.sizes import report, size
from tests.proof.tablets import TROUBLE, in_threads, make_tablets, post, settle

ROOM, MORE = size(60, 2000), size(150, 5000)
LONGEST = 60  # seconds to wait for the last mark at the end
MARK_EVERY = 0.5  # seconds between two marks that the board is to show
WRITING = size(2.0, 20.0)  # seconds before and after the board's process is killed


class Audience(threading.Thread):
    """Hands in marks that the public may see, one after the other, and looks how soon they are there.

    ages: at each answer, for how long the oldest mark that is not on the board had been stored then.
    gaps: for how long nobody answered, while the process was killed or overrun.
    """

    def __init__(self, slug, office_port, cookie, sheets):
        super().__init__()
        self.slug, self.port, self.end = slug, None, threading.Event()
        self.office_port, self.cookie, self.left = office_port, cookie, list(sheets)
        self.stored, self.ages, self.gaps = [], [], [0.0]
        self.last_look, self.is_all_there = None, False

    def run(self):
        answered = due = time.monotonic()
        while not self.end.is_set() or not self.is_over():
            if self.left and time.monotonic() >= due and not self.end.is_set():
                self.hand_in()
                due = time.monotonic() + MARK_EVERY
            known, asked = list(self.stored), time.monotonic()
            shown = marks_on(self.port, self.slug)
            if shown is None:
                self.gaps.append(time.monotonic() - answered)
            else:
                answered = time.monotonic()
                self.ages.append(asked - known[shown] if shown < len(known) else 0.0)
            time.sleep(0.05)

    def hand_in(self):
        body = {"op_id": str(uuid4()), "base_rev": 0, "kind": "submit", "marks": DRILL}
        with suppress(*TROUBLE):
            assert post(self.office_port, self.cookie, self.left[0], body)[0] == 200
            self.stored.append(time.monotonic())
            self.left.pop(0)

    def is_over(self):
        """True when every mark is on the board, or when it is not after a long while."""
        self.last_look = self.last_look or time.monotonic()
        self.is_all_there = marks_on(self.port, self.slug) == len(self.stored)
        return self.is_all_there or time.monotonic() - self.last_look > LONGEST


def marks_on(port, slug):
    """How many marks the board shows; None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", f"/board/{slug}/data.json")
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            return None
        return sum(cell["text"] is not None for row in json.loads(body)["rows"] for cell in row["cells"])
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Judges(threading.Thread):
    """Four tablets that hand in all the time; how long each answer took."""

    def __init__(self, tablets):
        super().__init__()
        self.tablets, self.end, self.times = tablets, threading.Event(), []

    def run(self):
        def act(tablet):
            while not self.end.is_set():
                op, began = tablet.author(), time.monotonic()
                while tablet.send(op) is None:
                    pass
                self.times.append(time.monotonic() - began)

        in_threads(self.tablets, act)


def page(port, slug):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", f"/board/{slug}?lang=en")
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def start(environment, slug):
    port = free_port()
    child = serving.start_board("127.0.0.1", port, environment)
    until = time.monotonic() + PATIENCE
    while page(port, slug) != 200:
        assert child.poll() is None and time.monotonic() < until
        time.sleep(0.1)
    return child, port


def test_more_boards_than_there_is_room_for_change_nothing_for_the_judges(app, own_time, office, let_go):
    panel, tablets = make_tablets(app, sheets=size(8, 60))
    cookie = factories.browser_of(
        app, db.session.get(User, panel.judges[0].user_id)
    ).get_cookie("session").value
    drills = [row.id for row in db.session.query(Sheet).filter_by(module_key="drill").order_by(Sheet.id)]
    slug, path = panel.contest.slug, f"/board/{panel.contest.slug}/events?lang=en"
    assert ROOM + SPARE_FILES < 100_000
    environment = office.environment | {
        "CONTEST_MOST_LISTENERS": str(ROOM), "CONTEST_CODES_KEY": app.config["CODES_KEY"],
    }
    let_go()
    office.start()
    for tablet in tablets:
        tablet.port = office.port
    child, port = start(environment, slug)
    judges, crowds = Judges(tablets), []
    audience = Audience(slug, office.port, cookie, drills)
    audience.port = port
    judges.start()
    audience.start()
    try:
        crowds.append(Crowd(port, path, ROOM))
        held = crowds[0].wait_ready()
        crowds.append(Crowd(port, path, MORE))
        excess = crowds[1].wait_ready()
        assert page(port, slug) == 200  # who is refused looks at the page instead
        time.sleep(WRITING)

        serving.stop([child])
        child, audience.port = start(environment, slug)
        port = audience.port
        crowds.append(Crowd(port, path, ROOM + MORE))  # everybody at once: worse than with jitter
        back = crowds[2].wait_ready()
        time.sleep(WRITING)
    finally:
        judges.end.set()
        audience.end.set()
        judges.join()
        audience.join()  # which looks until every mark is on the board
        for crowd in crowds:
            crowd.end()
        serving.stop([child])
    settle(tablets)

    assert (held["ready"], held["refused"]) == (ROOM, 0)
    assert (excess["ready"], excess["refused"], excess["lost"]) == (0, MORE, 0)
    assert (back["ready"], back["refused"], back["lost"]) == (ROOM, MORE, 0)
    assert all(op.is_stored for tablet in tablets for op in tablet.ops)
    assert audience.is_all_there and audience.stored and audience.ages
    report(
        40, boards=ROOM, attempted=MORE, refused_with_503=excess["refused"],
        judges_answers=len(judges.times), judges_p50_ms=round(percentile(judges.times, 0.5) * 1000),
        judges_p99_ms=round(percentile(judges.times, 0.99) * 1000),
        judges_worst_ms=round(max(judges.times) * 1000),
        public_marks=len(audience.stored), looks_at_the_board=len(audience.ages),
        board_age_worst_s=round(max(audience.ages), 2),
        without_an_answer_worst_s=round(max(audience.gaps), 2),
    )
