"""Cases of member services, what happened to them, their files, and the versions of the catalogue."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change, guard, replace_guard
from contest.db import Document, Moment, db
from contest.member_services.entitlement_models import Entitlement
from contest.people.models import Human
from contest.people.sealing import SealedDocument, SealedText
from contest.registry.models import Honour


class ServiceVersion(db.Model):
    """One version of a catalogue entry; a case keeps the version that it began with."""

    __tablename__ = "service_version"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    number: Mapped[int]
    source: Mapped[str]  # shipped: as it stood in the program's file; page: entered here
    document: Mapped[dict] = mapped_column(Document)
    document_hash: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class Case(db.Model):
    """One application for one service, from the form to the last word."""

    __tablename__ = "service_case"
    __table_args__ = (
        Index("ix_service_case_state_due_at", "state", "due_at"),
        Index("ix_service_case_service_key_state", "service_key", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # Raised with every change: whoever acts names the one that was seen.
    revision: Mapped[int] = mapped_column(default=1)
    service_key: Mapped[str]
    version_id: Mapped[int] = mapped_column(ForeignKey("service_version.id"))
    # The code by which the applicant asks how things stand; random.
    receipt: Mapped[str] = mapped_column(unique=True)
    human_id: Mapped[int | None] = mapped_column(ForeignKey("human.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    honour_id: Mapped[int | None] = mapped_column(ForeignKey("honour.id"), index=True)
    entitlement_id: Mapped[int | None] = mapped_column(ForeignKey("entitlement.id"), index=True)
    name: Mapped[str]
    # What an applicant tells of illness, income or family is sealed; so none of it is asked for by SQL.
    phone: Mapped[str] = mapped_column(SealedText("service_case.phone"))
    words: Mapped[str] = mapped_column(SealedText("service_case.words"), default="")
    answers: Mapped[dict | None] = mapped_column(  # by the field's key; money in fen
        "sealed_answers", SealedDocument("service_case.answers"), default=dict
    )
    channel: Mapped[str] = mapped_column(default="online")  # catalogue_rules.CHANNELS
    agent: Mapped[str] = mapped_column(default="")  # who came for the applicant
    station_id: Mapped[int | None] = mapped_column(ForeignKey("service_station.id"), index=True)
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("service_slot.id"), index=True)
    state: Mapped[str] = mapped_column(default="applied")  # case_rules.STATES
    step_key: Mapped[str] = mapped_column(default="")  # empty when no step is under way
    step_at: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime | None] = mapped_column(Moment)  # empty while no clock runs
    is_first: Mapped[bool] = mapped_column(default=False)  # green lane
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    amount: Mapped[int | None] = mapped_column(BigInteger)  # granted, in fen
    amount_parts: Mapped[list | None] = mapped_column(Document)
    aids: Mapped[list | None] = mapped_column(Document)  # kinds of aid that were granted
    answer: Mapped[str] = mapped_column(default="")  # the last word to the applicant
    at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    over_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # when the entitlement behind it ended
    scores: Mapped[dict | None] = mapped_column(Document)  # the feedback: question: 1 to 5
    times_late: Mapped[int] = mapped_column(default=0)  # steps that were done after their deadline
    erased_at: Mapped[datetime | None] = mapped_column(Moment)

    version: Mapped[ServiceVersion] = relationship()
    honour: Mapped[Honour | None] = relationship()
    human: Mapped[Human | None] = relationship()
    entitlement: Mapped[Entitlement | None] = relationship(foreign_keys=[entitlement_id])

    __mapper_args__ = {"version_id_col": revision}


class CaseEvent(db.Model):
    """One thing that happened to a case: the history that applicant and office read."""

    __tablename__ = "case_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("service_case.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    kind: Mapped[str]  # case_rules.EVENTS
    was: Mapped[str] = mapped_column(default="")
    now: Mapped[str] = mapped_column(default="")
    step_key: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(SealedText("case_event.words"), default="")
    is_inner: Mapped[bool] = mapped_column(default=False)  # the office alone reads it
    is_late: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict] = mapped_column(Document, default=dict)


class CaseFile(db.Model):
    """A file that came with a case, in the database, so that a backup holds it; its content may be erased."""

    __tablename__ = "case_file"
    __table_args__ = (UniqueConstraint("case_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("service_case.id"))
    number: Mapped[int]
    field_key: Mapped[str] = mapped_column(default="")
    name: Mapped[str]  # as the sender called it; shown, never used as a path
    ending: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[datetime] = mapped_column(Moment)


class ServiceSetting(db.Model):
    """A figure that holds in a region from a day on, for instance the minimum standard, in fen a month."""

    __tablename__ = "service_setting"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    region: Mapped[str]
    value: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(Moment)
    source: Mapped[str] = mapped_column(default="")  # the document that says so
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


class ServiceDuty(db.Model):
    """Who holds a duty that steps name (chair, mediator, …); ended_at: until when."""

    __tablename__ = "service_duty"

    id: Mapped[int] = mapped_column(primary_key=True)
    duty: Mapped[str] = mapped_column(index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)


class UnitBudget(db.Model):
    """A unit's budget of one year for a service, in fen; the latest row of a unit and year holds."""

    __tablename__ = "unit_budget"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_key: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    year: Mapped[int]
    total: Mapped[int] = mapped_column(BigInteger)
    for_members: Mapped[int] = mapped_column(BigInteger)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


for _table in (ServiceVersion, ServiceSetting, UnitBudget):
    forbid_change(_table.__table__)

# What happened to a case stays; of an erased person's case the words go, for good, and nothing else.
# Sealed anew (another key) they stay the same words to whoever reads them.
_KEPT = ("id", "case_id", "at", "who", "kind", "was", "now", "step_key", "is_inner", "is_late")
EVENT_GUARDS_SQLITE = [
    "CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event WHEN "
    + " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in (*_KEPT, "user_id", "facts"))
    + " OR (NEW.words <> '' AND (OLD.words = '' OR NEW.words NOT LIKE 'personal:%'))"
    " BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END",
    "CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event "
    "BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END",
    replace_guard("case_event", [(("id",), "")]),
]
EVENT_GUARDS_POSTGRES = [
    "CREATE OR REPLACE FUNCTION keep_case_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' OR "
    + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in (*_KEPT, "user_id", "facts"))
    + " OR (NEW.words <> '' AND (OLD.words = '' OR NEW.words NOT LIKE 'personal:%'))"
    " THEN RAISE EXCEPTION 'this table is append-only'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_event_no_change BEFORE UPDATE OR DELETE ON case_event "
    "FOR EACH ROW EXECUTE FUNCTION keep_case_event()",
    "CREATE TRIGGER case_event_keeps BEFORE TRUNCATE ON case_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
]
guard(CaseEvent.__table__, EVENT_GUARDS_SQLITE, EVENT_GUARDS_POSTGRES)

# A file never changes and never goes; what is erased is its content, for good.
FILE_GUARDS_SQLITE = [
    "CREATE TRIGGER case_file_no_change BEFORE UPDATE ON case_file WHEN NEW.content IS NOT NULL "
    "OR NEW.sha256 <> OLD.sha256 OR NEW.case_id <> OLD.case_id OR NEW.number <> OLD.number "
    "OR NEW.size <> OLD.size BEGIN SELECT RAISE(ABORT, 'case_file is append-only'); END",
    "CREATE TRIGGER case_file_keeps BEFORE DELETE ON case_file "
    "BEGIN SELECT RAISE(ABORT, 'case_file is append-only'); END",
]
FILE_GUARDS_POSTGRES = [
    "CREATE OR REPLACE FUNCTION keep_case_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' OR NEW.content IS NOT NULL OR NEW.sha256 <> OLD.sha256 "
    "OR NEW.case_id <> OLD.case_id OR NEW.number <> OLD.number OR NEW.size <> OLD.size "
    "THEN RAISE EXCEPTION 'this table is append-only'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER case_file_no_change BEFORE UPDATE OR DELETE ON case_file "
    "FOR EACH ROW EXECUTE FUNCTION keep_case_file()",
]
guard(CaseFile.__table__, FILE_GUARDS_SQLITE, FILE_GUARDS_POSTGRES)
