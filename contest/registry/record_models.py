"""Records: what is compared, which contests belong to it, and which results were or are the best."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Document, Moment, db
from contest.people.models import Entrant, Team
from contest.setup.models import Contest


class RecordLine(db.Model):
    """One record as somebody defined it; what is compared stays as it is from the first contest on."""

    __tablename__ = "record_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    event: Mapped[str]  # the trade or discipline (工种, 项目)
    # Who sets it: record_rules.HOLDERS.
    holder: Mapped[str] = mapped_column(default="person", server_default="person")
    what: Mapped[str]  # record_rules.WHATS
    key: Mapped[str] = mapped_column(default="")  # of the module or the recorded figure
    better: Mapped[str]  # record_rules.BETTERS
    unit: Mapped[str]  # points, seconds, …: as it is printed
    level: Mapped[str]  # ladder_rules.CONTEST_LEVELS
    group: Mapped[str] = mapped_column("group_name", default="")  # of entrants; empty: everybody
    # Values and the maximum are ints in the scoring's units; a recorded figure has no maximum.
    top: Mapped[int | None] = mapped_column(BigInteger)
    places: Mapped[int]
    # The record to beat from before the program; empty without one.
    earlier_name: Mapped[str] = mapped_column(default="")
    earlier_unit: Mapped[str] = mapped_column(default="")
    earlier_value: Mapped[int | None] = mapped_column(BigInteger)
    earlier_on: Mapped[date | None]
    earlier_source: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    # Empty while results are compared for it.
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_reason: Mapped[str] = mapped_column(default="")


class RecordContest(db.Model):
    """A contest that somebody declared to be comparable, and let into a record."""

    __tablename__ = "record_contest"
    __table_args__ = (
        Index("ux_record_contest_in", "line_id", "contest_id", unique=True,
              sqlite_where=text("out_at IS NULL"), postgresql_where=text("out_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("record_line.id"), index=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    # Empty while it belongs to the record.
    out_at: Mapped[datetime | None] = mapped_column(Moment)
    out_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    out_reason: Mapped[str] = mapped_column(default="")

    contest: Mapped[Contest] = relationship()


class RecordMark(db.Model):
    """A final result that beat or equalled what stood: proposed, then confirmed or refused, or taken back.

    The name and the unit are those of the published results; a person's name goes when the person is erased.
    It is an entrant's, or a team's with its members.
    """

    __tablename__ = "record_mark"
    __table_args__ = (
        CheckConstraint(
            "state IN ('proposed', 'confirmed', 'refused', 'withdrawn')", name="state_known"
        ),
        CheckConstraint("(entrant_id IS NULL) <> (team_id IS NULL)", name="one_holder"),
        # One for each result, also when two publications come in the same moment.
        Index("ux_record_mark_live", "line_id", "contest_id", "entrant_id", unique=True,
              sqlite_where=text("state IN ('proposed', 'confirmed')"),
              postgresql_where=text("state IN ('proposed', 'confirmed')")),
        Index("ux_record_mark_live_team", "line_id", "contest_id", "team_id", unique=True,
              sqlite_where=text("state IN ('proposed', 'confirmed')"),
              postgresql_where=text("state IN ('proposed', 'confirmed')")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("record_line.id"), index=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    # One of the two.
    entrant_id: Mapped[int | None] = mapped_column(ForeignKey("entrant.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    # The published revision that holds it, and through it the marks behind it.
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    value: Mapped[int] = mapped_column(BigInteger)
    on: Mapped[date] = mapped_column("on_day")
    name: Mapped[str]
    unit: Mapped[str]
    state: Mapped[str] = mapped_column(default="proposed")  # record_rules.STATES
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    # Who confirmed or refused it.
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    refused_reason: Mapped[str] = mapped_column(default="")
    # Why it was taken back, as pages store sentences: {"message", "params"}.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_why: Mapped[dict | None] = mapped_column(Document)

    line: Mapped[RecordLine] = relationship()
    contest: Mapped[Contest] = relationship()
    entrant: Mapped[Entrant | None] = relationship()
    team: Mapped[Team | None] = relationship()
    members: Mapped[list["RecordMember"]] = relationship(order_by="RecordMember.id")

    @property
    def holder_id(self):
        """The id of the entrant, or of the team."""
        return self.entrant_id or self.team_id


class RecordMember(db.Model):
    """Who was in the team when it set a record; the name goes when the person is erased."""

    __tablename__ = "record_member"
    __table_args__ = (UniqueConstraint("mark_id", "entrant_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mark_id: Mapped[int] = mapped_column(ForeignKey("record_mark.id"), index=True)
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"), index=True)
    name: Mapped[str]

    entrant: Mapped[Entrant] = relationship()
