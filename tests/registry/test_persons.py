"""Everybody once: rows made one with their history, parted again; organisations and their names."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from contest import clock
from contest.awards import line_queries
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import entitlement_queries
from contest.people import person_queries as people
from contest.people.models import Entrant, Human, Organisation, PersonAccount
from contest.people.roster_actions import RosterWriter
from contest.registry import (
    ladder_queries,
    level_actions,
    person_actions,
    person_queries,
)
from contest.registry.models import Craftsman
from tests import factories
from tests.registry.climbing import curators, know, take_up, winner

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def same(one, other, born_on="1980-02-03"):
    """Give two rows one name and one birth date."""
    for human in (one, other):
        human.name = "林工"
        human.born_on = date.fromisoformat(born_on)
    db.session.commit()


@BOTH
def test_two_rows_become_one_and_part_again_to_the_last_row(app, client):
    one, _ = curators()
    take_up(one, people=1)
    first, keep = winner(one, "unit", place=3)
    second, gone = winner(one, "province", place=1, is_title=True)
    same(keep, gone)
    know(one, gone, "trade_since", on="2010-01-01")
    level_actions.confirm_level(one, "three_step", keep.id, "backbone")
    level_actions.confirm_level(one, "three_step", gone.id, "expert")
    assert [(p.one.id, p.other.id) for p in person_queries.likely_pairs()] == [(keep.id, gone.id)]
    old_token, entrant = second.craftsman.token, db.session.query(Entrant).filter_by(human_id=gone.id).one()

    merge = person_actions.merge_people(one, keep.id, gone.id, "同一身份证")

    db.session.expire_all()
    assert entrant.human_id == keep.id and second.craftsman.human_id == keep.id
    assert ladder_queries.level_of(gone.id).step.key == "expert"  # asked by the old number too
    assert ladder_queries.level_of(keep.id).event.kind == "merged"
    assert client.get(f"/register/{old_token}").location.endswith(first.craftsman.token)
    page = client.get(f"/register/{first.craftsman.token}").text
    assert page.count('class="sheet honour"') == 2
    assert {row.human_id for row in entitlement_queries.open_of(keep.id)} == {keep.id}
    assert entitlement_queries.open_of(gone.id) == []
    assert person_queries.likely_pairs() == []

    person_actions.split_people(one, merge.id, "另有其人")

    db.session.expire_all()
    assert entrant.human_id == gone.id and second.craftsman.human_id == gone.id
    assert ladder_queries.level_of(keep.id).step.key == "backbone"
    assert ladder_queries.level_of(gone.id).step.key == "expert"
    assert client.get(f"/register/{old_token}").status_code == 200
    assert [one.amount for one in entitlement_queries.open_of(gone.id, "skill_allowance")] == [50_000]
    assert entitlement_queries.open_of(keep.id, "skill_allowance") == []
    with pytest.raises(Conflict, match="already"):
        person_actions.split_people(one, merge.id, "再分")


def test_two_who_met_in_a_contest_are_two_people(app):
    one, _ = curators()
    contest, unit = factories.make_contest(), factories.make_organisation()
    pair = [factories.make_entrant(contest, "林工", unit).human for _ in range(2)]

    assert person_queries.likely_pairs() == []
    with pytest.raises(Conflict, match="same contest"):
        person_actions.merge_people(one, pair[0].id, pair[1].id, "同名")


def test_two_accounts_are_not_made_one(app):
    one, _ = curators()
    pair = [factories.make_person("林工", born_on="1980-02-03") for _ in range(2)]
    for human in pair:
        user = factories.make_user()
        db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=user.created_at))
    db.session.commit()

    with pytest.raises(Conflict, match="account"):
        person_actions.merge_people(one, pair[0].id, pair[1].id, "同一人")


@pytest.mark.parametrize(("born", "other_born", "is_likely"), [
    ("1980-02-03", "1980-02-03", True), ("1980-02-03", "1981-02-03", False), (None, "1980-02-03", True),
])
def test_another_date_of_birth_speaks_against_it(app, born, other_born, is_likely):
    unit = factories.make_organisation()
    factories.make_person("林工", unit, born)
    factories.make_person("林工", unit, other_born)

    assert bool(person_queries.likely_pairs()) == is_likely


def test_those_who_were_erased_are_not_taken_for_one_person(app):
    unit = factories.make_organisation()
    for _ in range(2):
        factories.make_person("–", unit)

    assert person_queries.likely_pairs() == []


def test_told_apart_they_are_not_proposed_again(app):
    one, _ = curators()
    unit = factories.make_organisation()
    pair = [factories.make_person("林工", unit) for _ in range(2)]

    person_actions.tell_apart(one, pair[1].id, pair[0].id, "父子")

    assert person_queries.likely_pairs() == []


def test_a_roster_that_names_a_merged_row_finds_the_person(app):
    one, _ = curators()
    old, new = factories.make_organisation("旧厂"), factories.make_organisation("新厂")
    gone, keep = [factories.make_person("林工", unit, "1980-02-03") for unit in (old, new)]
    person_actions.merge_people(one, keep.id, gone.id, "调动")
    contest = factories.make_contest(state="registration")

    entrant = RosterWriter(contest.id).add(
        {"name": "林工", "born_on": "1980-02-03", "organisation": "旧厂", "number": "A1"}, "A1"
    )
    db.session.commit()

    assert entrant.human_id == keep.id


def test_an_organisation_keeps_its_history_and_old_papers_the_old_name(app, client):
    one, _ = curators()
    contest = factories.make_contest(state="final")
    unit = factories.make_organisation("云溪水泥")
    entrant = factories.make_entrant(contest, "钟一", unit)
    award = factories.make_award(contest, entrant)
    honour = factories.make_honour(contest, award)
    honour.unit, honour.craftsman.unit = "云溪水泥", "云溪水泥"
    db.session.commit()

    with pytest.raises(Invalid, match="future"):
        person_actions.rename_organisation(one, unit.id, "云溪新材料", "", "2030-01-01", "")
    # Granted at noon of the 23rd; the new name holds from the 24th on.
    clock.stand_still(clock.now() + timedelta(days=2))
    person_actions.rename_organisation(one, unit.id, "云溪新材料", "", "2026-11-24", "工商〔2026〕1号")

    db.session.expire_all()
    assert unit.name == "云溪新材料" and honour.unit == "云溪水泥"
    assert honour.craftsman.unit == "云溪新材料"
    assert people.names_on(award.granted_at) == {unit.id: "云溪水泥"}
    assert people.names_on(clock.now()) == {}
    nobody = line_queries.Published(SimpleNamespace(plan=None, stage="final", rows=(), teams=()))
    assert line_queries.granted_row(
        None, award, nobody, people.names_on(award.granted_at)
    ).organisation == "云溪水泥"
    assert RosterWriter(contest.id).organisation("云溪水泥").id == unit.id
    other = factories.make_organisation("别厂")
    with pytest.raises(Invalid, match="Another organisation"):
        person_actions.rename_organisation(one, other.id, "云溪水泥", "", "2026-11-24", "")
    assert db.session.scalar(select(Organisation.name).filter_by(id=other.id)) == "别厂"


def test_the_pages_of_people_and_names(app, as_role):
    unit = factories.make_organisation("石桥建材")
    pair = [factories.make_person("林工", unit) for _ in range(2)]
    desk = as_role("curator")
    base = f"/curation/people/{pair[0].id}/beside/{pair[1].id}"

    assert "林工" in desk.get("/curation/people").text
    assert desk.get(base).status_code == 200
    assert desk.post(base, data={"reason": ""}).status_code == 422
    assert desk.post(base, data={"reason": "同一人"}).status_code == 303
    assert db.session.get(Human, pair[1].id).merged_into_id == pair[0].id
    assert desk.get(base).status_code == 404
    merge = person_queries.merges()[0].merge
    assert desk.post(f"/curation/merges/{merge.id}/split", data={"reason": "错了"}).status_code == 303
    answer = desk.post(f"/curation/organisations/{unit.id}", data={
        "organisation_name": "石桥新材料", "since": "2026-09-01"})
    assert answer.status_code == 303
    assert "石桥建材" in desk.get(f"/curation/organisations/{unit.id}").text
    assert db.session.query(Craftsman).count() == 0
