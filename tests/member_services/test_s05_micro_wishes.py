"""S5: 107 wishes, collected by four teams, checked, matched, granted at one ceremony."""

import pytest

from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services import apply_actions, item_actions, item_queries
from contest.member_services.models import Case
from tests.member_services.walking import GUEST, act, apply, feedback, form, officer


def test_107_wishes_are_matched_and_granted(app):
    desk = officer()
    register = item_actions.open_register(desk, "micro_wish", form(title="岁末圆梦", meets_on="2027-01-15"))
    teams = ("第一小队", "第二小队", "第三小队", "第四小队")
    item_actions.add_lines(desk, register.id, "\n".join(
        f"{teams[n % 4]}\t家庭{n}\t想要书包{n}\t{n + 1}" for n in range(107)
    ))
    wishes = item_queries.items_of(register.id)
    assert [one.cost for one in wishes] == [(n + 1) * 100 for n in range(107)]
    assert item_queries.figures(register.id).cost == 107 * 108 // 2 * 100
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
    assert (item.group, item.text, item.cost) == ("第三小队", "想要一盏台灯", 199_00)
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


@pytest.mark.parametrize("line", [
    "想要书包", "第一小队\t家庭一\t想要书包", "想要书包\t500.01", "想要书包 | 两百", "想要书包\t-5",
])
def test_a_typed_wish_says_what_it_costs_by_the_same_rule(app, line):
    desk = officer()
    register = item_actions.open_register(desk, "micro_wish", form(title="岁末圆梦"))
    with pytest.raises(Invalid, match="Line 2 does not end with what it costs") as refused:
        item_actions.add_lines(desk, register.id, f"想要台灯\t500\n{line}")
    assert set(refused.value.fields) == {"lines"}
    assert item_queries.items_of(register.id) == []


def test_the_cost_of_a_typed_wish_is_mended_and_that_of_an_applied_one_follows_its_case(app):
    desk = officer()
    register = item_actions.open_register(desk, "micro_wish", form(title="岁末圆梦"))
    item_actions.add_lines(desk, register.id, "第一小队 | 家庭一 | 想要书包 | 50")
    [typed] = item_queries.items_of(register.id)
    with pytest.raises(Invalid) as refused:
        item_actions.move_item(desk, typed.id, typed.revision, form(cost="5000"))
    assert set(refused.value.fields) == {"cost"}
    item_actions.move_item(desk, typed.id, typed.revision, form(cost="150"))
    assert typed.cost == 150_00

    case = apply("micro_wish", team="team_3", cost="199", words="想要一盏台灯")
    act(desk, case, "accept")
    _, applied = item_queries.items_of(register.id)
    item_actions.move_item(desk, applied.id, applied.revision, form(cost="1"))
    assert applied.cost == 199_00
    act(desk, case, "return", words="请再核实价格")
    apply_actions.complete_case(GUEST, case.receipt, form(
        name=case.name, phone="13800138000", team="team_3", cost="299", words="想要一盏台灯"
    ))
    assert applied.cost == 299_00
    assert item_queries.figures(register.id).cost == 449_00
