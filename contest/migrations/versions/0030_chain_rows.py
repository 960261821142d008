"""the rows that decide a result come into the chain

Penalties, scores, figures, states and whatever else decides were no part of the chain: nothing is known
of what happened to them before. They are linked here as they are found, marked as linked late, and a
record “found” after them says how many there were, with a digest over them.
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from contest.audit.chain_contents import texts
from contest.audit.chain_rules import (
    SALT_BYTES,
    canonical,
    content_digest,
    found_record,
    gone,
    is_gone,
    make_link,
    micros_of,
)
from contest.audit.chaining import link_late
from contest.audit.models import replace_guard
from contest.db import Document, Moment

revision = '0030_chain_rows'
down_revision = "0029_device_numbers"
branch_labels = None
depends_on = None

# What this release binds. A table that a later one makes is empty then: nothing of it is taken in here.
DECIDING = (
    'penalty', 'theory_entry', 'recorded_figure', 'quiz_entry', 'quiz_setting', 'state_event',
    'tie_ruling', 'stage_opening', 'result_sheet', 'awards_left_out', 'correction',
)
KEPT = ('contest', 'plan_version', 'team', 'entrant', 'committee_vote', 'award', 'reopening')
# Appeals and objections come with 0042: a database taken back from there may have several links of one.
ONCE = (
    "row_id > 0 AND kind NOT IN "
    "('contest', 'plan_version', 'team', 'entrant', 'committee_vote', 'award', 'reopening', 'appeal', "
    "'objection')"
)


def upgrade():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    op.drop_index('uq_chain_link_row', table_name='chain_link')
    op.create_index(
        'uq_chain_link_row', 'chain_link', ['kind', 'row_id'], unique=True,
        sqlite_where=sa.text(ONCE), postgresql_where=sa.text(ONCE),
    )
    if is_sqlite:
        op.execute('DROP TRIGGER IF EXISTS chain_link_no_replace')
        op.execute(replace_guard('chain_link', [(('contest_id', 'seq'), ''), (('kind', 'row_id'), ONCE)]))
    _take_in(op.get_bind())


def _take_in(bind):
    """Every contest that has a chain; one without begins its own with its first work, and takes all in."""
    names = (*DECIDING, *KEPT, 'human', 'organisation', 'chain_link')
    tables = {name: _as_stored(sa.Table(name, sa.MetaData(), autoload_with=bind)) for name in names}
    links = tables['chain_link']
    now = micros_of(datetime.now(UTC))
    # Asked of the contests, not of a million links.
    first = sa.select(links.c.seq).where(links.c.contest_id == tables['contest'].c.id).exists()
    begun = sa.select(tables['contest'].c.id).where(first).order_by(tables['contest'].c.id)
    for contest_id in bind.scalars(begun).all():
        last = bind.execute(
            sa.select(links.c.seq, links.c.hash).where(links.c.contest_id == contest_id)
            .order_by(links.c.seq.desc()).limit(1)
        ).first()
        _take_in_one(bind, tables, contest_id, tuple(last), now)


def _take_in_one(bind, tables, contest_id, last, now):
    links, digests = tables['chain_link'], []
    # Links of this release are there already where it was taken back and came again; one pass over all.
    already = {kind: {} for kind in (*DECIDING, *KEPT)}
    for row in bind.execute(
        sa.select(links.c.kind, links.c.row_id, links.c.salt, links.c.digest)
        .where(links.c.contest_id == contest_id, links.c.kind.in_(already)).order_by(links.c.seq)
    ):
        already[row.kind][row.row_id] = row
    for kind, known in already.items():
        stands, there = set(), set()
        for row_id, text in texts(bind, tables, kind, contest_id):
            there.add(row_id)
            link = known.get(row_id)
            if link is not None and (kind in DECIDING or content_digest(link.salt, text) == link.digest):
                stands.add(row_id)
        found = texts(bind, tables, kind, contest_id)
        last = link_late(bind, links.insert(), contest_id, kind, found, stands, last, now, digests)
        if kind in KEPT:
            lost = [(each, canonical(gone(each))) for each, link in known.items()
                    if each not in there and not is_gone(link.salt, link.digest, each)]
            last = link_late(bind, links.insert(), contest_id, kind, lost, set(), last, now, digests)
    content, (seq, prev) = found_record(digests), last
    link = make_link(
        seq + 1, prev, 'found', 0, now, content, secrets.token_bytes(SALT_BYTES), late=True, content=content
    )
    bind.execute(links.insert(), {'contest_id': contest_id, **vars(link)})


def _as_stored(table):
    """A table as this database has it now, its moments and documents read as the program reads them."""
    columns = []
    for column in table.columns:
        kind = column.type
        if isinstance(kind, sa.DateTime):
            kind = Moment(timezone=True)
        elif isinstance(kind, sa.JSON):
            kind = Document
        columns.append(sa.Column(column.name, kind))
    return sa.Table(table.name, sa.MetaData(), *columns)


def downgrade():
    # Links cannot be taken out of a chain, and several for one row do not fit the narrower index: both
    # stay. The release before calls their kinds unknown and publishes nothing until it is upgraded again.
    pass
