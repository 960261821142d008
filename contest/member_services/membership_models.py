"""Who is a member of the union, in which unit, from when to when."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Moment, db
from contest.people.models import Human, Organisation


class Membership(db.Model):
    """One membership of one person; state: placed (in a unit), active, ended."""

    __tablename__ = "membership"
    __table_args__ = (
        # One that is not ended at a time.
        Index("uq_membership_open", "human_id", unique=True, sqlite_where=text("state <> 'ended'"),
              postgresql_where=text("state <> 'ended'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[str | None] = mapped_column(unique=True)  # given when it is confirmed
    since: Mapped[date | None]
    until: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="placed")
    reason: Mapped[str] = mapped_column(default="")
    pack_given_at: Mapped[datetime | None] = mapped_column(Moment)

    human: Mapped[Human] = relationship()
    organisation: Mapped[Organisation] = relationship()


class JoiningGoal(db.Model):
    """How many people work in a unit's field who could join; the latest row of a unit holds."""

    __tablename__ = "joining_goal"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    workers: Mapped[int]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(JoiningGoal.__table__)
