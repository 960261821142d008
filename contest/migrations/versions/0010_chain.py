"""the chain over every contest's ledger and trail, heads seen elsewhere, checks, public keys

Rows that are there already are linked here and marked as linked late: the chain proves them from
this day on, and nothing about the time before.
"""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from contest.audit.chain_contents import texts
from contest.audit.chain_rules import NOTHING, SALT_BYTES, make_link, micros_of
from contest.audit.chaining import link_late
from contest.audit.models import postgres_guards, sqlite_guards
from contest.db import Document, Moment

revision = '0010_chain'
down_revision = '0009_tablets'
branch_labels = None
depends_on = None

# What this release binds; 0030 binds more.
ROWS = {'revision': 'sheet_revision', 'trail': 'trail'}
TABLES = ('chain_link', 'chain_witness', 'chain_check', 'signing_key')


def upgrade():
    document = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql')
    links = op.create_table('chain_link',
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=False),
    sa.Column('micros', sa.BigInteger(), nullable=False),
    sa.Column('late', sa.Boolean(), nullable=False),
    sa.Column('salt', sa.LargeBinary(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('content', document, nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_chain_link_contest_id')),
    sa.PrimaryKeyConstraint('contest_id', 'seq', name=op.f('pk_chain_link')),
    sqlite_with_rowid=False,
    )
    op.create_table('chain_witness',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('fits', sa.Boolean(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_chain_witness_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_chain_witness_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chain_witness'))
    )
    op.create_index('ix_chain_witness_contest_id_id', 'chain_witness', ['contest_id', 'id'], unique=False)
    op.create_table('chain_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('problems', document, nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_chain_check_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_chain_check'))
    )
    op.create_index('ix_chain_check_contest_id_id', 'chain_check', ['contest_id', 'id'], unique=False)
    op.create_table('signing_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_key')),
    sa.UniqueConstraint('public', name=op.f('uq_signing_key_public'))
    )
    _link_what_is_there(op.get_bind(), links)
    # After the rows: of a million it is made in a second, and kept up to date in many.
    with_row = sa.text('row_id > 0')
    op.create_index('uq_chain_link_row', 'chain_link', ['kind', 'row_id'], unique=True, sqlite_where=with_row, postgresql_where=with_row)
    for name in TABLES:
        guards = postgres_guards if op.get_bind().dialect.name == 'postgresql' else sqlite_guards
        for statement in guards(name):
            op.execute(statement)


def _link_what_is_there(bind, links):
    """Every contest that has rows gets its chain, in one pass over each table."""
    known = sa.MetaData()
    tables = {kind: _as_stored(sa.Table(name, known, autoload_with=bind)) for kind, name in ROWS.items()}
    contest = sa.table('contest', sa.column('id'), sa.column('created_at', Moment(timezone=True)))
    plan = sa.table('plan_version', sa.column('contest_id'), sa.column('number'), sa.column('document_hash'))
    now = micros_of(datetime.now(UTC))
    for contest_id, made_at in bind.execute(sa.select(contest.c.id, contest.c.created_at).order_by(contest.c.id)).all():
        has_rows = any(
            bind.execute(sa.select(table.c.id).where(table.c.contest_id == contest_id).limit(1)).first()
            for table in tables.values()
        )
        if not has_rows:
            continue  # its first work begins its chain
        plan_hash = bind.execute(
            sa.select(plan.c.document_hash).where(plan.c.contest_id == contest_id).order_by(plan.c.number).limit(1)
        ).scalar()
        content = {'contest': contest_id, 'made_at': micros_of(made_at), 'plan': plan_hash or '', 'key': ''}
        link = make_link(1, NOTHING, 'genesis', 0, now, content, secrets.token_bytes(SALT_BYTES), late=True, content=content)
        bind.execute(links.insert(), {'contest_id': contest_id, **vars(link)})
        last = 1, link.hash
        stored = {ROWS[kind]: table for kind, table in tables.items()}
        for kind in ROWS:
            found = texts(bind, stored, kind, contest_id)
            last = link_late(bind, links.insert(), contest_id, kind, found, set(), last, now)


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
    for name in reversed(TABLES):
        op.drop_table(name)
