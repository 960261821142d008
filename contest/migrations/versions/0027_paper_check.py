"""the paper check: its sample, what differs, the chief judge's statements; prizes left out"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0027_paper_check'
down_revision = '0026_member_services'
branch_labels = None
depends_on = None

KEYS = {
    'paper_sample': [(('id',), ''), (('contest_id', 'stage'), '')],
    'check_statement': [(('id',), ''), (('check_id',), '')],
    'awards_left_out': [(('id',), ''), (('result_sheet_id',), '')],
}


def _forbid_change(table):
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards(table)
    else:
        statements = (*sqlite_guards(table), replace_guard(table, sorted(KEYS[table])))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def upgrade():
    # Of checks from before, nothing is known but their note.
    for name in ('aspect_key', 'figure'):
        op.add_column('sheet_check', sa.Column(name, sa.String(), server_default='', nullable=False))
    op.create_table('paper_sample',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('confidence', sa.Integer(), nullable=False),
    sa.Column('bad', sa.String(), nullable=False),
    sa.Column('margin', sa.String(), nullable=False),
    sa.Column('drawn', Document, nullable=False),
    sa.Column('at_line', Document, nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_paper_sample_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_paper_sample_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_sample')),
    sa.UniqueConstraint('contest_id', 'stage', name=op.f('uq_paper_sample_contest_id_stage')),
    )
    op.create_table('check_statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('check_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_check_statement_by_id')),
    sa.ForeignKeyConstraint(['check_id'], ['sheet_check.id'], name=op.f('fk_check_statement_check_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_check_statement_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_statement')),
    sa.UniqueConstraint('check_id', name=op.f('uq_check_statement_check_id')),
    )
    op.create_index(op.f('ix_check_statement_contest_id'), 'check_statement', ['contest_id'], unique=False)
    op.create_table('awards_left_out',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('result_sheet_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_awards_left_out_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_awards_left_out_contest_id')),
    sa.ForeignKeyConstraint(
        ['result_sheet_id'], ['result_sheet.id'], name=op.f('fk_awards_left_out_result_sheet_id')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_awards_left_out')),
    sa.UniqueConstraint('result_sheet_id', name=op.f('uq_awards_left_out_result_sheet_id')),
    )
    op.create_index(op.f('ix_awards_left_out_contest_id'), 'awards_left_out', ['contest_id'], unique=False)
    for table in KEYS:
        _forbid_change(table)


def downgrade():
    op.drop_index(op.f('ix_awards_left_out_contest_id'), table_name='awards_left_out')
    op.drop_table('awards_left_out')
    op.drop_index(op.f('ix_check_statement_contest_id'), table_name='check_statement')
    op.drop_table('check_statement')
    op.drop_table('paper_sample')
    for name in ('figure', 'aspect_key'):
        op.drop_column('sheet_check', name)
