"""What a tablet last told of the sheets that it handed in, beside what the ledger had."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Document, Moment, db


class SheetTotal(db.Model):
    """One tablet in one judge's hands in one contest, at its latest comparison; it decides nothing."""

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
    at: Mapped[datetime] = mapped_column(Moment)
