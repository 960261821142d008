"""Outside systems hear that a record was confirmed or taken back, and of nothing that only waited."""

import json

import pytest

from contest.db import db
from contest.members import erasing
from contest.registry import record_actions
from contest.registry.record_queries import NAMELESS
from contest.webhooks.models import WebhookMessage
from tests.registry.test_records import House
from tests.webhooks.scenes import subscribe

URL = "http://127.0.0.1:1999/hook"


@pytest.fixture
def house(app):
    return House()


def told():
    return [json.loads(one.body) for one in db.session.query(WebhookMessage).order_by(WebhookMessage.id)]


def kinds():
    return [(one["type"], one["data"]["result"]) for one in told()]


def test_a_confirmation_and_its_taking_back_are_told_with_one_number(app, house):
    subscribe(app, URL, ("record",), facts=("name",))
    contest = house.held({"甲": ("90", "9")}, "2026-05-01")
    line = house.line(contest)
    assert told() == []  # a proposal is nobody's business

    mark = house.confirm(line, "甲")
    record_actions.take_out(house.curator, line.id, contest.id, "任务不同，不可比")

    assert kinds() == [("record.confirmed", mark.id), ("record.taken_back", mark.id)]
    assert [one["data"] for one in told()] == 2 * [{
        "record": line.id, "name": line.name, "name_en": line.name_en, "event": line.event,
        "result": mark.id, "value": "93.50", "unit": "分", "on": "2026-05-01", "contest": contest.id,
        "slug": contest.slug, "about": {"person": house.entrants["甲"].human_id, "name": "甲"},
    }]
    assert "任务" not in str(told())


def test_what_only_waited_or_was_refused_is_told_to_nobody(app, house):
    subscribe(app, URL, ("record",))
    contest = house.held({"甲": ("90", "9"), "乙": ("80", "8")}, "2026-05-01")
    line = house.line(contest)
    record_actions.refuse_mark(house.second, house.mark(line, "甲").id, "计时设备未检定")
    record_actions.propose_again(house.curator, house.mark(line, "甲", "refused").id, "证书找到了")
    record_actions.take_out(house.curator, line.id, contest.id, "误加")

    assert told() == []


def test_a_better_result_of_an_earlier_day_takes_the_later_one_back_and_both_are_told(app, house):
    line = house.line(house.held({"甲": ("80", "8")}, "2026-06-01"))
    first = house.confirm(line, "甲")
    subscribe(app, URL, ("record",))
    record_actions.let_in(house.curator, line.id, house.held({"乙": ("90", "9")}, "2026-05-01").id)
    second = house.confirm(line, "乙")

    assert kinds() == [("record.confirmed", second.id), ("record.taken_back", first.id)]


def test_of_a_contest_that_is_not_public_any_more_and_of_an_erased_holder_nobody_is_named(app, house):
    hidden, erased = (house.held({name: ("90", "9")}, "2026-05-01") for name in "甲乙")
    lines = [house.line(one) for one in (hidden, erased)]
    for line, name in zip(lines, "甲乙", strict=True):
        house.confirm(line, name)
    erasing.erase(house.curator, house.entrants["乙"].human_id, "乙", "本人书面要求删除")
    hidden.is_public = False
    db.session.commit()
    subscribe(app, URL, ("record",), facts=("name",))

    for line, contest in zip(lines, (hidden, erased), strict=True):
        record_actions.take_out(house.curator, line.id, contest.id, "任务不同")

    data = [one["data"] for one in told()]
    assert [one["contest"] for one in data] == [None, erased.id]
    assert not any("about" in one for one in data) and NAMELESS not in json.dumps(data)


def test_who_chose_another_topic_hears_nothing_of_records(app, house):
    subscribe(app, URL, ("honour", "level", "results"))
    line = house.line(house.held({"甲": ("90", "9")}, "2026-05-01"))
    house.confirm(line, "甲")

    assert not any(one["type"].startswith("record.") for one in told())
