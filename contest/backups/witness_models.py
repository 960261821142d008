"""Outside persons who keep a contest's heads, and the letters that went to them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Moment, db


class HeadWitness(db.Model):
    """Somebody outside to whom the head of the chain is sent."""

    __tablename__ = "head_witness"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    name: Mapped[str]
    address: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)  # taken off the list


class HeadLetter(db.Model):
    """A head as it was written to a witness; sent_at is empty as long as it could not be sent."""

    __tablename__ = "head_letter"

    id: Mapped[int] = mapped_column(primary_key=True)
    witness_id: Mapped[int] = mapped_column(ForeignKey("head_witness.id"), index=True)
    occasion: Mapped[str]
    state: Mapped[str]
    publications: Mapped[int]
    revisions: Mapped[int]
    seq: Mapped[int]
    hash: Mapped[str]
    at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
