"""What members paid a year towards a service, what of it was taken back; what a line costs, whom a survey asked"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Moment
from contest.member_services.row_guards import GUARDS

revision = '0065_contributions'
down_revision = "0064_given_passwords"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('paid_contribution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('service_key', sa.String(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('amount', sa.BigInteger(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('reference', sa.String(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_paid_contribution_by_id')),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_paid_contribution_human_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paid_contribution')),
    )
    op.create_index(op.f('ix_paid_contribution_human_id'), 'paid_contribution', ['human_id'], unique=False)
    op.create_index(
        'ix_paid_contribution_service_key_year', 'paid_contribution', ['service_key', 'year'], unique=False
    )
    op.create_table('taken_back_contribution',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contribution_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_taken_back_contribution_by_id')),
    sa.ForeignKeyConstraint(
        ['contribution_id'], ['paid_contribution.id'],
        name=op.f('fk_taken_back_contribution_contribution_id'),
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_taken_back_contribution')),
    sa.UniqueConstraint('contribution_id', name=op.f('uq_taken_back_contribution_contribution_id')),
    )
    _guard('paid_contribution', [(('id',), '')])
    _guard('taken_back_contribution', [(('contribution_id',), ''), (('id',), '')])
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for rows in GUARDS:
        for statement in rows.sqlite if is_sqlite else rows.postgres:
            op.execute(statement)
    op.add_column('item_register', sa.Column('asked', sa.Integer(), nullable=True))
    op.add_column('register_item', sa.Column('cost', sa.BigInteger(), nullable=True))


def _guard(name, keys):
    if op.get_bind().dialect.name == 'sqlite':
        statements = [*sqlite_guards(name), replace_guard(name, keys)]
    else:
        statements = postgres_guards(name)
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade():
    op.drop_column('register_item', 'cost')
    op.drop_column('item_register', 'asked')
    op.drop_table('taken_back_contribution')
    op.drop_table('paid_contribution')
    if op.get_bind().dialect.name == 'postgresql':
        for rows in GUARDS:
            op.execute(rows.postgres_gone[1])
