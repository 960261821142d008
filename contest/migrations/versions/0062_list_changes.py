"""Who left the list of a selection, and who moved up"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import erasable_postgres, erasable_sqlite
from contest.db import Document, Moment

revision = '0062_list_changes'
down_revision = "0061_letters"
branch_labels = None
depends_on = None

TABLE = 'selection_list_change'
COLUMNS = ('id', 'contest_id', 'number', 'entrant_id', 'cause', 'reason', 'moved_up', 'document',
           'document_hash', 'document_number', 'by_id', 'at')
KEYS = [(('contest_id', 'entrant_id'), ''), (('contest_id', 'number'), ''), (('id',), '')]
BLANKS = {'reason': "''"}


def upgrade():
    op.create_table(TABLE,
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('moved_up', Document, nullable=False),
    sa.Column('document', Document, nullable=False),
    sa.Column('document_hash', sa.String(), nullable=False),
    sa.Column('document_number', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_selection_list_change_by_id')),
    sa.ForeignKeyConstraint(
        ['contest_id'], ['contest.id'], name=op.f('fk_selection_list_change_contest_id')),
    sa.ForeignKeyConstraint(
        ['entrant_id'], ['entrant.id'], name=op.f('fk_selection_list_change_entrant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_selection_list_change')),
    sa.UniqueConstraint(
        'contest_id', 'entrant_id', name=op.f('uq_selection_list_change_contest_id_entrant_id')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_selection_list_change_contest_id_number')),
    )
    if op.get_bind().dialect.name == 'postgresql':
        statements = erasable_postgres(TABLE, COLUMNS, BLANKS)
    else:
        statements = erasable_sqlite(TABLE, COLUMNS, BLANKS, KEYS)
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade():
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION IF EXISTS keep_selection_list_change()')
