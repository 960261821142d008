"""Signatures for the whole result, scores that are checked again, a sealed seed of the paper check"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment
from contest.errors import Conflict

revision = '0041_signatures'
down_revision = '0040_refused_operations'
branch_labels = None
depends_on = None

KEYS = {
    'score_check': [(('id',), '')],
    'score_statement': [(('check_id',), ''), (('id',), '')],
    'sample_seed': [(('contest_id', 'stage'), ''), (('id',), '')],
}


# Rows of these lose columns or go; 0042 and whatever came after it bound them into the chain, once for ever.
BOUND = ('signature', 'paper_sample', 'score_check', 'score_statement')


def _forbid_change(table):
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards(table)
    else:
        statements = (*sqlite_guards(table), replace_guard(table, sorted(KEYS[table])))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def upgrade():
    op.add_column('signature', sa.Column('fingerprint', Document, server_default='{}', nullable=False))
    # Of samples from before, the seed was typed whole.
    for name in ('secret', 'public_part', 'commitment'):
        op.add_column('paper_sample', sa.Column(name, sa.String(), server_default='', nullable=False))
    op.add_column('paper_sample', sa.Column('committed_at', Moment(timezone=True), nullable=True))
    op.create_table('score_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('agrees', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('figure', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_score_check_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_score_check_contest_id')),
    sa.ForeignKeyConstraint(['entry_id'], ['theory_entry.id'], name=op.f('fk_score_check_entry_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_check')),
    )
    op.create_index(op.f('ix_score_check_contest_id'), 'score_check', ['contest_id'], unique=False)
    op.create_table('score_statement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('check_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_score_statement_by_id')),
    sa.ForeignKeyConstraint(['check_id'], ['score_check.id'], name=op.f('fk_score_statement_check_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_score_statement_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score_statement')),
    sa.UniqueConstraint('check_id', name=op.f('uq_score_statement_check_id')),
    )
    op.create_index(op.f('ix_score_statement_contest_id'), 'score_statement', ['contest_id'], unique=False)
    op.create_table('sample_seed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('seed', sa.String(), nullable=False),
    sa.Column('commitment', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_sample_seed_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sample_seed')),
    sa.UniqueConstraint('contest_id', 'stage', name=op.f('uq_sample_seed_contest_id_stage')),
    )
    for table in KEYS:
        _forbid_change(table)


def _check_none_bound():
    """Refuse where the chain would say for ever after that its rows are not what was linked."""
    links = sa.table('chain_link', sa.column('kind'))
    bound = sa.select(sa.func.count()).select_from(links).where(links.c.kind.in_(BOUND))
    if count := op.get_bind().scalar(bound):
        raise Conflict(
            "The chain binds signatures, paper samples and checks of scores (links: %(count)s) that an "
            "earlier version cannot keep whole, so this database stays as it is. Put a copy from before "
            "the upgrade in its place instead.", count=count,
        )


def downgrade():
    _check_none_bound()
    op.drop_table('sample_seed')
    op.drop_index(op.f('ix_score_statement_contest_id'), table_name='score_statement')
    op.drop_table('score_statement')
    op.drop_index(op.f('ix_score_check_contest_id'), table_name='score_check')
    op.drop_table('score_check')
    op.drop_column('paper_sample', 'committed_at')
    for name in ('commitment', 'public_part', 'secret'):
        op.drop_column('paper_sample', name)
    op.drop_column('signature', 'fingerprint')
