"""The character NUL is refused at the door on every database: PostgreSQL keeps it in no text."""

import io

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.db import db
from contest.member_services.models import Case

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
LETTER = {"name": "李四", "phone": "13800138000", "words": "何时发", "topic": "pay"}


@pytest.fixture
def browser(as_role):
    found = as_role("service_officer")
    found.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return found


@BOTH
@pytest.mark.parametrize("address", [
    "/applications/%00AB", "/services/%00", "/no/such/%00/page", "/service-desk?text=%00", "/people?text=%00",
    "/stations?district=a%00b", "/service-desk?state=%00", "/service-desk?%00=1",
])
def test_no_address_holds_nul(app, browser, address):
    answer = browser.get(address)
    assert (answer.status_code, "(NUL)" in answer.text) == (422, True)
    assert db.session.scalars(select(TrailRow)).all() == []


@BOTH
def test_a_form_with_nul_is_refused_and_offered_again_without_it(app, browser):
    answer = browser.post("/services/letterbox", data={**LETTER, "words": "年终奖\0何时发"},
                          headers={"Referer": "http://localhost/services/letterbox"})
    assert answer.status_code == 422 and 'value="年终奖何时发"' in answer.text and "\0" not in answer.text
    assert browser.post("/services/letterbox", data={"a\0b": "1", **LETTER}).status_code == 422
    file = {"photo": (io.BytesIO(b"x"), "a.png")}
    assert browser.post("/services/letterbox", data={**LETTER, "name": "\0", **file}).status_code == 422
    assert db.session.scalars(select(Case)).all() == []


@BOTH
@pytest.mark.parametrize(("address", "field"), [
    ("/cases?service=%00", "service"), ("/craftsmen?text=%00", "text"), ("/services/%00/slots", None),
    ("/applications/%00", None),
])
def test_a_program_that_asks_with_nul_is_told_where(app, browser, address, field):
    answer = browser.get(f"/api/v1{address}")
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == ({field} if field else set())


@BOTH
@pytest.mark.parametrize("body", [
    {"answers": {**LETTER, "words": "a\0b"}}, {"answers": {**LETTER, "na\0me": "x"}}, {"a\0": 1},
    {"answers": LETTER, "files": [{"field": "\0", "name": "a.pdf", "content": ""}]},
])
def test_no_text_of_a_json_body_holds_nul(app, client, body):
    answer = client.post("/api/v1/services/letterbox/applications", json=body, headers={"X-Contest": "1"})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_json")
    assert db.session.scalars(select(Case)).all() == []


def test_an_escaped_backslash_before_u0000_is_a_text_like_any_other(app, client):
    body = {"answers": {**LETTER, "words": r"\u0000"}}
    at = "/api/v1/services/letterbox/applications"
    assert client.post(at, json=body, headers={"X-Contest": "1"}).status_code == 201
