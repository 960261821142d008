"""acts that wait for a second person, and what a publication was done in spite of"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from contest.db import Moment

revision = '0013_proposals'
down_revision = '0012_codes'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), 'postgresql'
)


def upgrade():
    op.create_table(
        'proposal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('act', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('details', DOCUMENT, nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('proposed_by_id', sa.Integer(), nullable=True),
        sa.Column('proposed_at', Moment(timezone=True), nullable=False),
        sa.Column('seconded_by_id', sa.Integer(), nullable=True),
        sa.Column('seconded_at', Moment(timezone=True), nullable=True),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', Moment(timezone=True), nullable=True),
        sa.Column('is_confirmed', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['proposed_by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['seconded_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_proposal_contest_id', 'proposal', ['contest_id'])
    still_open = sa.text('decided_at IS NULL')
    op.create_index(
        'ux_proposal_open', 'proposal', ['contest_id', 'act', 'subject'], unique=True,
        sqlite_where=still_open, postgresql_where=still_open,
    )
    # Without batch mode: a copied table would lose the triggers that make it append-only.
    op.add_column('result_sheet', sa.Column('exceptions', DOCUMENT, nullable=True))


def downgrade():
    op.drop_column('result_sheet', 'exceptions')
    op.drop_table('proposal')
