"""the order numbers that tablets tell, and tablets that are excused in writing"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0029_device_numbers'
down_revision = "0028_api"
branch_labels = None
depends_on = None


def _forbid_change(table, keys):
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards(table)
    else:
        statements = (*sqlite_guards(table), replace_guard(table, keys))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def upgrade():
    # Tablets from before tell nothing yet.
    op.add_column('tablet', sa.Column('numbers', Document, nullable=True))
    op.create_index('ix_sheet_revision_device_id_device_seq', 'sheet_revision', ['device_id', 'device_seq'])
    op.create_table('tablet_excuse',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('missing', Document, nullable=False),
    sa.Column('counts', Document, nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_tablet_excuse_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_tablet_excuse_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tablet_excuse')),
    )
    op.create_index(op.f('ix_tablet_excuse_contest_id'), 'tablet_excuse', ['contest_id'], unique=False)
    _forbid_change('tablet_excuse', [(('id',), '')])


def downgrade():
    op.drop_index(op.f('ix_tablet_excuse_contest_id'), table_name='tablet_excuse')
    op.drop_table('tablet_excuse')
    op.drop_index('ix_sheet_revision_device_id_device_seq', table_name='sheet_revision')
    op.drop_column('tablet', 'numbers')
