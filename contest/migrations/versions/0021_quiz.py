"""the ledger of a quiz and of timed events"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, sqlite_guards
from contest.db import Document, Moment
from contest.quiz import ledger_guards

revision = '0021_quiz'
down_revision = '0020_ceremony'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('quiz_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('question', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('undoes_id', sa.Integer(), nullable=True),
    sa.Column('stake_id', sa.Integer(), nullable=True),
    sa.Column('op_id', sa.String(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.CheckConstraint('seq > 0', name=op.f('ck_quiz_entry_seq_positive')),
    sa.CheckConstraint(
        "kind IN ('base', 'must', 'buzz', 'stake', 'risk', 'other', 'time', 'fault', 'void', 'undo')",
        name=op.f('ck_quiz_entry_kind_known'),
    ),
    sa.CheckConstraint(
        "(kind = 'undo') = (undoes_id IS NOT NULL)", name=op.f('ck_quiz_entry_undo_names_entry')
    ),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_quiz_entry_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_quiz_entry_contest_id')),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_quiz_entry_entrant_id')),
    sa.ForeignKeyConstraint(['stake_id'], ['quiz_entry.id'], name=op.f('fk_quiz_entry_stake_id')),
    sa.ForeignKeyConstraint(['undoes_id'], ['quiz_entry.id'], name=op.f('fk_quiz_entry_undoes_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_entry')),
    sa.UniqueConstraint('contest_id', 'module_key', 'seq', name=op.f('uq_quiz_entry_contest_id_module_key_seq')),
    sa.UniqueConstraint('op_id', name=op.f('uq_quiz_entry_op_id')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_quiz_entry_undoes_id'))
    )
    op.create_table('quiz_setting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(), nullable=False),
    sa.Column('values', Document, nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_quiz_setting_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_quiz_setting_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_setting'))
    )
    op.create_index(op.f('ix_quiz_setting_contest_id'), 'quiz_setting', ['contest_id'], unique=False)
    is_postgres = op.get_bind().dialect.name == 'postgresql'
    guards = postgres_guards if is_postgres else sqlite_guards
    for statement in (
        *ledger_guards.UNDO[is_postgres], *guards('quiz_entry'), *guards('quiz_setting')
    ):
        op.execute(statement)


def downgrade():
    op.drop_index(op.f('ix_quiz_setting_contest_id'), table_name='quiz_setting')
    op.drop_table('quiz_setting')
    op.drop_table('quiz_entry')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION refuse_wrong_undo()')
