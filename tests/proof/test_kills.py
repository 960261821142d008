"""Figure 1: no acknowledged mark is lost or doubled when a process is killed in the middle.

Most kills hit an office that was forked from a process which has imported everything: it opens the
database anew, but is there in a moment. Some hit a whole `contest serve`, every process at once.
"""

import os
import random
import time

import pytest

from tests.proof.conftest import integrity, ledger_rows
from tests.proof.office import Forked, Served, environment_of
from tests.proof.sizes import report, size
from tests.proof.tablets import check_conservation, in_threads, make_tablets, settle, write_until

OFFICES, WHOLE = size(6, 950), size(1, 50)
# Seconds of work between two of them.
LONGEST = size(0.6, 1.2)
ANSWERS = size(50, 20_000)
# Broken off after so many minutes; what was done is counted all the same, and too little is a failure.
MOST_MINUTES = float(os.environ.get("CONTEST_SOAK_MINUTES", "600"))


@pytest.fixture
def server(request, app, own_time, tmp_path):
    """The server that is killed, on this test's database."""
    found = request.param(environment_of(app, tmp_path))
    yield found
    found.stop()


def write_while_killed(server, tablets, times, answers):
    """The tablets write while the server is killed at moments of chance; how often it was.

    It is so often at least, and until that many operations are stored.
    """
    over, killed, chance = [], [], random.Random(times)
    until = time.monotonic() + 60 * MOST_MINUTES

    def kill():
        try:
            while (len(killed) < times or stored(tablets) < answers) and time.monotonic() < until:
                time.sleep(chance.uniform(0.05, LONGEST))
                server.kill()
                killed.append(1)
                server.wait()
        finally:
            over.append(1)

    def work(one):
        if one is kill:
            one()
        else:
            write_until(lambda: over, lambda: time.sleep(0.02))(one)

    in_threads([*tablets, kill], work)
    settle(tablets, pause=lambda: time.sleep(0.05))
    server.stop()
    return len(killed)


def stored(tablets):
    return sum(op.is_stored for tablet in tablets for op in list(tablet.ops))


@pytest.mark.parametrize(
    ("server", "times", "answers"), [(Forked, OFFICES, ANSWERS), (Served, WHOLE, 0)], indirect=["server"]
)
def test_no_acknowledged_mark_is_lost_when_it_is_killed(app, server, let_go, times, answers):
    _, tablets = make_tablets(app)
    let_go()
    for tablet in tablets:
        tablet.port = server.port
    server.start()

    killed = write_while_killed(server, tablets, times, answers)

    counts = check_conservation(tablets, ledger_rows())
    resent = sum(op.tries > 1 for tablet in tablets for op in tablet.ops)
    report(1, what=type(server).__name__, kills=killed, **counts, sent_more_than_once=resent)
    assert integrity(app) == "ok"
    assert killed >= times and counts["stored"] >= max(answers, 1)
    assert counts["conflicting"] == counts["refused"] == 0
