"""What outside systems need of member services: choices by key, times, files, what an applicant does."""

import base64

import pytest

from contest import clock
from contest.api.models import KeptAnswer
from contest.db import db
from contest.member_services import case_actions, office_file_actions, place_actions
from contest.member_services.models import Case, CaseFile
from contest.registry import queries as registry
from tests import factories
from tests.member_services.test_s08_counselling import TALK, slot
from tests.member_services.test_s09_stations import make_station
from tests.member_services.walking import PDF, act, officer, person

WHO = {"name": "李四", "phone": "13800138000"}
STAY = {**WHO, "joined": "1", "left_hospital": "2026-11-02", "own_payment": "8000", "serious": "no",
        "bank": "云溪农商银行", "account": "6228480000000000017"}


@pytest.fixture
def program(app):
    """A program without a token: program(path) asks, program(path, body) sends; (status, answer)."""

    def ask(path, body=None):
        client, head = app.test_client(), {"X-Contest": "1", "Accept-Language": "en"}
        at = f"/api/v1{path}"
        answer = client.get(at, headers=head) if body is None else client.post(at, json=body, headers=head)
        return answer.status_code, answer.json

    return ask


def test_a_service_tells_the_keys_of_its_choices_tables_and_steps(program):
    _, told = program("/services/hardship")
    fields = {one["key"]: one for one in told["fields"]}
    assert [one["key"] for one in fields["cause"]["options"]] == [
        "illness", "schooling", "disability", "job_loss", "disaster", "accident",
    ]
    assert [(one["key"], one["kind"]) for one in fields["household"]["columns"]] == [
        ("person", "text"), ("relation", "text"), ("income", "money"),
    ]
    assert [one["key"] for one in told["steps"]] == ["check", "means", "visit", "decide", "pay", "aid"]
    assert (told["is_for_everybody"], told["needs_slot"]) == (True, False)
    assert program("/services/counselling")[1]["needs_slot"] is True
    assert program("/services/medical_aid")[1]["is_for_everybody"] is False


def test_several_of_one_choice_are_sent_as_a_list(program):
    status, told = program("/services/welfare/applications", {"answers": {**WHO, "items": ["film", "books"]}})
    assert status == 201
    case = db.session.query(Case).filter_by(receipt=told["receipt"]).one()
    assert case.answers["items"] == ["film", "books"]
    status, told = program("/services/welfare/applications", {"answers": {**WHO, "items": ["film", "car"]}})
    assert (status, set(told["error"]["fields"])) == (422, {"items"})


def test_a_time_that_was_called_off_is_taken_anew_from_outside(program):
    desk = officer()
    station = make_station(desk)
    first, other = (slot(desk, station, hours=hours) for hours in (24, 48))
    _, told = program("/services/counselling/applications", {"answers": {**WHO, **TALK}, "slot_id": first.id})
    at = f"/applications/{told['receipt']}"
    assert program(f"{at}/slot", {"slot_id": other.id})[0] == 409  # nothing was called off

    place_actions.cancel_slot(desk, first.id, "咨询师生病")

    assert "slot" in program(at)[1]["acts"]
    status, refused = program(f"{at}/slot", {"slot_id": first.id})
    assert (status, set(refused["error"]["fields"])) == (422, {"slot_id"})
    status, told = program(f"{at}/slot", {"slot_id": other.id})
    assert (status, told["slot_id"], "slot" in told["acts"]) == (200, other.id, False)


def test_times_are_listed_with_what_is_free_booked_and_given_back(program):
    desk = officer()
    one = slot(desk, make_station(desk, "城南驿站", "34.1600, 112.8400"))

    def free():
        _, told = program("/services/counselling/slots")
        return [(item["id"], item["station"], item["free"]) for item in told["items"]]

    assert free() == [(one.id, "城南驿站", 1)]
    status, told = program("/services/counselling/applications", {
        "answers": {**WHO, **TALK}, "slot_id": one.id,
    })
    assert (status, told["slot_id"], free()) == (201, one.id, [(one.id, "城南驿站", 0)])
    status, refused = program("/services/counselling/applications", {
        "answers": {**WHO, **TALK, "name": "王五"}, "slot_id": one.id,
    })
    assert (status, set(refused["error"]["fields"])) == (422, {"slot_id"})
    assert program(f"/applications/{told['receipt']}/withdraw", {})[1]["state"] == "withdrawn"
    assert free() == [(one.id, "城南驿站", 1)]
    assert program("/services/none/slots")[0] == 404


def test_times_come_page_by_page(program):
    desk = officer()
    ids = [slot(desk, make_station(desk, f"驿站{n}"), hours=48 - n).id for n in range(3)]
    found, after = [], ""
    while after is not None:
        _, page = program(f"/services/counselling/slots?limit=2&after={after}")
        found, after = [*found, *(one["id"] for one in page["items"])], page["next"]
    assert found == sorted(ids)


def test_a_file_comes_with_an_application_and_its_state_names_it(program):
    body = {"answers": STAY, "files": [
        {"field": "receipts", "name": "结算单.pdf", "content": base64.b64encode(PDF).decode()},
    ]}
    status, told = program("/services/medical_aid/applications", body)
    assert status == 201
    [file] = told["files"]
    assert (file["number"], file["field"], file["size"]) == (1, "receipts", len(PDF))
    row, content = db.session.query(CaseFile, CaseFile.content).one()
    assert (content, row.sha256) == (PDF, file["sha256"])
    assert "name" not in file
    office_file_actions.add_files(officer(), row.case_id, [("走访.pdf", PDF)])  # the office alone sees it
    assert program(f"/applications/{told['receipt']}")[1]["files"] == [file]


def test_a_file_for_no_field_is_refused_for_such_are_the_offices_own(program):
    status, told = program("/services/medical_aid/applications", {"answers": STAY, "files": [
        {"field": "", "name": "a.pdf", "content": base64.b64encode(PDF).decode()},
    ]})
    assert (status, set(told["error"]["fields"])) == (422, {"files.0.field"})
    assert db.session.query(Case).count() == 0


@pytest.mark.parametrize(("content", "field"), [
    ("no base64!", "files.0.content"), (base64.b64encode(b"MZ").decode(), "receipts"),
])
def test_a_file_that_is_none_is_refused_at_its_place_and_nothing_is_stored(program, content, field):
    status, told = program("/services/medical_aid/applications", {
        "answers": STAY, "files": [{"field": "receipts", "name": "a.pdf", "content": content}],
    })
    assert (status, set(told["error"]["fields"])) == (422, {field})
    assert db.session.query(Case).count() == 0


def test_an_applicant_follows_a_case_from_the_outside_to_its_end(program):
    desk = officer("互助", "aid_reviewer", "cashier")
    human = person("李四", member=True)
    _, told = program("/services/medical_aid/applications", {"answers": STAY})
    at = f"/applications/{told['receipt']}"
    case = db.session.query(Case).one()
    assert told["acts"] == ["messages", "withdraw"]
    assert (told["due_at"] is not None, told["is_late"]) == (True, False)
    act(desk, case, "return", words="缺结算单")
    _, told = program(at)
    assert (told["state"], told["answer"], told["acts"]) == (
        "returned", "缺结算单", ["complete", "messages", "withdraw"])
    status, told = program(f"{at}/complete", {
        "answers": {**STAY, "phone": ""}, "files": [
            {"field": "receipts", "name": "a.pdf", "content": base64.b64encode(PDF).decode()}],
    })
    assert (status, told["state"], len(told["files"])) == (200, "applied", 1)
    assert program(f"{at}/messages", {"text": "已补齐"})[0] == 200
    assert program(f"{at}/feedback", {"scores": {"speed": 5, "clear": 5}})[0] == 409
    db.session.expire_all()
    case_actions.link_person(desk, case.id, case.revision, human.id)
    for what in ("accept", "decide", "step"):
        act(desk, case, what, voucher="YH20261123-001")
    assert program(at)[1]["acts"] == ["messages", "feedback"]
    assert program(f"{at}/feedback", {"scores": {"speed": 5}})[0] == 422
    _, told = program(f"{at}/feedback", {"scores": {"speed": 5, "clear": 4}, "text": "很快"})
    assert (told["state"], told["acts"]) == ("closed", [])
    assert program("/applications/ZZZZZZZZZZZZZZZZ/withdraw", {})[0] == 404


def test_no_key_keeps_what_the_office_said_to_an_applicant(app, program):
    keyed = {"X-Contest": "1", "Idempotency-Key": "k" * 22}
    letter = {**WHO, "topic": "pay", "words": "何时发"}
    _, told = program("/services/letterbox/applications", {"answers": letter})
    case = db.session.query(Case).one()
    case.answer = "您的账号 6228480000000000017 有误"
    db.session.commit()
    at = f"/api/v1/applications/{told['receipt']}"

    first, second = (
        app.test_client().post(f"{at}/messages", json={"text": "好"}, headers=keyed).json for _ in range(2)
    )

    assert (first["answer"], second["answer"]) == (case.answer, "")
    assert first | {"answer": ""} == second
    [kept] = db.session.query(KeptAnswer)
    assert kept.body == second
    assert app.test_client().get(at).json["answer"] == case.answer


def test_craftsmen_are_found_by_place_year_honour_and_trade(program):
    for name, place, trade, year in (("一等奖", "苍岭", "焊工", 2024), ("技术能手", "云溪", "钳工", 2026)):
        honour = factories.make_honour(is_title=True)
        honour.name, honour.granted_on = name, clock.now().date().replace(year=year)
        honour.craftsman.place, honour.craftsman.trade = place, trade
    db.session.commit()
    assert registry.list_craftsmen(registry.Search())[1] == 2

    def found(asked):
        _, told = program(f"/craftsmen?{asked}")
        return [(one["trade"], one["place"]) for one in told["items"]]

    for asked in ("place=云溪", "year=2026", "honour=技术能手", "trade=钳工"):
        assert found(asked) == [("钳工", "云溪")], asked
    assert found("place=云溪&year=2024") == found("honour=技术") == []
    assert program("/craftsmen?year=26")[0] == 422


@pytest.mark.parametrize(("language", "words"), [("en", "at most 1 MB"), ("zh", "1 MB")])
def test_a_body_that_is_too_large_is_told_the_limit_of_this_door(app, language, words):
    answer = app.test_client().post(
        "/api/v1/services/letterbox/applications", data=b'{"answers": "' + b"a" * 2**21 + b'"}',
        headers={"X-Contest": "1", "Accept-Language": language}, content_type="application/json",
    )
    assert (answer.status_code, answer.json["error"]["fields"]) == (413, {})
    assert words in answer.json["error"]["message"]


def test_a_program_without_a_token_is_told_what_to_send_and_a_tablet_that_nothing_is_lost(app):
    english = {"Accept-Language": "en"}
    program = app.test_client().get("/api/v1/cases", headers=english)
    assert (program.status_code, program.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "Authorization: Bearer" in program.json["error"]["message"]
    tablet = app.test_client().get("/api/v1/sheets", headers={**english, "X-Contest": "1"})
    assert tablet.status_code == 401 and "what is waiting here stays" in tablet.json["error"]["message"]
