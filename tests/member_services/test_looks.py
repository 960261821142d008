"""Figure 47: an officer who opens an application is a row of the access log, which the person reads."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.member_services.models import CaseFile
from contest.members import own_queries, retention, retention_rules
from contest.people.models import PersonAccount
from contest.people.personal_models import PersonalAccess
from tests import factories
from tests.member_services import walking

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def case(app):
    """What 李四 told in an application, with a file."""
    found = walking.apply("six_services", walking.person(), kind="health", words="车间通风不好")
    db.session.add(CaseFile(case_id=found.id, number=1, name="a.pdf", ending="pdf", size=3, sha256="0" * 64,
                            content=b"abc", at=clock.now()))
    db.session.commit()
    return found


def officer(app, name="段专员"):
    user = factories.make_user(name)
    factories.make_grant(user, "service_officer")
    return factories.browser_of(app, user)


def looks():
    db.session.expire_all()
    return [(row.who, row.human_id, row.fields, row.reason)
            for row in db.session.scalars(select(PersonalAccess).filter_by(kind="open"))]


@BOTH
def test_opening_an_application_is_told_to_the_person(app, case):
    human_id, receipt = case.human_id, case.receipt
    user = factories.make_user("李四")
    db.session.add(PersonAccount(user_id=user.id, human_id=human_id, linked_at=clock.now()))
    db.session.commit()
    assert officer(app).get(f"/service-desk/cases/{case.id}").status_code == 200

    assert looks() == [("段专员", human_id, ["case_answers"], receipt)]
    assert [row.kind for row in own_queries.own_page(user.id).accesses] == ["open"]
    row = db.session.scalars(select(TrailRow).filter_by(did="service.look")).one()
    assert (row.who, row.subject) == ("段专员", receipt)
    page = factories.browser_of(app, user).get("/my/data").get_data(as_text=True)
    assert receipt in page and "段专员" in page


def test_going_to_and_fro_is_one_look_and_another_officer_or_hour_another(app, case):
    one, at = officer(app), f"/service-desk/cases/{case.id}"
    for _ in range(3):
        one.get(at)
    assert len(looks()) == 1
    officer(app, "另一位").get(at)
    assert [who for who, *_ in looks()] == ["段专员", "另一位"]
    clock.stand_still(clock.now() + timedelta(minutes=61))
    one.get(at)
    assert len(looks()) == 3


def test_a_look_stands_in_the_log_of_whoever_the_case_is_found_to_be_of(app):
    human_id, case = walking.person("王五").id, walking.apply("six_services", kind="health", words="太吵")
    one, at = officer(app), f"/service-desk/cases/{case.id}"
    one.get(at)
    assert one.post(f"{at}/person", data={"rev": case.revision, "human": human_id}).status_code == 303
    for _ in range(2):
        one.get(at)
    assert [whose for _, whose, *_ in looks()] == [None, human_id]


def test_a_file_is_a_look_of_its_own(app, case):
    one, at = officer(app), f"/service-desk/cases/{case.id}"
    one.get(at)
    answer = one.get(f"{at}/files/1")
    assert (answer.status_code, answer.data) == (200, b"abc")
    assert one.get(f"{at}/files/2").status_code == 404
    assert [fields for _, _, fields, _ in looks()] == [["case_answers"], ["case_files"]]


@BOTH
@pytest.mark.parametrize(("where", "typed"), [
    ("", {"act": "no such act"}), ("/notes", {"text": ""}),
    ("/notes", {"text": "x" * 100_000}),
])
def test_a_refusal_that_shows_the_application_is_a_look_as_well(app, case, where, typed):
    receipt, human_id = case.receipt, case.human_id
    answer = officer(app).post(f"/service-desk/cases/{case.id}{where}", data={"rev": case.revision, **typed})
    assert answer.status_code == 422 and "车间通风不好" in answer.get_data(as_text=True)
    assert looks() == [("段专员", human_id, ["case_answers"], receipt)]


def test_who_may_not_open_it_leaves_no_look(app, case):
    app.test_client().get(f"/service-desk/cases/{case.id}")
    factories.browser_of(app, factories.make_user("外人")).get(f"/service-desk/cases/{case.id}")
    assert looks() == []


def test_where_nothing_is_left_to_read_nothing_is_looked_at(app, case):
    db.session.refresh(case)
    case.over_at = clock.now() - timedelta(days=2000)
    db.session.commit()
    retention.erase_due(walking.GUEST, retention_rules.load_terms(""))
    assert officer(app).get(f"/service-desk/cases/{case.id}").status_code == 200
    assert looks() == []
