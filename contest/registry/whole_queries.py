"""Whole contests that were taken over: the list, one of them, its archive as it came."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import undefer

from contest.audit.chain_models import ChainLink
from contest.db import db
from contest.errors import Conflict, Missing
from contest.registry.whole_models import WholeContest


@dataclass(frozen=True)
class WholeLine:
    """A whole contest as a list has it. host: who held it, as its archive says."""

    id: int
    name: str
    name_en: str
    held_on: date | None
    host: str


def list_whole():
    """The WholeLine of every whole contest that stands, the latest first."""
    host = WholeContest.shown["about"]["host"].as_string()  # all that is shown of each may be megabytes
    rows = db.session.execute(
        select(WholeContest.id, WholeContest.name, WholeContest.name_en, WholeContest.held_on, host)
        .where(WholeContest.withdrawn_at.is_(None))
        .order_by(WholeContest.held_on.desc(), WholeContest.id.desc())
    )
    return [WholeLine(*row[:4], row[4] or "") for row in rows]


def get_whole(whole_id):
    """The contest, also a withdrawn one, or Missing."""
    found = db.session.get(WholeContest, whole_id)
    if found is None:
        raise Missing("There is no such contest in the archive.")
    return found


def is_there(genesis):
    """True when a contest whose chain begins so was taken over and stands, or is one of the house's own."""
    taken = select(WholeContest.id).filter_by(genesis=genesis, withdrawn_at=None)
    own = select(ChainLink.contest_id).filter_by(seq=1, hash=bytes.fromhex(genesis))
    return any(db.session.scalar(each.limit(1)) is not None for each in (taken, own))


def has_archive(whole_id):
    """True while the archive as it came is here."""
    return db.session.scalar(select(WholeContest.content.is_not(None)).filter_by(id=whole_id))


def archive_of(whole_id):
    """(file name, bytes) of the archive as it came; Missing, and Conflict once it was withdrawn."""
    found = db.session.scalar(
        select(WholeContest).filter_by(id=whole_id).options(undefer(WholeContest.content))
    )
    if found is None:
        raise Missing("There is no such contest in the archive.")
    if found.content is None and found.withdrawn_at is None:
        raise Conflict("The time for which this archive is kept is over, and it was deleted.")
    if found.content is None:
        raise Conflict("This has been withdrawn, and its archive was deleted.")
    return found.file_name, found.content
