"""Earlier contests as their archives tell them, apart from everything that was computed here."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Document, Moment, db
from contest.people.models import Human, Organisation
from contest.registry.models import Honour


class ArchiveContest(db.Model):
    """A contest of an earlier year, brought in from a list; nothing of it was computed here."""

    __tablename__ = "archive_contest"
    __table_args__ = (
        Index(
            "uq_archive_contest_standing", "name", "held_on", unique=True,
            sqlite_where=text("withdrawn_at IS NULL"), postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date]
    contest_level: Mapped[str] = mapped_column(default="")  # ladder_rules.CONTEST_LEVELS
    authority: Mapped[str]
    document_number: Mapped[str]
    source: Mapped[str]  # where the list stands: the book, the file, its page
    file_name: Mapped[str]
    file_hash: Mapped[str]
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # who confirmed
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_reason: Mapped[str] = mapped_column(default="")

    results: Mapped[list["ArchiveResult"]] = relationship(
        back_populates="archive", order_by="ArchiveResult.id"
    )


class ArchiveResult(db.Model):
    """One line of such a list, as it stood there: a person, or a team of a unit, or a unit."""

    __tablename__ = "archive_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    archive_id: Mapped[int] = mapped_column(ForeignKey("archive_contest.id"), index=True)
    line: Mapped[int]  # of the file
    human_id: Mapped[int | None] = mapped_column(ForeignKey("human.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    unit: Mapped[str]  # the unit's name as the list has it
    team_name: Mapped[str] = mapped_column(default="")
    group: Mapped[str] = mapped_column("in_group", default="")
    place: Mapped[int | None]
    total: Mapped[str] = mapped_column(default="")  # as the list has it, a decimal
    award: Mapped[str] = mapped_column(default="")
    honour_id: Mapped[int | None] = mapped_column(ForeignKey("honour.id"), unique=True)

    archive: Mapped[ArchiveContest] = relationship(back_populates="results")
    human: Mapped[Human | None] = relationship()
    organisation: Mapped[Organisation] = relationship()
    honour: Mapped[Honour | None] = relationship()


class ArchiveImport(db.Model):
    """Such a list that was read and waits for a yes; gone after it, or after a day."""

    __tablename__ = "archive_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[dict] = mapped_column(Document)  # archive_rules.About
    file_name: Mapped[str]
    file_hash: Mapped[str]
    rows: Mapped[list] = mapped_column(Document)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
