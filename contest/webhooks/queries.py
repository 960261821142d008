"""Subscribers and their messages: for the pages, and what the sender has to do next."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from contest import clock
from contest.db import db
from contest.errors import Missing
from contest.i18n import N_
from contest.setup import queries as setup
from contest.setup.rules import Note
from contest.webhooks.models import Webhook, WebhookMessage, WebhookSecret

PAGE_SIZE = 50


@dataclass(frozen=True)
class Line:
    """A subscriber as the list shows it: how many messages wait, when the last one was taken."""

    webhook: Webhook
    waiting: int
    delivered_at: object


def list_webhooks():
    """Every subscriber as a Line, those that are told first, then by name."""
    waiting, taken = (dict(db.session.execute(
        select(WebhookMessage.webhook_id, what).where(*only).group_by(WebhookMessage.webhook_id)
    ).all()) for what, only in (
        (func.count(), [WebhookMessage.state == "waiting"]),
        (func.max(WebhookMessage.delivered_at), []),
    ))
    found = db.session.scalars(select(Webhook).order_by(Webhook.name, Webhook.id)).all()
    found.sort(key=lambda one: one.ended_at is not None)
    return [Line(one, waiting.get(one.id, 0), taken.get(one.id)) for one in found]


def get_webhook(webhook_id):
    """One subscriber, or Missing."""
    if (row := db.session.get(Webhook, webhook_id)) is None:
        raise Missing("There is no such webhook.")
    return row


def get_message(webhook_id, message_id):
    """One of a subscriber's messages, or Missing."""
    row = db.session.scalar(select(WebhookMessage).filter_by(webhook_id=webhook_id, id=message_id))
    if row is None:
        raise Missing("There is no such message.")
    return row


def list_messages(webhook_id, page):
    """(the messages of a page, newest first, with their tries; how many pages)."""
    own = select(WebhookMessage).filter_by(webhook_id=webhook_id)
    count = db.session.scalar(select(func.count()).select_from(own.subquery()))
    rows = db.session.scalars(
        own.order_by(WebhookMessage.id.desc()).options(selectinload(WebhookMessage.attempts))
        .limit(PAGE_SIZE).offset(PAGE_SIZE * (page - 1))
    ).all()
    return rows, max(1, -(-count // PAGE_SIZE))


def waits(webhook_id):
    """True while a message of this subscriber waits."""
    return db.session.scalar(
        select(WebhookMessage.id).filter_by(webhook_id=webhook_id, state="waiting").limit(1)
    ) is not None


def subscribers():
    """Everybody who may be told of something, also those that are paused: it waits for them."""
    return db.session.scalars(select(Webhook).where(Webhook.ended_at.is_(None)).order_by(Webhook.id)).all()


def secrets_of(webhook_id, now):
    """The secrets that sign at a moment, the newest first."""
    rows = db.session.scalars(
        select(WebhookSecret).filter_by(webhook_id=webhook_id).order_by(WebhookSecret.id.desc())
    )
    return [row for row in rows if row.ends_at is None or row.ends_at > now]


def due_webhooks():
    """The ids of subscribers for whom a message is due now."""
    return db.session.scalars(
        select(WebhookMessage.webhook_id).distinct().join(Webhook)
        .where(Webhook.paused_at.is_(None), Webhook.ended_at.is_(None), *_due())
    ).all()


def next_due(webhook_id):
    """The oldest message of this subscriber that is due now, or None; none while it is paused."""
    return db.session.scalar(
        select(WebhookMessage).join(Webhook)
        .where(WebhookMessage.webhook_id == webhook_id, Webhook.paused_at.is_(None),
               Webhook.ended_at.is_(None), *_due())
        .order_by(WebhookMessage.id).limit(1)
    )


def _due():
    return WebhookMessage.state == "waiting", WebhookMessage.next_at <= clock.now()




def desk_notes(contest_id):
    """While a contest is not over, its desk says which outside systems are not told any more."""
    if setup.get_contest(contest_id).state == "archived":
        return []
    failed = db.session.scalars(
        select(Webhook.name)
        .where(Webhook.ended_at.is_(None), Webhook.pause.in_(("failing", "gone"))).order_by(Webhook.name)
    )
    return [Note(N_("The webhook “%(name)s” is paused: its receiver takes nothing. What it should be "
                    "told waits."), {"name": name}, kind="warn") for name in failed]


setup.DESK_NOTES.append(desk_notes)
