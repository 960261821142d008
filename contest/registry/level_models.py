"""Ladders of the house, what is known of people's careers, and the history of levels as tables."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.people.models import Human


class LadderVersion(db.Model):
    """A ladder as the house took it up, or laid it down; of each key the latest version holds."""

    __tablename__ = "ladder_version"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    number: Mapped[int]
    text: Mapped[str]  # TOML, as ladder_rules reads it
    is_in_force: Mapped[bool] = mapped_column(default=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ContestLevel(db.Model):
    """At which level a contest counts for ladders; without one it meets no condition."""

    __tablename__ = "contest_level"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    level: Mapped[str]  # ladder_rules.CONTEST_LEVELS
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class CareerFact(db.Model):
    """A grade, the first day in the trade, or hours of training, with where that is known from."""

    __tablename__ = "career_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    kind: Mapped[str]  # level_rules.FACTS
    number: Mapped[int]  # the grade, or the hours; 0 where the day is the fact
    on: Mapped[date] = mapped_column("on_day")
    source: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    struck_at: Mapped[datetime | None] = mapped_column(Moment)
    struck_reason: Mapped[str] = mapped_column(default="")


class LevelDecision(db.Model):
    """A move on a ladder that somebody confirmed or refused; it may wait for a second person."""

    __tablename__ = "level_decision"
    __table_args__ = (
        # One open decision for each person and ladder, also when two browsers act in the same moment.
        Index("ux_level_decision_open", "human_id", "ladder", unique=True,
              sqlite_where=text("outcome = ''"), postgresql_where=text("outcome = ''")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    ladder: Mapped[str]
    act: Mapped[str]  # level_rules.ACTS
    was: Mapped[str]  # keys of steps; "" is none
    step: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    grounds: Mapped[dict] = mapped_column(Document)
    outcome: Mapped[str] = mapped_column(default="")  # level_rules.OUTCOMES
    outcome_reason: Mapped[str] = mapped_column(default="")
    first_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    first_at: Mapped[datetime] = mapped_column(Moment)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)

    human: Mapped[Human] = relationship()


class LevelEvent(db.Model):
    """Somebody moved on a ladder; the latest row of a person and ladder says where he stands."""

    __tablename__ = "level_event"
    __table_args__ = (Index("ix_level_event_human_id_ladder", "human_id", "ladder", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"))
    ladder: Mapped[str]
    was: Mapped[str]
    now: Mapped[str]
    kind: Mapped[str]  # level_rules.MOVES
    on: Mapped[date] = mapped_column("on_day")
    reason: Mapped[str] = mapped_column(default="")
    document_number: Mapped[str] = mapped_column(default="")
    grounds: Mapped[dict] = mapped_column(Document)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


for _table in (LadderVersion, LevelEvent):
    forbid_change(_table.__table__)
