"""Applying for a service as a guest, and answering as the service officer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.member_services import rules
from contest.member_services.models import Application
from tests import factories

FORM = {"name": "李四", "phone": "13800138000", "unit": "苍岭水泥", "since": "2019-05"}


def applications():
    return db.session.scalars(select(Application)).all()


def test_a_guest_reads_the_catalogue(client):
    page = client.get("/services")

    assert page.status_code == 200
    assert "Skill allowance" in page.text or "技能津贴" in page.text


def test_an_unknown_service_is_missing(client):
    assert client.get("/services/none").status_code == 404


def test_an_application_gets_a_receipt_that_tells_its_state(client):
    answer = client.post("/services/skill_allowance", data=FORM)

    (application,) = applications()
    assert answer.status_code == 303
    assert application.receipt in answer.headers["Location"]
    page = client.get(answer.headers["Location"])
    assert "13800138000" not in page.text
    spaced = f"{application.receipt[:4]} {application.receipt[4:]}"
    assert client.get(f"/applications?receipt={spaced}").status_code == 303


def test_a_bad_application_comes_back_with_what_was_typed(client):
    answer = client.post("/services/skill_allowance", data={**FORM, "phone": "12"})

    assert answer.status_code == 422
    assert "苍岭水泥" in answer.text
    assert applications() == []
    assert db.session.scalars(select(TrailRow)).all() == []


def test_an_honour_that_opens_nothing_here_is_refused(client):
    honour = factories.make_honour(is_title=False, place=1)

    answer = client.post("/services/skill_allowance", data={**FORM, "honour_id": honour.id})

    assert answer.status_code == 409
    assert applications() == []


def test_a_title_opens_the_allowance_and_the_officer_sees_it(client, as_role):
    honour = factories.make_honour(is_title=True)

    client.post("/services/skill_allowance", data={**FORM, "honour_id": honour.id})

    (application,) = applications()
    assert application.honour_id == honour.id
    desk = as_role("service_officer").get("/service-desk")
    assert application.receipt in desk.text


def test_the_officer_accepts_and_then_closes(client, as_role):
    client.post("/services/skill_allowance", data=FORM)
    (application,) = applications()
    officer = as_role("service_officer")

    officer.post(f"/service-desk/{application.id}", data={"state": "accepted", "answer": "请带身份证"})
    officer.post(f"/service-desk/{application.id}", data={"state": "done"})

    db.session.expire_all()
    assert application.state == "done"
    rows = db.session.scalars(select(TrailRow).filter_by(did="service.answer")).all()
    assert [(row.facts["old"], row.facts["new"]) for row in rows] == [
        ("applied", "accepted"), ("accepted", "done"),
    ]


def test_declining_wants_a_reason(client, as_role):
    client.post("/services/skill_allowance", data=FORM)
    (application,) = applications()

    answer = as_role("service_officer").post(
        f"/service-desk/{application.id}", data={"state": "declined", "answer": " "}
    )

    assert answer.status_code == 422
    db.session.expire_all()
    assert application.state == "applied"


def test_strangers_do_not_reach_the_desk(client, as_role):
    assert client.get("/service-desk").status_code == 303
    assert as_role("judge").get("/service-desk").status_code == 403


def apply(client, honour, **values):
    return client.post(
        "/services/skill_allowance", data={**FORM, "honour_id": honour.id, **values}
    ).status_code


def test_one_open_application_for_each_honour_and_nobody_keeps_the_holder_out(client, as_role):
    honour = factories.make_honour(is_title=True)
    holder = honour.craftsman.human.name

    assert apply(client, honour, name="骗子") == 303
    assert apply(client, honour, name="骗子二") == 409
    assert apply(client, honour, name=holder) == 303
    assert apply(client, honour, name=f" {holder}", phone="13900139000") == 409
    assert apply(client, factories.make_honour(is_title=True), name="骗子") == 303
    mine = next(each for each in applications() if each.name == holder)
    as_role("service_officer").post(
        f"/service-desk/{mine.id}", data={"state": "declined", "answer": "材料不全"}
    )
    db.session.expire_all()
    assert apply(client, honour, name=holder) == 303


@pytest.mark.parametrize("with_honour", [True, False])
def test_a_double_tap_leads_to_the_receipt_of_the_first(client, with_honour):
    honour = factories.make_honour(is_title=True)
    form = {**FORM, "honour_id": honour.id} if with_honour else FORM

    first = client.post("/services/skill_allowance", data=form)
    second = client.post("/services/skill_allowance", data=form)

    (application,) = applications()
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert second.location.endswith(application.receipt)
    assert len(db.session.scalars(select(TrailRow).filter_by(did="service.apply")).all()) == 1


@pytest.mark.parametrize("other", [{"name": "王五"}, {"phone": "13900139000"}, {"words": "请快"}])
def test_another_form_for_the_same_honour_stays_refused(client, other):
    honour = factories.make_honour(is_title=True)
    assert apply(client, honour) == 303

    assert apply(client, honour, **other) == 409
    clock.stand_still(clock.now() + rules.SENT_TWICE_WITHIN + timedelta(seconds=1))
    assert apply(client, honour) == 409  # later it is no double tap
    assert len(applications()) == 1


def test_the_officer_sees_whose_honour_it_is(client, as_role):
    honour = factories.make_honour(is_title=True)
    apply(client, honour, name="骗子")
    desk = as_role("service_officer").get("/service-desk").text

    assert f"The applicant's name is 骗子, the honour is that of {honour.craftsman.human.name}" in (
        desk.replace("&#39;", "'")
    )


def test_an_application_on_a_revoked_honour_is_not_accepted(client, as_role):
    honour = factories.make_honour(is_title=True)
    apply(client, honour, name=honour.craftsman.human.name)
    (application,) = applications()
    as_role("curator").post(f"/honours/{honour.id}/revoke", data={"reason": "成绩无效"})
    officer = as_role("service_officer")

    assert "This honour has been revoked" in officer.get("/service-desk").text
    assert officer.post(
        f"/service-desk/{application.id}", data={"state": "accepted"}
    ).status_code == 409
    assert officer.post(
        f"/service-desk/{application.id}", data={"state": "declined", "answer": "称号已撤销"}
    ).status_code == 303


def test_a_month_is_a_month(client):
    answer = client.post("/services/skill_allowance", data={**FORM, "since": "以前"})

    assert answer.status_code == 422
    assert 'type="month"' in client.get("/services/skill_allowance").text
    assert applications() == []
