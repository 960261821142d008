"""Honours by hand: of people, teams, organisations; granted, listed, revoked; nobody stands twice."""

import io

import pytest
from sqlalchemy import select

from contest import signals
from contest.awards.models import AwardHelper
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import entitlement_queries
from contest.people.models import Human, Organisation
from contest.registry import actions, honour_actions, honour_queries
from contest.registry.models import Honour, HonourFile
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"
FORM = {
    "holder": "person-new", "person_name": "林工", "unit_name": "云溪水泥", "trade": "焊工",
    "name": "市劳动模范", "authority": "市人民政府", "document_number": "云政〔2026〕9号",
    "granted_on": "2026-05-01", "is_title": "1",
}


def grant(form=None, files=(), **changes):
    curator = factories.make_official("顾馆长", "curator")
    return honour_actions.grant_honour(curator, {**(form or FORM), **changes}, files), curator


def test_what_is_granted_is_private_until_it_is_listed(app, client):
    honour, curator = grant()
    assert honour.state == "granted"
    token = honour.craftsman.token
    assert client.get(f"/register/{token}").status_code == 404
    assert "林工" not in client.get("/register").text
    assert client.get(f"/services/standing_benefits?honour_id={honour.id}").text.count("林工") == 0

    with pytest.raises(Invalid, match="compared"):
        honour_actions.list_honour(curator, honour.id, is_checked=False)
    honour_actions.list_honour(curator, honour.id, is_checked=True)

    page = client.get(f"/register/{token}").text
    assert "市劳动模范" in page and "云政〔2026〕9号" in page
    with pytest.raises(Conflict):
        honour_actions.list_honour(curator, honour.id, is_checked=True)


def test_each_state_is_told_and_a_title_opens_and_ends_its_services(app):
    heard = []

    def hear(_did, honour_id, state):
        heard.append(state)

    with signals.honour_changed.connected_to(hear):
        honour, curator = grant()
        human_id = honour.craftsman.human_id
        assert entitlement_queries.held_keys(human_id) >= {"skill_allowance"}
        honour_actions.list_honour(curator, honour.id, is_checked=True)
        actions.revoke_honour(curator, honour.id, "材料不实")

    assert heard == ["granted", "listed", "revoked"]
    assert entitlement_queries.held_keys(human_id) == set()


def test_a_known_name_is_looked_at_before_a_new_row_is_made(app):
    human = factories.make_entrant(factories.make_contest(), name="林工").human
    with pytest.raises(Conflict, match="known already"):
        grant()
    assert db.session.scalars(select(Honour)).all() == []

    honour, _ = grant(holder=f"person-{human.id}")
    assert honour.craftsman.human_id == human.id

    other, _ = grant(is_another="1", document_number="云政〔2026〕10号")
    assert other.craftsman.human_id != human.id
    assert len(db.session.scalars(select(Human).filter_by(name="林工")).all()) == 2


def test_the_same_honour_by_the_same_document_is_taken_once(app):
    honour, _ = grant()
    with pytest.raises(Conflict, match="on record"):
        grant(holder=f"person-{honour.craftsman.human_id}")


def test_a_unit_and_its_team_are_honoured_and_stand_on_their_page(app, client):
    unit = factories.make_organisation("云溪水泥")
    honour, curator = grant(holder=f"organisation-{unit.id}", person_name="")
    team, _ = grant(holder="organisation-new", unit_name="云溪水泥", team_name="甲班", person_name="",
                    name="工人先锋号")
    assert (honour.craftsman_id, honour.organisation_id, team.organisation_id) == (None, unit.id, unit.id)
    assert client.get(f"/register/organisations/{unit.id}").status_code == 404
    for one in (honour, team):
        honour_actions.list_honour(curator, one.id, is_checked=True)

    page = client.get(f"/register/organisations/{unit.id}").text
    assert "市劳动模范" in page and "工人先锋号" in page and "甲班" in page
    assert "云溪水泥" in client.get("/register/organisations").text
    assert db.session.query(Organisation).filter_by(name="云溪水泥").count() == 1


def test_awards_of_teams_and_units_wait_for_the_curator_too(app, as_role):
    contest = factories.make_contest(state="final")
    unit = factories.make_organisation("望湖水泥")
    sheet = factories.make_result_sheet(contest)
    from contest import clock
    from contest.awards.models import Award
    award = Award(
        contest_id=contest.id, result_sheet_id=sheet.id, award_key="organiser", name="优秀组织奖",
        organisation_id=unit.id, place=None, why={}, granted_at=clock.now(),
    )
    db.session.add(award)
    db.session.commit()
    desk = as_role("curator")
    assert "望湖水泥" in desk.get("/curation").text

    desk.post(f"/contests/{contest.id}/honours", data={
        "authority": "省总工会", "document_number": "1号", "granted_on": "2026-11-23", "is_checked": "1",
        "award_id": award.id,
    })

    [honour] = honour_queries.public_honours_of(unit.id)
    assert (honour.name, honour.state, honour.unit) == ("优秀组织奖", "listed", "望湖水泥")


def test_a_prize_of_a_coach_waits_and_the_desk_says_that_it_goes_to_a_new_person(app, as_role):
    contest = factories.make_contest(state="final")
    award = factories.make_award(contest, sheet=factories.make_result_sheet(contest), place=None)
    award.entrant_id, award.helper = None, AwardHelper(name="鲁教练")
    db.session.commit()

    answer = as_role("curator").get("/curation")

    assert "鲁教练" in answer.text and "Goes to a new person" in answer.text


@pytest.mark.parametrize(("field", "text"), [
    ("name", ""), ("authority", " "), ("document_number", ""), ("granted_on", "2031-01-01"),
    ("granted_on", "昨天"), ("honour_place", "第一"), ("contest_level", "world"), ("person_name", ""),
    ("holder", "somebody"), ("name", "长" * 81),
])
def test_a_field_that_cannot_be_taken_is_named_and_nothing_is_kept(app, field, text):
    with pytest.raises(Invalid) as refused:
        grant(**{field: text})
    assert field in refused.value.fields
    assert db.session.scalars(select(Honour)).all() == []


def test_documents_lie_with_the_honour_and_only_the_curator_opens_them(app, as_role, client):
    honour, curator = grant(files=[("决定.pdf", PDF)])
    honour_actions.add_document(curator, honour.id, [("附件.pdf", PDF)])
    with pytest.raises(Invalid, match="not taken"):
        honour_actions.add_document(curator, honour.id, [("a.exe", b"MZ")])
    address = f"/curation/honours/{honour.id}/documents/2"

    assert client.get(address).status_code == 303
    assert as_role("judge").get(address).status_code == 403
    assert as_role("curator").get(address).data == PDF
    file = db.session.scalars(select(HonourFile)).first()
    file.name = "x"
    with pytest.raises(Exception, match="append-only"):
        db.session.commit()
    db.session.rollback()


def test_the_form_keeps_what_was_typed_when_it_is_refused(app, as_role):
    desk = as_role("curator")
    data = {**FORM, "granted_on": "2031-01-01", "files": (io.BytesIO(PDF), "决定.pdf")}

    answer = desk.post("/curation/honours/new", data=data, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "云政〔2026〕9号" in answer.text and "future" in answer.text
    done = desk.post("/curation/honours/new", data=FORM)
    assert done.status_code == 303
    assert desk.get(done.location).status_code == 200
    assert "市劳动模范" in desk.get("/curation/honours?state=granted").text


def test_the_api_tells_nothing_that_is_not_listed(app, client):
    honour, curator = grant()
    honour_actions.list_honour(curator, honour.id, is_checked=True)
    grant(holder=f"person-{honour.craftsman.human_id}", name="密", document_number="2号")

    told = client.get(f"/api/v1/craftsmen/{honour.craftsman.token}").json

    assert [one["name"] for one in told["honours"]] == ["市劳动模范"]
