"""Monthly benefits that were paid; question banks and which a module was drawn from"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Moment

revision = '0049_benefit_payments_banks'
down_revision = "0048_whole_contests"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('benefit_payment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_key', sa.String(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=False),
    sa.Column('entitlement_id', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('voucher', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_benefit_payment_by_id')),
    sa.ForeignKeyConstraint(
        ['entitlement_id'], ['entitlement.id'], name=op.f('fk_benefit_payment_entitlement_id')
    ),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_benefit_payment_human_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_payment')),
    sa.UniqueConstraint(
        'service_key', 'month', 'human_id', name=op.f('uq_benefit_payment_service_key_month_human_id')
    ),
    )
    op.create_index(op.f('ix_benefit_payment_human_id'), 'benefit_payment', ['human_id'], unique=False)
    _guard('benefit_payment', [(('id',), ''), (('service_key', 'month', 'human_id'), '')])
    _add_banks()


def _add_banks():
    op.create_table('question_bank',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('trade', sa.String(), nullable=False),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('version', sa.String(), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=True),
    sa.Column('keeper', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_question_bank_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_bank')),
    sa.UniqueConstraint(
        'trade', 'grade', 'title', 'version', name=op.f('uq_question_bank_trade_grade_title_version')
    ),
    )
    op.create_table('module_bank',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(), nullable=False),
    sa.Column('bank_id', sa.Integer(), nullable=False),
    sa.Column('is_drawn', sa.Boolean(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['bank_id'], ['question_bank.id'], name=op.f('fk_module_bank_bank_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_module_bank_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_module_bank_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_module_bank')),
    )
    op.create_index(
        'ix_module_bank_contest_id_module_key', 'module_bank', ['contest_id', 'module_key'], unique=False
    )
    _guard('module_bank', [(('id',), '')])


def _guard(table, keys):
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards(table)
    else:
        statements = (*sqlite_guards(table), replace_guard(table, keys))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade():
    op.drop_table('module_bank')
    op.drop_table('question_bank')
    op.drop_table('benefit_payment')
