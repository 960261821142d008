"""Numbers, days and moments far off, typed at the desk: one sentence, nothing stored, never a fault."""

import pytest
from sqlalchemy import select

from contest.db import db
from contest.member_services.item_models import ItemRegister
from contest.member_services.models import ServiceSetting
from contest.member_services.place_models import Slot
from contest.member_services.place_queries import slots
from tests.member_services.walking import local

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
HUGE = "9" * 5000  # more digits than Python turns into a number
SLOT = {"service": "counselling", "starts_at": "2027-01-04T09:00", "ends_at": "2027-01-04T10:00"}


@pytest.fixture
def desk(as_role):
    browser = as_role("organiser")
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@BOTH
@pytest.mark.parametrize(("path", "sent", "field"), [
    ("registers", {"service": "wants", "title": "提案", "officer": HUGE, "head": "1"}, "at least"),
    ("registers", {"service": "proposals", "title": "提案", "head": HUGE}, "the head"),
    ("registers", {"service": "proposals", "title": "提案", "head": "1", "meets_on": "0001-01-01"}, "1900"),
    ("slots", {**SLOT, "starts_at": "0001-01-01T00:00"}, "1900"),
    ("slots", {**SLOT, "ends_at": "9999-12-31T23:59"}, "1900"),
    ("settings/figures", {"region": "云溪区", "amount": "800", "since": "0001-01-01"}, "1900"),
])
def test_a_number_or_a_day_far_off_is_refused_with_a_sentence(app, desk, path, sent, field):
    answer = desk.post(f"/service-desk/{path}", data=sent)
    assert answer.status_code == 422 and field in answer.text
    for table in (ItemRegister, Slot, ServiceSetting):
        assert db.session.scalars(select(table)).all() == []


def test_a_moment_with_a_time_zone_of_its_own_is_that_moment(app, desk):
    times = {"starts_at": "2027-01-04T09:00+09:00", "ends_at": "2027-01-04T10:00+09:00"}
    assert desk.post("/service-desk/slots", data={**SLOT, **times}).status_code == 303
    assert [local(one.slot.starts_at) for one in slots()] == ["2027-01-04 08:00"]


@BOTH
@pytest.mark.parametrize("path", ["cases", "entitlements"])
def test_a_cursor_that_no_row_can_have_is_none_of_ours(app, desk, path):
    answer = desk.get(f"/api/v1/{path}?after=OTk5OTk5OTk5OTk5OTk5OTk5")  # 999999999999999999
    assert (answer.status_code, set(answer.json["error"]["fields"])) == (422, {"after"})
