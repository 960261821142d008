"""Figure 54: the machine is lost; the second place holds all but the last seconds.

No time is asserted: what was answered before the copy there was begun must be in it, and what is lost is
answered after it. How many seconds that is, is told.
"""

import os
import signal
import time

import pytest
from sqlalchemy import text

from contest import clock, serving
from contest.backups import proof, queries
from contest.db import db
from contest.judging.models import SheetRevision
from tests.proof.office import Forked, Machine, environment_of
from tests.proof.sizes import report, size
from tests.proof.tablets import in_threads, make_tablets

BALLAST = size(0, 90_000)  # rows of the trail, about 100 MB
ALONE_S = size(0, 30)  # so long the tablets write before the second place is followed
ROUNDS = size(2, 20)  # copies in the second place before the machine is lost


@pytest.fixture
def second(tmp_path):
    return tmp_path / "second"


@pytest.fixture
def office(app, own_time, tmp_path, second):
    for name in ("codes_key", "secret_key"):
        (tmp_path / name).write_text(app.config[name.upper()])
    found = Forked({**environment_of(app, tmp_path), "CONTEST_CODES_KEY": app.config["CODES_KEY"],
                    "CONTEST_FOLLOW_TO": str(second)})
    yield found
    found.stop()


@pytest.fixture
def spare(tmp_path):
    """Another machine on which nothing is yet."""
    found = Machine(tmp_path / "spare")
    yield found
    found.stop()


def fill():
    """A database of the size of a big contest; its rows belong to no contest's chain."""
    db.session.execute(text(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
        "INSERT INTO trail (at, who, did, subject, facts) SELECT '2026-01-01 00:00:00.000000', 'x', "
        "'proof.fill', '', '{\"text\": \"' || hex(randomblob(500)) || '\"}' FROM n"
    ), {"rows": BALLAST})


class Pen:
    """Lets tablets write until it is over; keeps when each operation was sent and answered."""

    def __init__(self):
        self.over, self.times = [], {}

    def __call__(self, tablet):
        while not self.over:
            op, sent = tablet.author(), clock.now()
            tablet.send(op)
            if op.is_stored:
                self.times[op.body["op_id"]] = sent, clock.now()
            elif not self.over:
                time.sleep(0.02)

    def p99(self, after, before):
        """Milliseconds of an answer, of those sent within the span."""
        took = sorted((b - a).total_seconds() for a, b in self.times.values() if after <= a < before)
        return f"{took[int(len(took) * 0.99)] * 1000:.0f} ms" if took else "–"


def copies_made(folder, seen):
    """Names of copies seen in the folder, ever."""
    seen.update(copy.folder.name for copy in queries.list_copies(folder))
    return len(seen)


def test_what_was_answered_before_the_last_copy_in_the_second_place_is_in_it(
    app, office, second, spare, let_go
):
    _, tablets = make_tablets(app)
    if BALLAST:
        fill()
    let_go()
    office.start()
    for tablet in tablets:
        tablet.port = office.port
    pen, at, seen = Pen(), {}, set()

    def lose():
        try:
            at["began"] = clock.now()
            time.sleep(ALONE_S)
            at["followed"] = clock.now()
            follower = serving._start(["follow"], office.environment)
            while copies_made(second, seen) < ROUNDS or len(pen.times) < 5 * ROUNDS:
                assert follower.poll() is None
                time.sleep(0.05)
            at["lost"] = clock.now()
            os.killpg(office.pid, signal.SIGKILL)
            follower.kill()
            follower.wait()
        finally:
            pen.over.append(1)

    in_threads([*tablets, lose], lambda one: one() if one is lose else pen(one))
    office.stop()

    copy = queries.list_copies(second)[0]
    spare.type_in("restore", str(second))
    with proof.opened(f"sqlite:///{spare.environment['CONTEST_DATA']}/contest.sqlite"):
        there = set(db.session.scalars(db.select(SheetRevision.op_id)))
        look = proof.look()
    lost = {op: answered for op, (_, answered) in pen.times.items() if op not in there}
    span = at["lost"] - min(lost.values(), default=at["lost"])
    report(
        54, megabytes=copy.manifest.size // 1_000_000, copies=len(seen), answered=len(pen.times),
        lost=len(lost), seconds_lost=f"{span.total_seconds():.1f}",
        p99_before=pen.p99(at["began"], at["followed"]),
        p99_while_followed=pen.p99(at["followed"], at["lost"]),
    )
    assert all(answered > copy.manifest.at for answered in lost.values())
    assert len(there) >= copy.manifest.contents.rows["ledger"] > 0
    assert look.problems == 0
