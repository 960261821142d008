"""Outside persons who keep a contest's heads"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0055_head_witnesses'
down_revision = "0054_sessions"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('head_witness',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('added_at', Moment(timezone=True), nullable=False),
    sa.Column('ended_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_head_witness_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_head_witness'))
    )
    op.create_index(op.f('ix_head_witness_contest_id'), 'head_witness', ['contest_id'], unique=False)
    op.create_table('head_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('witness_id', sa.Integer(), nullable=False),
    sa.Column('occasion', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('publications', sa.Integer(), nullable=False),
    sa.Column('revisions', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('tried_at', Moment(timezone=True), nullable=True),
    sa.Column('sent_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['witness_id'], ['head_witness.id'], name=op.f('fk_head_letter_witness_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_head_letter'))
    )
    op.create_index(op.f('ix_head_letter_witness_id'), 'head_letter', ['witness_id'], unique=False)


def downgrade():
    op.drop_table('head_letter')
    op.drop_table('head_witness')
