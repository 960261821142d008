"""Works and patents, masters and apprentices, studios and alliances: on the page, and followed by rewards."""

import pytest

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services.effect_actions import MASTERS_OF
from contest.registry import life_actions, life_queries, person_actions
from tests import factories

WORK = {"work_kind": "patent", "work_title": "密封装置", "work_number": "ZL1", "work_on": "2024-03-01"}
STUDIO = {"studio_name": "林工工作室", "founded_on": "2020-05-01", "inventions": "175",
          "utility_patents": "527", "benefit": "36000000"}


def listed():
    return factories.make_honour().craftsman


def curator():
    return factories.make_official("顾馆长", "curator")


def test_a_patent_stands_on_the_page_until_it_is_taken_out_with_a_reason(app, client):
    one, keeper = listed(), curator()
    life_actions.add_work(keeper, one.token, WORK)
    assert "密封装置" in client.get(f"/register/{one.token}").text
    [row] = life_queries.works_of(one.id)
    with pytest.raises(Invalid):
        life_actions.remove_work(keeper, one.token, row.id, "")
    life_actions.remove_work(keeper, one.token, row.id, "录错")
    assert "密封装置" not in client.get(f"/register/{one.token}").text


@pytest.mark.parametrize(("field", "text"), [
    ("work_number", ""), ("work_title", ""), ("work_on", "2031-01-01"), ("work_kind", "song"),
])
def test_a_work_that_lacks_something_names_the_field(app, field, text):
    one = listed()
    with pytest.raises(Invalid) as refused:
        life_actions.add_work(curator(), one.token, {**WORK, field: text})
    assert list(refused.value.fields) == [field]
    assert life_queries.works_of(one.id) == []


def test_rewards_ask_who_the_master_is_and_a_circle_is_refused(app):
    apprentice, master, keeper = listed(), listed(), curator()
    life_actions.add_tie(keeper, apprentice.token, "master", master.human_id, "2010-01-01", "协议")

    assert [one for find in MASTERS_OF for one in find(apprentice.human_id)] == [master.human_id]
    with pytest.raises(Conflict, match="already"):
        life_actions.add_tie(keeper, master.token, "apprentice", apprentice.human_id, "2010-01-01", "")
    with pytest.raises(Conflict, match="wrong"):
        life_actions.add_tie(keeper, master.token, "master", apprentice.human_id, "2010-01-01", "")
    with pytest.raises(Invalid, match="own master"):
        life_actions.add_tie(keeper, master.token, "master", master.human_id, "2010-01-01", "")


def test_studios_show_their_figures_and_form_an_alliance(app, client):
    keeper, studios = curator(), []
    for number in range(4):
        studios.append(life_actions.save_studio(
            keeper, listed().token, {**STUDIO, "studio_name": f"工作室{number}"}
        ))
        life_actions.join_alliance(keeper, studios[-1].id, "四地联盟", "2025-06-01")

    page = client.get("/register/studios").text

    assert page.count("四地联盟") == 4 and "527" in page and str(4 * 175) in page
    assert len(life_queries.alliances()[0].studios) == 4
    with pytest.raises(Conflict, match="Another"):
        life_actions.save_studio(keeper, listed().token, {**STUDIO, "studio_name": "工作室0"})
    with pytest.raises(Invalid) as refused:
        life_actions.save_studio(keeper, listed().token, {**STUDIO, "trained": "-3"})
    assert list(refused.value.fields) == ["trained"]


def test_works_ties_and_studios_follow_a_merge_and_come_back(app):
    keep, gone, master, keeper = listed(), listed(), listed(), curator()
    life_actions.add_work(keeper, gone.token, WORK)
    life_actions.add_tie(keeper, gone.token, "master", master.human_id, "2010-01-01", "")
    life_actions.save_studio(keeper, gone.token, STUDIO)
    life_actions.add_tie(keeper, master.token, "master", listed().human_id, "2001-01-01", "")
    keep_human, gone_human = keep.human_id, gone.human_id
    with pytest.raises(Conflict, match="trained the other"):
        person_actions.merge_people(keeper, gone_human, master.human_id, "同一人")
    life_actions.add_tie(keeper, keep.token, "apprentice", factories.make_person("徒").id, "2011-01-01", "")
    merge = person_actions.merge_people(keeper, keep_human, gone_human, "同一人")
    assert len(life_queries.works_of(keep.id)) == len(life_queries.studios_of(keep.id)) == 1
    assert life_queries.masters_of(keep_human) == [master.human_id]

    person_actions.split_people(keeper, merge.id, "两人")
    db.session.expire_all()
    assert len(life_queries.works_of(gone.id)) == len(life_queries.studios_of(gone.id)) == 1
    assert life_queries.masters_of(gone_human) == [master.human_id]
    assert life_queries.masters_of(keep_human) == []


def test_the_curators_page_of_a_life(app, as_role):
    one, desk = listed(), as_role("curator")
    base = f"/curation/craftsmen/{one.token}"
    assert desk.get(f"{base}/life?text=张").status_code == 200
    assert desk.post(f"{base}/works", data=WORK).status_code == 303
    answer = desk.post(f"{base}/works", data={**WORK, "work_number": ""})
    assert answer.status_code == 422 and "密封装置" in answer.text
    assert desk.post(f"{base}/studios", data=STUDIO).status_code == 303
    assert as_role("judge").get(f"{base}/life").status_code == 403
