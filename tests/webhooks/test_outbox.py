"""What is told, to whom, in which commit; when it is tried again; what stays of a person."""

import json
import os
from datetime import timedelta

import pytest

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.member_services.entitlement_models import Entitlement
from contest.member_services.membership_models import Membership
from contest.webhooks import actions, outbox_actions, queries, rules, sender
from contest.webhooks.models import Webhook, WebhookAttempt, WebhookMessage, WebhookSecret
from contest.webhooks.sending import Answer
from tests import factories
from tests.conftest import NOON
from tests.webhooks.scenes import ORGANISER, make_honour, revoke, subscribe

URL = "http://127.0.0.1:1999/hook"
BOTH = pytest.mark.parametrize("app", ["sqlite", "postgres"], indirect=True)


def waiting():
    return db.session.query(WebhookMessage).order_by(WebhookMessage.id).all()


def bodies():
    return [json.loads(one.body) for one in waiting()]


class Line:
    """Stands for the network: answers in turn, and notes what was sent."""

    def __init__(self, *answers):
        self.answers, self.sent = list(answers), []

    def __call__(self, url, headers, body, allowed):
        self.sent.append((url, headers, body))
        status = self.answers.pop(0) if self.answers else 204
        return Answer(status, "" if status and status < 300 else "timeout" if status is None else "status", 7)


@BOTH
def test_a_message_is_written_with_the_change_or_not_at_all(app):
    subscribe(app, URL)
    honour = make_honour()

    def refuse(_did, **_facts):
        raise Conflict("no")

    with signals.honour_changed.connected_to(refuse), pytest.raises(Conflict):
        revoke(honour)
    assert waiting() == []

    revoke(honour)
    [message] = waiting()
    assert (message.kind, message.state, message.next_at) == ("honour.revoked", "waiting", NOON)


def test_a_revoked_honour_tells_of_the_entitlements_that_it_ended_of_the_chosen_services_alone(app):
    subscribe(app, URL, ("honour", "entitlement"), ("skill_allowance",))
    honour = make_honour()
    honour.is_title = True
    with work(ORGANISER, "registry.confirm", subject="x"):
        signals.honour_changed.send("registry.confirm", honour_id=honour.id, state="listed")
    opened = {one.service_key for one in db.session.query(Entitlement)}
    revoke(honour)

    assert len(opened) > 1 and "skill_allowance" in opened
    told = bodies()
    assert sorted(one["type"] for one in told) == [
        "entitlement.ended", "entitlement.opened", "honour.listed", "honour.revoked",
    ]
    assert {one["data"].get("service", "skill_allowance") for one in told} == {"skill_allowance"}


def test_a_step_on_a_ladder_is_told(app):
    subscribe(app, URL, ("level",))
    honour = make_honour()
    with work(ORGANISER, "registry.describe", subject="x"):
        signals.level_changed.send(
            "registry.level", human_id=honour.craftsman.human_id, ladder="three_step", was="", now="silver"
        )

    [told] = bodies()
    assert told["type"] == "level.changed"
    assert told["data"] == {
        "ladder": "three_step", "was": "", "now": "silver",
        "about": {"person": honour.craftsman.human_id},
    }


@pytest.mark.parametrize(("facts", "about"), [
    ((), {}), (("name",), {"name": "钟一"}),
    (("unit", "number"), {"unit": "一字水泥", "number": "2026-17"}),
])
def test_of_a_person_no_more_is_told_than_was_chosen(app, facts, about):
    subscribe(app, URL, facts=facts)
    honour = make_honour()
    human = honour.craftsman.human
    db.session.add(Membership(
        human_id=human.id, organisation_id=human.organisation_id, number="2026-17", state="active",
        since=NOON.date(),
    ))
    db.session.commit()
    revoke(honour, "钟一 改了名")

    [told] = bodies()
    assert told["data"]["about"] == {"person": human.id, **about}
    text = waiting()[0].body
    hidden = {"钟一", "一字水泥", "2026-17", "token-of"} - set(about.values())
    assert [word for word in hidden if word in text] == []


def test_it_is_tried_for_a_day_with_one_id_and_then_paused_and_told(app):
    row, _ = subscribe(app, URL)
    revoke(make_honour())
    line, begun = Line(*[500, None] * 5, 500), clock.now()
    while row.paused_at is None:
        clock.stand_still(waiting()[0].next_at)
        assert outbox_actions.deliver_next(row.id, line) is False
        assert outbox_actions.deliver_next(row.id, line) is None

    assert clock.now() - begun == timedelta(hours=24)
    assert len(line.sent) == len(rules.DELAYS_S) + 1
    assert len({headers["webhook-id"] for _, headers, _ in line.sent}) == 1
    assert len({body for _, _, body in line.sent}) == 1
    assert (row.pause, waiting()[0].state) == ("failing", "waiting")
    [trail] = db.session.query(TrailRow).filter_by(did="webhook.pause")
    assert trail.who == "webhooks"
    contest = factories.make_contest()
    [note] = queries.desk_notes(contest.id)
    assert note.params == {"name": row.name}
    tries = db.session.query(WebhookAttempt).order_by(WebhookAttempt.id).all()
    assert [(one.status, one.problem, one.duration_ms) for one in tries[:2]] == [
        (500, "status", 7), (None, "timeout", 7),
    ]

    clock.stand_still(clock.now() + timedelta(days=3))
    actions.resume_webhook(ORGANISER, row.id)
    assert outbox_actions.deliver_next(row.id, line) is True
    assert line.sent[-1][1]["webhook-id"] == line.sent[0][1]["webhook-id"]
    assert waiting()[0].state == "delivered"
    assert queries.desk_notes(contest.id) == []


def test_a_receiver_that_wants_nothing_more_is_left_in_peace_at_once(app):
    row, _ = subscribe(app, URL)
    revoke(make_honour())

    outbox_actions.deliver_next(row.id, Line(410))
    clock.stand_still(NOON + timedelta(hours=1))

    assert (row.pause, queries.due_webhooks()) == ("gone", [])


@BOTH
def test_a_sender_that_was_killed_leaves_the_message_to_be_tried_again(app):
    row, _ = subscribe(app, URL)
    revoke(make_honour())

    def killed(*_given):
        raise SystemExit

    with pytest.raises(SystemExit):
        outbox_actions.deliver_next(row.id, killed)
    line = Line()
    assert outbox_actions.deliver_next(row.id, line) is None  # it is still claimed
    clock.stand_still(NOON + rules.LEASE)

    assert outbox_actions.deliver_next(row.id, line) is True


def test_messages_go_in_their_order_and_one_that_fails_holds_the_next_back_no_longer_than_its_round(app):
    row, _ = subscribe(app, URL)
    for name in ("钟一", "华二", "章三"):
        revoke(make_honour(name))
    line = Line(204, 500)

    assert [outbox_actions.deliver_next(row.id, line) for _ in range(4)] == [True, False, True, None]


def test_a_secret_is_exchanged_with_a_day_in_which_both_sign(app):
    row, old = subscribe(app, URL)
    new = actions.rotate_secret(ORGANISER, row.id)
    with pytest.raises(Conflict):
        actions.rotate_secret(ORGANISER, row.id)

    now = clock.now()
    assert [one.word for one in queries.secrets_of(row.id, now)] == [new, old]
    assert [one.word for one in queries.secrets_of(row.id, now + rules.OVERLAP)] == [new]
    stored = db.session.execute(db.text("SELECT word FROM webhook_secret")).scalars().all()
    assert all(one.startswith("sealed:") for one in stored)
    facts = json.dumps([one.facts for one in db.session.query(TrailRow)])
    assert old not in facts and new not in facts

    clock.stand_still(now + rules.OVERLAP)
    outbox_actions.forget_old()
    assert db.session.query(WebhookSecret).count() == 1


def test_one_message_or_a_span_is_sent_again_under_the_same_ids(app):
    row, _ = subscribe(app, URL)
    line = Line()
    for name in ("钟一", "华二", "章三"):
        revoke(make_honour(name))
        clock.stand_still(clock.now() + timedelta(hours=1))
    while outbox_actions.deliver_next(row.id, line):
        pass
    ids = [headers["webhook-id"] for _, headers, _ in line.sent]

    actions.replay_message(ORGANISER, row.id, waiting()[0].id)
    with pytest.raises(Conflict):
        actions.replay_message(ORGANISER, row.id, waiting()[0].id)
    assert actions.replay(ORGANISER, row.id, NOON + timedelta(minutes=1), NOON + timedelta(hours=2)) == 2
    with pytest.raises(Invalid):
        actions.replay(ORGANISER, row.id, NOON, NOON - timedelta(minutes=1))
    with pytest.raises(Conflict):
        actions.replay(ORGANISER, row.id, NOON + timedelta(days=1), NOON + timedelta(days=2))
    while outbox_actions.deliver_next(row.id, line):
        pass

    assert [headers["webhook-id"] for _, headers, _ in line.sent] == ids * 2


def test_while_it_is_paused_what_it_should_be_told_waits_or_is_left_out(app):
    row, _ = subscribe(app, URL)
    actions.pause_webhook(ORGANISER, row.id)
    revoke(make_honour("钟一"))
    assert queries.due_webhooks() == []

    actions.resume_webhook(ORGANISER, row.id, leaves_out=True)
    revoke(make_honour("华二"))

    assert [one.state for one in waiting()] == ["dropped", "waiting"]


def test_one_that_was_ended_is_told_nothing_and_keeps_its_log(app):
    row, _ = subscribe(app, URL)
    revoke(make_honour("钟一"))
    actions.end_webhook(ORGANISER, row.id)
    revoke(make_honour("华二"))

    assert [one.state for one in waiting()] == ["dropped"]
    for act in (actions.pause_webhook, actions.resume_webhook, actions.rotate_secret, actions.try_webhook):
        with pytest.raises(Conflict):
            act(ORGANISER, row.id)


@pytest.mark.parametrize(("changes", "field"), [
    ({"name": " "}, "name"), ({"url": "http://10.0.0.1/"}, "url"), ({"url": "nowhere"}, "url"),
    ({"topics": []}, "topics"), ({"topics": ["honour", "marks"]}, "topics"),
    ({"topics": ["case"]}, "services"), ({"services": ["nowhere"]}, "services"),
    ({"facts": ["phone"]}, "facts"),
])
def test_what_a_webhook_may_not_be_is_said_at_its_field_and_nothing_is_stored(app, changes, field):
    given = {"name": "外部", "url": "https://members.example/", "topics": ["honour"], "services": [],
             "facts": []} | changes
    with pytest.raises(Invalid) as refused:
        actions.add_webhook(ORGANISER, **given)

    assert list(refused.value.fields) == [field]
    assert db.session.query(Webhook).count() == 0


def test_a_persons_erasure_empties_what_was_sent_and_bares_what_waits(app):
    row, _ = subscribe(app, URL, facts=("name",))
    honour = make_honour()
    human_id = honour.craftsman.human_id
    revoke(honour)
    outbox_actions.deliver_next(row.id, Line())
    with work(ORGANISER, "registry.level", subject="x"):
        signals.honour_changed.send("registry.confirm", honour_id=honour.id, state="listed")
    data = {}
    signals.person_told.send("x", human_id=human_id, data=data, reader_id=None)
    assert [one["kind"] for one in data["webhooks"]] == ["honour.revoked", "honour.listed"]

    with work(ORGANISER, "person.erase", subject="x"):
        signals.person_erased.send("x", human_id=human_id, data={})

    sent, waits = waiting()
    assert sent.body == ""
    assert json.loads(waits.body)["data"]["about"] == {"person": human_id}


def test_when_two_rows_of_a_person_become_one_the_messages_follow(app):
    subscribe(app, URL)
    kept, gone = make_honour("钟一"), make_honour("钟二")
    revoke(gone)
    [message] = waiting()
    keep_id, gone_id, moved = kept.craftsman.human_id, gone.craftsman.human_id, {}

    with work(ORGANISER, "people.merge", subject="x"):
        signals.people_merged.send("x", keep_id=keep_id, gone_id=gone_id, moved=moved)

    assert moved["webhook_message"] == [message.id]
    assert waiting()[0].human_id == keep_id


def test_after_ninety_days_what_was_said_is_emptied_and_that_it_was_said_stays(app):
    row, _ = subscribe(app, URL)
    revoke(make_honour())
    outbox_actions.deliver_next(row.id, Line())

    assert outbox_actions.forget_old() == 0
    clock.stand_still(NOON + rules.KEPT_FOR + timedelta(seconds=1))
    assert outbox_actions.forget_old() == 1
    with pytest.raises(Conflict):
        actions.replay_message(ORGANISER, row.id, waiting()[0].id)
    assert db.session.query(WebhookAttempt).count() == 1


def test_data_that_came_without_their_key_say_so_in_the_log(app):
    row, _ = subscribe(app, URL)
    revoke(make_honour())
    app.config["CODES_KEY"] = os.urandom(32).hex()

    assert outbox_actions.deliver_next(row.id, Line()) is False
    assert db.session.query(WebhookAttempt).one().problem == "secret"


def test_the_command_delivers_what_is_due(app):
    subscribe(app, URL)
    revoke(make_honour())

    assert sender.deliver_once() == 0
    assert db.session.query(WebhookAttempt).one().problem == "connect"
