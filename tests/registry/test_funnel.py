"""C9: contests at several levels feed a ladder: 35 technical backbones, 20 experts, 12 craftsmen."""

from datetime import UTC, datetime

from contest import clock
from contest.db import db
from contest.people.models import Human
from contest.registry import ladder_actions, level_actions, level_queries
from contest.registry.models import Craftsman, Honour
from contest.registry.queries import Search, list_craftsmen
from tests import factories
from tests.registry.climbing import curators, know, take_up

STEPS = (("技术骨干", 35), ("技术能手", 20), ("工匠", 12))


def in_year(year):
    clock.stand_still(datetime(year, 12, 1, 4, 0, tzinfo=UTC))


def hold(actor, level, people, most):
    """Contests of a level, each with so many winners, until everybody has won once."""
    for first in range(0, len(people), most):
        contest = factories.make_contest(name=f"{level} {first}")
        for place, human in enumerate(people[first:first + most], start=1):
            craftsman = db.session.query(Craftsman).filter_by(human_id=human.id).first() or Craftsman(
                token=f"token-{human.id}", human_id=human.id, unit="骑手联合工会", trade="外卖配送",
                listed_at=clock.now(), honours=[],
            )
            db.session.add(craftsman)
            db.session.flush()
            db.session.add(Honour(
                craftsman_id=craftsman.id, contest_id=contest.id, name="优胜奖", place=place,
                granted_on=clock.now().date(), evidence={}, confirmed_at=clock.now(), authority="市总工会",
            ))
        db.session.commit()
        ladder_actions.set_contest_level(actor, contest.id, level)


def confirm_all(one, two, step):
    """Both curators confirm everybody whom the rule proposes for a step; how many."""
    found = [each for each in level_queries.proposals("three_step")[0] if each.step.key == step]
    for each in found:
        decision = level_actions.confirm_level(one, "three_step", each.human.id, step)
        level_actions.second_level(two, decision.id)
    return len(found)


def listed():
    """How many the public register has on each step."""
    return {name: list_craftsmen(Search(level=name))[1] for name, _ in STEPS}


def test_thirty_five_become_backbones_twenty_experts_and_twelve_craftsmen(app):
    one, two = curators()
    take_up(one)
    people = [factories.make_person(f"骑手{number}") for number in range(35)]
    for human in people:
        know(one, human, "trade_since", on="2020-01-01")

    in_year(2026)
    hold(one, "unit", people, most=6)
    assert confirm_all(one, two, "backbone") == 35
    assert listed() == {"技术骨干": 35, "技术能手": 0, "工匠": 0}

    # A year on the step is asked for: whoever wins too early is not proposed.
    hold(one, "county", people[:20], most=3)
    assert confirm_all(one, two, "expert") == 0
    in_year(2027)
    assert confirm_all(one, two, "expert") == 20
    assert listed() == {"技术骨干": 15, "技术能手": 20, "工匠": 0}

    in_year(2029)
    hold(one, "city", people[:12], most=1)
    assert confirm_all(one, two, "craftsman") == 12
    assert listed() == {"技术骨干": 15, "技术能手": 8, "工匠": 12}
    assert level_queries.proposals("three_step")[0] == []
    assert db.session.query(Human).count() == 35
