"""What people are entitled to, on what ground, from when to when; and where they stand on a ladder."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.people.models import Human


class Entitlement(db.Model):
    """A right of one person to one service, on one ground; it ends, it is never deleted."""

    __tablename__ = "entitlement"
    __table_args__ = (Index("ix_entitlement_service_key_ended_at", "service_key", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    service_key: Mapped[str]
    ground: Mapped[str]  # honour, level, membership, need
    honour_id: Mapped[int | None] = mapped_column(ForeignKey("honour.id"), index=True)
    membership_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id"))
    # The case whose decision opened it; a plain number, as the case itself points here.
    case_id: Mapped[int | None]
    ladder: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="")
    amount: Mapped[int | None] = mapped_column(BigInteger)  # a month, in fen, where it is money
    aids: Mapped[list | None] = mapped_column(Document)
    start_on: Mapped[date]
    end_on: Mapped[date | None]  # the last day on which it holds
    review_on: Mapped[date | None]  # when the file behind it is to be checked again
    authority: Mapped[str] = mapped_column(default="")
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement.id"))  # with another amount before
    opened_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # when it was ended
    reason: Mapped[str] = mapped_column(default="")

    human: Mapped[Human] = relationship()


class EntitlementEvent(db.Model):
    """An entitlement was opened, changed, checked or ended, and why."""

    __tablename__ = "entitlement_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"), index=True)
    kind: Mapped[str]  # opened, changed, reviewed, ended
    words: Mapped[str] = mapped_column(default="")
    who: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict] = mapped_column(Document, default=dict)
    at: Mapped[datetime] = mapped_column(Moment)


class StandingLevel(db.Model):
    """Where a person stands on a ladder, as the register told last."""

    __tablename__ = "standing_level"

    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), primary_key=True)
    ladder: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[str]
    since: Mapped[date]


class BenefitPayment(db.Model):
    """A month of an entitlement to money was paid: once for a person, service and month.

    Once more in the place of each transfer that came back (BenefitReturn).
    """

    __tablename__ = "benefit_payment"
    __table_args__ = (UniqueConstraint("service_key", "month", "human_id", "after_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_key: Mapped[str]
    month: Mapped[date]  # its first day
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    entitlement_id: Mapped[int] = mapped_column(ForeignKey("entitlement.id"))
    amount: Mapped[int] = mapped_column(BigInteger)  # in fen
    voucher: Mapped[str]  # the number of the transfer, perhaps of many at once
    # The payment in whose place this one is, for it came back; 0: the first. Plain, so that it is unique too.
    after_id: Mapped[int] = mapped_column(default=0, server_default="0")
    who: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    human: Mapped[Human] = relationship()
    came_back: Mapped["BenefitReturn | None"] = relationship(viewonly=True)


class BenefitReturn(db.Model):
    """The transfer of a month came back from the bank, so that the month is open again."""

    __tablename__ = "benefit_return"
    __table_args__ = (UniqueConstraint("payment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("benefit_payment.id"))
    on: Mapped[date] = mapped_column("came_back_on")
    reason: Mapped[str]
    who: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(EntitlementEvent.__table__)
forbid_change(BenefitPayment.__table__)
forbid_change(BenefitReturn.__table__)
