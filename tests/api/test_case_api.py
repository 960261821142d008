"""The service desk over the API: what an officer's token lists, reads and does, and what stays closed."""

import base64
from datetime import timedelta

import pytest
from sqlalchemy import select

from contest import clock
from contest.accounts.models import User
from contest.api import actions, rules
from contest.api.models import KeptAnswer
from contest.db import db
from contest.member_services import office_file_actions
from contest.member_services.models import Case
from contest.people.personal_models import PersonalAccess
from tests import factories
from tests.member_services.walking import PDF, apply, officer, person

DESK = ("cases:read", "cases:files", "cases:write")
STAY = {"joined": "1", "left_hospital": "2026-11-02", "own_payment": "8000", "serious": "no",
        "bank": "云溪农商银行", "account": "6228480000000000017"}


@pytest.fixture
def program(app):
    """program(actor, scopes)(path) asks, (path, body) sends, with a token of this actor; (status, answer)."""

    def made(actor, scopes=DESK, contest_id=None):
        _, token = actions.make_token(actor, contest_id, "x", scopes, 9, rules.SCOPES)

        def ask(path, body=None, key=None):
            client, head = app.test_client(), {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
            head |= {"Idempotency-Key": key} if key else {}
            at = f"/api/v1{path}"
            answer = client.get(at, headers=head) if body is None else (
                client.post(at, json=body, headers=head))
            db.session.expire_all()
            return answer.status_code, answer.json

        return ask

    return made


def looks():
    rows = db.session.scalars(select(PersonalAccess).filter_by(kind="open").order_by(PersonalAccess.id))
    return [(row.who, row.fields) for row in rows]


def ids(told):
    return [one["id"] for one in told[1]["items"]]


def test_cases_are_listed_by_service_state_lateness_and_change_page_by_page(program):
    desk = officer()
    ask = program(desk)
    one = apply("six_services", kind="health", words="通风不好").id
    later = clock.now() + timedelta(minutes=5)
    clock.stand_still(later)
    two, three = apply("medical_aid", person(member=True), **STAY).id, apply("stations", words="灯坏了").id
    assert ids(ask("/cases")) == [one, two, three]
    assert ids(ask("/cases?service=medical_aid")) == [two]
    assert ids(ask("/cases?since=" + later.isoformat().replace("+00:00", "Z"))) == [two, three]
    first = ask("/cases?limit=2")
    assert ids(first) == [one, two]
    assert ids(ask(f"/cases?limit=2&after={first[1]['next']}")) == [three]
    assert ids(ask("/cases?late=true")) == ids(ask("/cases?state=closed")) == []
    status, told = ask(f"/cases/{one}/acts", {
        "revision": ask("/cases?limit=1")[1]["items"][0]["revision"], "act": "refuse", "words": "不属于本会",
    })
    assert (status, told["state"]) == (200, "refused")
    assert (ids(ask("/cases?state=open")), ids(ask("/cases?state=over"))) == ([two, three], [one])
    clock.stand_still(later + timedelta(days=60))
    ask = program(desk)
    assert ids(ask("/cases?late=true")) == [two, three]
    assert [one["is_late"] for one in ask("/cases?state=applied")[1]["items"]] == [True, True]
    assert looks() == [] and not {"name", "words", "phone"} & set(told)


@pytest.mark.parametrize("asked", [
    "state=lost", "since=yesterday", "since=2026-11-20T08:00:00", "since=0001-01-01T00:00:00%2B23:00",
    "late=perhaps",
])
def test_a_filter_that_is_none_is_refused_by_its_name(program, asked):
    status, told = program(officer())(f"/cases?{asked}")
    assert (status, list(told["error"]["fields"])) == (422, [asked.partition("=")[0]])


def test_a_case_is_read_with_its_clock_history_and_notes_and_the_look_is_written_down(program):
    desk = officer()
    ask, case = program(desk), apply("medical_aid", person(member=True), **STAY)
    status, told = ask(f"/cases/{case.id}/notes", {"text": "家中有老人", "is_inner": True})
    assert status == 200 and "words" not in told and looks() == []
    status, told = ask(f"/cases/{case.id}")
    assert (status, told["name"], told["state"], told["acts"]) == (
        200, "李四", "applied", ["accept", "return", "refuse"])
    values = {one["key"]: one["value"] for one in told["answers"]}
    assert (values["own_payment"], values["serious"]) == (800000, "no")
    assert [one["key"] for one in told["steps"] if one["is_now"]] == [told["step"]]
    assert told["due_at"] is not None and told["is_late"] is False
    assert [(one["kind"], one["words"], one["is_inner"]) for one in told["history"]] == [
        ("applied", "", False), ("note", "家中有老人", True)]
    assert told["contribution"] == {"year": 2026, "paid_on": "2026-01-08", "amount": 5_000}
    assert looks() == [(desk.name, ["case_answers"])]


def test_a_case_without_its_contribution_says_so_and_takes_a_reason(program):
    ask, case = program(officer("复核", "aid_reviewer")), apply(
        "medical_aid", person(member=True, paid=False), **STAY)
    ask(f"/cases/{case.id}/acts", {"revision": case.revision, "act": "accept"})
    told = ask(f"/cases/{case.id}")[1]
    assert told["contribution"] == {"year": 2026, "paid_on": None, "amount": None}
    body = {"revision": told["revision"], "act": "decide"}
    status, refused = ask(f"/cases/{case.id}/acts", body)
    assert (status, list(refused["error"]["fields"])) == (422, ["without_contribution"])
    status, told = ask(f"/cases/{case.id}/acts", {**body, "without_contribution": "单位汇缴名单未到"})
    assert (status, told["state"]) == (200, "decided")


def test_the_whole_work_is_done_by_the_same_rules_as_on_the_page(program):
    reviewer, cashier = officer("复核", "aid_reviewer"), officer("出纳", "cashier")
    ask, pay = program(reviewer), program(cashier)
    human = person(member=True)
    case = apply("medical_aid", **STAY)
    at = f"/cases/{case.id}"

    def act(program, what, **typed):
        return program(f"{at}/acts", {"revision": program(at)[1]["revision"], "act": what, **typed})

    status, told = act(ask, "return")
    assert (status, list(told["error"]["fields"])) == (422, ["words"])
    status, told = ask(f"{at}/person", {"revision": ask(at)[1]["revision"], "person": human.id})
    assert (status, told["person"]) == (200, human.id)
    assert act(ask, "accept")[1]["state"] == "accepted"
    assert act(pay, "decide")[0] == 403
    assert act(ask, "decide", words="同意")[1]["state"] == "decided"
    assert ask(at)[1]["amount"] is not None
    assert act(ask, "decide")[0] == 409
    status, told = act(pay, "step", voucher="x")
    assert (status, list(told["error"]["fields"])) == (422, ["voucher"])
    status, told = act(pay, "step", voucher="YH20261123-001")
    assert (status, told["state"], told["step"]) == (200, "done", "")
    assert act(ask, "close", words="电话回访")[1]["state"] == "closed"
    assert {one["is_done"] for one in ask(at)[1]["steps"]} == {True}
    assert ask(f"{at}/acts", {"revision": 1, "act": "give"})[0] == 422


def test_the_second_of_two_is_told_so_and_the_same_key_acts_once(program):
    desk, other = officer(), officer("另一位")
    ask, case = program(desk), apply("six_services", kind="health", words="通风不好")
    body = {"revision": case.revision, "assignee": other.user_id}
    status, told = ask(f"/cases/{case.id}/assignee", body, key="once-1")
    assert (status, told["assignee"]) == (200, other.user_id)
    assert ask(f"/cases/{case.id}/assignee", body, key="once-1") == (status, told)
    assert ask(f"/cases/{case.id}/assignee", body)[0] == 409
    assert ask(f"/cases/{case.id}/assignee", {"revision": told["revision"], "assignee": 999})[0] == 422
    assert "李四" not in str(db.session.query(KeptAnswer).one().body)  # kept for good, so nothing personal


def test_a_file_is_read_with_the_same_right_and_the_look_is_written_down(program):
    desk = officer()
    case = apply("six_services", kind="health", words="通风不好")
    office_file_actions.add_files(desk, case.id, [("走访.pdf", PDF)])
    at = f"/cases/{case.id}/files"
    status, told = program(desk)(f"{at}/1")
    assert (status, base64.b64decode(told["content"]), told["media_type"]) == (200, PDF, "application/pdf")
    assert looks() == [(desk.name, ["case_files"])]
    assert program(desk)(f"{at}/2")[0] == 404
    assert program(desk, ("cases:read", "cases:write"))(f"{at}/1")[0] == 403
    [file] = program(desk)(f"/cases/{case.id}")[1]["files"]
    assert (file["name"], file["is_by_office"], file["sha256"]) == ("走访.pdf", True, told["sha256"])


def test_letters_to_the_chair_stay_closed_to_everybody_else(program):
    chair = officer("主席", "chair")
    letter = apply("letterbox", topic="pay", words="年终奖何时发")
    office_file_actions.add_files(chair, letter.id, [("a.pdf", PDF)])
    for role in ("service_officer", "organiser"):
        ask, at = program(officer("外人", role=role)), f"/cases/{letter.id}"
        assert ids(ask("/cases")) == []
        for path, body in (
            (at, None), (f"{at}/files/1", None), (f"{at}/notes", {"text": "转发"}),
            (f"{at}/acts", {"revision": 1, "act": "refuse", "words": "不办"}),
            (f"{at}/assignee", {"revision": 1, "assignee": chair.user_id}),
            (f"{at}/person", {"revision": 1, "person": 1}),
        ):
            status, told = ask(path, body)
            assert (status, "Only who is named" in told["error"]["message"]) == (403, True), path
    assert looks() == []
    ask = program(chair)
    assert ids(ask("/cases")) == [letter.id] and ask(f"/cases/{letter.id}")[1]["words"] == "年终奖何时发"
    assert [one["id"] for one in ask(f"/cases/{letter.id}")[1]["officers"]] == [chair.user_id]


def test_a_token_opens_the_desk_no_wider_than_its_scopes_its_owner_and_its_place(program):
    contest = factories.make_contest()
    desk, judge = officer(), factories.make_official("裁判", "judge")
    case = apply("six_services", kind="health", words="通风不好")
    assert program(judge)("/cases")[0] == 403
    assert program(desk, contest_id=contest.id)("/cases")[0] == 403
    assert program(desk, ("cases:write",))(f"/cases/{case.id}")[0] == 403
    assert program(desk, ("cases:read",))(f"/cases/{case.id}/notes", {"text": "x"})[0] == 403


def test_a_service_officer_makes_a_token_for_the_desk_alone_on_the_page(app):
    contest = factories.make_contest()
    desk, other = officer(), officer("组委会", role="organiser")
    actions.make_token(other, None, "别人的", ["contests:read"], 9, rules.SCOPES)
    browser = factories.browser_of(app, db.session.get(User, desk.user_id))
    assert 'href="/tokens"' in browser.get("/").text
    page = browser.get("/tokens").text
    assert all(f'value="{scope}"' in page for scope in DESK)
    assert page.count('name="scopes"') == len(DESK) and "别人的" not in page
    made = browser.post("/tokens", data={"name": "排队屏", "scopes": ["cases:read"], "days": "30"}).text
    token = made.partition('class="token-word">')[2].partition("<")[0]
    answer = app.test_client().get("/api/v1/cases", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json) == (200, {"items": [], "next": None})
    wider = browser.post("/tokens", data={"name": "x", "scopes": ["contests:read"], "days": "30"})
    assert wider.status_code == 422
    assert browser.get(f"/contests/{contest.id}/tokens").status_code == 403
    assert db.session.query(Case).count() == 0
