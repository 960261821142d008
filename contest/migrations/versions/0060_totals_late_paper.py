"""what tablets last told of what they handed in; appeals on paper that came in time and were typed in late"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0060_totals_late_paper'
down_revision = "0059_row_guards"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('sheet_total',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('found', Document, nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_sheet_total_contest_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_sheet_total_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_total')),
    sa.UniqueConstraint('contest_id', 'user_id', 'device_id', name=op.f('uq_sheet_total_contest_id_user_id_device_id'))
    )
    op.create_table('late_paper',
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('taken_by', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_late_paper_appeal_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_late_paper_by_id')),
    sa.PrimaryKeyConstraint('appeal_id', name=op.f('pk_late_paper'))
    )
    op.create_table('late_paper_word',
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['late_paper.appeal_id'], name=op.f('fk_late_paper_word_appeal_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_late_paper_word_by_id')),
    sa.PrimaryKeyConstraint('appeal_id', name=op.f('pk_late_paper_word'))
    )
    for name in ('late_paper', 'late_paper_word'):
        if op.get_bind().dialect.name == 'postgresql':
            statements = postgres_guards(name)
        else:
            statements = [*sqlite_guards(name), replace_guard(name, [(('appeal_id',), '')])]
        for statement in statements:
            op.execute(statement)


def downgrade():
    op.drop_table('late_paper_word')
    op.drop_table('late_paper')
    op.drop_table('sheet_total')
