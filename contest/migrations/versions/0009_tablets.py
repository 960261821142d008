"""tablets: who holds which, order numbers of operations, "something is wrong here", server starts"""

import sqlalchemy as sa
from alembic import op

from contest.db import Moment

revision = '0009_tablets'
down_revision = '0008_paper'
branch_labels = None
depends_on = None


def upgrade():
    # Added in place: the ledger is append-only, and a batch would write its rows anew.
    op.add_column('sheet_revision', sa.Column('device_id', sa.String(), nullable=False, server_default=''))
    op.add_column('sheet_revision', sa.Column('device_seq', sa.Integer(), nullable=True))
    op.create_table(
        'server_start',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token', sa.String(), nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_server_start')),
    )
    op.create_table(
        'tablet',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('device_id', sa.String(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('version', sa.String(), nullable=False),
        sa.Column('first_seen_at', Moment(timezone=True), nullable=False),
        sa.Column('seen_at', Moment(timezone=True), nullable=False),
        sa.Column('offset_s', sa.Integer(), nullable=False),
        sa.Column('battery', sa.Integer(), nullable=True),
        sa.Column('is_charging', sa.Boolean(), nullable=True),
        sa.Column('unsent', sa.Integer(), nullable=False),
        sa.Column('refused', sa.Integer(), nullable=False),
        sa.Column('clashing', sa.Integer(), nullable=False),
        sa.Column('made', sa.Integer(), nullable=False),
        sa.Column('keeps_pages', sa.Boolean(), nullable=False),
        sa.Column('is_lasting', sa.Boolean(), nullable=True),
        sa.Column('sheet_id', sa.Integer(), nullable=True),
        sa.Column('sheet_since', Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_tablet_user_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_tablet')),
        sa.UniqueConstraint('device_id', 'user_id', name=op.f('uq_tablet_device_id_user_id')),
    )
    op.create_index(op.f('ix_tablet_user_id'), 'tablet', ['user_id'], unique=False)
    op.create_table(
        'sheet_flag',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('op_id', sa.String(), nullable=False),
        sa.Column('fingerprint', sa.String(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('sheet_id', sa.Integer(), nullable=False),
        sa.Column('module_key', sa.String(), nullable=False),
        sa.Column('entrant_id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('device_id', sa.String(), nullable=False),
        sa.Column('device_seq', sa.Integer(), nullable=True),
        sa.Column('entered_at', Moment(timezone=True), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('answered_by_id', sa.Integer(), nullable=True),
        sa.Column('answered_at', Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_sheet_flag_contest_id')),
        sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_sheet_flag_entrant_id')),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_sheet_flag_user_id')),
        sa.ForeignKeyConstraint(['answered_by_id'], ['user_account.id'], name=op.f('fk_sheet_flag_answered_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_flag')),
        sa.UniqueConstraint('op_id', name=op.f('uq_sheet_flag_op_id')),
    )
    op.create_index(op.f('ix_sheet_flag_contest_id'), 'sheet_flag', ['contest_id'], unique=False)
    op.create_index(op.f('ix_sheet_flag_sheet_id'), 'sheet_flag', ['sheet_id'], unique=False)


def downgrade():
    op.drop_table('sheet_flag')
    op.drop_table('tablet')
    op.drop_table('server_start')
    op.drop_column('sheet_revision', 'device_seq')
    op.drop_column('sheet_revision', 'device_id')
