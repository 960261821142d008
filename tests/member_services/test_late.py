"""A late case reaches who stands above: on the desk's list, in a notice, and outside systems by message."""

import json
from datetime import timedelta

import pytest

from contest import clock, serving
from contest.accounts.models import User
from contest.audit.models import TrailRow
from contest.db import about_to_write, db
from contest.member_services import case_actions, case_queries, desk_queries, reminding
from contest.webhooks.models import WebhookMessage
from tests import factories
from tests.member_services.walking import act, apply, feedback, officer
from tests.webhooks.scenes import subscribe, wait_until
from tests.webhooks.test_delivery import environment, release

POST = {"unit": "云溪水泥", "since": "2019-05"}


def later(days):
    clock.stand_still(clock.now() + timedelta(days=days))


def told_to(actor):
    lines, count = desk_queries.desk(desk_queries.Search("told", "", user_id=actor.user_id))
    assert len(lines) == count
    return [one.case.id for one in lines]


def page_of(app, actor, at="/service-desk"):
    return factories.browser_of(app, db.session.get(User, actor.user_id)).get(at).text


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_a_late_case_is_told_to_the_head_of_the_desk_until_it_is_dealt_with(app):
    desk, head = officer(), officer("王主任", "desk_head")
    case = apply("skill_allowance", **POST)
    later(4)
    assert told_to(head) == []

    assert case_actions.remind(desk)["escalated"] == 1
    assert case_actions.remind(desk)["escalated"] == 0

    assert (told_to(head), told_to(desk)) == ([case.id], [])
    event = case_queries.history(case, for_office=True)[-1]
    assert (event.kind, event.words, event.facts) == ("escalated", "王主任", {"told": [head.user_id]})
    page = page_of(app, head)
    assert "Told to you because they are late: 1" in page
    assert case.receipt[:4] in page_of(app, head, "/service-desk?whose=told")
    assert "Told to you because" not in page_of(app, desk)
    act(desk, case, "accept")
    assert told_to(head) == []


def test_where_nobody_is_named_the_organisers_are_told(app):
    desk, organiser = officer(), officer("组委会", role="organiser")
    case = apply("skill_allowance", **POST)
    later(4)
    case_actions.remind(desk)
    assert (told_to(organiser), told_to(desk)) == ([case.id], [])


def test_a_late_letter_is_told_to_the_chairs_office_and_to_nobody_else(app):
    desk, chair, head = officer(), officer("主席", "chair"), officer("王主任", "desk_head")
    case = apply("letterbox", topic="pay", words="年终奖")
    later(4)
    case_actions.remind(desk)
    assert (told_to(chair), told_to(head), told_to(desk)) == ([case.id], [], [])


def test_a_feedback_that_is_not_followed_up_is_told_too(app):
    desk, head = officer(), officer("王主任", "desk_head")
    case = apply("six_services", kind="health", words="想体检")
    later(5)
    case_actions.remind(desk)  # the first step was late and was told
    for what in ("accept", "step"):
        act(desk, case, what)
    feedback(case, 1)
    assert told_to(head) == []
    later(9)
    case_actions.remind(desk)
    assert told_to(head) == [case.id]


def test_outside_systems_that_are_told_of_the_service_learn_it_once(app):
    desk = officer()
    subscribe(app, "http://127.0.0.1:1999/hook", ("case",), ("skill_allowance",))
    case = apply("skill_allowance", **POST)
    apply("hardship_review", region="云溪区", spending="1", change="x", **{
        "household-0-person": "李四", "household-0-relation": "本人", "household-0-income": "1"})
    later(4)
    for _ in range(2):
        case_actions.remind(desk)
    told = [json.loads(one.body) for one in db.session.query(WebhookMessage).filter_by(kind="case.late")]
    assert [one["data"] for one in told] == [{
        "case": case.id, "service": "skill_allowance", "state": "applied", "step": "check",
        "due_at": case.due_at.isoformat(),
    }]


def test_outside_systems_learn_that_a_case_was_closed_because_nobody_said_how_it_went(app):
    desk = officer()
    subscribe(app, "http://127.0.0.1:1999/hook", ("case",), ("skill_allowance",))
    case = apply("skill_allowance", **POST)
    case.state, case.done_at, case.step_key, case.due_at = "done", clock.now(), "", None
    db.session.commit()
    later(22)
    for _ in range(2):
        case_actions.remind(desk)
    messages = db.session.query(WebhookMessage).filter_by(kind="case.moved")
    told = [json.loads(one.body)["data"] for one in messages]
    assert [(one["case"], one["was"], one["now"]) for one in told] == [
        (case.id, "", "applied"), (case.id, "done", "closed"),
    ]


def test_where_nothing_is_to_be_told_nothing_is_written(app):
    desk = officer()
    apply("skill_allowance", **POST)
    count = db.session.query(TrailRow).count()
    for _ in range(2):
        assert case_actions.remind(desk) == {"reminded": 0, "escalated": 0, "closed": 0}
    assert db.session.query(TrailRow).count() == count
    later(4)
    case_actions.remind(desk)
    assert db.session.query(TrailRow).count() == count + 1


@pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)
def test_the_server_tells_of_what_is_late_by_itself(app):
    """No timer of the machine is needed: the process that sends messages does it each hour."""
    officer("王主任", "desk_head")
    case = apply("skill_allowance", **POST)
    case_id = case.id
    later(4)
    db.session.remove()
    about_to_write(False)

    reminding.remind()

    assert [one.kind for one in case_queries.history(case_queries.get_case(case_id), True)][-1] == "escalated"


def test_a_server_that_has_just_started_tells_at_once(app, tmp_path):
    app.config["CODES_KEY"] = "the-key-of-the-codes-of-this-test-only"
    case = apply("skill_allowance", **POST)
    case.due_at = clock.now() - timedelta(days=3650)  # late by whatever clock the process has
    case_id = case.id
    release()
    keys = {"CONTEST_PERSONAL_KEYS": str(app.config["PERSONAL_KEYS"])}
    child = serving._start(["webhooks"], environment(app, tmp_path) | keys)
    try:
        wait_until(lambda: _was_told(case_id), 60)
    finally:
        serving.stop([child])


def _was_told(case_id):
    about_to_write(False)
    found = [one.kind for one in case_queries.history(case_queries.get_case(case_id), True)]
    release()
    return found[-1] == "escalated"
