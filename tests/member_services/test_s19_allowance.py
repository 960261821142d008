"""S19: 500 to 6,000 yuan a month by level, from the month after publication, ended by revocation."""

import tomllib
from datetime import date
from types import SimpleNamespace

import pytest

from contest import clock, signals
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict
from contest.member_services import case_queries, entitlement_actions, entitlement_queries
from contest.member_services.catalogue_queries import shipped
from contest.member_services.catalogue_rules import level_ground
from contest.people.models import PersonAccount
from contest.registry import actions as registry
from contest.registry import ladder_rules
from tests import factories
from tests.member_services.walking import GUEST, act, apply, at, feedback, officer, person

POST = {"unit": "云溪水泥", "since": "2019-05"}


def told(human, was, now, ladder="eight"):
    with work(GUEST, "registry.level", subject="level"):
        signals.level_changed.send("registry.level", human_id=human.id, ladder=ladder, was=was, now=now)


def granted(**values):
    """An honour that was granted, and the register told of it."""
    honour = factories.make_honour(**values)
    with work(GUEST, "registry.confirm", subject="1 awards"):
        signals.honour_changed.send("registry.confirm", honour_id=honour.id, state="listed")
    return honour, honour.craftsman.human


def month(human, text):
    return entitlement_queries.monthly_amount(human.id, "skill_allowance", date.fromisoformat(text)) // 100


def test_the_amounts_go_from_500_to_6000_and_rise_with_the_level():
    amounts = [one.amount for one in shipped()["skill_allowance"].entitled.levels]
    assert amounts == sorted(amounts)
    assert (amounts[0], amounts[-1]) == (50_000, 600_000)


def test_the_ladder_promises_what_the_entry_pays():
    text = (ladder_rules.SHIPPED / "eight_step.toml").read_text("utf-8")
    service = shipped()["skill_allowance"]
    steps = tomllib.loads(text)["steps"]
    pays = [level_ground(service, step["key"]) for step in steps]

    assert [step.get("allowance", 0) for step in steps] == [one.amount // 100 if one else 0 for one in pays]
    assert [one.level if one else step["name"] for one, step in zip(pays, steps, strict=True)] == [
        step["name"] for step in steps
    ]


@pytest.mark.parametrize(("level", "yuan"), [
    ("技师", 500), ("高级技师", 1500), ("特级技师", 3500), ("首席技师", 6000), ("chief", 6000),
    ("高级工", 0),
])
def test_a_level_is_worth_what_the_entry_says_from_the_next_month(app, level, yuan):
    human = person()
    told(human, "", level)
    assert (month(human, "2026-11-30"), month(human, "2026-12-01")) == (0, yuan)


def test_a_rise_changes_the_amount_with_the_next_month_and_a_fall_too(app):
    human = person()
    told(human, "", "技师")
    at("2027-03-10 10:00")
    told(human, "技师", "首席技师")
    assert [month(human, f"2027-0{n}-01") for n in (2, 3, 4)] == [500, 500, 6000]
    at("2027-06-20 10:00")
    told(human, "首席技师", "高级技师")
    assert [month(human, f"2027-0{n}-01") for n in (6, 7)] == [6000, 1500]
    at("2027-08-02 10:00")
    told(human, "高级技师", "")
    assert [month(human, f"2027-0{n}-01") for n in (8, 9)] == [1500, 0]
    assert entitlement_queries.open_of(human.id) == []


def test_a_revoked_honour_ends_the_allowance_and_the_case_on_it_can_only_end(app):
    desk = officer()
    honour, human = granted(is_title=True, level="技能大师")
    [held] = entitlement_queries.open_of(human.id, "skill_allowance")
    assert (held.amount, held.start_on, held.authority) == (50_000, date(2026, 12, 1), "省总工会")
    case = apply("skill_allowance", name=human.name, honour_id=honour.id, **POST)
    act(desk, case, "accept")

    registry.revoke_honour(desk, honour.id, "成绩无效")

    assert month(human, "2026-12-01") == 0
    assert entitlement_queries.held_keys(human.id) == set()
    assert "ended" in [one.kind for one in case_queries.history(case, for_office=False)]
    with pytest.raises(Conflict, match="ended"):
        act(desk, case, "step")
    act(desk, case, "refuse", words="称号已撤销")
    assert case.state == "refused"


def test_who_has_two_grounds_keeps_the_better_one_when_the_other_goes(app):
    honour, human = granted(is_title=True)
    told(human, "", "高级技师")
    assert [one.amount for one in entitlement_queries.open_of(human.id, "skill_allowance")] == [150_000]
    told(human, "高级技师", "")
    [held] = entitlement_queries.open_of(human.id, "skill_allowance")
    assert (held.amount, held.honour_id) == (50_000, honour.id)


def test_the_application_is_granted_with_the_amount_of_the_level(app):
    desk, human = officer(), person("钟一")
    told(human, "", "特级技师")
    case = apply("skill_allowance", human, **POST)
    act(desk, case, "accept")
    act(desk, case, "step", words="单位已确认")
    act(desk, case, "decide")
    assert (case.state, case.amount) == ("done", 350_000)
    feedback(case)
    assert case.state == "closed"


def test_without_an_entitlement_nothing_is_granted(app):
    desk = officer()
    case = apply("skill_allowance", person("路人"), **POST)
    act(desk, case, "accept")
    act(desk, case, "step")
    with pytest.raises(Conflict, match="No entitlement"):
        act(desk, case, "decide")


def test_the_outside_is_told_of_each_entitlement_and_each_move(app):
    heard = []

    def listen(_did, **facts):
        heard.append(facts)

    with signals.entitlement_changed.connected_to(listen), signals.case_moved.connected_to(listen):
        honour, human = granted(is_title=True)
        apply("standing_benefits", human, honour_id=honour.id, benefit="check_up")
    opened = [one for one in heard if "entitlement_id" in one]
    assert {one["now"] for one in opened} == {"open"}
    assert len(opened) == len(entitlement_queries.open_of(human.id)) >= 2
    assert heard[-1]["now"] == "applied"
    db.session.rollback()


def test_whoever_had_an_honour_before_the_entitlements_were_kept_gets_them(app):
    factories.make_honour(is_title=True)  # nobody told of it
    holder = factories.make_honour(is_title=True, state="revoked").craftsman.human
    titled = factories.make_honour(is_title=True).craftsman.human

    assert entitlement_actions.refresh_everybody(GUEST) == 3
    assert month(titled, "2026-12-01") == 500
    assert month(holder, "2026-12-01") == 0
    before = len(entitlement_queries.entitlements_of(titled.id))
    entitlement_actions.refresh_everybody(GUEST)
    assert len(entitlement_queries.entitlements_of(titled.id)) == before


@pytest.mark.parametrize(("page", "times"), [("/my", 2), ("/my-services", 1)])
def test_the_person_reads_on_the_own_pages_why_a_right_ended(app, page, times):
    desk = officer()
    honour, human = granted(is_title=True)
    user = factories.make_user(human.name)
    db.session.add(PersonAccount(user_id=user.id, human_id=human.id, linked_at=clock.now()))
    db.session.commit()
    registry.revoke_honour(desk, honour.id, "成绩无效")
    ended = [one for one in entitlement_queries.entitlements_of(human.id) if not one.is_open]

    shown = factories.browser_of(app, user).get(page).text

    assert shown.count("成绩无效") == len(ended) + times - 1  # on /my the honour itself says it, too


def test_a_reason_names_the_steps_of_a_ladder_and_not_their_keys():
    eight = next(one for one in ladder_rules.shipped_ladders().values() if len(one.steps) == 8)
    first, second = eight.steps[:2]
    said = entitlement_queries._why(f"称号; {first.key} → {second.key}", SimpleNamespace(ladder=eight))
    assert said == f"称号; {first.name} → {second.name}"
    assert entitlement_queries._why(f"– → {first.key}", None) == f"– → {first.key}"
