"""Photographs of sheets on paper"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import erasable_postgres, erasable_sqlite
from contest.db import Moment

revision = '0047_paper_photos'
down_revision = "0046_messages"
branch_labels = None
depends_on = None

COLUMNS = ('id', 'paper_id', 'number', 'name', 'ending', 'size', 'sha256', 'content', 'by_id', 'at')
KEYS = [(('id',), ''), (('paper_id', 'number'), '')]
BLANKS = {'name': "''", 'content': 'NULL'}


def upgrade():
    op.create_table('paper_photo',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('paper_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('ending', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_paper_photo_by_id')),
    sa.ForeignKeyConstraint(['paper_id'], ['paper_sheet.id'], name=op.f('fk_paper_photo_paper_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_photo')),
    sa.UniqueConstraint('paper_id', 'number', name=op.f('uq_paper_photo_paper_id_number')),
    )
    if op.get_bind().dialect.name == 'postgresql':
        statements = erasable_postgres('paper_photo', COLUMNS, BLANKS)
    else:
        statements = erasable_sqlite('paper_photo', COLUMNS, BLANKS, KEYS)
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade():
    op.drop_table('paper_photo')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION IF EXISTS keep_paper_photo()')
