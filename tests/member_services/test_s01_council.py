"""S1: 623 suggestions in a week become 7 classes and 12 topics; each is answered and tracked until done."""

import pytest

from contest.errors import Conflict
from contest.member_services import item_actions, item_queries
from contest.member_services.catalogue_queries import get_service
from tests.member_services.walking import act, apply, feedback, form, officer

CLASSES = ("薪酬福利", "安全生产与劳动保护", "食堂与生活后勤", "培训与成长", 
           "文体活动", "经营管理", "关爱帮扶")


def test_from_623_suggestions_to_12_answers(app):
    secretary = officer("郑秘书", "council_secretary")
    register = item_actions.open_register(secretary, "council", form(
        title="第三季度议事会", meets_on="2026-12-04", speakers="甲，乙，丙，丁，戊，己，庚",
    ))
    lines = "\n".join(f"{CLASSES[n % 7]}\t职工{n}\t意见第{n}条" for n in range(623))

    assert item_actions.add_lines(secretary, register.id, lines) == 623
    items = item_queries.items_of(register.id)
    assert {one.group for one in items} == set(CLASSES) == set(get_service("council").register_.groups)
    assert len(register.speakers) == 7
    for n in range(12):
        item_actions.make_topic(
            secretary, register.id, f"议题{n + 1}", "", [one.id for one in items[n::12]]
        )
    found = item_queries.figures(register.id)
    assert (found.items, found.groups, found.topics, found.answered) == (623, 7, 12, 0)
    with pytest.raises(Conflict, match="12 left"):
        item_actions.close_register(secretary, register.id)

    for topic in item_queries.items_of(register.id, is_topic=True):
        item_actions.move_item(secretary, topic.id, topic.revision, form(state="answered", words="年内落实"))
    assert item_queries.figures(register.id).percent == 100
    assert item_queries.figures(register.id).done == 0
    for topic in item_queries.items_of(register.id, is_topic=True):
        item_actions.move_item(secretary, topic.id, topic.revision, form(state="done", words="已落实"))
    item_actions.close_register(secretary, register.id)

    assert item_queries.figures(register.id).done == 12
    assert {one.state for one in item_queries.items_of(register.id)} == {"done"}


def test_one_suggestion_walks_from_the_form_to_its_answer(app):
    secretary = officer("郑秘书", "council_secretary")
    case = apply("council", words="食堂夜班没有热饭", **{"class": "canteen"})

    act(secretary, case, "accept")
    [item] = item_queries.items_of(item_queries.find_register("council").id)
    assert (item.group, item.text, item.case_id) == ("食堂与生活后勤", "食堂夜班没有热饭", case.id)
    act(secretary, case, "step", words="夜班加开窗口")
    act(secretary, case, "step")
    feedback(case)
    assert case.state == "closed"
