"""A second factor for staff, and its recovery codes"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0053_second_factor'
down_revision = "0052_second_appeals"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('second_factor',
    sa.Column('user_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('sealed', sa.String(), nullable=False),
    sa.Column('made_at', Moment(timezone=True), nullable=False),
    sa.Column('confirmed_at', Moment(timezone=True), nullable=True),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_second_factor_user_id')),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factor'))
    )
    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(), nullable=False),
    sa.Column('made_at', Moment(timezone=True), nullable=False),
    sa.Column('used_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_recovery_code_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code')),
    sa.UniqueConstraint('user_id', 'number', name=op.f('uq_recovery_code_user_id_number'))
    )
    op.create_index(op.f('ix_recovery_code_user_id'), 'recovery_code', ['user_id'], unique=False)


def downgrade():
    op.drop_table('recovery_code')
    op.drop_table('second_factor')
