"""Invitations of members, where codes are sent, what was erased, and numbers that two people take out."""

from datetime import datetime

from sqlalchemy import ForeignKey, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.audit.models import forbid_change
from contest.db import Document, Moment, db
from contest.people.models import Human
from contest.people.sealing import SealedText


class MemberInvitation(db.Model):
    """A link, good for one account, by which a person gets a page of their own."""

    __tablename__ = "member_invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    # When it was taken up, withdrawn, or replaced by a newer one.
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    human: Mapped[Human] = relationship()


class CodeAddress(db.Model):
    """The e-mail address to which a person's one-time codes are sent."""

    __tablename__ = "code_address"

    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), primary_key=True, autoincrement=False)
    address: Mapped[str] = mapped_column(SealedText("code_address.address"))
    # The person also wants to hear there that something is to be read.
    tells_news: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class NewsPhone(db.Model):
    """The telephone on which a person wants to hear that something is to be read."""

    __tablename__ = "news_phone"

    human_id: Mapped[int] = mapped_column(ForeignKey("human.id"), primary_key=True, autoincrement=False)
    number: Mapped[str] = mapped_column(SealedText("news_phone.number"))
    at: Mapped[datetime] = mapped_column(Moment)


class Erasure(db.Model):
    """A person's data were erased: when, by whom, why, and what stays and on what ground."""

    __tablename__ = "personal_erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    # Plain: the row must stand in whatever database the erasure is done again; 0 where that does not know
    # the person, for it may give the number to somebody else, and of a nomination.
    human_id: Mapped[int] = mapped_column(index=True)
    # The rows that had been found to be this person, and went with it.
    also: Mapped[list] = mapped_column("also_ids", Document, default=list, server_default=text("'[]'"))
    # Where it was a nomination that is tied to no person; plain as well.
    nomination_id: Mapped[int | None]
    # The nominations that went with a person: a copy may know them and not the person, or under another name.
    nomination_ids: Mapped[list] = mapped_column(Document, default=list, server_default=text("'[]'"))
    # Names in contests that were taken over from elsewhere: [hash of the first link, entrant's number there].
    whole_names: Mapped[list] = mapped_column(Document, default=list, server_default=text("'[]'"))
    mark: Mapped[str] = mapped_column(unique=True)  # the same in the journal outside of the database
    at: Mapped[datetime] = mapped_column(Moment)
    who: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str]
    kept: Mapped[list] = mapped_column(Document, default=list)


class NumbersRequest(db.Model):
    """Identity numbers of so many people are to be taken out in a file: asked by one, allowed by another."""

    __tablename__ = "numbers_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), index=True)
    reason: Mapped[str]
    count: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    allowed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    allowed_at: Mapped[datetime | None] = mapped_column(Moment)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)


forbid_change(Erasure.__table__)
