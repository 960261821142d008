"""The door through which tablets send operations."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from contest.db import db
from contest.judging.models import SheetRevision
from tests import factories
from tests.judging.panels import DRILL, RISK, make_panel, mark


@pytest.fixture
def panel(app):
    return make_panel()


@pytest.fixture
def tablet(app, panel):
    return factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))


def door(panel, **sheet):
    return f"/api/v1/sheets/{panel.sheet(**sheet).id}/operations"


def document(**changes):
    return {"op_id": str(uuid4()), "base_rev": 0, "kind": "draft", "marks": {"A1": "8.5"}} | changes


def send(client, address, body=None, headers=None, **changes):
    body = body or document(**changes)
    return client.post(address, json=body, headers={"X-Contest": "1"} | (headers or {}))


def test_a_draft_is_answered_with_what_the_server_holds(tablet, panel):
    answer = send(tablet, door(panel))

    assert answer.status_code == 200
    assert answer.headers["X-App"] == "contest"
    assert answer.json["rev"] == 1
    assert answer.json["state"] == "draft"
    assert answer.json["total"] == "8.50"
    assert answer.json["missing"] == ["A2"]
    assert answer.json["aspects"] == {"A1": {"points": "8.50"}}
    assert answer.json["replayed"] is False


def test_every_kind_is_turned_into_points_by_the_server(tablet, panel):
    answer = send(tablet, door(panel, module="drill"), marks=DRILL, kind="submit").json

    assert {key: value["points"] for key, value in answer["aspects"].items()} == {
        "A1": "18.50", "A2": "15.00", "A3": "5.00", "A4": "6.67", "A5": "25.00",
    }
    assert (answer["state"], answer["total"], answer["missing"]) == ("submitted", "70.17", [])


def test_a_lost_answer_is_asked_for_again(tablet, panel):
    body = document(kind="submit", marks=RISK)
    first = send(tablet, door(panel), body).json

    again = send(tablet, door(panel), body)

    assert again.status_code == 200
    assert again.json == first | {"replayed": True}
    assert db.session.query(SheetRevision).count() == 1


def test_the_same_id_with_other_marks_is_refused(tablet, panel):
    body = document()
    send(tablet, door(panel), body)

    answer = send(tablet, door(panel), body | {"marks": {"A1": "9"}})

    assert answer.status_code == 422
    assert "already sent" in answer.json["error"]["message"]


def test_a_clash_shows_what_stands(tablet, panel):
    mark(panel, {"A1": "3"}, "draft")

    answer = send(tablet, door(panel))

    assert answer.status_code == 409
    assert answer.json["error"]["code"] == "conflict"
    assert (answer.json["rev"], answer.json["marks"]) == (1, {"A1": "3"})
    assert answer.json["by"] == panel.judges[0].name
    assert panel.sheet().marks == {"A1": "3"}


def test_a_closed_sheet_is_423_with_a_sentence(tablet, panel):
    mark(panel, RISK)

    answer = send(tablet, door(panel), base_rev=1)

    assert answer.status_code == 423
    assert answer.json["error"]["code"] == "closed"
    assert "handed in" in answer.json["error"]["message"]


def test_a_bad_mark_names_its_aspect_and_range(tablet, panel):
    answer = send(tablet, door(panel), marks={"A1": "1,5", "A2": {"0": 9}})

    assert answer.status_code == 422
    assert sorted(answer.json["error"]["fields"]) == ["A1", "A2"]
    assert "between 0 and 10" in answer.json["error"]["fields"]["A1"]
    assert panel.sheet().rev == 0


def test_a_submit_with_gaps_names_them(tablet, panel):
    answer = send(tablet, door(panel), kind="submit")

    assert answer.status_code == 422
    assert list(answer.json["error"]["fields"]) == ["A2"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param({"headers": {}}, 403, id="no header of ours"),
        pytest.param({"headers": {"X-Contest": "1", "Origin": "http://evil.example"}}, 403,
                     id="another site"),
        pytest.param({"headers": {"X-Contest": "1", "Origin": "null"}}, 403, id="no site"),
        pytest.param({"headers": {"X-Contest": "1", "Sec-Fetch-Site": "cross-site"}}, 403,
                     id="set off by another site"),
        pytest.param({"headers": {"X-Contest": "1", "Sec-Fetch-Site": "same-site"}}, 403,
                     id="set off by a neighbour"),
        pytest.param({"headers": {"X-Contest": "1"}, "data": "{}", "json": None,
                      "content_type": "text/plain"}, 415, id="not JSON by name"),
        pytest.param({"headers": {"X-Contest": "1"}, "data": "{", "json": None,
                      "content_type": "application/json"}, 422, id="not JSON"),
        pytest.param({"headers": {"X-Contest": "1"}, "data": '"' + "x" * 70_000 + '"',
                      "json": None, "content_type": "application/json"}, 413, id="too long"),
    ],
)
def test_what_did_not_come_from_our_page_is_refused(tablet, panel, sent, status):
    kept = {"json": document()} | sent

    answer = tablet.post(door(panel), **{k: v for k, v in kept.items() if v is not None})

    assert answer.status_code == status
    assert answer.json["error"]["message"]
    assert panel.sheet().rev == 0


def test_a_server_that_was_never_started_knows_no_epoch_and_takes_what_knows_none(tablet, panel):
    assert send(tablet, door(panel), headers={"X-Epoch": "-"}).status_code == 200
    refused = send(tablet, door(panel), headers={"X-Epoch": "old"}, base_rev=1)
    assert (refused.status_code, refused.json["epoch"]) == (412, "")
    assert panel.sheet().rev == 1


def test_our_own_origin_is_welcome(tablet, panel):
    assert send(tablet, door(panel), headers={"Origin": "http://localhost"}).status_code == 200


def test_strangers_guests_and_missing_sheets(client, as_role, app, panel):
    other = factories.browser_of(app, db.session.get(factories.User, panel.judges[1].user_id))

    assert send(other, door(panel)).status_code == 403
    assert send(as_role("organiser"), door(panel)).status_code == 403
    guest = send(client, door(panel))
    assert guest.status_code == 401
    assert guest.json["error"]["code"] == "signed_out"
    assert send(other, "/api/v1/sheets/99999/operations").status_code == 404
    assert panel.sheet().rev == 0


def test_a_judge_whose_role_was_taken_away_marks_no_more(tablet, panel):
    db.session.query(factories.Grant).delete()
    factories.make_grant(
        db.session.get(factories.User, panel.judges[0].user_id), "judge", factories.make_contest()
    )

    assert send(tablet, door(panel)).status_code == 403
    assert tablet.get(f"/judging/sheets/{panel.sheet().id}").status_code == 403
    assert panel.sheet().rev == 0


def test_the_door_needs_no_token_but_pages_do(app, panel):
    app.config["WTF_CSRF_ENABLED"] = True
    tablet = factories.browser_of(app, db.session.get(factories.User, panel.judges[0].user_id))

    assert send(tablet, door(panel)).status_code == 200
    assert tablet.post(f"/judging/sheets/{panel.sheet().id}", data={}).status_code == 400


def at_once(app, panel, bodies):
    """Statuses of operations that many tablets of one judge send at the same moment."""
    user = db.session.get(factories.User, panel.judges[0].user_id)
    address = door(panel)
    tablets = [factories.browser_of(app, user) for _ in bodies]
    db.session.rollback()
    with ThreadPoolExecutor(len(bodies)) as pool:
        answers = pool.map(lambda pair: send(pair[0], address, pair[1]), zip(tablets, bodies,
                                                                             strict=True))
        return sorted(answer.status_code for answer in answers)


both_databases = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@both_databases
def test_of_many_tablets_at_once_exactly_one_is_stored(app, panel):
    statuses = at_once(app, panel, [document(marks={"A1": str(n)}) for n in range(8)])

    assert statuses == [200] + [409] * 7
    assert panel.sheet().rev == 1
    assert db.session.query(SheetRevision).count() == 1


@both_databases
def test_the_same_operation_sent_many_times_at_once_is_stored_once(app, panel):
    statuses = at_once(app, panel, [document()] * 8)

    assert statuses == [200] * 8
    assert db.session.query(SheetRevision).count() == 1


@pytest.mark.parametrize(("language", "name", "other"), [
    ("en", "Item missed", "漏项"), ("zh", "漏项", "Item"),
])
def test_a_refusal_names_the_reason_in_the_readers_language(tablet, panel, language, name, other):
    with tablet.session_transaction() as session:
        session["language"] = language

    answer = send(tablet, door(panel), marks={"A2": {"0": 99}})

    said = answer.json["error"]["fields"]["A2"]
    assert answer.status_code == 422 and name in said and other not in said
