"""What was refused or conflicted is kept; one order number of a tablet stands for one operation

Rows of before in which one number stands for two operations are of a ledger that nothing changes: they
stay. Where there are any, the index begins behind the last row of its table; else it holds all of them.
"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0040_refused_operations'
down_revision = "0038_story_pictures"
branch_labels = None
depends_on = None

NUMBERED = ('sheet_revision', 'sheet_flag')
GIVEN = 'device_seq IS NOT NULL'
OLD_KEYS = [(('id',), ''), (('op_id',), ''), (('sheet_id', 'rev'), '')]


def _run(statements):
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def _guard_revisions(keys):
    if op.get_bind().dialect.name == 'sqlite':
        _run(['DROP TRIGGER sheet_revision_no_replace', replace_guard('sheet_revision', sorted(keys))])


def _rows_from(table):
    clashes = op.get_bind().execute(sa.text(
        f'SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {GIVEN} '
        'GROUP BY device_id, device_seq HAVING count(*) > 1) AS clashing'
    )).scalar()
    last = op.get_bind().execute(sa.text(f'SELECT max(id) FROM {table}')).scalar()
    return f'{GIVEN} AND id > {last}' if clashes else GIVEN


def upgrade():
    op.create_table('refused_operation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('op_id', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('sentence', Document, nullable=False),
    sa.Column('device_id', sa.String(), nullable=False),
    sa.Column('device', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_refused_operation_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refused_operation')),
    sa.UniqueConstraint('sheet_id', 'fingerprint', name=op.f('uq_refused_operation_sheet_id_fingerprint'))
    )
    op.create_index(op.f('ix_refused_operation_contest_id'), 'refused_operation', ['contest_id'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        _run(postgres_guards('refused_operation'))
    else:
        keys = [(('id',), ''), (('sheet_id', 'fingerprint'), '')]
        _run((*sqlite_guards('refused_operation'), replace_guard('refused_operation', keys)))
    where = {table: _rows_from(table) for table in NUMBERED}
    op.drop_index('ix_sheet_revision_device_id_device_seq', table_name='sheet_revision')
    for table in NUMBERED:
        op.create_index(
            f'ux_{table}_number', table, ['device_id', 'device_seq'], unique=True,
            sqlite_where=sa.text(where[table]), postgresql_where=sa.text(where[table]),
        )
    _guard_revisions([*OLD_KEYS, (('device_id', 'device_seq'), where['sheet_revision'])])


def downgrade():
    _guard_revisions(OLD_KEYS)
    for table in NUMBERED:
        op.drop_index(f'ux_{table}_number', table_name=table)
    op.create_index(
        'ix_sheet_revision_device_id_device_seq', 'sheet_revision', ['device_id', 'device_seq'], unique=False
    )
    op.drop_table('refused_operation')
