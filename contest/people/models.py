"""Organisations, people, teams, entrants, judges and panels as tables."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change, guard_rows
from contest.db import Document, Moment, db
from contest.people.row_guards import GUARDS


class Organisation(db.Model):
    """A company, school or unit that sends people."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    name_en: Mapped[str] = mapped_column(default="")
    region: Mapped[str] = mapped_column(default="")


class FormerName(db.Model):
    """What an organisation was called until a day; what was printed under it keeps it."""

    __tablename__ = "former_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    until: Mapped[date]
    document_number: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(FormerName.__table__)


class Human(db.Model):
    """A person who competes; the same row in every contest and in the registry."""

    __tablename__ = "human"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    name_key: Mapped[str] = mapped_column(default="")  # pinyin, for sorting and search
    gender: Mapped[str] = mapped_column(default="")  # people.rules.GENDERS: female, male, empty
    born_on: Mapped[date | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    # The row that this one was found to be; whatever is known of the person stands there.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("human.id"), index=True)

    organisation: Mapped[Organisation | None] = relationship()


class PersonAccount(db.Model):
    """Whose account it is: who signs in with it sees what is this person's own."""

    __tablename__ = "person_account"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), unique=True)
    linked_at: Mapped[datetime] = mapped_column(Moment)
    linked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    human: Mapped[Human] = relationship()


class Team(db.Model):
    """A team of one organisation in one contest."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("contest_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]

    organisation: Mapped[Organisation] = relationship()


class Entrant(db.Model):
    """One person's place in one contest."""

    __tablename__ = "entrant"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        UniqueConstraint("contest_id", "human_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id"), index=True)
    number: Mapped[str]  # the entry number that is printed on the admission card
    group: Mapped[str] = mapped_column("group_name", default="")  # e.g. workers, students
    trade: Mapped[str] = mapped_column(default="")
    skill_level: Mapped[str] = mapped_column(default="")  # people.rules.SKILL_LEVELS
    employment: Mapped[str] = mapped_column(default="")  # people.rules.EMPLOYMENTS
    # Where the entrant was judged, for contests that make rooms comparable.
    room: Mapped[str] = mapped_column(default="", server_default="")
    # Titles held already: awards may pass over whoever has one.
    titles: Mapped[list] = mapped_column(Document, default=list, server_default=text("'[]'"))
    checked_in_at: Mapped[datetime | None] = mapped_column(Moment)
    # A random word in the QR code of the admission card; it opens nothing but check-in.
    check_in_token: Mapped[str] = mapped_column(unique=True)

    human: Mapped[Human] = relationship()
    organisation: Mapped[Organisation] = relationship()
    team: Mapped[Team | None] = relationship()


class StateEvent(db.Model):
    """A change of an entrant's state (normal, absent, withdrawn, ...); the latest one stands."""

    __tablename__ = "state_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    # Empty: the whole contest; else the module's key (only normal and absent then).
    module_key: Mapped[str] = mapped_column(default="")
    state: Mapped[str]  # people.rules.ENTRANT_STATES
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Judge(db.Model):
    """A judge of one contest; judges enter with the account that `user_id` names."""

    __tablename__ = "judge"
    __table_args__ = (UniqueConstraint("contest_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[str]
    # The unit a judge comes from; never judges its own people.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    specialities: Mapped[list] = mapped_column(Document, default=list)

    organisation: Mapped[Organisation | None] = relationship()


class PanelSeat(db.Model):
    """A judge on a module's panel, in a seat (1, 2, …); reserves sit behind the panel's size.

    Trainees sit in seats above people.rules.PRACTICE: 2001 is the second one, beside seat 1.
    """

    __tablename__ = "panel_seat"
    __table_args__ = (
        UniqueConstraint("contest_id", "module_key", "seat"),
        UniqueConstraint("contest_id", "module_key", "judge_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    module_key: Mapped[str]
    seat: Mapped[int]
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"))

    judge: Mapped[Judge] = relationship()


class Recusal(db.Model):
    """A judge keeps away from somebody, or from a whole organisation's people (回避)."""

    __tablename__ = "recusal"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    judge_id: Mapped[int] = mapped_column(ForeignKey("judge.id"), index=True)
    # One of the two.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    entrant_id: Mapped[int | None] = mapped_column(ForeignKey("entrant.id"))
    relation: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    judge: Mapped[Judge] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    entrant: Mapped[Entrant | None] = relationship()


forbid_change(Recusal.__table__)


class PendingImport(db.Model):
    """A file that was read but not yet confirmed; gone after confirming or a day."""

    __tablename__ = "pending_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    kind: Mapped[str]  # roster, judges, scores
    file_name: Mapped[str]
    file_hash: Mapped[str]
    rows: Mapped[list] = mapped_column(Document)
    # What a person should look at before confirming (people.tables.Problem as documents).
    notes: Mapped[list] = mapped_column(Document, default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(StateEvent.__table__)
guard_rows(GUARDS)
