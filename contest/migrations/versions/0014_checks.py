"""sheets checked again, and signatures for sheets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from contest.db import Moment

revision = '0014_checks'
down_revision = '0013_proposals'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), 'postgresql'
)
APPEND_ONLY = ('review_draw', 'sheet_check', 'signature')


def _forbid_change(table):
    if op.get_bind().dialect.name == "postgresql":
        # The function refuse_change() was made with the first tables.
        op.execute(
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def upgrade():
    op.create_table(
        'review_draw',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('seed', sa.String(), nullable=False),
        sa.Column('top', DOCUMENT, nullable=False),
        sa.Column('drawn', DOCUMENT, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('contest_id', 'stage'),
    )
    op.create_table(
        'sheet_check',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('sheet_id', sa.Integer(), nullable=False),
        sa.Column('rev', sa.Integer(), nullable=False),
        sa.Column('agrees', sa.Boolean(), nullable=False),
        sa.Column('note', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.ForeignKeyConstraint(['sheet_id'], ['sheet.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(
        'ix_sheet_check_contest_id_sheet_id', 'sheet_check', ['contest_id', 'sheet_id']
    )
    op.create_table(
        'signature',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('role', sa.String(), nullable=False),
        sa.Column('module_key', sa.String(), nullable=False),
        sa.Column('sheets', DOCUMENT, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_signature_contest_id_stage', 'signature', ['contest_id', 'stage'])
    for table in APPEND_ONLY:
        _forbid_change(table)


def downgrade():
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
