"""Members of a winning team, judges and coaches have an honour, a page, a certificate and a badge each."""

import base64
import json
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from contest import clock
from contest.audit import key_actions
from contest.awards import (
    actions,
    badges,
    certificate_actions,
    certificate_queries,
    decision_actions,
    queries,
)
from contest.db import db
from contest.members.own_queries import certificates_of
from contest.people.models import Human, Judge, PersonAccount, StateEvent
from contest.registry import actions as registry
from contest.registry import queries as queries_of_registry
from contest.registry.models import Craftsman, Honour
from contest.registry.queries import waiting_awards, waiting_lines
from contest.results import actions as results
from tests import factories
from tests.awards.certified import DAY, PETRA, STYLE
from tests.kept_scenes import kept

AWARDS = [
    {"key": "team", "name": "团体一等奖", "name_en": "First team prize", "to": "team", "rule": "count",
     "count": 1, "level": "技术骨干"},
    {"key": "judge", "name": "优秀裁判", "name_en": "Best judge", "to": "judge", "rule": "vote", "count": 1},
    {"key": "coach", "name": "优秀指导教师", "name_en": "Best coach", "to": "coach", "rule": "vote",
     "count": 1},
]
SAID = {"reason": "工作出色", "minutes": "纪要3号", "decided_on": "2026-11-20"}


@kept
def granted_to_a_team():
    document = factories.plan_document(awards=AWARDS, teams={"method": "sum", "size": 3})
    contest, entrants = factories.make_marked_contest(
        {"甲": ("90", "9"), "乙": ("80", "8"), "丙": ("70", "7")}, document=document, slug="shared"
    )
    team = factories.make_team(contest, name="红队")
    for entrant in entrants.values():
        entrant.team_id = team.id
    db.session.add(StateEvent(
        contest_id=contest.id, entrant_id=entrants["丙"].id, state="absent", reason="病假", at=clock.now()
    ))
    db.session.commit()
    one, two = (factories.make_official(name, "organiser") for name in ("first", "second"))
    results.publish_results(one, contest.id, "provisional")
    results.publish_results(two, contest.id, "final")
    judge = db.session.scalars(select(Judge).filter_by(contest_id=contest.id).order_by(Judge.id)).first()
    decision_actions.choose(PETRA, contest.id, "judge", {"judge_id": judge.id}, SAID)
    unit = entrants["甲"].organisation
    decision_actions.choose(
        PETRA, contest.id, "coach", {"name": "陈教练", "organisation_id": str(unit.id)}, SAID
    )
    actions.grant_awards(PETRA, contest.id)
    return contest, entrants, judge


@pytest.fixture
def scene(app):
    return granted_to_a_team()


def confirm(contest):
    [(_, waiting)] = waiting_awards()
    registry.confirm_honours(PETRA, contest.id, [one.id for one in waiting], "省总工会", "1号", DAY, True)


def craftsman_of(name):
    return db.session.scalars(
        select(Craftsman).join(Craftsman.human).where(Human.name == name)
    ).one()


def test_each_member_who_competed_has_the_teams_honour_with_its_name(scene, client):
    contest, entrants, _ = scene
    [(_, lines)] = waiting_lines()
    assert [(award.name, holder.name) for award, holder in lines] == [
        ("团体一等奖", "红队"), ("优秀裁判", lines[1][1].name), ("优秀指导教师", "陈教练"),
        ("团体一等奖", "甲"), ("团体一等奖", "乙"),
    ]
    confirm(contest)

    for name in "甲乙":
        [honour] = craftsman_of(name).honours
        # The place is the team's: no ladder takes it for the member's own.
        assert (honour.name, honour.team_name, honour.place) == ("团体一等奖", "红队", None)
        page = client.get(f"/register/{craftsman_of(name).token}").text
        assert "红队" in page
    assert db.session.scalars(select(Honour).filter_by(team_name="红队").where(
        Honour.organisation_id.is_not(None)
    )).one().place == 1
    # On the list of awards the team stands once.
    assert [[row.name for row in rows] for award, rows in queries.granted(contest.id)][0] == ["红队"]


def test_a_member_has_a_certificate_and_a_badge_of_his_own(app, scene):
    contest, entrants, _ = scene
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    made, held = certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)

    assert held == []
    own = {one.name: one for one in made}
    assert (own["红队"].prize, own["红队"].members) == ("团体一等奖", "甲、乙、丙")
    assert own["甲"].prize == "团体一等奖（红队）"
    assert "丙" not in own
    assert certificate_queries.judge_code(own["甲"].code).said.name == "甲"
    signed = badges.open_badge(own["甲"], signer, "https://x.example/c", "https://x.example/c/list/0")
    body = signed.split(".")[1]
    badge = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == "甲"
    assert badge["name"] == "团体一等奖（红队）"
    assert [one.prize for one in certificates_of(entrants["甲"].human_id)] == ["团体一等奖（红队）"]


def test_a_judge_is_the_person_behind_the_account_and_a_coach_a_new_one(app, scene, client):
    contest, _, judge = scene
    human = factories.make_person(judge.name)
    db.session.add(PersonAccount(user_id=judge.user_id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    confirm(contest)

    row = db.session.scalars(select(Craftsman).filter_by(human_id=human.id)).one()
    assert [(one.name, one.state) for one in row.honours] == [("优秀裁判", "listed")]
    assert [one.prize for one in certificates_of(human.id)] == ["优秀裁判"]
    coach = craftsman_of("陈教练")
    assert [one.name for one in coach.honours] == ["优秀指导教师"]
    page = client.get(f"/register/{coach.token}").text
    assert "优秀指导教师" in page or "Best coach" in page
    assert "/evidence" not in page  # they did not compete: no line of the results to be read


def test_a_coach_who_is_known_in_the_unit_is_no_second_person(scene):
    contest, entrants, _ = scene
    known = factories.make_person("陈教练", entrants["甲"].organisation)
    confirm(contest)
    assert craftsman_of("陈教练").human_id == known.id


def test_the_desk_shows_whom_a_coachs_honour_meets_and_a_contestant_is_not_taken_unasked(scene, as_role):
    contest, entrants, judge = scene
    curator = as_role("curator")
    assert curator.get("/curation").text.count("Goes to a new person") == 2
    known = factories.make_person("陈教练", entrants["甲"].organisation)
    known.born_on = date(1970, 5, 1)
    db.session.commit()
    page = curator.get("/curation").text
    assert "Goes to: 陈教练" in page
    assert "born in 1970" in page
    entrants["乙"].human_id = known.id
    db.session.commit()
    assert curator.get("/curation").text.count("Goes to a new person") == 2

    confirm(contest)

    honours = db.session.scalars(select(Honour).filter_by(name="优秀指导教师")).all()
    assert [one.craftsman.human.name for one in honours] == ["陈教练"]
    assert honours[0].craftsman.human_id != known.id


@pytest.mark.parametrize("app", ["postgres"], indirect=True)
def test_no_award_is_annulled_while_the_curator_confirms_it(scene, monkeypatch):
    """Whoever annuls locks the contest: he waits from before the look at what waits to the honours."""
    contest, _, _ = scene
    looked, find = [], queries_of_registry.get_waiting

    def look(contest_id, award_ids):
        with db.engine.connect() as other, pytest.raises(OperationalError, match="lock"):
            other.execute(text(f"SELECT id FROM contest WHERE id = {contest_id} FOR UPDATE NOWAIT"))
        looked.append(contest_id)
        return find(contest_id, award_ids)

    monkeypatch.setattr(queries_of_registry, "get_waiting", look)
    confirm(contest)
    assert looked == [contest.id]


def test_a_revoked_honour_of_one_member_leaves_the_others_alone(app, scene):
    contest, _, _ = scene
    signer = key_actions.make_key(PETRA, app.config["SIGNING_KEY"])
    certificate_actions.set_style(PETRA, contest.id, STYLE)
    certificate_actions.issue_certificates(PETRA, contest.id, signer, DAY)
    confirm(contest)
    [honour] = craftsman_of("甲").honours
    registry.revoke_honour(PETRA, honour.id, "查实违纪")

    states = {line.name: line.state for line in certificate_queries.list_lines(contest.id)}
    assert (states["甲"], states["乙"], states["红队"]) == ("revoked", "issued", "issued")
