"""Tokens, and the answers that were given under an Idempotency-Key."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import User
from contest.db import Document, Moment, db


class ApiToken(db.Model):
    """A word by which a program acts for its owner, in fewer things than the owner; only its hash is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    contest_id: Mapped[int | None] = mapped_column(ForeignKey("contest.id"), index=True)
    scopes: Mapped[list] = mapped_column(Document)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])


class KeptAnswer(db.Model):
    """A request that carried an Idempotency-Key: kept for good, so that no repeat is ever done twice.

    Guests (user_id None) share their keys; of theirs only so many are kept, for so long (rules).
    """

    __tablename__ = "api_answer"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("uq_api_answer_guest_key", "key", unique=True, sqlite_where=text("user_id IS NULL"),
              postgresql_where=text("user_id IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    key: Mapped[str]
    fingerprint: Mapped[str]
    status: Mapped[int | None]  # None: begun, and not answered yet
    body: Mapped[dict | None] = mapped_column(Document)
    at: Mapped[datetime] = mapped_column(Moment)
