"""Theory scores as they were entered; a correction is a later row."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from contest.audit.models import forbid_change, guard_rows
from contest.db import Moment, db
from contest.theory.row_guards import GUARDS


class TheoryEntry(db.Model):
    """One score of one entrant in a module that is not judged by sheets; the latest one stands."""

    __tablename__ = "theory_entry"
    __table_args__ = (Index("ix_theory_entry_contest_id_id", "contest_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    module_key: Mapped[str]
    entrant_id: Mapped[int] = mapped_column(ForeignKey("entrant.id"))
    # In units of 1/10000 point; empty when the entrant was absent or the entry takes a score back.
    units: Mapped[int | None] = mapped_column(BigInteger)
    state: Mapped[str]  # scored, absent, void (did not finish, does not count), withdrawn (taken back)
    source: Mapped[str]  # clerk, quiz, or the name of the file
    # Why an earlier score was corrected or cleared; empty for a first one and for a list.
    reason: Mapped[str] = mapped_column(default="", server_default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)


forbid_change(TheoryEntry.__table__)
guard_rows(GUARDS)
