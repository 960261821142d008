"""S1: 623 suggestions in a week become 7 classes and 12 topics; each is answered and tracked until done."""

import pytest

from contest.errors import Conflict, Invalid
from contest.member_services import item_actions, item_queries
from contest.member_services.catalogue_queries import get_service
from tests.member_services.walking import act, apply, feedback, form, officer

CLASSES = ("薪酬福利", "安全生产与劳动保护", "食堂与生活后勤", "培训与成长", 
           "文体活动", "经营管理", "关爱帮扶")


def test_from_623_suggestions_to_12_answers(app):
    secretary = officer("郑秘书", "council_secretary")
    register = item_actions.open_register(secretary, "council", form(
        title="第三季度议事会", meets_on="2026-12-04", speakers="甲，乙，丙，丁，戊，己，庚",
        asked="8000",
    ))
    assert register.asked == 8_000
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


def test_a_line_that_came_unsorted_is_sorted_and_put_under_a_topic_and_taken_out_again(app, as_role):
    secretary = officer("郑秘书", "council_secretary")
    register = item_actions.open_register(secretary, "council", form(title="第三季度议事会"))
    item_actions.add_lines(secretary, register.id, "夜班没有热饭\n加班没有补贴\n食堂太远")
    first, second, third = item_queries.items_of(register.id)
    assert {first.group, second.group} == {""}
    topic = item_actions.make_topic(secretary, register.id, "食堂", "", [first.id])

    item_actions.move_item(secretary, second.id, second.revision, form(sorted_as="薪酬福利"))
    item_actions.move_item(secretary, third.id, third.revision, form(
        sorted_as="食堂与生活后勤", under=topic.id
    ))
    assert (second.group, second.topic_id) == ("薪酬福利", None)
    assert (third.group, third.topic_id, third.state) == ("食堂与生活后勤", topic.id, "open")
    page = as_role("service_officer").get(f"/service-desk/registers/{register.id}").text
    assert f'id="class-{second.id}"' in page and "Take out of the topic" in page
    item_actions.move_item(secretary, first.id, first.revision, form(under=""))
    assert first.topic_id is None

    item_actions.move_item(secretary, topic.id, topic.revision, form(state="answered", words="加开窗口"))
    assert (third.state, first.state, second.state) == ("answered", "open", "open")
    for wrong, field in (
        ({"sorted_as": "别的"}, "sorted_as"), ({"under": topic.id}, "under"), ({"under": 999}, "under"),
    ):
        with pytest.raises(Invalid) as refused:
            item_actions.move_item(secretary, second.id, second.revision, form(**wrong))
        assert set(refused.value.fields) == {field}


@pytest.mark.parametrize("asked", ["0", "viele", "8,000", "99999999999"])
def test_how_many_were_asked_is_a_whole_number(app, asked):
    with pytest.raises(Invalid) as refused:
        item_actions.open_register(officer(), "council", form(title="议事会", asked=asked))
    assert set(refused.value.fields) == {"asked"}
