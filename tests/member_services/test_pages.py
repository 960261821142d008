"""Member services through their pages: as a guest, as the person, as the office."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.db import db
from contest.member_services import case_queries
from contest.member_services.models import Case
from contest.people.models import PersonAccount
from tests import factories
from tests.member_services.test_s19_allowance import granted
from tests.member_services.walking import PDF, person

FORM = {"name": "李四", "phone": "13800138000", "unit": "苍岭水泥", "since": "2019-05"}


@pytest.fixture
def client(app):
    """A guest's browser, in English."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["language"] = "en"
    return client


def cases():
    return db.session.scalars(select(Case)).all()


def send(client, **values):
    return client.post("/services/skill_allowance", data={**FORM, **values})


def act(officer, case, what, **values):
    db.session.expire_all()
    return officer.post(
        f"/service-desk/cases/{case.id}", data={"rev": case.revision, "act": what, **values}
    )


def test_a_guest_reads_the_catalogue_of_nineteen_services_and_more(client):
    page = client.get("/services")

    assert page.status_code == 200
    for name in ("Skill allowance", "Hardship application", "Mutual medical aid", "Congress proposals"):
        assert name in page.text


def test_an_unknown_service_is_missing(client):
    assert client.get("/services/none").status_code == 404


def test_an_application_gets_a_receipt_that_tells_its_state_and_its_clock(client):
    answer = send(client)

    (case,) = cases()
    assert answer.status_code == 303
    assert case.receipt in answer.headers["Location"]
    page = client.get(answer.headers["Location"]).text
    assert "13800138000" not in page
    assert "Due by 2026-11-25" in page  # two working days after Monday
    spaced = f"{case.receipt[:4]} {case.receipt[4:]}"
    assert client.get(f"/applications?receipt={spaced}").status_code == 303


def test_a_bad_application_comes_back_with_what_was_typed(client):
    answer = send(client, phone="12")

    assert answer.status_code == 422
    assert "苍岭水泥" in answer.text
    assert cases() == []
    assert db.session.scalars(select(TrailRow)).all() == []


def test_the_same_form_with_another_file_is_not_taken_for_the_first(client):
    letter = {"name": "李四", "phone": "13800138000", "words": "何时发", "topic": "pay"}
    for name, content in (("a.pdf", PDF), ("a.pdf", PDF), ("b.pdf", PDF + b"\n%")):
        answer = client.post("/services/letterbox", data={**letter, "proof": (io.BytesIO(content), name)})
        assert answer.status_code == 303
    found = [[one.name for one in case_queries.files_of(case.id)] for case in cases()]
    assert found == [["a.pdf"], ["b.pdf"]]


def test_a_table_comes_back_with_every_line_that_was_typed(client):
    answer = client.post("/services/hardship", data={
        "name": "李四", "phone": "13800138000", "household-0-person": "王芳", "household-0-income": "一千",
        "household-5-person": "李小",
    })
    assert answer.status_code == 422
    for typed in ("王芳", "一千", "李小", "Without this consent"):
        assert typed in answer.text


def test_an_honour_that_opens_nothing_here_is_refused(client):
    honour = factories.make_honour(is_title=False, place=1)

    assert send(client, honour_id=honour.id).status_code == 409
    assert cases() == []


def test_the_officer_walks_a_case_to_its_end_and_the_trail_knows_it(client, as_role):
    honour, human = granted(is_title=True)
    send(client, honour_id=honour.id, name=human.name)
    (case,) = cases()
    officer = as_role("service_officer")
    assert case.receipt[:4] in officer.get("/service-desk").text

    for what in ("accept", "step", "decide"):
        assert act(officer, case, what, words="请带身份证").status_code == 303
    assert "500.00 yuan" in client.get(f"/applications/{case.receipt}").text
    client.post(f"/applications/{case.receipt}/feedback", data={"score-speed": "5", "text": "很快"})

    db.session.expire_all()
    assert case.state == "closed"
    rows = db.session.scalars(select(TrailRow).filter_by(did="service.move")).all()
    assert [(row.facts["was"], row.facts["now"]) for row in rows] == [
        ("applied", "accepted"), ("accepted", "accepted"), ("accepted", "done"),
    ]
    assert not any("13800138000" in str(row.facts) for row in db.session.scalars(select(TrailRow)))


def test_what_is_missing_is_said_and_sent_again(client, as_role):
    send(client)
    (case,) = cases()
    officer = as_role("service_officer")
    assert act(officer, case, "return").status_code == 422
    act(officer, case, "return", words="请写单位全称")

    page = client.get(f"/applications/{case.receipt}").text
    assert "请写单位全称" in page and "苍岭水泥" in page and "13800138000" not in page
    bad = client.post(f"/applications/{case.receipt}/complete", data={**FORM, "unit": ""})
    assert bad.status_code == 422
    again = {**FORM, "unit": "苍岭水泥有限公司", "phone": ""}
    assert client.post(f"/applications/{case.receipt}/complete", data=again).status_code == 303
    db.session.expire_all()
    assert (case.state, case.answers["unit"]) == ("applied", "苍岭水泥有限公司")
    assert case.phone == "13800138000"


def test_refusing_wants_a_reason_and_nothing_typed_is_lost(client, as_role):
    send(client)
    (case,) = cases()
    assert act(as_role("service_officer"), case, "refuse", words=" ").status_code == 422
    db.session.expire_all()
    assert case.state == "applied"


def test_of_two_officers_at_one_case_the_second_is_told(client, as_role):
    send(client)
    (case,) = cases()
    one, two = as_role("service_officer"), as_role("service_officer")
    seen = case.revision
    act(one, case, "accept")

    answer = two.post(f"/service-desk/cases/{case.id}", data={"rev": seen, "act": "step", "words": "已核"})

    assert answer.status_code == 409
    assert "Somebody else has moved this case" in answer.text and "已核" in answer.text


def test_strangers_do_not_reach_the_desk(client, as_role):
    assert client.get("/service-desk").status_code == 303
    assert as_role("judge").get("/service-desk").status_code == 403


def test_one_open_application_for_each_honour_and_nobody_keeps_the_holder_out(client, as_role):
    honour = factories.make_honour(is_title=True)
    holder = honour.craftsman.human.name

    def sent(**values):
        return send(client, honour_id=honour.id, **values).status_code

    assert sent(name="骗子") == 303
    assert sent(name="骗子二") == 409
    assert sent(name=holder) == 303
    assert sent(name=f" {holder}", phone="13900139000") == 409
    mine = next(each for each in cases() if each.name == holder)
    act(as_role("service_officer"), mine, "refuse", words="材料不全")
    assert sent(name=holder) == 303


@pytest.mark.parametrize("with_honour", [True, False])
def test_a_double_tap_leads_to_the_receipt_of_the_first(client, with_honour):
    honour = factories.make_honour(is_title=True)
    values = {"honour_id": honour.id} if with_honour else {}

    first, second = send(client, **values), send(client, **values)

    (case,) = cases()
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert second.location.endswith(case.receipt)
    clock.stand_still(clock.now() + case_queries.SENT_TWICE_WITHIN + timedelta(seconds=1))
    assert send(client, **values).status_code == (409 if with_honour else 303)


def test_an_officer_sees_whose_honour_it_is_and_that_it_was_revoked(client, as_role):
    honour, human = granted(is_title=True)
    send(client, honour_id=honour.id, name="骗子")
    send(client, honour_id=honour.id, name=human.name)
    officer = as_role("service_officer")
    swindle, own = cases()
    page = officer.get(f"/service-desk/cases/{swindle.id}").text.replace("&#39;", "'")
    assert f"The applicant's name is 骗子, the honour is that of {human.name}" in page

    as_role("curator").post(f"/honours/{honour.id}/revoke", data={"reason": "成绩无效"})

    for case in (swindle, own):
        assert "This honour has been revoked" in officer.get(f"/service-desk/cases/{case.id}").text
        assert act(officer, case, "accept").status_code == 409
        assert act(officer, case, "refuse", words="称号已撤销").status_code == 303


def test_a_month_is_a_month(client):
    assert send(client, since="以前").status_code == 422
    assert 'type="month"' in client.get("/services/skill_allowance").text
    assert cases() == []


def hardship(client, file):
    return client.post("/services/hardship", data={
        "name": "李四", "phone": "13800138000", "region": "云溪区", "cause": "illness", "spending": "0",
        "consent": "1", "household-0-person": "李四", "household-0-relation": "本人",
        "household-0-income": "700", "proof": file,
    }, content_type="multipart/form-data")


def test_a_file_is_kept_and_handed_out_to_the_office_alone(client, as_role):
    hardship(client, (io.BytesIO(PDF), "诊断证明.pdf"))
    (case,) = cases()
    address = f"/service-desk/cases/{case.id}/files/1"

    assert client.get(address).status_code == 303
    answer = as_role("service_officer").get(address)
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("content", "name"), [
    (b"MZ\x90", "诊断证明.exe"), (b"<html>", "诊断证明.pdf"), (b"", "诊断证明.pdf"),
])
def test_what_is_no_paper_is_refused_at_its_field(client, content, name):
    answer = hardship(client, (io.BytesIO(content), name))
    assert answer.status_code == 422
    assert "云溪区" in answer.text
    assert cases() == []


def test_the_person_who_is_signed_in_sees_everything_of_the_own(app, as_role):
    honour, human = granted(is_title=True)
    user = factories.make_user("本人")
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    browser = factories.browser_of(app, user)

    assert "You are entitled to these" in browser.get("/services").text
    send(browser, name=human.name)
    page = browser.get("/my-services").text
    assert "Skill allowance" in page and "500.00" in page
    assert cases()[0].human_id == human.id
    other = factories.browser_of(app, factories.make_user("别人"))
    assert "not linked" in other.get("/my-services").text


def test_the_office_links_a_case_to_a_person_of_that_name(client, as_role):
    human = person("李四")
    send(client)
    (case,) = cases()
    officer = as_role("service_officer")
    assert "Is it this person?" in officer.get(f"/service-desk/cases/{case.id}").text
    officer.post(f"/service-desk/cases/{case.id}/person", data={"rev": case.revision, "human": human.id})
    db.session.expire_all()
    assert case.human_id == human.id


def test_a_note_stays_inside_and_a_message_reaches_the_applicant(client, as_role):
    send(client)
    (case,) = cases()
    officer = as_role("service_officer")
    officer.post(f"/service-desk/cases/{case.id}/notes", data={"act": "note", "text": "疑似重复"})
    officer.post(f"/service-desk/cases/{case.id}/notes", data={"act": "tell", "text": "请周五前补充"})
    page = client.get(f"/applications/{case.receipt}").text
    assert "疑似重复" not in page and "请周五前补充" in page
    client.post(f"/applications/{case.receipt}/messages", data={"text": "好的"})
    assert "好的" in officer.get(f"/service-desk/cases/{case.id}").text


def test_late_work_is_seen_by_everybody_at_the_desk_and_told_once(client, as_role):
    send(client)
    (case,) = cases()
    clock.stand_still(clock.now() + timedelta(days=4))
    for role in ("service_officer", "organiser"):
        assert "Late cases: 1" in as_role(role).get("/service-desk").text
    officer = as_role("service_officer")
    for _ in range(2):
        assert officer.post("/service-desk/reminders").status_code == 303
    kinds = [one.kind for one in case_queries.history(case, for_office=True)]
    assert kinds == ["applied", "escalated"]
    assert "Late since" in client.get(f"/applications/{case.receipt}").text


def test_nobody_answers_for_three_weeks_and_the_case_is_closed(client, as_role):
    client.post("/services/six_services", data={
        "name": "李四", "phone": "13800138000", "kind": "health", "words": "想体检",
    })
    (case,) = cases()
    officer = as_role("service_officer")
    act(officer, case, "accept")
    act(officer, case, "step")
    clock.stand_still(clock.now() + timedelta(days=22))
    as_role("service_officer").post("/service-desk/reminders")
    db.session.expire_all()
    assert case.state == "closed"


def test_a_case_is_given_to_somebody_of_the_desk_alone(client, as_role):
    send(client)
    (case,) = cases()
    user, stranger = factories.make_user("段专员"), factories.make_user("路人")
    officer = as_role("service_officer", user=user)

    def give(user_id):
        db.session.expire_all()
        return officer.post(
            f"/service-desk/cases/{case.id}/assignee", data={"rev": case.revision, "assignee": user_id}
        ).status_code

    assert give(stranger.id) == 422
    assert give(user.id) == 303
    assert "Mine (1)" in officer.get("/service-desk").text


def test_an_entry_is_taken_as_a_file_and_sent_in_changed(client, as_role):
    officer, organiser = as_role("service_officer"), as_role("organiser")
    text = officer.get("/service-desk/catalogue/micro_wish/entry.toml").data.decode()

    def put(changed, browser=organiser):
        return browser.post("/service-desk/catalogue/micro_wish", data={
            "entry": (io.BytesIO(changed.encode()), "entry.toml"),
        }, content_type="multipart/form-data")

    assert put(text.replace("days = 5", "days = many", 1)).status_code == 422
    bad = put(text.replace("days = 5", "weeks = 5", 1))
    assert bad.status_code == 422 and "steps.1.weeks" in bad.text
    own = text.replace('key = "micro_wish"', 'key = "spring_wish"', 1)
    assert put(own, officer).status_code == 403
    assert put(own).status_code == 303
    assert client.get("/services/spring_wish").status_code == 200
    refused = put(f"is_offered = false\n{text}", officer)
    assert refused.status_code == 403 and "is_offered" in refused.text and 'name="entry"' in refused.text
    assert put(text.replace("days = 5", "days = 4", 1), officer).status_code == 303
    assert put(f"is_offered = false\n{text}").status_code == 303
    assert client.get("/services/micro_wish").status_code == 404
