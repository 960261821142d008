"""sheets on paper, typed in twice"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from contest.audit.models import postgres_guards, sqlite_guards
from contest.db import Moment

revision = '0008_paper'
down_revision = '0007_steps'
branch_labels = None
depends_on = None

TABLES = ('paper_sheet', 'paper_entry', 'paper_outcome')


def _document():
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'
    )


def upgrade():
    op.create_table(
        'paper_sheet',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('sheet_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('base_rev', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_paper_sheet_contest_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_paper_sheet_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_sheet')),
        sa.UniqueConstraint('sheet_id', 'number', name=op.f('uq_paper_sheet_sheet_id_number')),
    )
    op.create_index('ix_paper_sheet_contest_id', 'paper_sheet', ['contest_id'])
    op.create_table(
        'paper_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('paper_id', sa.Integer(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=False),
        sa.Column('marks', _document(), nullable=False),
        sa.Column('unclear', _document(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.CheckConstraint('place IN (1, 2)', name=op.f('ck_paper_entry_first_or_second')),
        sa.ForeignKeyConstraint(['paper_id'], ['paper_sheet.id'], name=op.f('fk_paper_entry_paper_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_paper_entry_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_entry')),
        sa.UniqueConstraint('paper_id', 'place', name=op.f('uq_paper_entry_paper_id_place')),
        sa.UniqueConstraint('paper_id', 'by_id', name=op.f('uq_paper_entry_paper_id_by_id')),
    )
    op.create_table(
        'paper_outcome',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('paper_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('rev', sa.Integer(), nullable=True),
        sa.Column('choices', _document(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('agreed', 'decided', 'withdrawn')", name=op.f('ck_paper_outcome_known_kind')
        ),
        sa.ForeignKeyConstraint(['paper_id'], ['paper_sheet.id'], name=op.f('fk_paper_outcome_paper_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_paper_outcome_by_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_outcome')),
        sa.UniqueConstraint('paper_id', name=op.f('uq_paper_outcome_paper_id')),
    )
    guards = postgres_guards if op.get_bind().dialect.name == 'postgresql' else sqlite_guards
    for table in TABLES:
        for statement in guards(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
