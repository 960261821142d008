"""Figure 2: no acknowledged mark is lost or doubled when PostgreSQL crashes under its writers."""

import time

import pytest
from flask_migrate import upgrade

from contest import create_app
from contest.db import about_to_write, db
from tests.conftest import TEST_SETTINGS
from tests.proof.cluster import cluster  # noqa: F401  (a fixture)
from tests.proof.conftest import ledger_rows
from tests.proof.sizes import report, size
from tests.proof.tablets import check_conservation, in_threads, make_tablets, settle

CRASHES = size(2, 50)
ACKS = size(40, 50_000)


class NoAnswer(OSError):
    """The request failed within the server."""


@pytest.fixture
def app(cluster):  # noqa: F811
    app = create_app(**TEST_SETTINGS, SQLALCHEMY_DATABASE_URI=cluster.url)
    with app.app_context():
        upgrade()
        about_to_write(True)
        yield app
        db.session.remove()
        db.engine.dispose()
    about_to_write(False)


def straight_into(app):
    """post() of the tablets without a network: whatever fails within the server is no answer."""
    def post(_port, cookie, sheet, body):
        client = app.test_client()
        client.set_cookie("session", cookie)
        try:
            answer = client.post(
                f"/api/v1/sheets/{sheet}/operations", json=body, headers={"X-Contest": "1"}
            )
        except Exception as error:
            raise NoAnswer from error
        if answer.status_code >= 500:
            raise NoAnswer
        return answer.status_code, answer.json

    return post


def test_no_acknowledged_mark_is_lost_when_postgresql_crashes(app, cluster, monkeypatch):  # noqa: F811
    monkeypatch.setattr("tests.proof.tablets.post", straight_into(app))
    _, tablets = make_tablets(app)
    db.session.commit()
    db.session.remove()
    crashed, over = [], []

    def stored():
        return sum(op.is_stored for tablet in tablets for op in list(tablet.ops))

    def crash_again_and_again():
        goal = max(ACKS // CRASHES, 1)
        for _ in range(CRASHES):
            before = stored()
            while stored() < before + goal:
                time.sleep(0.01)
            cluster.crash()
            crashed.append(1)
            cluster.start()
        while stored() < ACKS:
            time.sleep(0.01)

    def work(one):
        if one is crash_again_and_again:
            try:
                one()
            finally:
                over.append(1)
            return
        while not over:
            op = one.author()
            while one.send(op) is None and not over:
                time.sleep(0.05)

    in_threads([*tablets, crash_again_and_again], work)
    settle(tablets, pause=lambda: time.sleep(0.1))

    counts = check_conservation(tablets, ledger_rows())
    resent = sum(op.tries > 1 for tablet in tablets for op in tablet.ops)
    report(2, crashes=len(crashed), **counts, sent_more_than_once=resent)
    assert counts["stored"] >= ACKS and counts["conflicting"] == counts["refused"] == 0
    assert len(crashed) == CRASHES
