"""who gave roles, passwords and PINs; more sheets drawn for a review"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from contest.audit.models import postgres_guards, sqlite_guards
from contest.db import Moment

revision = '0017_hands'
down_revision = '0016_recusals'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), 'postgresql'
)

NEW = {
    'user_account': (
        lambda: sa.Column('password_by_id', sa.Integer(), nullable=True),
        lambda: sa.Column('password_at', Moment(timezone=True), nullable=True),
        lambda: sa.Column(
            'password_is_given', sa.Boolean(), nullable=False, server_default=sa.false()
        ),
        lambda: sa.Column('pin_by_id', sa.Integer(), nullable=True),
        lambda: sa.Column('pin_at', Moment(timezone=True), nullable=True),
    ),
    'role_grant': (
        lambda: sa.Column('granted_by_id', sa.Integer(), nullable=True),
        lambda: sa.Column('granted_at', Moment(timezone=True), nullable=True),
    ),
}


def upgrade():
    for table, columns in NEW.items():
        for column in columns:
            op.add_column(table, column())
    op.create_table(
        'review_addition',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('stage', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('seed', sa.String(), nullable=False),
        sa.Column('drawn', DOCUMENT, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('contest_id', 'stage', 'number'),
    )
    guards = postgres_guards if op.get_bind().dialect.name == 'postgresql' else sqlite_guards
    for statement in guards('review_addition'):
        op.execute(statement)


def downgrade():
    op.drop_table('review_addition')
    for table, columns in NEW.items():
        for column in reversed(columns):
            op.drop_column(table, column().name)
