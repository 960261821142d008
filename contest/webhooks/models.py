"""Who is told, what is told, and how the telling went."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Document, Moment, db
from contest.draw.sealing import Sealed


class Endpoint(db.Model):
    """An outside system's address; its secrets are sealed, for signing needs them again."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    kinds: Mapped[list] = mapped_column(Document)  # what it is told
    secret: Mapped[str] = mapped_column(Sealed)
    old_secret: Mapped[str] = mapped_column(Sealed, default="")  # also signs until it is retired
    rotated_at: Mapped[datetime | None] = mapped_column(Moment)
    is_active: Mapped[bool] = mapped_column(default=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class Message(db.Model):
    """One event in the bytes that are signed; written in the transaction of what it tells of."""

    __tablename__ = "webhook_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(unique=True)  # webhook-id: by it a receiver knows a repeat
    kind: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class Delivery(db.Model):
    """A message on its way to one endpoint."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (UniqueConstraint("message_id", "endpoint_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("webhook_message.id"))
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"), index=True)
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, delivered, given_up
    tries: Mapped[int] = mapped_column(default=0)  # since it was last put in the queue
    since: Mapped[datetime] = mapped_column(Moment)  # when it was put in the queue, by an act or a replay
    next_at: Mapped[datetime | None] = mapped_column(Moment, index=True)

    message: Mapped[Message] = relationship()
    endpoint: Mapped[Endpoint] = relationship()
    attempts: Mapped[list["Attempt"]] = relationship(order_by="Attempt.id")


class Attempt(db.Model):
    """One try to deliver, and what came of it."""

    __tablename__ = "webhook_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("webhook_delivery.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    status: Mapped[int | None]  # None: there was no answer
    trouble: Mapped[str] = mapped_column(default="")  # a key of rules.TROUBLES
    took_ms: Mapped[int]


class Lease(db.Model):
    """Which process sends, until when: one at a time, and another one soon when it dies."""

    __tablename__ = "webhook_lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime] = mapped_column(Moment)
