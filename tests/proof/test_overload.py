"""Figure 40: more boards than there is room for, and all of them back at once; the judges never feel it."""

import http.client
import threading
import time

from bench.client import percentile
from bench.crowd import Crowd
from contest import serving
from tests.board.test_limits import SPARE_FILES
from tests.proof.office import PATIENCE, free_port
from tests.proof.sizes import report, size
from tests.proof.tablets import in_threads, make_tablets, settle

ROOM, MORE = size(60, 2000), size(150, 5000)
WRITING = size(2.0, 20.0)  # seconds before and after the board's process is killed


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
    panel, tablets = make_tablets(app)
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
    judges.start()
    try:
        crowds.append(Crowd(port, path, ROOM))
        held = crowds[0].wait_ready()
        crowds.append(Crowd(port, path, MORE))
        excess = crowds[1].wait_ready()
        assert page(port, slug) == 200  # who is refused looks at the page instead
        time.sleep(WRITING)

        serving.stop([child])
        child, port = start(environment, slug)
        crowds.append(Crowd(port, path, ROOM + MORE))  # everybody at once: worse than with jitter
        back = crowds[2].wait_ready()
        time.sleep(WRITING)
    finally:
        judges.end.set()
        judges.join()
        for crowd in crowds:
            crowd.end()
        serving.stop([child])
    settle(tablets)

    assert (held["ready"], held["refused"]) == (ROOM, 0)
    assert (excess["ready"], excess["refused"], excess["lost"]) == (0, MORE, 0)
    assert (back["ready"], back["refused"], back["lost"]) == (ROOM, MORE, 0)
    assert all(op.is_stored for tablet in tablets for op in tablet.ops)
    report(
        40, boards=ROOM, attempted=MORE, refused_with_503=excess["refused"],
        judges_answers=len(judges.times), judges_p50_ms=round(percentile(judges.times, 0.5) * 1000),
        judges_p99_ms=round(percentile(judges.times, 0.99) * 1000),
        judges_worst_ms=round(max(judges.times) * 1000),
    )
