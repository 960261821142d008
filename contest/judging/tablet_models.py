"""Judges' tablets as the server knows them, and what judges report about a sheet."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import User
from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.judging.models import NUMBERED


class ServerStart(db.Model):
    """One start of the server; after a restore the newest row is another one than tablets know."""

    __tablename__ = "server_start"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class Tablet(db.Model):
    """What one tablet last said of itself while one judge was using it."""

    __tablename__ = "tablet"
    __table_args__ = (UniqueConstraint("device_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    device_id: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    name: Mapped[str]
    version: Mapped[str]
    first_seen_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    # How many seconds its clock is ahead of ours.
    offset_s: Mapped[int]
    battery: Mapped[int | None]  # per cent
    is_charging: Mapped[bool | None]
    unsent: Mapped[int]
    refused: Mapped[int]
    clashing: Mapped[int]
    made: Mapped[int]  # the order number of its latest operation
    # What it tells of every number it gave, over all its judges (number_rules.Told); None: tells nothing.
    numbers: Mapped[dict | None] = mapped_column(Document)
    keeps_pages: Mapped[bool]  # its pages open without a network
    is_lasting: Mapped[bool | None]  # its browser promised not to clear its store by itself
    # The sheet on its screen. No foreign key: an untouched sheet may be taken back meanwhile.
    sheet_id: Mapped[int | None]
    sheet_since: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class SheetFlag(db.Model):
    """ "Something is wrong here": a judge's word about a sheet, and the chief judge's answer.

    It names contestant and module itself, because an untouched sheet may be taken back.
    """

    __tablename__ = "sheet_flag"
    __table_args__ = (
        Index("ux_sheet_flag_number", "device_id", "device_seq", unique=True, **NUMBERED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    op_id: Mapped[str] = mapped_column(unique=True)
    fingerprint: Mapped[str]
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    sheet_id: Mapped[int] = mapped_column(index=True)
    module_key: Mapped[str]
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str]  # one of tablet_rules.FLAG_REASONS
    text: Mapped[str]
    device_id: Mapped[str]
    device_seq: Mapped[int | None]
    entered_at: Mapped[datetime | None] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship(foreign_keys=user_id)


class RefusedOperation(db.Model):
    """A copy of what was refused or came too late: it counts nowhere, and outlives its tablet.

    It names a sheet's number and nobody; the sheet may be taken back meanwhile.
    """

    __tablename__ = "refused_operation"
    __table_args__ = (UniqueConstraint("sheet_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    sheet_id: Mapped[int]
    op_id: Mapped[str]
    fingerprint: Mapped[str]  # of body and code: each try anew is kept once
    kind: Mapped[str]  # draft, submit, flag
    body: Mapped[str]  # as it was sent
    code: Mapped[str]  # of the refusal: invalid, closed, rules_changed, conflict …
    sentence: Mapped[dict] = mapped_column(Document)  # {"message", "params", "fields": {aspect: the same}}
    device_id: Mapped[str]
    device: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)


class TabletExcuse(db.Model):
    """The chief judge's word that a contest does not wait for what a tablet misses, and for no more."""

    __tablename__ = "tablet_excuse"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    device_id: Mapped[str]
    name: Mapped[str]
    missing: Mapped[dict] = mapped_column(Document)  # {kind: ranges of order numbers}
    counts: Mapped[dict] = mapped_column(Document)  # {judge's user id: [made, unsent, refused, clashing]}
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[User | None] = relationship()


forbid_change(RefusedOperation.__table__)
forbid_change(TabletExcuse.__table__)
