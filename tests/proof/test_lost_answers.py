"""Figures 7 and 11: the answer is cut after the commit and the tablet sends again, also all at once."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy import select

from contest.accounts.models import User
from contest.db import db
from contest.judging.models import SheetRevision
from tests import factories
from tests.judging.panels import RISK, make_panel
from tests.proof.sizes import report, size

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


PAIRS = size(20, 1_000)


def body(marks=RISK, kind="submit", rev=0):
    return json.dumps({"op_id": str(uuid4()), "base_rev": rev, "kind": kind, "marks": marks})


@pytest.fixture
def send(app):
    """`send(data)` posts an operation on the first sheet from a connection of its own."""
    panel = make_panel()
    browser = factories.browser_of(app, db.session.get(User, panel.judges[0].user_id))
    cookie = browser.get_cookie("session").value
    address = f"/api/v1/sheets/{panel.sheet().id}/operations"
    db.session.commit()
    db.session.remove()

    def post(data):
        """In a thread of its own: the test's own context would keep what a request began."""
        with ThreadPoolExecutor(1) as alone:
            return alone.submit(straight, data).result()

    def straight(data):
        client = app.test_client()
        client.set_cookie("session", cookie)
        return client.post(
            address, data=data, content_type="application/json", headers={"X-Contest": "1"}
        )

    return post


@BOTH
def test_an_operation_sent_again_and_again_makes_one_row_with_one_answer(app, send):
    data = body()
    send(data)  # its answer is lost
    answers = [send(data) for _ in range(5)]
    with ThreadPoolExecutor(20) as pool:
        answers += pool.map(send, [data] * 20)

    assert {answer.status_code for answer in answers} == {200}
    told = {json.dumps({**answer.json, "replayed": None}, sort_keys=True) for answer in answers}
    assert len(told) == 1 and all(answer.json["replayed"] for answer in answers)
    [row] = db.session.query(SheetRevision).all()
    assert (row.rev, answers[0].json["rev"]) == (1, 1)


@BOTH
def test_of_twenty_first_tries_at_once_one_is_stored(app, send):
    data = body(kind="draft")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, [data] * 20))

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json["rev"] for answer in answers} == {1}
    assert sum(not answer.json["replayed"] for answer in answers) == 1
    assert db.session.query(SheetRevision).count() == 1


def test_an_altered_body_under_the_same_id_is_refused(app, send):
    data = json.loads(body())
    send(json.dumps(data))
    for change in ({"marks": {"A1": "1", "A2": {}}}, {"base_rev": 1}, {"kind": "draft"}):
        answer = send(json.dumps({**data, **change}))
        assert answer.status_code == 422
        assert "already sent with other marks" in answer.json["error"]["message"]
    assert db.session.query(SheetRevision).count() == 1


def test_of_two_tablets_with_one_sheet_one_wins_and_the_other_is_shown_both(app, send):
    """Figure 11: every loser of the race hears of the winner's marks; nothing is covered."""
    bodies = [body({"A1": f"{at / 2:g}", "A2": {}}, "draft") for at in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, bodies))

    [row] = db.session.query(SheetRevision).all()
    losers = [answer for answer in answers if answer.status_code == 409]
    assert len(losers) == 19
    assert all((loser.json["rev"], loser.json["marks"]) == (1, row.marks) for loser in losers)


@BOTH
def test_of_every_pair_that_races_one_is_stored_and_the_other_is_shown_both(app, send):
    """Figure 11 in pairs, one after another on a sheet that grows: nothing is covered without a word."""
    wrong = []
    with ThreadPoolExecutor(2) as pool:
        for rev in range(PAIRS):
            pair = [
                body({"A1": f"{(rev + 7 * tablet) % 20 / 2:g}", "A2": {}}, "draft", rev) for tablet in (0, 1)
            ]
            answers = sorted(pool.map(send, pair), key=lambda answer: answer.status_code)
            stored = db.session.scalars(select(SheetRevision.marks).filter_by(rev=rev + 1)).all()
            db.session.rollback()
            shown = [(answer.status_code, answer.json["rev"]) for answer in answers]
            is_told = len(stored) == 1 and answers[1].json.get("marks") == stored[0]
            if shown != [(200, rev + 1), (409, rev + 1)] or not is_told:
                wrong.append((rev, shown, stored))

    report(11, pairs=PAIRS, wrong=len(wrong))
    assert wrong == [] and db.session.query(SheetRevision).count() == PAIRS
