"""A member's page: everything of one's own, nothing of anybody else's, nothing before it is released."""

import io
import json
import zipfile

import pytest
from sqlalchemy import select

from contest import clock
from contest.audit.models import TrailRow
from contest.audit.work import Actor, work
from contest.db import db
from contest.member_services import file_rules
from contest.member_services.models import CaseFile
from contest.members import personal_actions, telling
from contest.people.models import Human, PersonAccount
from contest.people.personal_models import PersonalAccess
from contest.registry.level_actions import note_level
from contest.results import actions as results
from tests import factories
from tests.member_services import walking
from tests.members.conftest import NUMBER
from tests.registry.climbing import curators, take_up

POINTS = {"张三": ("80", "9.5"), "李四": ("90", "8")}


def browser_of(app, human):
    user = factories.make_user(human.name)
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    return factories.browser_of(app, user)


@pytest.fixture
def marked(app):
    contest, entrants = factories.make_marked_contest(POINTS)
    return contest, entrants["张三"], entrants["李四"]


def text_of(answer):
    return answer.get_data(as_text=True)


def test_a_guest_is_sent_to_sign_in_and_an_untied_account_is_told(app, client, as_role):
    assert client.get("/my").location.startswith("/sign-in")
    assert "not linked to a person" in text_of(as_role("judge", factories.make_contest()).get("/my"))


def test_a_result_is_there_once_it_is_released(app, marked):
    contest, mine, _ = marked
    browser = browser_of(app, mine.human)
    before = text_of(browser.get("/my"))
    assert "no result is released yet" in before and "92.25" not in before

    results.publish_results(factories.make_official("Petra", "organiser"), contest.id, "provisional")

    page = text_of(browser.get("/my"))
    assert "92.25" in page and f"my-result/{mine.check_in_token}" in page
    assert "李四" not in page and "97.50" not in page


def test_honours_level_and_certificates_are_ones_own(app, marked):
    contest, mine, other = marked
    contest.state = "final"
    award = factories.make_award(contest, mine, level="技术能手", is_title=True)
    honour = factories.make_honour(contest, award)
    own, foreign = browser_of(app, mine.human), browser_of(app, other.human)

    assert honour.name_en in text_of(own.get("/my"))
    assert honour.name_en not in text_of(foreign.get("/my"))


def test_a_level_and_what_it_opens_are_told_by_name(app, marked):
    mine = marked[1]
    take_up(curators()[0])
    with work(Actor(None, "test"), "registry.level"):
        note_level(mine.human, "three_step", "", "expert", "risen", {})
    browser = browser_of(app, mine.human)

    for page in ("/my", "/my-services"):
        text = text_of(browser.get(page))
        assert "Technical expert" in text and ">expert<" not in text and "backbone" not in text


def test_nobody_takes_another_persons_certificate(app, marked):
    from contest.awards.certificate_models import Certificate

    contest, mine, other = marked
    award = factories.make_award(contest, mine)
    certificate = Certificate(
        contest_id=contest.id, award_id=award.id, number="N-1", token="a" * 32, name="张三", prize="一等奖",
        event="决赛", issuer="省总工会", issued_on="2026-11-23", code="c", public=bytes(32),
        issued_at=clock.now(),
    )
    db.session.add(certificate)
    db.session.commit()
    own, foreign = browser_of(app, mine.human), browser_of(app, other.human)

    assert "N-1" in text_of(own.get("/my"))
    assert "N-1" not in text_of(foreign.get("/my"))
    assert foreign.get(f"/my/certificates/{certificate.id}.pdf").status_code == 404
    assert own.get("/my/certificates/987654.pdf").status_code == 404


def test_the_copy_holds_everything_of_one_and_nothing_of_others(app, marked, keeper):
    contest, mine, other = marked
    results.publish_results(factories.make_official("Petra", "organiser"), contest.id, "provisional")
    personal_actions.enter_number(keeper, mine.human_id, NUMBER, "核对职业资格")
    case = walking.apply_actions.apply_for(walking.officer(), "letterbox", walking.form(
        name="张三", phone="13800138000", topic="safety", words="车间通风不好",
    ), door=walking.apply_actions.Door(human_id=mine.human_id))
    db.session.add_all(
        CaseFile(case_id=case.id, number=number, field_key=key, name=name, ending="pdf", size=3,
                 sha256="0" * 64, content=b"abc", at=clock.now())
        for number, key, name in ((1, "proof", "a.pdf"), (2, file_rules.BY_OFFICE, "走访记录.pdf"))
    )
    db.session.commit()

    answer = browser_of(app, mine.human).post("/my/data/copy")

    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    found, read = json.loads(archive.read("person.json")), archive.read("person.txt").decode("utf-8-sig")
    assert found["tables"]["id_number"] == [{"number": NUMBER}]
    assert found["tables"]["service_case"][0]["phone"] == "13800138000"
    assert found["tables"]["case_event"][0]["words"] == "车间通风不好"
    assert found["results"][0]["total"] == "92.25"
    assert archive.read(f"files/application-{case.id}-1.pdf") == b"abc"
    # What the office put to it is the office's.
    assert [name for name in archive.namelist() if name.startswith("files/")] == [
        f"files/application-{case.id}-1.pdf"
    ]
    assert [row["name"] for row in found["tables"]["case_file"]] == ["a.pdf"]
    assert NUMBER in read and "车间通风不好" in read
    # Marks and codes are secret while the contest runs.
    secret = ("sheet", "blind_code", "sheet_revision")
    assert [found["tables"][name] for name in secret] == [[], [], []]
    assert "李四" not in json.dumps(found, ensure_ascii=False)


def read_copy(app, actor, human_id):
    with app.test_request_context():
        archive = zipfile.ZipFile(io.BytesIO(telling.take_copy(actor, human_id, "依本人请求")))
    return json.loads(archive.read("person.json")), " ".join(
        archive.read(name).decode("utf-8-sig") for name in archive.namelist())


def test_a_keeper_takes_the_copy_for_the_person_with_the_own_password_and_a_reason(app, human, as_role):
    keeper = as_role("curator")
    address, sent = f"/people/{human.id}/copy", {"word": factories.WORD, "reason": "依本人请求"}
    for slip in ({"reason": ""}, {"word": "guessed"}):
        assert keeper.post(address, data={**sent, **slip}).status_code == 422

    answer = keeper.post(address, data=sent)

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    found = json.loads(zipfile.ZipFile(io.BytesIO(answer.data)).read("person.json"))
    assert found["person"] == human.id and found["left_out"]


def test_a_letter_to_the_chair_is_in_nobodys_copy_but_the_persons_own_and_the_chairs(app, human, keeper):
    chair = walking.officer("主席", "chair")
    letter, case = (walking.apply(key, human, words=words, **more) for key, words, more in (
        ("letterbox", "年终奖何时发", {"topic": "pay"}), ("six_services", "通风不好", {"kind": "health"}),
    ))
    db.session.add(CaseFile(case_id=letter.id, number=1, field_key="proof", name="a.pdf", ending="pdf",
                            size=3, sha256="0" * 64, content=b"abc", at=clock.now()))
    user = factories.make_user("李四")
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    for reader in (keeper, walking.officer("段专员", role="organiser")):
        found, whole = read_copy(app, reader, human.id)
        assert [row["id"] for row in found["tables"]["service_case"]] == [case.id]
        assert "年终奖" not in whole and letter.receipt not in whole and "通风不好" in whole
        assert not [name for name in ("case_event", "case_file") for row in found["tables"][name]
                    if row["case_id"] == letter.id]
        assert f"application-{letter.id}" not in whole and found["left_out"]
    for reader in (chair, Actor(user.id, "李四")):
        found, whole = read_copy(app, reader, human.id)
        assert "年终奖何时发" in whole and "left_out" not in found
        assert len(found["tables"]["case_file"]) == 1 and len(found["told"][0]["services"]) == 2


def test_a_copy_says_that_letters_are_left_out_also_where_there_are_none(app, human, keeper):
    assert "left_out" in read_copy(app, keeper, human.id)[0]  # else it would tell who wrote one


def test_that_a_copy_was_taken_is_written_down(app, human):
    browser_of(app, human).post("/my/data/copy")
    row = db.session.scalar(select(PersonalAccess))
    assert (row.who, row.human_id, row.kind) == ("钟一", human.id, "export")
    assert "personal.export" in db.session.scalars(select(TrailRow.did)).all()


def test_marks_are_in_the_copy_once_the_contest_is_final(app, marked):
    contest, mine, _ = marked
    contest.state = "final"
    db.session.commit()
    tables = telling.everything(mine.human_id)["tables"]
    assert len(tables["sheet_revision"]) > 0
    assert "judge_id" not in tables["sheet"][0] and "by_id" not in tables["sheet_revision"][0]


def test_a_person_reads_who_looked_and_asks_for_erasure_once(app, human, keeper, as_role):
    personal_actions.enter_number(keeper, human.id, NUMBER, "核对职业资格")
    personal_actions.reveal_number(keeper, human.id, "补发证书核对")
    browser = browser_of(app, human)
    assert "补发证书核对" in text_of(browser.get("/my/data"))

    assert browser.post("/my/data/erase", data={"reason": "x"}).status_code == 422
    assert browser.post("/my/data/erase", data={"reason": "不再参加"}).status_code == 422
    assert browser.post("/my/data/erase", data={"reason": "我不再参加活动"}).status_code == 303
    assert browser.post("/my/data/erase", data={"reason": "我不再参加活动"}).status_code == 409
    assert "我不再参加活动" in text_of(as_role("curator").get("/people"))
    assert "我不再参加活动" not in text_of(as_role("service_officer").get("/people"))


def test_people_are_found_by_name_and_the_list_holds_nothing_more(app, human, as_role):
    other = Human(name="钟二", born_on=None)
    db.session.add(other)
    db.session.commit()
    page = text_of(as_role("service_officer").get("/people?text=钟"))
    assert "钟一" in page and "钟二" in page
    assert "钟一" not in text_of(as_role("service_officer").get("/people"))
    assert as_role("judge", factories.make_contest()).get("/people").status_code == 403
