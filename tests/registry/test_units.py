"""Honours of units and teams in public: the page with its line of life, the search, evidence, revoking."""

import re

import pytest

from contest import clock
from contest.awards.models import Award
from contest.db import db
from contest.errors import Conflict, Missing
from contest.people.models import Organisation
from contest.registry import actions, honour_actions, honour_queries, person_actions
from contest.registry.life_models import UnitWords
from contest.registry.models import Honour
from tests import factories
from tests.registry.test_honours import grant

TEAM = {"holder": "organisation-new", "unit_name": "云溪水泥", "team_name": "一号窑班组", "person_name": "",
        "name": "工人先锋号", "document_number": "总工发〔2026〕1号"}


def words_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_teams_honour_is_granted_listed_and_revoked_with_its_reason(app, client, as_role):
    honour, _ = grant(**TEAM)
    desk, address = as_role("curator"), f"/register/organisations/{honour.organisation_id}"
    assert client.get(address).status_code == 404

    desk.post(f"/curation/honours/{honour.id}/list", data={"is_checked": "1"})
    listed = words_of(client.get(address).text)
    assert desk.post(f"/curation/honours/{honour.id}/revoke", data={"reason": " "}).status_code == 422
    desk.post(f"/curation/honours/{honour.id}/revoke", data={"reason": "材料不实"})

    assert "工人先锋号" in listed and "一号窑班组" in listed and "已撤销" not in listed
    revoked = words_of(client.get(address).text)
    assert "已撤销 材料不实" in revoked
    assert "云溪水泥" not in words_of(client.get("/register/organisations").text)  # nothing of it stands
    with pytest.raises(Conflict, match="revoked already"):
        actions.revoke_honour(factories.make_official("顾二", "curator"), honour.id, "再来")


def test_a_prize_of_a_team_shows_place_total_and_the_record_it_rests_on(app, client, as_role):
    contest = factories.make_contest(state="final")
    contest.is_public = False
    unit = factories.make_organisation("望湖水泥")
    team = factories.make_team(contest, unit, "望湖一队")
    document = {"rows": [], "plan_number": 1, "teams": [
        {"team_id": team.id, "name": "望湖一队", "organisation": "望湖水泥", "organisation_en": "",
         "place": 1, "total": "271.50"},
        {"team_id": team.id + 1, "name": "云溪队", "organisation": "云溪水泥", "organisation_en": "",
         "place": 2, "total": "250.00"},
    ]}
    sheet = factories.make_result_sheet(contest, document=document)
    award = Award(
        contest_id=contest.id, result_sheet_id=sheet.id, award_key="team", name="团体一等奖",
        team_id=team.id, place=1, total="271.50", why={}, granted_at=clock.now(),
    )
    db.session.add(award)
    db.session.commit()
    as_role("curator").post(f"/contests/{contest.id}/honours", data={
        "authority": "省总工会", "document_number": "1号", "granted_on": "2026-11-23", "is_checked": "1",
        "award_id": award.id,
    })
    [honour] = db.session.query(Honour).all()

    page = client.get(f"/register/organisations/{unit.id}").text
    address = f"/register/organisations/{unit.id}/evidence/{honour.id}"
    record = words_of(client.get(address).text)

    assert "271.50" in words_of(page) and sheet.document_hash in page and address in page
    # Of a contest that is not public only the team's own line is shown.
    assert "望湖一队 团体一等奖" in record and "271.50" in record and "云溪队" not in record
    assert client.get(f"/register/organisations/{unit.id + 1}/evidence/{honour.id}").status_code == 404


def test_units_are_found_by_any_name_by_a_team_and_by_an_honour(app, client):
    honour, curator = grant(**TEAM)
    other, _ = grant(**TEAM | {"unit_name": "望湖水泥", "team_name": "", "name": "五一奖状"})
    for one in (honour, other):
        honour_actions.list_honour(curator, one.id, is_checked=True)
    person_actions.rename_organisation(
        curator, honour.organisation_id, "云溪新材料", "Yunxi Materials", "2026-01-01", ""
    )

    def found(text):
        return [line.organisation.name for line in honour_queries.units_with_honours(text)]

    assert found("") == ["望湖水泥", "云溪新材料"]
    assert found("云溪水泥") == found("yunxi") == found("一号窑") == found("先锋号") == ["云溪新材料"]
    assert found("五一") == ["望湖水泥"] and found("没有") == []
    page = words_of(client.get("/register/organisations?text=先锋号").text)
    assert "一号窑班组" in page and "望湖水泥" not in page
    assert "望湖水泥" not in client.get("/register/organisations?text=没有").text


def test_whose_honours_were_all_revoked_is_no_craftsman_of_the_unit(app, client):
    held, keeper = grant(**TEAM)
    honour_actions.list_honour(keeper, held.id, True)
    honour = factories.make_honour()
    honour.craftsman.unit = "云溪水泥"
    db.session.commit()
    page, name = f"/register/organisations/{held.organisation_id}", honour.craftsman.token
    assert name in client.get(page).text

    actions.revoke_honour(keeper, honour.id, "作弊")

    assert name not in client.get(page).text


def test_the_curator_writes_a_units_line_of_life(app, client, as_role):
    honour, curator = grant(**TEAM)
    address = f"/register/organisations/{honour.organisation_id}"
    desk = as_role("curator")
    assert desk.post(f"{address}/words", data={"words": "早"}).status_code == 404  # nothing is listed yet
    honour_actions.list_honour(curator, honour.id, is_checked=True)

    assert client.post(f"{address}/words", data={"words": "我来写"}).status_code == 303  # to sign in
    long = desk.post(f"{address}/words", data={"words": "长" * 301})
    assert long.status_code == 422 and "长" * 301 in long.text
    desk.post(f"{address}/words", data={"words": "一九五八年点火。"})
    desk.post(f"{address}/words", data={"words": "一九五八年点火，从未熄过。"})

    assert "一九五八年点火，从未熄过。" in client.get(address).text
    assert "/words" not in client.get(address).text
    assert db.session.query(UnitWords).count() == 1
    with pytest.raises(Missing):
        actions.describe_unit(curator, honour.organisation_id + 1, "x")


def test_a_craftsmans_page_leads_to_the_page_of_the_unit(app, client):
    honour, curator = grant()
    honour_actions.list_honour(curator, honour.id, is_checked=True)
    page, unit = f"/register/{honour.craftsman.token}", db.session.query(Organisation).one()
    assert f"/register/organisations/{unit.id}" not in client.get(page).text

    team, _ = grant(**TEAM)
    honour_actions.list_honour(curator, team.id, is_checked=True)

    assert f"/register/organisations/{unit.id}" in client.get(page).text
