"""The pages: adding, the secret that is shown once, the log, sending again, pausing."""

import re

import pytest

from contest.accounts import front_rules
from contest.db import db
from contest.webhooks import actions, outbox_actions
from contest.webhooks.models import Webhook, WebhookMessage, WebhookSecret
from tests import factories
from tests.webhooks.scenes import ORGANISER, make_honour, revoke, subscribe
from tests.webhooks.test_outbox import URL, Line

FORM = {"name": "市职工服务平台", "url": "https://members.example/hook", "topics": ["honour", "case"],
        "services": ["skill_allowance"], "facts": ["name"]}


@pytest.fixture
def owner(as_role):
    return as_role("organiser")


def word_on(answer):
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", answer.get_data(as_text=True))
    return found and found.group()


def test_a_new_webhooks_secret_is_shown_once_and_a_test_message_waits(owner):
    answer = owner.post("/webhooks", data=FORM)

    row = db.session.query(Webhook).one()
    assert (row.topics, row.services, row.facts) == (["honour", "case"], ["skill_allowance"], ["name"])
    assert word_on(answer) == db.session.query(WebhookSecret).one().word
    assert db.session.query(WebhookMessage).one().kind == "webhook.test"
    for path in ("/webhooks", f"/webhooks/{row.id}", "/trail"):
        assert word_on(owner.get(path)) is None


def test_what_was_typed_stays_when_it_is_refused(owner):
    answer = owner.post("/webhooks", data=FORM | {"url": "https://192.168.1.1/hook"})
    page = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert "192.168.1.1 lies in a private network" in page
    assert 'value="市职工服务平台"' in page and 'value="https://192.168.1.1/hook"' in page
    assert len(re.findall(r"<input[^>]* checked", page)) == 4
    assert db.session.query(Webhook).count() == 0


def test_services_are_kept_only_where_a_topic_asks_for_them(owner):
    owner.post("/webhooks", data=FORM | {"topics": ["honour"]})

    assert db.session.query(Webhook).one().services == []


def test_the_log_tells_every_try_and_sends_again(app, owner):
    row, word = subscribe(app, URL)
    revoke(make_honour())
    for answer in (503, None, 204):
        db.session.query(WebhookMessage).update({"next_at": WebhookMessage.at})
        db.session.commit()
        outbox_actions.deliver_next(row.id, Line(answer))
    page = owner.get(f"/webhooks/{row.id}").get_data(as_text=True)

    assert "503 refused by the receiver" in page and "no answer in time" in page and "204" in page
    assert "every 3s" not in page  # nothing waits, so it need not ask again
    message = db.session.query(WebhookMessage).one()
    assert owner.post(f"/webhooks/{row.id}/messages/{message.id}/replay").status_code == 303
    assert "every 3s" in owner.get(f"/webhooks/{row.id}").get_data(as_text=True)
    piece = owner.get(f"/webhooks/{row.id}", headers={"HX-Request": "true"}).get_data(as_text=True)
    assert "<html" not in piece and 'id="messages"' in piece


@pytest.mark.parametrize(("since", "until", "status"), [
    ("0001-01-01T00:00", "2026-11-24T00:00", 422), ("2026-11-23T00:00", "9999-12-31T23:59", 422),
    ("2026-11-23T11:00", "2026-11-23T13:00", 303), ("2026-11-23T11:00", "", 422),
    ("2026-11-23T13:00", "2026-11-23T11:00", 422), ("2026-11-24T11:00", "2026-11-25T11:00", 409),
])
def test_a_span_in_the_houses_own_time_is_sent_again_or_refused(app, owner, since, until, status):
    row, _ = subscribe(app, URL)
    revoke(make_honour())
    outbox_actions.deliver_next(row.id, Line(204))

    answer = owner.post(f"/webhooks/{row.id}/replay", data={"since": since, "until": until})

    assert answer.status_code == status
    assert db.session.query(WebhookMessage).one().state == ("waiting" if status == 303 else "delivered")


def test_pausing_exchanging_and_ending_on_the_page(app, owner):
    row, old = subscribe(app, URL)
    new = word_on(owner.post(f"/webhooks/{row.id}/secret"))
    assert new not in (None, old)
    assert "Two secrets sign until" in owner.get(f"/webhooks/{row.id}").get_data(as_text=True)
    owner.post(f"/webhooks/{row.id}/pause")
    assert "Paused by hand" in owner.get("/webhooks").get_data(as_text=True)
    revoke(make_honour())
    owner.post(f"/webhooks/{row.id}/resume", data={"leave_out": "1"})
    assert db.session.query(WebhookMessage).one().state == "dropped"
    owner.post(f"/webhooks/{row.id}/end")

    assert db.session.get(Webhook, row.id).ended_at is not None
    assert owner.post(f"/webhooks/{row.id}/pause").status_code == 409


def test_a_message_of_another_webhook_is_not_there(app, owner):
    first, _ = subscribe(app, URL, keeps_test=True)
    other, _ = actions.add_webhook(ORGANISER, "别的", URL, ["honour"], [], [])
    message = db.session.query(WebhookMessage).filter_by(webhook_id=first.id).one()

    assert owner.post(f"/webhooks/{other.id}/messages/{message.id}/replay").status_code == 404


def test_an_organiser_of_one_contest_and_a_curator_may_not_look(as_role):
    contest = factories.make_contest()

    assert as_role("organiser", contest).get("/webhooks").status_code == 403
    assert as_role("curator").get("/webhooks").status_code == 403


def test_judges_and_organisers_find_the_page_of_tokens(as_role):
    contest = factories.make_contest()
    link = f'href="/contests/{contest.id}/tokens"'

    assert link in as_role("judge", contest).get("/my/account").get_data(as_text=True)
    assert link in as_role("organiser", contest).get(f"/contests/{contest.id}").get_data(as_text=True)
    assert 'href="/webhooks"' in as_role("organiser").get("/").get_data(as_text=True)
    assert link not in as_role("clerk", contest).get("/").get_data(as_text=True)
    assert any(task.endpoint == "tokens.list_house_tokens" for task in front_rules.TASKS_EVERYWHERE)
