"""Figures 14 and 15: many writers, a full disk, a locked database, no Redis; no answer is ever false."""

import multiprocessing
import shutil
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import event, text

from contest import clock, create_app
from contest import db as database
from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.db import about_to_write, db
from contest.judging.models import SheetRevision
from tests import factories
from tests.conftest import TEST_SETTINGS
from tests.judging.panels import make_panel
from tests.ports import free_port
from tests.proof.conftest import integrity
from tests.proof.sizes import report, size

PROCESSES, EACH = 8, size(10, 300)


def write_again_and_again(url, count, errors, spans):
    """Read, then write what was read, in transactions of the program's own kind; (begun, ended) of each."""
    clock.stand_still(None)
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=url)
    with app.app_context():
        about_to_write(True)
        own = []
        for _ in range(count):
            begun = time.monotonic()
            try:
                seen = db.session.query(TrailRow).count()
                with work(Actor(None, "writer"), "proof.write", subject="count", seen=seen):
                    pass
            except Exception as error:  # counted by the test
                errors.put(repr(error))
            db.session.remove()
            own.append((begun, time.monotonic()))
        db.engine.dispose()
    spans.put(own)


def test_eight_processes_write_without_one_error(app, monkeypatch):
    # The pages' patience, which is the shorter one, is enough for all of them.
    monkeypatch.setattr(database, "PATIENCE", database.PATIENCE_OF_PAGES)
    db.session.commit()
    before = db.session.query(TrailRow).count()
    db.session.remove()
    db.engine.dispose()
    fresh = multiprocessing.get_context("fork")
    errors, spans = fresh.Queue(), fresh.Queue()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    writers = [
        fresh.Process(target=write_again_and_again, args=(url, EACH, errors, spans))
        for _ in range(PROCESSES)
    ]
    for writer in writers:
        writer.start()
    took = [span for _ in writers for span in spans.get()]
    for writer in writers:
        writer.join()

    found = [] if errors.empty() else [errors.get()]
    rows = db.session.query(TrailRow).filter_by(did="proof.write").order_by(TrailRow.id).all()
    whole = max(ended for _, ended in took) - min(begun for begun, _ in took)
    slowest = sorted(ended - begun for begun, ended in took)
    report(14, transactions=len(rows), errors=len(found), p99_ms=round(1000 * slowest[-1 - len(took) // 100]),
           a_second=round(len(took) / whole))
    assert found == []
    # Nobody wrote on something that had changed since it was read.
    assert [row.facts["seen"] for row in rows] == list(range(before, before + PROCESSES * EACH))


@pytest.fixture
def send(app):
    """`send()` posts a draft on the next revision of one sheet and gives the answer."""
    panel = make_panel()
    cookie = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id)).get_cookie("session")
    address = f"/api/v1/sheets/{panel.sheet().id}/operations"
    db.session.commit()
    db.session.remove()
    about_to_write(False)
    known = {"rev": 0}

    def post():
        client = app.test_client()
        client.set_cookie("session", cookie.value)
        body = {
            "op_id": str(uuid4()), "base_rev": known["rev"], "kind": "draft",
            "marks": {"A1": f"{known['rev'] % 20 / 2:g}", "A2": {"0": 1}},
        }
        answer = client.post(address, json=body, headers={"X-Contest": "1", "Accept-Language": "en"})
        if answer.status_code == 200:
            known["rev"] = answer.json["rev"]
        return answer

    def alone():
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(post).result()

    alone.known = known
    return alone


def each_new_connection(statement):
    """Every connection from now on begins with this statement; calling the result ends that."""
    def begin(connection, _record):
        connection.execute(statement)

    db.engine.dispose()
    event.listen(db.engine, "connect", begin)

    def end():
        event.remove(db.engine, "connect", begin)
        db.engine.dispose()

    return end


def test_a_full_disk_stores_nothing_and_says_so(app, send):
    assert send().status_code == 200
    pages = db.session.execute(text("PRAGMA page_count")).scalar()
    db.session.remove()
    make_room = each_new_connection(f"PRAGMA max_page_count = {pages + 2}")
    answers = [send()]
    while answers[-1].status_code == 200 and len(answers) < 2000:
        answers.append(send())

    full = answers[-1]
    assert (full.status_code, full.json["error"]["code"]) == (503, "disk_full")
    assert "disk is full" in full.json["error"]["message"] and full.headers["Retry-After"]
    assert db.session.query(SheetRevision).count() == send.known["rev"]
    db.session.remove()
    make_room()
    assert send().status_code == 200
    assert db.session.query(SheetRevision).count() == send.known["rev"]
    assert integrity(app) == "ok"


def test_a_locked_database_is_told_and_is_tried_again(app, send, monkeypatch):
    assert send().status_code == 200
    monkeypatch.setattr(database, "PATIENCE_OF_PAGES", 0.1)
    holder = sqlite3.connect(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    holder.execute("BEGIN IMMEDIATE")
    try:
        locked = send()
    finally:
        holder.rollback()
        holder.close()

    assert (locked.status_code, locked.json["error"]["code"]) == (503, "busy")
    assert "nothing was stored" in locked.json["error"]["message"] and locked.headers["Retry-After"]
    assert send().status_code == 200
    assert db.session.query(SheetRevision).count() == 2


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_a_row_that_somebody_holds_on_postgresql_is_told_too(app, send, monkeypatch):
    assert send().status_code == 200
    monkeypatch.setattr(database, "PATIENCE_OF_PAGES", 0.1)
    with db.engine.connect() as holder:
        holder.execute(text("SELECT 1 FROM sheet FOR UPDATE"))
        locked = send()

    assert (locked.status_code, locked.json["error"]["code"]) == (503, "busy")
    assert "nothing was stored" in locked.json["error"]["message"]
    assert send().status_code == 200
    assert db.session.query(SheetRevision).count() == 2


def test_marks_are_stored_while_redis_is_dead(app, send, tmp_path):
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed, so its death cannot be tried")
    port = free_port()
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        app.config["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        assert send().status_code == 200
        server.kill()
        server.wait()
        began = time.monotonic()
        assert [send().status_code for _ in range(5)] == [200] * 5
        report(15, redis_killed=1, stored_afterwards=5, seconds=round(time.monotonic() - began, 1))
    finally:
        server.kill()
        server.wait()
        app.config["REDIS_URL"] = ""
    assert db.session.query(SheetRevision).count() == 6
