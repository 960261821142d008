"""Subscribers, their secrets, the messages for them, and every try to deliver one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.draw.sealing import Sealed


class Webhook(db.Model):
    """An outside system that is told of what concerns it, and of nothing else."""

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    topics: Mapped[list] = mapped_column(Document)
    services: Mapped[list] = mapped_column(Document)
    facts: Mapped[list] = mapped_column(Document)  # what it learns of people beside a number
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    paused_at: Mapped[datetime | None] = mapped_column(Moment)
    pause: Mapped[str] = mapped_column(default="")  # rules.PAUSES
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    secrets: Mapped[list["WebhookSecret"]] = relationship(order_by="WebhookSecret.id.desc()")


class WebhookSecret(db.Model):
    """A secret that messages are signed with, sealed; ends_at: until when beside the one after it."""

    __tablename__ = "webhook_secret"

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"), index=True)
    word: Mapped[str] = mapped_column(Sealed)
    made_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)


class WebhookMessage(db.Model):
    """One message for one subscriber; its id is the same with every try, so that it is taken once."""

    __tablename__ = "webhook_message"
    __table_args__ = (Index("ix_webhook_message_webhook_id_state_next_at", "webhook_id", "state", "next_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    # A plain number: the message outlives the person's row, and is emptied when the person is erased.
    human_id: Mapped[int | None] = mapped_column(index=True)
    body: Mapped[str]  # as it is signed and sent; "" when it was kept long enough
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(default="waiting")  # rules.STATES
    tries: Mapped[int] = mapped_column(default=0)  # that failed since it began to wait
    next_at: Mapped[datetime] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)

    webhook: Mapped[Webhook] = relationship()
    attempts: Mapped[list["WebhookAttempt"]] = relationship(order_by="WebhookAttempt.id")


class WebhookAttempt(db.Model):
    """One try: what was answered and how long it took; neither what was sent nor a secret."""

    __tablename__ = "webhook_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("webhook_message.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[int | None]
    problem: Mapped[str] = mapped_column(default="")  # rules.PROBLEMS
    duration_ms: Mapped[int]


forbid_change(WebhookAttempt.__table__)
