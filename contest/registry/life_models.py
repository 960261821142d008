"""Works and patents, who trained whom, and studios with their alliances as tables (R1 to R3)."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Moment, db
from contest.people.models import Human
from contest.registry.models import Craftsman


class CraftsmanWork(db.Model):
    """A work or a patent of a craftsman, with where it is on record."""

    __tablename__ = "craftsman_work"

    id: Mapped[int] = mapped_column(primary_key=True)
    craftsman_id: Mapped[int] = mapped_column(ForeignKey("craftsman.id"), index=True)
    kind: Mapped[str]  # life_rules.KINDS
    title: Mapped[str]
    number: Mapped[str] = mapped_column(default="")  # of the patent, or of the record
    on: Mapped[date] = mapped_column("on_day")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class MasterTie(db.Model):
    """A master trained an apprentice; rewards may follow the tie (R3)."""

    __tablename__ = "master_tie"
    __table_args__ = (
        UniqueConstraint("master_id", "apprentice_id"),
        CheckConstraint("master_id <> apprentice_id", name="two_people"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    master_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    apprentice_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    since: Mapped[date]
    until: Mapped[date | None]
    document_number: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    master: Mapped[Human] = relationship(foreign_keys=[master_id])
    apprentice: Mapped[Human] = relationship(foreign_keys=[apprentice_id])


class UnitWords(db.Model):
    """The line of life on a unit's page."""

    __tablename__ = "unit_words"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class StudioAlliance(db.Model):
    """Several studios that work together, also across regions (R2)."""

    __tablename__ = "studio_alliance"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    founded_on: Mapped[date]

    studios: Mapped[list["Studio"]] = relationship(back_populates="alliance")


class Studio(db.Model):
    """An innovation studio named for a craftsman, with what it has done so far (R2)."""

    __tablename__ = "studio"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    craftsman_id: Mapped[int] = mapped_column(ForeignKey("craftsman.id"), index=True)
    unit: Mapped[str] = mapped_column(default="")
    founded_on: Mapped[date]
    inventions: Mapped[int] = mapped_column(default=0)
    utility_patents: Mapped[int] = mapped_column(default=0)
    results_used: Mapped[int] = mapped_column(default=0)
    benefit: Mapped[int] = mapped_column(BigInteger, default=0)  # yuan
    trained: Mapped[int] = mapped_column(default=0)  # person-times
    experts: Mapped[int] = mapped_column(default=0)
    technicians: Mapped[int] = mapped_column(default=0)
    alliance_id: Mapped[int | None] = mapped_column(ForeignKey("studio_alliance.id"))
    at: Mapped[datetime] = mapped_column(Moment)  # when the figures were entered last

    craftsman: Mapped[Craftsman] = relationship()
    alliance: Mapped[StudioAlliance | None] = relationship(back_populates="studios")
