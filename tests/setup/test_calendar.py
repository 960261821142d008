"""The calendar's pages: what an organiser enters, what stands, and what the trail keeps."""

from datetime import date

import pytest
from sqlalchemy import select

from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.setup import calendar_actions, calendar_queries
from contest.setup.calendar_rules import check_days
from tests import factories

NEW_YEAR = {"first": "2027-01-01", "last": "2027-01-03", "kind": "off", "reason": "元旦"}


def test_entered_days_count_stay_in_the_trail_and_can_be_taken_out(app):
    actor = Actor(factories.make_user("周组委").id, "周组委")
    calendar_actions.enter_days(actor, date(2027, 1, 1), date(2027, 1, 3), "off", " 元旦 ")
    calendar_actions.enter_days(actor, date(2027, 1, 2), date(2027, 1, 2), "on", "调休")
    calendar = calendar_queries.calendar()
    assert [calendar.is_working(date(2027, 1, n)) for n in (1, 2, 3)] == [False, True, False]
    calendar_actions.remove_day(actor, date(2027, 1, 1))
    assert calendar_queries.calendar().is_working(date(2027, 1, 1))
    rows = db.session.scalars(select(TrailRow).where(TrailRow.did.startswith("calendar."))).all()
    assert [row.did for row in rows] == ["calendar.enter", "calendar.enter", "calendar.remove"]
    assert rows[1].facts["was"] == {"2027-01-02": "元旦"}


@pytest.mark.parametrize(("first", "last", "kind", "reason", "field"), [
    (date(2027, 1, 1), date(2027, 1, 1), "on", "x", "first"),  # a Friday
    (date(2027, 1, 2), date(2027, 1, 1), "off", "x", "last"),
    (date(2027, 1, 1), date(2027, 1, 17), "off", "x", "last"),
    (date(2027, 1, 1), date(2027, 1, 1), "off", " ", "reason"),
    (date(2027, 1, 1), date(2027, 1, 1), "odd", "x", "kind"),
    (date(2031, 1, 1), date(2031, 1, 1), "off", "x", "first"),
])
def test_what_cannot_be_entered(first, last, kind, reason, field):
    with pytest.raises(Invalid) as refused:
        check_days(first, last, kind, reason, 2026, {2026: "x"})
    assert field in refused.value.fields


def test_announced_years_stand():
    with pytest.raises(Conflict, match="2026"):
        check_days(date(2026, 12, 4), date(2026, 12, 4), "off", "x", 2026, {2026: "x"})


def test_the_page_says_what_is_not_announced_and_only_the_installations_organiser_edits(app, as_role):
    owner = as_role("organiser")
    page = owner.get("/calendar?year=2027").get_data(as_text=True)
    assert "not announced yet" in page
    assert owner.post("/calendar", data=NEW_YEAR).status_code == 303
    assert "元旦" in owner.get("/calendar?year=2027").get_data(as_text=True)
    assert owner.post("/calendar/2027/announced", data={"source": "国办发明电〔2026〕9号"}).status_code == 303
    assert "not announced yet" not in owner.get("/calendar?year=2027").get_data(as_text=True)
    again = owner.post("/calendar", data={**NEW_YEAR, "reason": "", "year": "2027"})
    assert again.status_code == 422
    assert "2027-01-03" in again.get_data(as_text=True)  # nothing typed is lost
    of_one_contest = as_role("organiser", factories.make_contest())
    assert "Enter days" not in of_one_contest.get("/calendar?year=2028").get_data(as_text=True)
    assert of_one_contest.post("/calendar", data=NEW_YEAR).status_code == 403
