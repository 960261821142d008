"""What an organiser does with a subscriber: add, try, exchange the secret, pause, send again, end."""

import secrets

from sqlalchemy import update

from contest import clock
from contest.audit.work import work
from contest.db import db
from contest.errors import Conflict, Invalid
from contest.i18n import N_
from contest.member_services.catalogue_queries import every_service
from contest.webhooks import (
    address_rules,
    event_queries,
    queries,
    rules,
    signing_rules,
    trail_words,  # noqa: F401  (names deeds)
)
from contest.webhooks.models import Webhook, WebhookMessage, WebhookSecret
from contest.webhooks.networks import networks


def add_webhook(actor, name, url, topics, services, facts):
    """Add a subscriber with a test message to it; (its row, the secret that is shown once); Invalid."""
    name, url = " ".join(name.split()), url.strip()
    fields = rules.check_new(name, topics, services, every_service(), facts)
    try:
        address_rules.read_target(url, networks())
    except Invalid as wrong:
        fields["url"] = wrong
    if fields:
        raise Invalid(N_("The webhook was not added; see the fields."), fields=fields)
    row = Webhook(
        name=name, url=url, topics=[one for one in rules.TOPICS if one in topics],
        services=[one for one in every_service() if one in services] if _needs_services(topics) else [],
        facts=[one for one in rules.FACTS if one in facts], made_at=clock.now(), made_by_id=actor.user_id,
    )
    word = signing_rules.new_secret()
    with work(actor, "webhook.add", subject=name, address=url, topics=row.topics, services=row.services,
              told=row.facts) as noted:
        row.secrets.append(WebhookSecret(word=word, made_at=clock.now()))
        db.session.add(row)
        db.session.flush()
        noted["webhook"] = row.id
        write_message(row, rules.TEST, None, {"test": True})
    return row, word


def _needs_services(topics):
    return bool(set(topics) & set(rules.OF_SERVICES))


def write_message(webhook, kind, human_id, data):
    """Put a message into the outbox, within the caller's work."""
    now = clock.now()
    body = event_queries.body_of(kind, now, data, event_queries.person_facts(human_id, webhook.facts))
    db.session.add(WebhookMessage(
        webhook_id=webhook.id, message_id=f"msg_{secrets.token_hex(12)}", kind=kind, human_id=human_id,
        body=body, at=now, next_at=now,
    ))


def try_webhook(actor, webhook_id):
    """Write a message that says nothing, to see whether one arrives; Conflict while it is paused."""
    row = _open(webhook_id)
    if row.paused_at is not None:
        raise Conflict("This webhook is paused: let it go on first.")
    with work(actor, "webhook.test", subject=row.name, webhook=row.id):
        write_message(row, rules.TEST, None, {"test": True})


def rotate_secret(actor, webhook_id):
    """A new secret signs from now on, the one of before beside it for a day; the new one's word."""
    row, now = _open(webhook_id), clock.now()
    held = queries.secrets_of(row.id, now)
    rules.check_rotation(held)
    word = signing_rules.new_secret()
    with work(actor, "webhook.rotate", subject=row.name, webhook=row.id):
        for one in held:
            one.ends_at = now + rules.OVERLAP
        row.secrets.append(WebhookSecret(word=word, made_at=now))
    return word


def pause_webhook(actor, webhook_id, why="hand"):
    """Nothing is sent to it any more; what it should be told waits. why: rules.PAUSES."""
    row = _open(webhook_id)
    if row.paused_at is not None:
        raise Conflict("This webhook is paused already.")
    with work(actor, "webhook.pause", subject=row.name, webhook=row.id, pause=why):
        row.paused_at, row.pause = clock.now(), why


def resume_webhook(actor, webhook_id, leaves_out=False):
    """It is told again, with another day for what waits; leaves_out: what waits is not sent."""
    row = _open(webhook_id)
    if row.paused_at is None:
        raise Conflict("This webhook is not paused.")
    values = {"state": "dropped"} if leaves_out else {"tries": 0, "next_at": clock.now()}
    with work(actor, "webhook.resume", subject=row.name, webhook=row.id) as noted:
        row.paused_at, row.pause = None, ""
        noted["left_out" if leaves_out else "count"] = _put(
            row.id, values, WebhookMessage.state == "waiting"
        )


def replay(actor, webhook_id, since, until):
    """Send again, under the same ids, what was told between two moments; how many. Conflict for none."""
    row = _open(webhook_id)
    if since > until:
        raise Invalid("The end must not come before the beginning.")
    return _again(actor, row, WebhookMessage.at >= since, WebhookMessage.at <= until)


def replay_message(actor, webhook_id, message_id):
    """Send one message again under its own id; Conflict while it waits or when it was emptied."""
    message = queries.get_message(webhook_id, message_id)
    _again(actor, _open(webhook_id), WebhookMessage.id == message.id)


def _again(actor, row, *which):
    with work(actor, "webhook.replay", subject=row.name, webhook=row.id) as noted:
        noted["count"] = _put(
            row.id, {"state": "waiting", "tries": 0, "next_at": clock.now()}, *which,
            WebhookMessage.state != "waiting", WebhookMessage.body != "",
        )
        if not noted["count"]:
            raise Conflict("There is nothing to be sent again: it still waits, or is kept no longer.")
    return noted["count"]


def end_webhook(actor, webhook_id):
    """Take a subscriber off for good; what waits for it is left out, and its log stays."""
    row = _open(webhook_id)
    with work(actor, "webhook.end", subject=row.name, webhook=row.id) as noted:
        row.ended_at = clock.now()
        noted["left_out"] = _put(row.id, {"state": "dropped"}, WebhookMessage.state == "waiting")


def _put(webhook_id, values, *which):
    return db.session.execute(
        update(WebhookMessage).where(WebhookMessage.webhook_id == webhook_id, *which).values(**values)
    ).rowcount


def _open(webhook_id):
    row = queries.get_webhook(webhook_id)
    rules.check_not_ended(row)
    return row
