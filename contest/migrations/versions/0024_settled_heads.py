"""Heads that are not on the chain, settled by two people"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Moment

revision = '0024_settled_heads'
down_revision = '0023_person_account'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('settled_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('proposed_by', sa.String(), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('confirmed_by', sa.String(), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_settled_head_contest_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user_account.id'], name=op.f('fk_settled_head_proposed_by_id')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['user_account.id'], name=op.f('fk_settled_head_confirmed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_settled_head')),
    sa.UniqueConstraint('contest_id', 'seq', 'hash', name=op.f('uq_settled_head_contest_id_seq_hash'))
    )
    is_postgres = op.get_bind().dialect.name == 'postgresql'
    for statement in postgres_guards('settled_head') if is_postgres else sqlite_guards('settled_head'):
        op.execute(statement)
    if not is_postgres:
        keys = [(('contest_id', 'seq', 'hash'), ''), (('id',), '')]
        op.execute(replace_guard('settled_head', keys))


def downgrade():
    op.drop_table('settled_head')
