"""A register has somebody responsible from its first line, and is closed when nothing is left to do."""

import pytest
from sqlalchemy import select

from contest.db import db
from contest.errors import Conflict
from contest.member_services import item_actions, item_queries, office_actions
from contest.member_services.item_models import ItemRegister
from contest.member_services.models import ServiceDuty
from tests.member_services.test_lines import WANT, line, move, suggestion
from tests.member_services.walking import act, apply, form, officer


def test_a_line_that_is_answered_but_not_done_keeps_the_register_open(app):
    desk = officer()
    register = item_actions.open_register(desk, "council", form(title="第三季度议事会"))
    item_actions.add_lines(desk, register.id, "甲\n乙\n丙")
    items = item_queries.items_of(register.id)
    topic = item_actions.make_topic(desk, register.id, "议题一", "", [items[0].id])
    move(desk, topic, state="answered", words="年内落实")
    move(desk, items[1], state="dropped", words="重复")

    with pytest.raises(Conflict, match="2 left. Topics: 1. Lines: 3.$"):
        item_actions.close_register(desk, register.id)

    move(desk, topic, state="done", words="已落实")
    with pytest.raises(Conflict, match="1 left. Topics: –. Lines: 3.$"):
        item_actions.close_register(desk, register.id)
    assert register.closed_at is None
    move(desk, items[2], state="done", words="已办")
    item_actions.close_register(desk, register.id)
    assert register.closed_at is not None


def test_a_wish_that_is_matched_but_not_granted_keeps_the_list_open(app):
    desk = officer()
    register = item_actions.open_register(desk, "micro_wish", form(title="岁末圆梦"))
    item_actions.add_lines(desk, register.id, "想要书包 | 100")
    [wish] = item_queries.items_of(register.id)
    move(desk, wish, state="matched", giver="志愿者甲", words="已认领")
    with pytest.raises(Conflict, match="1 left"):
        item_actions.close_register(desk, register.id)


def test_a_case_that_is_under_way_behind_a_line_keeps_the_register_open(app):
    """As lines were before a case and its line went together."""
    desk = officer()
    case = suggestion(desk)
    item = line(case)
    item.state = "done"
    db.session.commit()
    with pytest.raises(Conflict, match=f"under way .{case.receipt[:4]}."):
        item_actions.close_register(desk, item.register_id)


def test_many_open_lines_are_named_ten_at_a_time(app):
    desk = officer()
    register = item_actions.open_register(desk, "proposals", form(title="六届三次职代会"))
    item_actions.add_lines(desk, register.id, "\n".join(f"提案{n}" for n in range(1, 13)))
    with pytest.raises(Conflict, match="12 left. Topics: –. Lines: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 …"):
        item_actions.close_register(desk, register.id)


def test_a_want_without_a_list_is_not_taken_in_until_somebody_answers_for_it(app):
    head = officer("站长")
    case = apply("wants", **WANT)

    with pytest.raises(Conflict, match="Nobody answers for the list of “云溪建材” yet.*2 officers"):
        act(head, case, "accept")

    assert db.session.scalars(select(ItemRegister)).all() == []
    db.session.refresh(case)
    assert case.state == "applied"


def test_the_next_month_of_a_company_has_the_people_of_the_last_one(app):
    head, one, two = officer("站长"), officer("干部甲"), officer("干部乙")
    item_actions.open_register(head, "wants", form(
        title="云溪建材 2026-10", head=head.user_id, officer=[one.user_id, two.user_id],
    ))
    item_actions.open_register(head, "wants", form(
        title="苍岭水泥 2026-10", head=one.user_id, officer=[head.user_id, two.user_id],
    ))
    case = apply("wants", **WANT)

    act(two, case, "accept")

    register = line(case).register
    assert (register.title, register.head_id) == ("云溪建材 2026-11", head.user_id)
    assert register.officers == sorted([one.user_id, two.user_id])
    assert line(case).owner_id == head.user_id


def test_who_has_left_the_desk_answers_for_no_new_list(app):
    from contest.accounts.models import Grant

    head, one, two = officer("站长"), officer("干部甲"), officer("干部乙")
    item_actions.open_register(head, "wants", form(
        title="云溪建材 2026-10", head=head.user_id, officer=[one.user_id, two.user_id],
    ))
    db.session.query(Grant).filter_by(user_id=two.user_id).delete()
    db.session.commit()
    with pytest.raises(Conflict, match="Nobody answers"):
        act(head, apply("wants", **WANT), "accept")


def test_a_register_that_a_case_opens_has_the_holders_of_the_services_duties(app):
    desk, secretary = officer(), officer("郑秘书", "council_secretary")
    ended = officer("前秘书", "council_secretary")
    office_actions.end_duty(officer("组委会", role="organiser"), db.session.scalar(
        select(ServiceDuty.id).filter_by(user_id=ended.user_id)
    ))

    register = line(suggestion(desk)).register

    assert (register.head_id, register.officers) == (desk.user_id, [secretary.user_id])


def test_whoever_opens_a_register_answers_for_it_unless_another_is_chosen(app):
    desk = officer()
    register = item_actions.open_register(desk, "council", form(title="第四季度议事会"))
    item_actions.add_lines(desk, register.id, "夜班没有热饭")
    [item] = item_queries.items_of(register.id)
    assert (register.head_id, item.owner_id) == (desk.user_id, desk.user_id)


def test_what_was_typed_stays_beside_the_sentence_that_refuses_it(app, as_role):
    desk = officer()
    register = item_actions.open_register(desk, "micro_wish", form(title="岁末圆梦"))
    item_actions.add_lines(desk, register.id, "想要书包 | 100")
    [wish] = item_queries.items_of(register.id)
    browser = as_role("service_officer")

    answer = browser.post(f"/service-desk/items/{wish.id}", data={
        "rev": wish.revision, "state": "done", "words": "已送到家",
    })
    assert (answer.status_code, "已送到家" in answer.text) == (409, True)
    closing = browser.post(f"/service-desk/registers/{register.id}/close")
    assert (closing.status_code, "1 left" in closing.text) == (409, True)
