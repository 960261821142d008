"""Applications for member services."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Document, Moment, db
from contest.registry.models import Honour


class Application(db.Model):
    """An application for one service of the catalogue."""

    __tablename__ = "application"

    id: Mapped[int] = mapped_column(primary_key=True)
    service_key: Mapped[str] = mapped_column(index=True)
    # The code by which the applicant asks how things stand; random.
    receipt: Mapped[str] = mapped_column(unique=True)
    honour_id: Mapped[int | None] = mapped_column(ForeignKey("honour.id"))
    name: Mapped[str]
    phone: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    # What the service's own fields asked for, by the field's key.
    answers: Mapped[dict] = mapped_column(Document, default=dict)
    state: Mapped[str] = mapped_column(default="applied")  # applied, accepted, declined, done
    answer: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    honour: Mapped[Honour | None] = db.relationship()
