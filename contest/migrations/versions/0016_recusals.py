"""from whom judges keep away; sheets that went to another judge"""

import sqlalchemy as sa
from alembic import op

from contest.audit.models import postgres_guards, sqlite_guards
from contest.db import Moment

revision = '0016_recusals'
down_revision = '0015_bulletin'
branch_labels = None
depends_on = None

TABLES = ('recusal', 'handover')


def _of(table, column, other='contest.id'):
    return sa.ForeignKeyConstraint([column], [other], name=op.f(f'fk_{table}_{column}'))


def upgrade():
    op.create_table(
        'recusal',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('judge_id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=True),
        sa.Column('entrant_id', sa.Integer(), nullable=True),
        sa.Column('relation', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        _of('recusal', 'contest_id'),
        _of('recusal', 'judge_id', 'judge.id'),
        _of('recusal', 'organisation_id', 'organisation.id'),
        _of('recusal', 'entrant_id', 'entrant.id'),
        _of('recusal', 'by_id', 'user_account.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_recusal')),
    )
    op.create_index('ix_recusal_contest_id', 'recusal', ['contest_id'])
    op.create_index('ix_recusal_judge_id', 'recusal', ['judge_id'])
    op.create_table(
        'handover',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('sheet_id', sa.Integer(), nullable=False),
        sa.Column('from_id', sa.Integer(), nullable=False),
        sa.Column('to_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        _of('handover', 'contest_id'),
        _of('handover', 'from_id', 'judge.id'),
        _of('handover', 'to_id', 'judge.id'),
        _of('handover', 'by_id', 'user_account.id'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    )
    op.create_index('ix_handover_contest_id', 'handover', ['contest_id'])
    op.create_index('ix_handover_sheet_id', 'handover', ['sheet_id'])
    guards = postgres_guards if op.get_bind().dialect.name == 'postgresql' else sqlite_guards
    for table in TABLES:
        for statement in guards(table):
            op.execute(statement)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
