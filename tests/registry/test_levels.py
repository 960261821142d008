"""Levels: the rule proposes with reasons, two people confirm, history is kept, the services are told."""

import pytest
from sqlalchemy import select

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.member_services import entitlement_queries
from contest.registry import (
    actions,
    ladder_actions,
    ladder_queries,
    level_actions,
    level_queries,
    listing,
)
from contest.registry.level_models import LevelEvent
from contest.registry.models import Honour
from tests import factories
from tests.registry.climbing import EIGHT, THREE, curators, know, take_up, winner

BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def proposals(key="three_step"):
    return level_queries.proposals(key)[0]


def test_without_a_ladder_in_force_nobody_is_proposed(app):
    one, _ = curators()
    winner(one)

    assert ladder_queries.house_ladders() == {}


def test_a_winner_is_proposed_with_the_reason(app):
    one, _ = curators()
    take_up(one)
    _, human = winner(one, "county", place=2)

    [found] = proposals()

    assert (found.human.id, found.act, found.step.key) == (human.id, "raise", "backbone")
    assert found.findings == [{
        "message": "Place %(place)s, %(contest)s.",
        "params": {"place": 2, "contest": {"zh": "小比武", "en": "Small contest"}},
    }]


def test_a_contest_without_a_level_meets_no_condition(app):
    one, _ = curators()
    take_up(one)
    honour, human = winner(one, level="")

    assert proposals() == []
    ladder_actions.set_contest_level(one, honour.contest_id, "province")
    assert [found.step.key for found in proposals()] == ["expert"]


def test_each_missing_condition_says_how_much(app):
    one, _ = curators()
    take_up(one)
    _, human = winner(one, "city", place=1)
    know(one, human, "trade_since", on="2023-06-01")

    found = level_queries.standing("three_step", human.id)

    craftsman = found.steps[-1].ways[0]
    assert [one.is_met for one in craftsman.findings] == [True, False, False]
    said = [one.words["message"] % one.words["params"] for one in craftsman.findings[1:]]
    assert said == [
        "3 of 5 full years in the trade.",
        "No step is held yet; 2 full years on the step below are wanted.",
    ]
    assert not craftsman.is_open and craftsman.missing == 3


@BOTH
def test_two_people_confirm_and_the_services_are_told_within_the_work(app):
    one, two = curators()
    take_up(one)
    _, human = winner(one, "province", place=1)
    told = []

    def hear(_did, **facts):
        told.append(facts)

    with signals.level_changed.connected_to(hear):
        decision = level_actions.confirm_level(one, "three_step", human.id, "expert")
        assert (told, ladder_queries.level_of(human.id)) == ([], None)
        with pytest.raises(Conflict, match="second person"):
            level_actions.second_level(one, decision.id)
        level_actions.second_level(two, decision.id)

    held = ladder_queries.level_of(human.id)
    assert (held.step.key, held.event.by_id, held.event.second_id) == ("expert", one.user_id, two.user_id)
    assert told == [{"human_id": human.id, "ladder": "three_step", "was": "", "now": "expert"}]
    assert entitlement_queries.monthly_amount(human.id, "skill_allowance", clock.today()) == 0
    [right] = entitlement_queries.open_of(human.id, "skill_allowance")
    assert (right.amount, right.level) == (50_000, "expert")
    assert db.session.scalar(select(TrailRow).filter_by(did="registry.level")).facts["now"] == "技术能手"


def test_where_the_house_asks_for_one_person_it_is_done_at_once(app):
    one, _ = curators()
    take_up(one, people=1)
    _, human = winner(one, "unit", place=6)

    level_actions.confirm_level(one, "three_step", human.id, "backbone")

    assert ladder_queries.level_of(human.id).step.key == "backbone"


def test_who_gave_the_second_person_the_role_meanwhile_stands_behind_both(app):
    one, _ = curators()
    take_up(one)
    _, human = winner(one)
    decision = level_actions.confirm_level(one, "three_step", human.id, "backbone")
    fresh = factories.make_official("新人", "curator")
    grant = db.session.get(factories.User, fresh.user_id).grants[0]
    grant.granted_by_id, grant.granted_at = one.user_id, clock.now()
    db.session.commit()

    with pytest.raises(NotAllowed, match="neither depends"):
        level_actions.second_level(fresh, decision.id)
    assert ladder_queries.level_of(human.id) is None


def test_only_what_the_rule_proposes_is_confirmed(app):
    one, _ = curators()
    take_up(one)
    _, human = winner(one, "unit", place=6)

    with pytest.raises(Conflict, match="does not propose"):
        level_actions.confirm_level(one, "three_step", human.id, "craftsman")


def test_a_proposal_that_lost_its_grounds_is_not_seconded(app):
    one, two = curators()
    take_up(one)
    honour, human = winner(one)
    decision = level_actions.confirm_level(one, "three_step", human.id, "backbone")
    actions.revoke_honour(one, honour.id, "成绩无效")

    with pytest.raises(Conflict, match="does not propose"):
        level_actions.second_level(two, decision.id)


def test_what_is_seconded_rests_on_what_is_in_force_then(app):
    one, two = curators()
    take_up(one)
    first, person = winner(one, "unit", place=3)
    level_actions.confirm_level(one, "three_step", person.id, "backbone")
    [decision] = level_queries.open_decisions()
    actions.revoke_honour(one, first.id, "作弊")
    other = listing.add_honour(
        "registry.grant", one.user_id, {"craftsman": first.craftsman, "unit": "某厂"}, name="二等奖", place=2,
        contest_level="city", granted_on=first.granted_on, evidence={"by_hand": True},
    )
    db.session.commit()

    level_actions.second_level(two, decision.id)

    event = db.session.scalars(select(LevelEvent)).one()
    assert event.grounds["honours"] == decision.grounds["honours"] == [other.id]
    assert proposals() == []


def test_a_refusal_silences_the_rule_until_the_grounds_change(app):
    one, _ = curators()
    take_up(one)
    honour, human = winner(one, "unit", place=3)
    with pytest.raises(Invalid, match="reason"):
        level_actions.refuse_level(one, "three_step", human.id, "backbone", " ")
    level_actions.refuse_level(one, "three_step", human.id, "backbone", "材料不全")

    waiting, refused = level_queries.proposals("three_step")
    assert (waiting, [one.refused.outcome_reason for one in refused]) == ([], ["材料不全"])

    know(one, human, "trade_since", on="2015-01-01")
    assert proposals() == []
    db.session.add(Honour(
        craftsman_id=honour.craftsman_id, name="二等奖", granted_on=clock.now().date(), place=2, evidence={},
        contest_level="unit", confirmed_at=clock.now(),
    ))
    db.session.commit()
    assert [found.step.key for found in proposals()] == ["backbone"]


def test_a_revoked_honour_lets_the_rule_propose_the_fall(app):
    one, two = curators()
    take_up(one)
    honour, human = winner(one)
    level_actions.second_level(two, level_actions.confirm_level(one, "three_step", human.id, "backbone").id)
    actions.revoke_honour(one, honour.id, "成绩无效")

    [found] = proposals()
    assert (found.act, found.step) == ("lower", None)
    level_actions.second_level(two, level_actions.confirm_level(one, "three_step", human.id, "").id)

    assert ladder_queries.level_of(human.id) is None
    assert honour.craftsman.level == ""
    assert [row.kind for row in ladder_queries.events_of(human.id)] == ["raised", "withdrawn"]


def test_a_level_is_taken_down_by_hand_with_a_reason_and_the_allowance_follows(app):
    one, _ = curators()
    take_up(one, EIGHT, people=1)
    human = factories.make_entrant(factories.make_contest()).human
    know(one, human, "grade", "1")
    [found] = proposals("eight_step")
    assert found.step.key == "senior_technician"
    level_actions.confirm_level(one, "eight_step", human.id, "senior_technician")
    assert ladder_queries.level_of(human.id).step.allowance == 1500

    with pytest.raises(Conflict, match="below"):
        level_actions.lower_level(one, "eight_step", human.id, "chief", "降级")
    level_actions.lower_level(one, "eight_step", human.id, "technician", "考核不合格")

    assert ladder_queries.level_of(human.id).step.allowance == 500
    [right] = entitlement_queries.open_of(human.id, "skill_allowance")
    assert right.amount == 50_000


def test_the_history_of_levels_is_never_changed(app):
    one, _ = curators()
    take_up(one, people=1)
    _, human = winner(one)
    level_actions.confirm_level(one, "three_step", human.id, "backbone")
    event = db.session.scalars(select(LevelEvent)).one()
    event.now = "craftsman"

    with pytest.raises(Exception, match="append-only"):
        db.session.commit()
    db.session.rollback()


def test_a_struck_fact_counts_for_nothing(app):
    one, _ = curators()
    take_up(one)
    _, human = winner(one, level="")
    know(one, human, "trade_since", on="2015-01-01")
    fact_id = know(one, human, "training", "40", on="2026-01-05")
    assert [found.step.key for found in proposals()] == ["backbone"]

    ladder_actions.strike_fact(one, fact_id, "录错了人")

    assert proposals() == []
    assert [bool(fact.struck_at) for fact in ladder_queries.facts_of(human.id)] == [True, False]


@pytest.mark.parametrize(("kind", "number", "on", "sentence"), [
    ("grade", "6", "2020-01-01", "from 1 to 5"),
    ("grade", "二", "2020-01-01", "whole number"),
    ("training", "0", "2020-01-01", "Hours of training"),
    ("trade_since", "", "2030-01-01", "future"),
    ("trade_since", "", "yesterday", "year-month-day"),
    ("salary", "3", "2020-01-01", "Choose"),
])
def test_a_fact_that_cannot_be_is_refused_with_a_sentence(app, kind, number, on, sentence):
    one, _ = curators()
    human = factories.make_entrant(factories.make_contest()).human

    with pytest.raises(Invalid, match=sentence):
        ladder_actions.add_fact(one, human.id, kind, number, on, "证书")
    assert ladder_queries.facts_of(human.id) == []


def test_a_new_version_of_a_ladder_keeps_the_steps_that_people_hold(app):
    one, _ = curators()
    take_up(one, people=1)
    _, human = winner(one)
    level_actions.confirm_level(one, "three_step", human.id, "backbone")

    with pytest.raises(Conflict, match="backbone"):
        ladder_actions.take_up_ladder(one, THREE.replace('key = "backbone"', 'key = "base"'))
    ladder_actions.take_up_ladder(one, THREE)
    assert ladder_queries.get_ladder("three_step").number == 2


def test_a_ladder_out_of_force_proposes_nobody_and_takes_nothing_away(app):
    one, _ = curators()
    take_up(one, people=1)
    _, human = winner(one)
    level_actions.confirm_level(one, "three_step", human.id, "backbone")

    ladder_actions.lay_down_ladder(one, "three_step", "改用八级")

    assert ladder_queries.house_ladders() == {}
    assert [line.step.key for line in ladder_queries.line_of_levels(human.id)] == ["backbone"]


def test_the_officers_pages_and_the_public_line(app, client):
    one, two = curators()
    take_up(one)
    honour, human = winner(one, "city")
    desk = factories.browser_of(app, db.session.get(factories.User, one.user_id))
    other = factories.browser_of(app, db.session.get(factories.User, two.user_id))
    assert human.name in desk.get("/curation/levels").text

    base = f"/curation/levels/three_step/people/{human.id}"
    assert desk.post(f"{base}/confirm", data={"step": "craftsman"}).status_code == 409
    assert desk.post(f"{base}/confirm", data={"step": "backbone"}).status_code == 303
    decision = level_queries.find_open(human.id, "three_step")
    assert "somebody else has to do it too" in desk.get(base).text
    assert other.post(f"/curation/decisions/{decision.id}/second").status_code == 303

    page = client.get(f"/register/{honour.craftsman.token}").text
    assert "技术骨干" in page
    assert client.get("/register?level=技术骨干").text.count("craftsman-card") >= 1
    assert client.get(base).status_code == 303


def test_a_bad_ladder_is_said_and_kept_in_the_form(app):
    one, _ = curators()
    desk = factories.browser_of(app, db.session.get(factories.User, one.user_id))

    answer = desk.post("/curation/ladders", data={"ladder_text": "key = 'x'\nname = '甲'\nstepss = 1"})

    assert answer.status_code == 422
    assert "stepss" in answer.text
    assert ladder_queries.house_ladders() == {}


def test_a_grade_that_a_roster_names_is_asked_for_and_counts_for_nothing(app, as_role):
    """Whoever types a roster, an entry, a nomination raises nobody on a ladder."""
    one, _ = curators()
    take_up(one, EIGHT, people=1)
    human = factories.make_entrant(factories.make_contest(), skill_level="senior_technician").human
    know(one, human, "training", "8", on="2026-01-05")
    assert [found.step.key for found in proposals("eight_step")] == ["apprentice"]  # by the training alone
    page = as_role("curator").get(f"/curation/levels/eight_step/people/{human.id}").text
    assert "Rosters say: Senior technician (level 1)." in page

    know(one, human, "grade", "3")
    assert [found.step.key for found in proposals("eight_step")] == ["senior"]
