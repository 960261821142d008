"""Figure 53: a copy is made while others write; nobody fails, and what was acknowledged before is in it."""

import multiprocessing
import os
import time

from sqlalchemy import func, select

from contest import clock, create_app
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.backups import actions, proof, queries
from contest.backups.place import place_here
from contest.db import about_to_write, db
from tests import factories
from tests.conftest import TEST_SETTINGS
from tests.proof.sizes import report, size

ROWS = size(200, 60_000)  # of about 1.7 KB with all that belongs to them: 100 MB
WRITERS, PER_SECOND = size(2, 4), 50
ALONE_S = size(0.2, 10)  # so long they write before the copy is begun, for comparison
WRITER = Actor(None, "writer")
PROCESSES = multiprocessing.get_context("fork")


def write_steadily(url, contest_id, over, begun, answers):
    """Fifty acts a second until it is over: when each began, with its seconds or what went wrong."""
    clock.stand_still(None)
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=url)
    found = []
    with app.app_context():
        about_to_write(True)
        started = time.monotonic()
        while not over.is_set():
            time.sleep(max(0, started + len(found) / PER_SECOND - time.monotonic()))
            at = time.monotonic()
            try:
                with work(WRITER, "proof.write", contest_id=contest_id):
                    pass
                found.append((at, time.monotonic() - at))
            except Exception as error:  # counted by the test
                found.append((at, repr(error)))
            db.session.remove()
            begun.set()
        db.engine.dispose()
    answers.put(found)


def copy_as_the_keeper_does(url, folder):
    """One copy at low priority, in a process of its own."""
    os.nice(10)
    clock.stand_still(None)
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=url, DATA_FOLDER=folder)
    with app.app_context():
        about_to_write(False)
        actions.back_up(place_here())


def count():
    return db.session.scalar(select(func.count()).select_from(TrailRow).filter_by(did="proof.write"))


def p99(seconds):
    return f"{sorted(seconds)[int(len(seconds) * 0.99)] * 1000:.0f} ms"


def test_a_copy_made_under_load_holds_all_that_was_acknowledged_before(app):
    contest_id = factories.make_contest().id
    for number in range(ROWS):
        with work(WRITER, "proof.fill", contest_id=contest_id, number=number, text="钢" * 200):
            pass
    db.session.remove()
    db.engine.dispose()
    url, over, answers = app.config["SQLALCHEMY_DATABASE_URI"], PROCESSES.Event(), PROCESSES.Queue()
    begun = [PROCESSES.Event() for _ in range(WRITERS)]
    writers = [
        PROCESSES.Process(target=write_steadily, args=(url, contest_id, over, one, answers))
        for one in begun
    ]
    for writer in writers:
        writer.start()
    for one in begun:
        one.wait()
    time.sleep(ALONE_S)
    about_to_write(False)
    acknowledged = count()
    db.session.remove()
    db.engine.dispose()

    started = time.monotonic()
    maker = PROCESSES.Process(target=copy_as_the_keeper_does, args=(url, app.config["DATA_FOLDER"]))
    maker.start()
    maker.join()
    took = time.monotonic() - started
    written = count()
    over.set()
    found = [one for _ in writers for one in answers.get()]
    for writer in writers:
        writer.join()

    [copy] = queries.list_copies(place_here().folder)
    with proof.opened(f"sqlite:///{copy.file}"):
        held, looked = count(), proof.look()
    errors = [one for _, one in found if not isinstance(one, float)]
    assert errors == []
    report(53, megabytes=copy.manifest.size // 1_000_000, seconds=f"{took:.1f}",
           written_meanwhile=written - acknowledged,
           p99_before=p99([one for at, one in found if at < started]),
           p99_meanwhile=p99([one for at, one in found if at >= started]))
    assert acknowledged <= held <= written
    assert looked == copy.manifest.contents and looked.problems == 0
