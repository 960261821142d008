"""Accounts, roles, sessions and judges' cards as tables."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Moment, db


class User(db.Model):
    """A person who can sign in."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Judges who enter by card have a login too: it is what the card's QR stands for in words.
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str | None]
    pin_hash: Mapped[str | None]
    language: Mapped[str | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    # Failed attempts in a row; kept here because several processes serve one installation.
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime | None] = mapped_column(Moment)
    # Who last gave this account a password or a PIN, and so knows or knew it; None: the owner, a
    # program, or nobody knows. Plain numbers: SQLite adds no foreign key to a table that stands.
    password_by_id: Mapped[int | None]
    password_at: Mapped[datetime | None] = mapped_column(Moment)
    password_is_given: Mapped[bool] = mapped_column(default=False)  # until its owner replaces it
    # While it is given: when it opens nothing any more; None: given before this was asked.
    password_until: Mapped[datetime | None] = mapped_column(Moment)
    pin_by_id: Mapped[int | None]
    pin_at: Mapped[datetime | None] = mapped_column(Moment)

    grants: Mapped[list["Grant"]] = relationship(back_populates="user")


class Grant(db.Model):
    """A role of one person, in one contest or (contest_id empty) in the whole installation."""

    __tablename__ = "role_grant"
    __table_args__ = (UniqueConstraint("user_id", "role", "contest_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[str]
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"))
    granted_by_id: Mapped[int | None]  # None: a program, or given before this was kept
    granted_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship(back_populates="grants")


class AuthSession(db.Model):
    """One signed-in device; the cookie holds a token of which only the hash is kept here."""

    __tablename__ = "auth_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    device: Mapped[str]
    entered_by: Mapped[str]  # password, card, set-up code
    started_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    # After so many seconds without a touch the word is asked for again; None: never.
    idle_s: Mapped[int | None]
    acted_at: Mapped[datetime | None] = mapped_column(Moment)  # the last touch that was heard of
    locked_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class Card(db.Model):
    """A printed card with a QR code; it opens the PIN page of its owner."""

    __tablename__ = "entry_card"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class Invitation(db.Model):
    """A link that lets a unit's contact make an account and register the unit's people."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class Installation(db.Model):
    """Facts about this installation, such as the hash of its one-time set-up code."""

    __tablename__ = "installation"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
