"""layers of codes, sealed; seeds committed beforehand; witnesses; decoding"""

import sqlalchemy as sa
from alembic import op

from contest.audit.models import postgres_guards, sqlite_guards
from contest.db import Moment

revision = '0012_codes'
down_revision = '0011_appeals'
branch_labels = None
depends_on = None

GUARDED = ('draw_witness', 'decoding')
TABLES = ('draw_setting', 'layer_keeper', 'draw_seed', *GUARDED)


def _draw_columns():
    return (
        sa.Column('kind', sa.String(), nullable=False, server_default='codes'),
        sa.Column('public_part', sa.String(), nullable=False, server_default=''),
        sa.Column('commitment', sa.String(), nullable=False, server_default=''),
        sa.Column('committed_at', Moment(timezone=True), nullable=True),
        sa.Column('map_hash', sa.String(), nullable=False, server_default=''),
        sa.Column('file', sa.String(), nullable=False, server_default=''),
    )


def _of(table, column, other='contest.id'):
    return sa.ForeignKeyConstraint([column], [other], name=op.f(f'fk_{table}_{column}'))


def upgrade():
    for column in _draw_columns():
        op.add_column('draw', column)
    op.create_table(
        'draw_setting',
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('layers', sa.Integer(), nullable=False),
        _of('draw_setting', 'contest_id'),
        sa.PrimaryKeyConstraint('contest_id', name=op.f('pk_draw_setting')),
    )
    op.create_table(
        'layer_keeper',
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('layer', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        _of('layer_keeper', 'contest_id'),
        _of('layer_keeper', 'user_id', 'user_account.id'),
        sa.PrimaryKeyConstraint('contest_id', 'layer', name=op.f('pk_layer_keeper')),
        sa.UniqueConstraint('contest_id', 'user_id', name=op.f('uq_layer_keeper_contest_id_user_id')),
    )
    op.create_table(
        'draw_seed',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('layer', sa.Integer(), nullable=False),
        sa.Column('seed', sa.String(), nullable=False),
        sa.Column('commitment', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.Column('used_at', Moment(timezone=True), nullable=True),
        _of('draw_seed', 'contest_id'),
        _of('draw_seed', 'by_id', 'user_account.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_draw_seed')),
    )
    op.create_index('ix_draw_seed_contest_id', 'draw_seed', ['contest_id'])
    op.create_table(
        'draw_witness',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('draw_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        _of('draw_witness', 'draw_id', 'draw.id'),
        _of('draw_witness', 'user_id', 'user_account.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_draw_witness')),
        sa.UniqueConstraint('draw_id', 'user_id', name=op.f('uq_draw_witness_draw_id_user_id')),
    )
    op.create_index('ix_draw_witness_draw_id', 'draw_witness', ['draw_id'])
    op.create_table(
        'decoding',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('layer', sa.Integer(), nullable=False),
        sa.Column('first_id', sa.Integer(), nullable=False),
        sa.Column('second_id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        _of('decoding', 'contest_id'),
        _of('decoding', 'first_id', 'user_account.id'),
        _of('decoding', 'second_id', 'user_account.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_decoding')),
        sa.UniqueConstraint('contest_id', 'stage', 'layer', name=op.f('uq_decoding_contest_id_stage_layer')),
    )
    guards = postgres_guards if op.get_bind().dialect.name == 'postgresql' else sqlite_guards
    for table in GUARDED:
        for statement in guards(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
    with op.batch_alter_table('draw') as batch:
        for column in reversed(_draw_columns()):
            batch.drop_column(column.name)
