"""Whole contests that were taken over: the list, one of them, its trail, its archive as it came."""

import io
import json
import zipfile
from collections import deque
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import undefer

from contest.audit.chain_models import ChainLink
from contest.audit.chain_rules import moment_of
from contest.audit.rules import DEEDS
from contest.db import db
from contest.errors import Conflict, Missing
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


def trail_page(whole_id, page):
    """(TrailLines, page, number of pages): rows of the trail in the archive, the newest first."""
    _, content = archive_of(whole_id)
    rows = deque()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(CHAIN) as chain:
        for line in chain:
            if b"\ttrail\t" in line[:40]:
                rows.appendleft(line)
    pages = max(1, -(-len(rows) // ROWS_A_PAGE))
    page = min(max(1, page), pages)
    piece = list(rows)[(page - 1) * ROWS_A_PAGE:page * ROWS_A_PAGE]
    return [_line(each) for each in piece], page, pages


def _line(line):
    fields = line.rstrip(b"\n").split(b"\t")
    row = json.loads(fields[-1] or b"{}")  # its row may have been erased before the archive was written
    did = row.get("did", "")
    return TrailLine(
        int(fields[0]), moment_of(row.get("at", int(fields[3]))), row.get("who", "–"),
        DEEDS.get(did, did or "–"), row.get("subject", ""),
        json.dumps(row.get("facts", {}), ensure_ascii=False),
    )
