"""What members paid a year towards a service, and what of it was entered by mistake."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change, guard_rows
from contest.db import Moment, db
from contest.member_services.row_guards import GUARDS
from contest.people.models import Human


class PaidContribution(db.Model):
    """One person's contribution of one year to one service, as the cashier entered it.

    It never changes: of a person who was found to be another it counts for both rows, and goes back with
    its own when they are parted (person_queries.rows_of).
    """

    __tablename__ = "paid_contribution"
    __table_args__ = (Index("ix_paid_contribution_service_key_year", "service_key", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    service_key: Mapped[str]
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    year: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)  # in fen
    paid_on: Mapped[date]
    reference: Mapped[str] = mapped_column(default="")  # of the receipt or the transfer
    file_name: Mapped[str] = mapped_column(default="")  # empty: entered by hand
    who: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    human: Mapped[Human] = relationship()
    taken_back: Mapped["TakenBackContribution | None"] = relationship(viewonly=True)


class TakenBackContribution(db.Model):
    """A contribution that was entered wrongly, or paid back: it counts no longer, once and for all."""

    __tablename__ = "taken_back_contribution"
    __table_args__ = (UniqueConstraint("contribution_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("paid_contribution.id"))
    reason: Mapped[str]
    who: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(PaidContribution.__table__)
forbid_change(TakenBackContribution.__table__)
guard_rows(GUARDS)
