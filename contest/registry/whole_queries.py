"""Whole contests that were taken over: the list, one of them, its trail, its archive as it came."""

import io
import json
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import undefer

from contest.audit.chain_models import ChainLink
from contest.audit.chain_rules import moment_of
from contest.audit.rules import DEEDS
from contest.db import db
from contest.errors import Conflict, Missing
from contest.offline.archived_files import Archive
from contest.registry.whole_models import WholeContest
from contest.results.ledger_files import CHAIN

ROWS_A_PAGE = 100


@dataclass(frozen=True)
class TrailLine:
    """One row of the trail of a contest that was taken over, with the link that binds it."""

    seq: int
    at: datetime
    who: str
    deed: str  # English words; the bare `did` where this program has none
    subject: str
    facts: str


def list_whole():
    """Every whole contest that stands, the latest first."""
    return db.session.scalars(
        select(WholeContest).filter_by(withdrawn_at=None)
        .order_by(WholeContest.held_on.desc(), WholeContest.id.desc())
    ).all()


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


def archive_of(whole_id):
    """(file name, bytes) of the archive as it came; Missing, and Conflict once it was withdrawn."""
    found = db.session.scalar(
        select(WholeContest).filter_by(id=whole_id).options(undefer(WholeContest.content))
    )
    if found is None:
        raise Missing("There is no such contest in the archive.")
    if found.content is None:
        raise Conflict("This has been withdrawn, and its archive was deleted.")
    return found.file_name, found.content


def count_trail(content):
    """How many rows the trail in an archive (its bytes) has."""
    return sum(1 for _ in _trail_lines(content))


def trail_page(whole_id, page):
    """(TrailLines, page, number of pages): rows of the trail in the archive, the newest first.

    The chain is read once, and no more of it is kept than the page shows.
    """
    _, content = archive_of(whole_id)
    rows = get_whole(whole_id).shown.get("trail")
    if rows is None:  # taken over by a version that did not count them
        rows = count_trail(content)
    pages = max(1, -(-rows // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    end = rows - (page - 1) * ROWS_A_PAGE
    piece = list(islice(_trail_lines(content), max(0, end - ROWS_A_PAGE), end))
    return [_line(each) for each in reversed(piece)], page, pages


def _trail_lines(content):
    # The kind is the second field of a line; what stands in the text of a row may look like it.
    return (
        line for line in Archive(io.BytesIO(content)).lines(CHAIN) if line.split(b"\t", 2)[1:2] == [b"trail"]
    )


def _line(line):
    fields = line.rstrip(b"\n").split(b"\t")
    row = json.loads(fields[-1] or b"{}")  # its row may have been erased before the archive was written
    did = row.get("did", "")
    return TrailLine(
        int(fields[0]), moment_of(row.get("at", int(fields[3]))), row.get("who", "–"),
        DEEDS.get(did, did or "–"), row.get("subject", ""),
        json.dumps(row.get("facts", {}), ensure_ascii=False),
    )
