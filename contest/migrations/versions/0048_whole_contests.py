"""Whole contests that were taken over with their archive"""

import sqlalchemy as sa
from alembic import op
from contest.db import Document, Moment

revision = '0048_whole_contests'
down_revision = "0047_paper_photos"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('whole_contest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('genesis', sa.String(), nullable=False),
    sa.Column('head_seq', sa.BigInteger(), nullable=False),
    sa.Column('head_hash', sa.String(), nullable=False),
    sa.Column('shown', Document, nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('file_hash', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('withdrawn_at', Moment(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_whole_contest_by_id')),
    sa.ForeignKeyConstraint(
        ['withdrawn_by_id'], ['user_account.id'], name=op.f('fk_whole_contest_withdrawn_by_id')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_whole_contest')),
    )
    op.create_index(
        'uq_whole_contest_standing', 'whole_contest', ['genesis'], unique=True,
        sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'),
    )


def downgrade():
    op.drop_table('whole_contest')
