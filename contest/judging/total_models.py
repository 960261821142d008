"""What a tablet last told of the sheets that it handed in, beside what the ledger had; words on it."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.accounts.models import User
from contest.audit.models import forbid_change
from contest.db import Document, Moment, db


class SheetTotal(db.Model):
    """One tablet in one judge's hands in one contest, at its latest comparison; it moves no mark."""

    __tablename__ = "sheet_total"
    __table_args__ = (UniqueConstraint("contest_id", "user_id", "device_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    device_id: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str]  # over the sheets that it told of, as it reckoned them
    # Ids of sheets by what came of the comparison: equal, elsewhere, missing, differing, untold.
    found: Mapped[dict] = mapped_column(Document)
    # {sheet id: [revision told, digest told, digest held]} of what was wrong, until it is equal.
    wrong: Mapped[dict] = mapped_column(Document, server_default="{}")
    at: Mapped[datetime] = mapped_column(Moment)

    user: Mapped[User] = relationship()


class TotalRuling(db.Model):
    """The chief judge's word that results may stand although a tablet says something else; for no more."""

    __tablename__ = "total_ruling"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    device_id: Mapped[str]
    name: Mapped[str]
    wrong: Mapped[dict] = mapped_column(Document)  # as SheetTotal.wrong, as it was then
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)

    by: Mapped[User | None] = relationship(foreign_keys=by_id)


forbid_change(TotalRuling.__table__)
