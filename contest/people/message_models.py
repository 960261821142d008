"""What the organiser tells those who take part; it is never changed, only followed by another."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change
from contest.db import Moment, db


class ParticipantMessage(db.Model):
    """One message of a contest to everybody in it, or to one kind of them."""

    __tablename__ = "participant_message"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    audience: Mapped[str]  # message_rules.AUDIENCES
    title: Mapped[str]
    words: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(ParticipantMessage.__table__)
