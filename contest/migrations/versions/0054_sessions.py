"""Sessions that are locked when a device is left alone, and a contest's limits"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0054_sessions'
down_revision = "0053_second_factor"
branch_labels = None
depends_on = None

NEW = ('idle_s', 'acted_at', 'locked_at')


def upgrade():
    op.add_column('auth_session', sa.Column('idle_s', sa.Integer(), nullable=True))
    op.add_column('auth_session', sa.Column('acted_at', Moment(timezone=True), nullable=True))
    op.add_column('auth_session', sa.Column('locked_at', Moment(timezone=True), nullable=True))
    op.create_table('entry_setting',
    sa.Column('contest_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('judge_minutes', sa.Integer(), nullable=False),
    sa.Column('staff_minutes', sa.Integer(), nullable=False),
    sa.Column('judge_sessions', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_entry_setting_contest_id')),
    sa.PrimaryKeyConstraint('contest_id', name=op.f('pk_entry_setting'))
    )


def downgrade():
    op.drop_table('entry_setting')
    for name in NEW:
        op.drop_column('auth_session', name)
