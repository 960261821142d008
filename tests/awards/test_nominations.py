"""Nominations: a pack of what is stored, always the same; a case goes by its steps; a grant is an honour."""

import hashlib
import io
import time
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from contest import clock
from contest.audit.models import TrailRow
from contest.awards import nomination_actions, nomination_queries, nomination_rules
from contest.awards.models import Award
from contest.awards.nomination_models import Nomination, NominationEvent
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.registry.models import Honour
from tests import factories
from tests.awards.certified import PETRA, kept_issued_contest

PDF = b"%PDF-1.7\n" + b"x" * 200 + b"\n%%EOF"
ASKED = {
    "kind": "medal", "title": "江苏省五一劳动奖章", "authority": "江苏省总工会", "crew": "",
    "deeds": "二十年看火，获第一名。",
}
LETTER = {"document_number": "苏工竞〔2026〕5号"}


@pytest.fixture
def scene(app):
    contest, entrants, _, _ = kept_issued_contest(app)
    return contest, entrants


def award_of(contest, key="first"):
    return db.session.scalars(select(Award).filter_by(contest_id=contest.id, award_key=key)).first()


def prepared(contest, key="first", **change):
    return nomination_actions.prepare(PETRA, contest.id, award_of(contest, key).id, ASKED | change)


def scan(client, case, *slots):
    """The papers that the office scans; without names all that are needed."""
    for slot in slots or nomination_rules.NEEDED:
        data = {"slot": slot, "files": (io.BytesIO(PDF), "盖章.pdf")}
        assert client.post(f"{case}/files", data=data).status_code == 303


def day():
    return clock.now().date().isoformat()


def test_the_whole_way_from_the_form_to_the_register(scene, as_role):
    contest, entrants = scene
    office, curator = as_role("organiser"), as_role("curator")
    base = f"/contests/{contest.id}/nominations"
    made = office.post(base, data=ASKED | {"award_id": award_of(contest).id})
    assert made.status_code == 303
    case = made.location
    assert "There is no scan yet" in office.get(case).text
    scan(office, case)

    assert office.post(f"{case}/send", data={"on": ""}).status_code == 422
    numberless = office.post(f"{case}/send", data={"on": day(), "document_number": " "})
    assert numberless.status_code == 422
    assert "Enter the number of the letter that goes with it." in numberless.text
    sent = {"on": day(), "document_number": "苏工竞〔2026〕5号"}
    assert office.post(f"{case}/send", data=sent).status_code == 303
    pack = office.get(f"{case}/pack.zip").data
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        names = archive.namelist()
        sums = archive.read("SHA256SUMS").decode().splitlines()
        for line in sums:
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        contents = archive.read("00-contents.txt").decode()
    assert [name for name in names if name not in ("00-contents.txt", "SHA256SUMS")] == [
        "01-notice-scan.pdf", "01-notice.pdf", "02-result-scan.pdf", "02-results.pdf", "03-form-scan.pdf",
        "03-form.pdf", "04-summary.pdf", "04-summary.xlsx", "05-certificate.pdf",
    ]
    assert all(name in contents for name in names[2:])
    event = db.session.scalars(select(NominationEvent).filter_by(state="sent")).one()
    assert event.pack_sha256 == hashlib.sha256(pack).hexdigest()

    granted = {"on": day(), "document_number": "苏工发〔2026〕88号"}
    assert office.post(f"{case}/grant", data=granted).status_code == 403
    assert curator.post(f"{case}/grant", data=granted | {"document_number": ""}).status_code == 422
    assert curator.post(f"{case}/grant", data=granted).status_code == 303
    honour = db.session.scalars(select(Honour)).one()
    assert (honour.name, honour.authority, honour.document_number) == (
        "江苏省五一劳动奖章", "江苏省总工会", "苏工发〔2026〕88号"
    )
    assert honour.craftsman.human_id == entrants["张三"].human_id
    assert (honour.award_id, honour.place) == (None, None)  # the place belongs to the prize
    assert honour.evidence["pack_sha256"] == event.pack_sha256
    assert office.get(f"{case}/pack.zip").data == pack
    assert "江苏省五一劳动奖章" in curator.get(f"/register/{honour.craftsman.token}").text
    assert db.session.scalar(select(TrailRow).filter_by(did="nomination.granted")).facts["document"]


def test_a_pack_made_twice_is_the_same_byte_for_byte(scene, as_role):
    contest, _ = scene
    made = prepared(contest)
    client, address = as_role("organiser"), f"/contests/{contest.id}/nominations/{made.id}/pack.zip"
    one = client.get(address).data
    clock.stand_still(clock.now() + timedelta(minutes=7))
    time.sleep(1.1)  # a PDF names the second at which it was made, unless it is told another
    try:
        assert client.get(address).data == one
    finally:
        clock.stand_still(None)


def test_what_went_out_is_kept_when_the_name_changes_afterwards(scene, as_role):
    contest, entrants = scene
    made = prepared(contest)
    client, case = as_role("organiser"), f"/contests/{contest.id}/nominations/{made.id}"
    scan(client, case)
    client.post(f"{case}/send", data=LETTER | {"on": day()})
    before = client.get(f"{case}/pack.zip").data
    entrants["张三"].human.name = "张三丰"
    db.session.commit()
    assert client.get(f"{case}/pack.zip").data == before


def test_a_returned_case_gets_more_papers_and_goes_out_again(scene, as_role):
    contest, _ = scene
    made = prepared(contest)
    client, case = as_role("organiser"), f"/contests/{contest.id}/nominations/{made.id}"
    scan(client, case)
    client.post(f"{case}/send", data=LETTER | {"on": day()})
    late = client.post(f"{case}/files", data={"slot": "form", "files": (io.BytesIO(PDF), "a.pdf")})
    assert late.status_code == 409
    assert client.post(f"{case}/answer", data={"state": "returned", "on": day()}).status_code == 422
    back = {"state": "returned", "on": day(), "note": "缺盖章的表"}
    assert client.post(f"{case}/answer", data=back).status_code == 303
    scan(client, case, "other")
    assert client.post(f"{case}/send", data=LETTER | {"on": day()}).status_code == 303
    names = zipfile.ZipFile(io.BytesIO(client.get(f"{case}/pack.zip").data)).namelist()
    assert {"03-form-scan.pdf", "06-other-scan-4.pdf"} <= set(names)
    assert [one.state for one in db.session.get(Nomination, made.id).events] == [
        "prepared", "sent", "returned", "sent"
    ]


def test_a_refusal_ends_the_case_and_another_may_be_opened(scene):
    contest, _ = scene
    made = prepared(contest)
    with pytest.raises(Conflict, match="already"):
        prepared(contest)
    step = {"on": day(), "note": "名额已满", "document_number": "苏工函〔2026〕9号"}
    with pytest.raises(Conflict, match="cannot take this step"):
        nomination_actions.answer(PETRA, contest.id, made.id, "refused", step)
    nomination_actions.answer(PETRA, contest.id, made.id, "withdrawn", step)
    with pytest.raises(Conflict, match="cannot take this step"):
        nomination_actions.grant(PETRA, contest.id, made.id, step)
    assert prepared(contest).id != made.id


def test_a_title_of_the_contest_that_was_put_forward_is_the_honour_of_that_award(scene, as_role):
    contest, _ = scene
    made = prepared(contest, "expert", kind="expert", title="技术能手")
    client, case = as_role("organiser"), f"/contests/{contest.id}/nominations/{made.id}"
    scan(client, case)
    client.post(f"{case}/send", data=LETTER | {"on": day()})
    nomination_actions.grant(PETRA, contest.id, made.id, {"on": day(), "document_number": "号"})
    honour = db.session.scalars(select(Honour)).one()
    assert (honour.award_id, honour.level) == (made.award_id, "技术能手")
    assert honour.place == made.award.place
    assert honour.craftsman.level == "技术能手"


def test_who_holds_the_title_is_not_put_forward_again(scene):
    contest, entrants = scene
    entrants["张三"].titles = ["江苏省五一劳动奖章"]
    db.session.commit()
    with pytest.raises(Conflict, match="hold the title"):
        prepared(contest)


def test_a_crew_that_holds_the_title_on_the_register_is_not_put_forward_again(scene):
    """Also one that came with an earlier contest, which the roster of this one does not know."""
    contest, _ = scene
    crew = {"kind": "pioneer", "title": "全国工人先锋号", "authority": "全国总工会", "crew": "一号窑班组"}
    award = award_of(contest)
    unit = (award.entrant or award.team).organisation
    held = factories.make_honour(name=crew["title"])
    held.craftsman_id, held.organisation_id, held.team_name = None, unit.id, crew["crew"]
    held.evidence = {"imported": True, "archive": 1}
    db.session.commit()

    with pytest.raises(Conflict, match="hold the title"):
        prepared(contest, **crew)
    assert nomination_queries.titles_of(award, "二号窑班组") == set()
    held.state = "revoked"
    db.session.commit()
    assert prepared(contest, **crew).crew == "一号窑班组"


def test_a_crew_is_put_forward_by_its_name(scene, as_role):
    contest, _ = scene
    with pytest.raises(Invalid) as refused:
        prepared(contest, kind="pioneer", title="全国工人先锋号", authority="全国总工会")
    assert list(refused.value.fields) == ["crew"]
    crew = {"kind": "pioneer", "title": "全国工人先锋号", "authority": "全国总工会", "crew": "一号窑班组"}
    made = prepared(contest, **crew)
    assert nomination_queries.get_case(contest.id, made.id).nominee == "一号窑班组"
    client, case = as_role("organiser"), f"/contests/{contest.id}/nominations/{made.id}"
    scan(client, case)
    assert client.post(f"{case}/send", data=LETTER | {"on": day()}).status_code == 303
    answer = {"on": day(), "document_number": "总工发〔2026〕1号"}
    nomination_actions.grant(PETRA, contest.id, made.id, answer)
    assert nomination_queries.get_case(contest.id, made.id).state == "granted"
    honour = db.session.scalars(select(Honour)).one()
    assert (honour.craftsman_id, honour.team_name, honour.name) == (None, "一号窑班组", "全国工人先锋号")
    assert honour.organisation_id == made.organisation_id and honour.is_title


@pytest.mark.parametrize(("change", "field"), [
    ({"kind": "king"}, "kind"), ({"title": ""}, "title"), ({"authority": "x" * 101}, "authority"),
    ({"deeds": "x" * 2001}, "deeds"),
])
def test_a_form_that_cannot_be_taken_names_its_field(scene, as_role, change, field):
    contest, _ = scene
    with pytest.raises(Invalid) as refused:
        prepared(contest, **change)
    assert list(refused.value.fields) == [field]
    data = ASKED | change | {"award_id": award_of(contest).id}
    page = as_role("organiser").post(f"/contests/{contest.id}/nominations", data=data)
    assert page.status_code == 422
    assert db.session.scalars(select(Nomination)).all() == []


def test_without_a_certificate_nothing_goes_out(scene, as_role):
    contest, _ = scene
    made = prepared(contest)
    case = f"/contests/{contest.id}/nominations/{made.id}"
    client = as_role("organiser")
    db.session.execute(db.text("UPDATE certificate SET revoked_at = issued_at, revoked_reason = 'x'"))
    db.session.commit()
    assert "issue it first" in client.get(case).text
    assert client.post(f"{case}/send", data=LETTER | {"on": day()}).status_code == 409
    assert len(db.session.get(Nomination, made.id).events) == 1


def test_a_pack_that_lacks_a_scan_does_not_go_out_and_the_page_names_it(scene, as_role):
    contest, _ = scene
    made = prepared(contest)
    client, case = as_role("organiser"), f"/contests/{contest.id}/nominations/{made.id}"
    scan(client, case, "notice", "form")

    answer = client.post(f"{case}/send", data=LETTER | {"on": day(), "note": "专人送达"})

    assert answer.status_code == 422
    assert "does not go out yet. There is no scan yet: Results with the stamp." in answer.text
    assert "专人送达" in answer.text
    assert [one.state for one in db.session.get(Nomination, made.id).events] == ["prepared"]
    scan(client, case, "result")
    assert client.post(f"{case}/send", data=LETTER | {"on": day()}).status_code == 303


def test_a_file_that_is_no_scan_is_not_taken(scene, as_role):
    contest, _ = scene
    made = prepared(contest)
    client, case = as_role("organiser"), f"/contests/{contest.id}/nominations/{made.id}"
    for slot, name, content in (("form", "a.pdf", b"MZ"), ("form", "a.exe", PDF), ("nowhere", "a.pdf", PDF)):
        data = {"slot": slot, "files": (io.BytesIO(content), name)}
        assert client.post(f"{case}/files", data=data).status_code == 422
    assert client.post(f"{case}/files", data={"slot": "form"}).status_code == 422
    assert db.session.get(Nomination, made.id).files == []


def test_the_database_changes_no_step_of_a_case(scene):
    contest, _ = scene
    prepared(contest)
    for statement in ("UPDATE nomination_event SET state = 'granted'", "DELETE FROM nomination_event"):
        with pytest.raises(DatabaseError, match="append-only"):
            db.session.execute(db.text(statement))
        db.session.rollback()
