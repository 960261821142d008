"""Adding links to a contest's chain, at the very end of the work whose rows they bind."""

import secrets
from itertools import islice
from operator import itemgetter

from sqlalchemy import bindparam, event, literal_column, select, text, true

from contest import clock
from contest.audit.chain_changes import forget_changes, take_changes
from contest.audit.chain_contents import TOGETHER, contents, texts
from contest.audit.chain_models import ChainLink, SigningKey
from contest.audit.chain_rules import (
    KEPT,
    NOTHING,
    RECORDS,
    ROWS,
    SALT_BYTES,
    Head,
    content_digest,
    gone,
    link_hash,
    make_link,
    micros_of,
)
from contest.db import db
from contest.prepared import Prepared

_links = ChainLink.__table__
_add_links = _links.insert()
_add_each = Prepared(_links.insert(), [column.name for column in _links.c])
_last = Prepared(
    select(_links.c.seq, _links.c.hash)
    .where(_links.c.contest_id == bindparam("contest"))
    .order_by(_links.c.seq.desc()).limit(1)
)
# Of all advisory locks of the database, those that guard the end of a contest's chain.
LOCKS = 0x636861  # "cha"
_hold_end = text("SELECT pg_advisory_xact_lock(:locks, :contest)")


def note_row(kind, values):
    """Have a row of the ledger linked when the work it belongs to ends; values: all of its columns."""
    _pending().append((values["contest_id"], kind, values, None))


def note_record(contest_id, kind, content):
    """Have a record of the chain's own (chain_rules.RECORDS) linked after the work's row in the trail."""
    _pending().append((contest_id, kind, None, content))


def link_work(trail_id, trail_values):
    """Link what was noted, and the row of the trail, within the transaction that is about to commit.

    The end of a contest's chain is held from here to the commit, and nothing is waited for in between:
    whoever writes at the same moment waits for one commit. Heads are known to `head_now` afterwards.
    """
    noted, info = _pending(), db.session.info
    by_contest = _changed()
    begins = set()
    for contest_id, kind, row, content in noted:
        entry = (kind, 0, content, content) if row is None else (kind, row["id"], row, None)
        by_contest.setdefault(contest_id, []).append(entry)
        begins.add(contest_id)
    if (own := trail_values["contest_id"]) is not None:
        entries = by_contest.setdefault(own, [])
        # The rows first, then who did it, then what follows from it (such as the end).
        at = next((n for n, entry in enumerate(entries) if entry[0] in RECORDS), len(entries))
        entries.insert(at, ("trail", trail_id, trail_values | {"id": trail_id}, None))
        begins.add(own)
    noted.clear()
    for contest_id in sorted(by_contest):
        head = _link(contest_id, by_contest[contest_id], contest_id in begins)
        if head is not None:
            info["chain_heads_to_be"][contest_id] = head


def _changed():
    """{contest id: entries} of the rows that decide a result and were written in this transaction."""
    connection, by_contest = db.session.connection(), {}
    for (contest_id, kind), ids in sorted(take_changes(connection).items()):
        entries = by_contest.setdefault(contest_id, [])
        left = set(ids)
        for row in contents(connection, db.metadata.tables, kind, contest_id, left.copy()):
            if row["id"] in left:
                left.discard(row["id"])
                entries.append((kind, row["id"], row, None))
        if kind in KEPT:
            entries += [(kind, row_id, gone(row_id), None) for row_id in sorted(left)]
    return by_contest


@event.listens_for(db.session, "before_commit")
def _link_the_rest(session):
    """A row that is committed without a work of its own is linked all the same, where a chain has begun."""
    session.flush()
    if session.info.get("chain_changes"):
        _pending()
        link_work(0, {"contest_id": None})


def head_now(contest_id):
    """The head that this session's last committed work left, or None when it did none in this contest."""
    return db.session.info.get("chain_heads", {}).get(contest_id)


def _pending():
    info = db.session.info
    info.setdefault("chain_heads_to_be", {})
    return info.setdefault("chain_pending", [])


@event.listens_for(db.session, "after_commit")
def _keep_heads(session):
    # What a listener reads and rolls back afterwards takes nothing of it away.
    if heads := session.info.pop("chain_heads_to_be", None):
        session.info.setdefault("chain_heads", {}).update(heads)


@event.listens_for(db.session, "after_rollback")
def _forget(session):
    session.info.pop("chain_pending", None)
    session.info.pop("chain_heads_to_be", None)
    forget_changes(session)


def _link(contest_id, entries, begins):
    """Add entries to a contest's chain; begins: begin one where there is none, else the answer is None."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_hold_end, {"locks": LOCKS, "contest": contest_id})
    last = _last.first(contest=contest_id)
    now = micros_of(clock.now())
    if last is None and not begins:
        return None  # its first work begins its chain, and takes in what stands there
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
        _add_each.run_each(rows)
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
    for kind in (*ROWS, *KEPT):
        own = {row_id for known, row_id, _, _ in entries if known == kind}
        found = texts(connection, db.metadata.tables, kind, contest_id)
        seq, prev = link_late(connection, _add_links, contest_id, kind, found, own, (seq, prev), now)
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


def link_late(connection, add_links, contest_id, kind, found, but, last, now, digests=None):
    """Bind a contest's rows (chain_contents.texts), all but those with these ids; the last (seq, hash).

    digests: a list that takes what was bound, for a record “found”.
    """
    seq, prev = last
    add = None  # written where there is a row: a new contest has none of most kinds
    left = (pair for pair in found if pair[0] not in but)
    # A million rows may stand there when a database is taken over: no objects are made of them.
    while together := list(islice(left, TOGETHER)):
        salts, rows = secrets.token_bytes(SALT_BYTES * len(together)), []
        for n, (row_id, content) in enumerate(together):
            seq += 1
            salt = salts[n * SALT_BYTES:(n + 1) * SALT_BYTES]
            digest = content_digest(salt, content)
            prev = link_hash(seq, prev, kind, row_id, now, True, digest)
            if digests is not None:
                digests.append(digest)
            rows.append((seq, row_id, salt, digest, prev))
        add = add or _adder(connection, add_links, contest_id, kind, now)
        add(rows)
    return seq, prev


def _adder(connection, add_links, contest_id, kind, now):
    """A function that adds late links of one kind, given as tuples of what differs between them.

    Past what SQLAlchemy does for each value of each row; what is the same in all is written once.
    """
    differ = ("seq", "row_id", "salt", "digest", "hash")
    same = {"contest_id": literal_column(f"{contest_id:d}"), "kind": literal_column(f"'{kind}'"),
            "micros": literal_column(f"{now:d}"), "late": true()}
    compiled = add_links.inline().values(same).compile(dialect=connection.dialect, column_keys=differ)
    statement = str(compiled)
    if not compiled.positional:
        return lambda rows: connection.exec_driver_sql(
            statement, [dict(zip(differ, row, strict=True)) for row in rows]
        )
    ordered = itemgetter(*(differ.index(name) for name in compiled.positiontup))
    return lambda rows: connection.exec_driver_sql(statement, list(map(ordered, rows)))
