"""S5: 107 wishes, collected by four teams, checked, matched, granted at one ceremony."""

import pytest

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import item_actions, item_queries
from contest.member_services.models import Case
from tests.member_services.walking import act, apply, feedback, form, officer


def test_107_wishes_are_matched_and_granted(app):
    desk = officer()
    register = item_actions.open_register(desk, "micro_wish", form(title="岁末圆梦", meets_on="2027-01-15"))
    teams = ("第一小队", "第二小队", "第三小队", "第四小队")
    item_actions.add_lines(desk, register.id, "\n".join(
        f"{teams[n % 4]}\t家庭{n}\t想要书包{n}" for n in range(107)
    ))
    wishes = item_queries.items_of(register.id)
    assert (len(wishes), {one.group for one in wishes}) == (107, set(teams))
    with pytest.raises(Conflict, match="matched"):
        item_actions.move_item(desk, wishes[0].id, wishes[0].revision, form(state="done"))
    with pytest.raises(Invalid, match="who grants"):
        item_actions.move_item(desk, wishes[0].id, wishes[0].revision, form(state="matched"))

    for number, wish in enumerate(wishes):
        item_actions.move_item(desk, wish.id, wish.revision, form(state="matched", giver=f"志愿者{number}"))
    for wish in item_queries.items_of(register.id):
        item_actions.move_item(desk, wish.id, wish.revision, form(state="done"))

    item_actions.close_register(desk, register.id)
    assert item_queries.figures(register.id).done == 107
    assert len({one.giver for one in item_queries.items_of(register.id)}) == 107


def test_one_wish_walks_to_the_ceremony(app):
    desk = officer()
    case = apply("micro_wish", team="team_3", cost="199", words="想要一盏台灯")
    act(desk, case, "accept")
    [item] = item_queries.items_of(item_queries.find_register("micro_wish").id)
    assert (item.group, item.text) == ("第三小队", "想要一盏台灯")
    act(desk, case, "step", giver="志愿者甲", words="已有人认领")
    act(desk, case, "step", words="已圆梦")
    feedback(case)
    assert case.state == "closed"


@pytest.mark.parametrize("cost", ["500", "500.00", "499.99"])
def test_a_wish_of_up_to_500_yuan_is_taken(app, cost):
    assert apply("micro_wish", team="team_3", cost=cost, words="想要一盏台灯").answers["cost"] <= 500_00


@pytest.mark.parametrize("cost", ["500.01", "501", "5,000"])
def test_a_wish_of_more_than_500_yuan_is_refused_at_its_field(app, cost):
    with pytest.raises(Invalid) as refused:
        apply("micro_wish", team="team_3", cost=cost, words="想要一盏台灯")
    assert refused.value.fields["cost"].params == {"yuan": "500"}
    assert db.session.query(Case).count() == 0
