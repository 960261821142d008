"""Transfers of monthly benefits that came back; names erased from contests that came from elsewhere"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0051_returned'
down_revision = "0050_records"
branch_labels = None
depends_on = None

ONCE = 'uq_benefit_payment_service_key_month_human_id'
ONCE_EACH = 'uq_benefit_payment_service_key_month_human_id_after_id'
MONTH = ['service_key', 'month', 'human_id']


def upgrade():
    with op.batch_alter_table('benefit_payment') as batch:
        batch.drop_constraint(ONCE, type_='unique')
        batch.add_column(sa.Column('after_id', sa.Integer(), nullable=False, server_default='0'))
        batch.create_unique_constraint(ONCE_EACH, [*MONTH, 'after_id'])
    _guard_again('benefit_payment', [(('id',), ''), ((*MONTH, 'after_id'), '')])
    op.create_table('benefit_return',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('payment_id', sa.Integer(), nullable=False),
    sa.Column('came_back_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_benefit_return_by_id')),
    sa.ForeignKeyConstraint(
        ['payment_id'], ['benefit_payment.id'], name=op.f('fk_benefit_return_payment_id')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_benefit_return')),
    sa.UniqueConstraint('payment_id', name=op.f('uq_benefit_return_payment_id')),
    )
    if _is_postgres():
        _do(postgres_guards('benefit_return'))
    _guard_again('benefit_return', [(('id',), ''), (('payment_id',), '')])
    op.add_column('personal_erasure', sa.Column('whole_names', Document, nullable=False, server_default='[]'))


def _is_postgres():
    return op.get_bind().dialect.name == 'postgresql'


def _guard_again(table, keys):
    """SQLite makes a changed table anew, without its triggers; on PostgreSQL they stay."""
    if not _is_postgres():
        _do((*sqlite_guards(table), replace_guard(table, keys)))


def _do(statements):
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade():
    op.drop_column('personal_erasure', 'whole_names')
    op.drop_table('benefit_return')
    if _is_postgres():
        op.execute('ALTER TABLE benefit_payment DISABLE TRIGGER USER')
    else:
        op.execute('DROP TRIGGER benefit_payment_no_delete')
    # Of a month that was paid again the last transfer is the one that counts.
    op.execute('DELETE FROM benefit_payment WHERE id IN (SELECT after_id FROM benefit_payment)')
    with op.batch_alter_table('benefit_payment') as batch:
        batch.drop_constraint(ONCE_EACH, type_='unique')
        batch.drop_column('after_id')
        batch.create_unique_constraint(ONCE, MONTH)
    if _is_postgres():
        op.execute('ALTER TABLE benefit_payment ENABLE TRIGGER USER')
    _guard_again('benefit_payment', [(('id',), ''), (MONTH, '')])
