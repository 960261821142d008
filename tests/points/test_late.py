"""Points told after their list was published: they count, the list stays, and nobody is left to find out."""

import io
from datetime import timedelta

import pytest

from contest import clock
from contest.api import actions as tokens
from contest.audit.models import TrailRow
from contest.audit.work import Actor
from contest.db import db
from contest.people.models import Human, PersonAccount
from contest.points import actions, list_queries
from contest.points.day_rules import Period
from contest.points.models import PointsEntry
from contest.registry import person_actions
from tests import factories
from tests.points.test_points import line, tell

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
QUARTER = Period(2026, 3)


@pytest.fixture
def curator(app):
    return factories.make_official("顾馆长", "curator")


@pytest.fixture
def published(curator):
    """The list of the third quarter, published with 5 points of 和小林; a minute has gone since."""
    tell(curator, line("R-1"))
    actions.publish_lists(curator, QUARTER)
    clock.stand_still(clock.now() + timedelta(minutes=1))
    return curator


def own_page(app, name="和小林"):
    human = db.session.query(Human).filter_by(name=name).order_by(Human.id).first()
    user = factories.make_user(name)
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    return factories.browser_of(app, user).get("/my").text


@BOTH
def test_the_office_is_told_at_once_and_finds_them_afterwards(app, published):
    counts = tell(published, line("R-2", quantity="7"), line("R-3", day="2026-11-02"))

    assert counts == {"new": 2, "known": 0, "points": 12, "cut": 0, "late": 1}
    [(entry, keys)] = list_queries.late_entries()
    assert (entry.reference, keys) == ("R-2", ["2026-Q3"])
    assert db.session.query(TrailRow).filter_by(did="points.record").all()[-1].facts["told_late"] == 1
    lines, row = list_queries.lines_of(QUARTER, "people")
    assert (row is not None, [one["points"] for one in lines]) == (True, [5])


def test_what_was_told_in_time_is_not_late(app, published):
    assert list_queries.late_entries() == []
    assert "Told after their list was published" not in own_page(app)


def test_the_officers_page_and_the_persons_page_say_so(app, published, as_role):
    tell(published, line("R-2", quantity="7"))

    office = as_role("curator").get("/points/office").text
    assert "Told after their list was published" in office and "2026-Q3" in office
    page = own_page(app)
    assert "This year: 12." in page
    assert "7 points" in page and "told late" in page and "not in the list 2026-Q3" in page


def test_the_flash_after_an_import_counts_them(app, published, as_role):
    rows = "流水号,姓名,单位,类别,数量,日期\nR-9,和小林,苍岭林场,reading,3,2026-08-04\n"
    answer = as_role("curator").post("/points/import", data={
        "system": "职工学堂", "file": (io.BytesIO(rows.encode()), "积分.csv"),
    }, follow_redirects=True)
    assert "Lines of days whose list is published already: 1." in answer.text


def test_points_taken_back_late_are_named_too(app, published):
    first = db.session.query(PointsEntry).one()
    actions.reverse_points(published, first.id, "不是本人")
    [(entry, _)] = list_queries.late_entries()
    assert (entry.points, entry.reverses_id) == (-5, first.id)
    assert "-5 points" in own_page(app)


def test_of_two_rows_that_are_one_person_both_are_on_the_page(app, published):
    tell(published, line("R-2", organisation="望湖林场"))
    keep, gone = db.session.query(Human).filter_by(name="和小林").order_by(Human.id).all()
    person_actions.merge_people(published, keep.id, gone.id, "同一人")
    page = own_page(app)
    assert "This year: 10." in page and "told late" in page


def test_a_program_is_told_how_many_were_late(app, published):
    user = factories.make_user()
    factories.make_grant(user, "organiser")
    _, token = tokens.make_token(Actor(user.id, user.name), None, "x", ["points:write"], 9,
                                 ["points:write"])
    answer = app.test_client().post("/api/v1/points", headers={"Authorization": f"Bearer {token}"}, json={
        "source": "职工学堂", "rows": [{
            "reference": "R-7", "name": "和小林", "organisation": "苍岭林场", "kind": "reading",
            "quantity": 2, "earned_on": "2026-08-05",
        }],
    })
    assert (answer.status_code, answer.json["late"]) == (200, 1)
