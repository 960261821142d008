"""Screens, the pictures that they show, and reveals."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Document, Moment, db


class Screen(db.Model):
    """A screen in the hall: its name, its secret address, what it is to show, when it was last heard."""

    __tablename__ = "screen"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    name: Mapped[str]
    token: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    shows: Mapped[str] = mapped_column(default="blank")  # screen_rules.SHOWS
    options: Mapped[dict] = mapped_column(Document, default=dict)
    # Grows with every switch, so that a page knows it is old.
    version: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    # What the page last said it shows (screen_rules.mark_of), and whether anything is to be seen.
    seen_mark: Mapped[str] = mapped_column(default="")
    is_dark: Mapped[bool] = mapped_column(default=False)


class ScreenPicture(db.Model):
    """A sponsor's picture, in the database, so that a backup and every board node hold it."""

    __tablename__ = "screen_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    name: Mapped[str]  # as the sender called it; shown, never used as a path
    ending: Mapped[str]  # screen_rules.PICTURES
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Reveal(db.Model):
    """One reveal: the script made from a revision of results, and the step where it stands."""

    __tablename__ = "reveal"
    __table_args__ = (
        # One at a time in a contest, whoever presses the button.
        Index(
            "uq_reveal_running", "contest_id", unique=True,
            sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    kind: Mapped[str]  # rules.KINDS
    options: Mapped[dict] = mapped_column(Document)
    result_sheet_id: Mapped[int] = mapped_column(ForeignKey("result_sheet.id"))
    revision: Mapped[int]
    # Kept as it was made: no later revision, vote or plan changes a reveal that has begun.
    script: Mapped[dict] = mapped_column(Document)
    script_hash: Mapped[str]
    step: Mapped[int] = mapped_column(default=0)
    is_blank: Mapped[bool] = mapped_column(default=False)
    is_paused: Mapped[bool] = mapped_column(default=False)
    began_at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
