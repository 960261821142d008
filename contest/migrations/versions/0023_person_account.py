"""Whose account it is"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0023_person_account'
down_revision = '0022_no_replace'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'person_account',
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=False),
        sa.Column('linked_at', Moment(), nullable=False),
        sa.Column('linked_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['human_id'], ['human.id']),
        sa.ForeignKeyConstraint(['linked_by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('user_id'),
        sa.UniqueConstraint('human_id'),
    )


def downgrade():
    op.drop_table('person_account')
