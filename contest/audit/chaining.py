"""Adding links to a contest's chain, at the very end of the work whose rows they bind."""

import secrets

from sqlalchemy import bindparam, event, select, text

from contest import clock
from contest.audit.chain_models import ChainLink, SigningKey
from contest.audit.chain_rules import (
    NOTHING,
    ROWS,
    SALT_BYTES,
    Head,
    canonical_stored,
    content_digest,
    link_hash,
    make_link,
    micros_of,
)
from contest.db import db

_links = ChainLink.__table__
_add_links = _links.insert()
_last = (
    select(_links.c.seq, _links.c.hash)
    .where(_links.c.contest_id == bindparam("contest"))
    .order_by(_links.c.seq.desc()).limit(1)
)
# Of all advisory locks of the database, those that guard the end of a contest's chain.
LOCKS = 0x636861  # "cha"
_hold_end = text("SELECT pg_advisory_xact_lock(:locks, :contest)")
TOGETHER = 1000


def note_row(kind, row):
    """Have a row of the ledger linked when the work it belongs to ends; row: as the ORM knows it."""
    _pending().append((row.contest_id, kind, row, None))


def note_record(contest_id, kind, content):
    """Have a record of the chain's own (chain_rules.RECORDS) linked after the work's row in the trail."""
    _pending().append((contest_id, kind, None, content))


def link_work(trail_id, trail_values):
    """Link what was noted, and the row of the trail, within the transaction that is about to commit.

    The end of a contest's chain is held from here to the commit, and nothing is waited for in between:
    whoever writes at the same moment waits for one commit. Heads are known to `head_now` afterwards.
    """
    noted, info = _pending(), db.session.info
    by_contest = {}
    for contest_id, kind, row, content in noted:
        entry = (kind, 0, content, content) if row is None else (kind, row.id, _values(row), None)
        by_contest.setdefault(contest_id, []).append(entry)
    if (own := trail_values["contest_id"]) is not None:
        entries = by_contest.setdefault(own, [])
        # The rows first, then who did it, then what follows from it (such as the end).
        at = next((n for n, entry in enumerate(entries) if entry[0] not in ROWS), len(entries))
        entries.insert(at, ("trail", trail_id, trail_values | {"id": trail_id}, None))
    noted.clear()
    for contest_id in sorted(by_contest):
        info["chain_heads"][contest_id] = _link(contest_id, by_contest[contest_id])


def head_now(contest_id):
    """The head that this session's last work left, or None when it did none in this contest."""
    return db.session.info.get("chain_heads", {}).get(contest_id)


def _pending():
    info = db.session.info
    info.setdefault("chain_heads", {})
    return info.setdefault("chain_pending", [])


@event.listens_for(db.session, "after_rollback")
def _forget(session):
    session.info.pop("chain_pending", None)
    session.info.pop("chain_heads", None)


def _values(row):
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _link(contest_id, entries):
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_hold_end, {"locks": LOCKS, "contest": contest_id})
    last = connection.execute(_last, {"contest": contest_id}).first()
    now = micros_of(clock.now())
    if last is None:
        last = _begin(connection, contest_id, now, entries)
        entries = [entry for entry in entries if entry[0] != "genesis"]
    seq, prev = last
    rows = []
    for kind, row_id, values, content in entries:
        seq += 1
        link = make_link(
            seq, prev, kind, row_id, now, values, secrets.token_bytes(SALT_BYTES), content=content
        )
        prev = link.hash
        rows.append(_row(contest_id, link))
    if rows:
        connection.execute(_add_links, rows)
    return Head(seq, prev, clock.now())


def _row(contest_id, link):
    return {"contest_id": contest_id, **vars(link)}


def _begin(connection, contest_id, now, entries):
    """Write the first link and bind rows that stand there already, as linked late; (seq, hash)."""
    content = genesis_of(contest_id, connection)
    link = make_link(
        1, NOTHING, "genesis", 0, now, content, secrets.token_bytes(SALT_BYTES), content=content
    )
    connection.execute(_add_links, [_row(contest_id, link)])
    seq, prev = 1, link.hash
    for kind, name in ROWS.items():
        own = {row_id for known, row_id, _, _ in entries if known == kind}
        table = db.metadata.tables[name]
        seq, prev = link_late(connection, _add_links, contest_id, kind, table, own, (seq, prev), now)
    return seq, prev


def genesis_of(contest_id, connection):
    """What the first link says: which contest, made when, under which plan, and whose key signs."""
    tables = db.metadata.tables
    contest, plan = tables["contest"], tables["plan_version"]
    made_at = connection.execute(
        select(contest.c.created_at).where(contest.c.id == contest_id)
    ).scalar_one()
    plan_hash = connection.execute(
        select(plan.c.document_hash).where(plan.c.contest_id == contest_id)
        .order_by(plan.c.number).limit(1)
    ).scalar()
    key = connection.execute(
        select(SigningKey.public).order_by(SigningKey.id.desc()).limit(1)
    ).scalar()
    return {
        "contest": contest_id, "made_at": micros_of(made_at), "plan": plan_hash or "",
        "key": key.hex() if key else "",
    }


def link_late(connection, add_links, contest_id, kind, table, but, last, now):
    """Bind a contest's rows of a table, all but those with these ids, oldest first; the last (seq, hash)."""
    seq, prev = last
    names = [column.name for column in table.columns]
    at = names.index("id")
    found = connection.execute(
        select(table).where(table.c.contest_id == contest_id).order_by(table.c.id)
        .execution_options(yield_per=TOGETHER)
    )
    # A million rows may stand there when a database is taken over: no objects are made of them.
    for together in found.partitions():
        rows = []
        for row in together:
            if row[at] in but:
                continue
            seq += 1
            salt = secrets.token_bytes(SALT_BYTES)
            digest = content_digest(salt, canonical_stored(names, row))
            prev = link_hash(seq, prev, kind, row[at], now, True, digest)
            rows.append({
                "contest_id": contest_id, "seq": seq, "kind": kind, "row_id": row[at], "micros": now,
                "late": True, "salt": salt, "digest": digest, "hash": prev, "content": None,
            })
        if rows:
            connection.execute(add_links, rows)
    return seq, prev
