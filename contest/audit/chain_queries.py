"""Reading a contest's chain: its head, whether it holds, and whether heads seen elsewhere fit it."""

from collections import defaultdict
from itertools import islice

from sqlalchemy import func, inspect, literal_column, select

from contest.audit.chain_contents import contents, of_contest, texts
from contest.audit.chain_models import ONCE, ChainCheck, ChainLink, ChainWitness, SettledHead
from contest.audit.chain_rules import (
    DECIDING,
    KEPT,
    ROWS,
    TELL_PLACES,
    Head,
    content_digest,
    is_gone,
    is_settled,
    moment_of,
    place_of,
)
from contest.audit.chain_walk import Findings, Walk, strays
from contest.db import db

AT_A_TIME = 5000
_links = ChainLink.__table__
COLUMNS = ("seq", "kind", "row_id", "micros", "late", "salt", "digest", "hash", "content")


def find_head(contest_id):
    """The Head of a contest's chain now, or None before anything was done in it."""
    row = db.session.execute(
        select(_links.c.seq, _links.c.hash, _links.c.micros)
        .where(_links.c.contest_id == contest_id)
        .order_by(_links.c.seq.desc()).limit(1)
    ).first()
    return Head(row.seq, row.hash, moment_of(row.micros)) if row else None


def find_head_of(contest_id, kind, row_id):
    """The Head of a contest's chain when a row that never changes was linked, or None.

    It stays the same whatever comes afterwards, so that it may be shown where that must not be told.
    """
    row = db.session.execute(
        select(_links.c.seq, _links.c.hash, _links.c.micros).where(
            _links.c.contest_id == contest_id, _links.c.row_id == row_id,
            # Written out, with the condition of the index: neither database uses it otherwise.
            _links.c.kind == literal_column(f"'{kind}'"), ONCE,
        )
    ).first()
    return Head(row.seq, row.hash, moment_of(row.micros)) if row else None


def find_link_hash(contest_id, seq):
    """The hash of the link with this number, or None."""
    return db.session.scalar(
        select(_links.c.hash).where(_links.c.contest_id == contest_id, _links.c.seq == seq)
    )


def is_prefix(contest_id, seq, digits):
    """True when a head that was seen elsewhere (number, first digits of its hash) is on this chain."""
    found = find_link_hash(contest_id, seq)
    return found is not None and found.hex().startswith(digits)


def links_of(contest_id, until=None):
    """The links of a contest in order, as tuples of COLUMNS, read as they are needed."""
    wanted = select(*(_links.c[name] for name in COLUMNS)).where(_links.c.contest_id == contest_id)
    if until is not None:
        wanted = wanted.where(_links.c.seq <= until)
    return db.session.execute(
        wanted.order_by(_links.c.seq).execution_options(yield_per=AT_A_TIME)
    )


def check_chain(contest_id):
    """The Findings of a check of everything: every link, every row behind it, no row without a link.

    Ask within `db.snapshot()` where others write. Rows are read in pieces: memory does not grow.
    """
    findings = Findings()
    walk = Walk(contest_id, findings)
    linked, latest = dict.fromkeys(_stored(ROWS), 0), {}
    rows = iter(links_of(contest_id))
    while piece := list(islice(rows, AT_A_TIME)):
        for row in piece:
            walk.take(*row)
        by_kind = defaultdict(dict)
        for row in piece:
            by_kind[row.kind][row.row_id] = row
        for kind, own in by_kind.items():
            if kind in linked:
                linked[kind] += len(own)
                _check_rows(contest_id, kind, own, findings)
            elif kind in KEPT:
                latest.update({(kind, row_id): row for row_id, row in own.items()})
    _check_none_unlinked(contest_id, linked, findings)
    if findings.links:
        _check_kept(contest_id, latest, findings)
    _check_places(contest_id, findings)
    _check_shares(contest_id, findings)
    return walk.end()


def rows_of(contest_id, kind, ids=None):
    """What links attest of the stored rows of a kind, of these ids or all that belong to the contest."""
    return contents(db.session.connection(), db.metadata.tables, kind, contest_id, ids)


def texts_of(contest_id, kind, ids=None):
    """The same as (id, canonical text), as it is hashed."""
    return texts(db.session.connection(), db.metadata.tables, kind, contest_id, ids)


def latest_of(contest_id):
    """{(kind, row id): seq} of the latest link of every row that may change."""
    return {
        (kind, row_id): seq for kind, row_id, seq in db.session.execute(
            select(_links.c.kind, _links.c.row_id, func.max(_links.c.seq))
            .where(_links.c.contest_id == contest_id, _links.c.kind.in_(KEPT))
            .group_by(_links.c.kind, _links.c.row_id)
        )
    }


def _stored(kinds):
    """Those of the kinds that have a table: a copy of an earlier release is checked as it is, too."""
    there = set(inspect(db.session.connection()).get_table_names())
    return [kind for kind in kinds if ROWS.get(kind, kind) in there]


def _check_kept(contest_id, latest, findings):
    """Of rows that may change, the latest link is compared; one taken away says so in its last link."""
    for kind in _stored(KEPT):
        left = {row_id: link for (known, row_id), link in latest.items() if known == kind}
        for row_id, text in texts_of(contest_id, kind):
            link = left.pop(row_id, None)
            if link is None:
                findings.note("unlinked", 0, kind, row_id)
                continue
            findings.rows += 1
            if content_digest(link.salt, text) != link.digest:
                findings.note("content", link.seq, kind, link.row_id)
        for row_id, link in left.items():
            if not is_gone(link.salt, link.digest, row_id):
                findings.note("missing", link.seq, kind, row_id)


def _check_shares(contest_id, findings):
    if findings.shares:
        rows = ({row["id"]: row for row in rows_of(contest_id, kind)} for kind in ("award", "entrant"))
        for seq, row_id in strays(findings.shares, *rows):
            findings.note("after_close", seq, "award", row_id)


def _check_rows(contest_id, kind, links, findings):
    left = dict(links)
    for row_id, text in texts_of(contest_id, kind, links.keys()):
        link = left.pop(row_id, None)
        if link is None:
            continue
        findings.rows += 1
        if content_digest(link.salt, text) != link.digest:
            findings.note("content", link.seq, kind, link.row_id)
    for link in left.values():
        findings.note("missing", link.seq, kind, link.row_id)


def _check_places(contest_id, findings):
    """Every sheet is still that of the module, entrant and seat that the linked rows of the trail name.

    The table of sheets is no part of the chain; this binds it, or marks could change their owner.
    """
    sheet, trail = db.metadata.tables["sheet"], db.metadata.tables["trail"]
    places = {
        f"sheet {row.id}": (row.module_key, row.entrant_id, row.seat) for row in db.session.execute(
            select(sheet.c.id, sheet.c.module_key, sheet.c.entrant_id, sheet.c.seat)
            .where(sheet.c.contest_id == contest_id)
        )
    }
    told = db.session.execute(
        select(trail.c.id, trail.c.subject, trail.c.facts)
        .where(trail.c.contest_id == contest_id, trail.c.did.in_(TELL_PLACES))
        .order_by(trail.c.id).execution_options(yield_per=AT_A_TIME)
    )
    wrong = set()
    for row_id, subject, facts in told:
        place = place_of(facts)
        if place and subject not in wrong and subject in places and places[subject] != place:
            wrong.add(subject)
            findings.note("moved", 0, "trail", row_id)


def _check_none_unlinked(contest_id, linked, findings):
    for kind in linked:
        table = db.metadata.tables[ROWS[kind]]
        own = of_contest(db.metadata.tables, kind, contest_id)
        rows = db.session.scalar(select(func.count()).select_from(table).where(own))
        if kind in DECIDING and not findings.links:
            continue  # no chain yet; of one cut off whole, trail and ledger are unlinked
        if rows == linked[kind] and "missing" not in findings.counts:
            continue
        # Only now, when something is amiss, is it worth asking which.
        unlinked = db.session.scalars(
            select(table.c.id).where(
                own,
                ~select(_links.c.seq).where(
                    _links.c.kind == kind, _links.c.row_id == table.c.id,
                    _links.c.row_id > 0, _links.c.contest_id == contest_id,
                ).exists(),
            ).order_by(table.c.id)
        )
        for row_id in unlinked:
            findings.note("unlinked", 0, kind, row_id)


def last_check(contest_id):
    """The latest ChainCheck of a contest, or None."""
    return _latest(ChainCheck, contest_id)


def list_witnesses(contest_id, most=50):
    """Heads that were shown to us, the newest first."""
    return db.session.scalars(
        select(ChainWitness).filter_by(contest_id=contest_id)
        .order_by(ChainWitness.id.desc()).limit(most)
    ).all()


def highest_witness(contest_id):
    """The highest head that somebody outside has seen and that fits, or None."""
    return db.session.scalar(
        select(ChainWitness).filter_by(contest_id=contest_id, fits=True)
        .order_by(ChainWitness.seq.desc(), ChainWitness.id).limit(1)
    )


def list_misfits(contest_id):
    """Heads that were shown to us, are not on the chain and not settled: each once, the newest first."""
    shown = db.session.scalars(
        select(ChainWitness).filter_by(contest_id=contest_id, fits=False)
        .order_by(ChainWitness.id.desc())
    )
    settled = list_settled(contest_id)
    found = {(one.seq, one.hash): one for one in shown}
    return [one for one in found.values() if not is_settled(settled, one.seq, one.hash)]


def list_settled(contest_id):
    """The SettledHeads of a contest, the oldest first."""
    return db.session.scalars(
        select(SettledHead).filter_by(contest_id=contest_id).order_by(SettledHead.id)
    ).all()


def is_known_misfit(contest_id, seq, digits, device):
    """True when this device showed us this head before and it did not fit then."""
    return db.session.scalar(
        select(ChainWitness.id)
        .filter_by(contest_id=contest_id, fits=False, seq=seq, hash=digits, device=device).limit(1)
    ) is not None


def _latest(model, contest_id):
    return db.session.scalar(
        select(model).filter_by(contest_id=contest_id).order_by(model.id.desc()).limit(1)
    )
