"""What tablet and server do not agree on, until it is settled; the chief judge's word on it"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment
from contest.errors import Conflict

revision = '0066_settled_totals'
down_revision = "0065_contributions"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('sheet_total', sa.Column('wrong', Document, nullable=False, server_default='{}'))
    _fill_wrong()
    op.create_table('total_ruling',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('wrong', Document, nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_total_ruling_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_total_ruling_contest_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_total_ruling_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_total_ruling'))
    )
    op.create_index(op.f('ix_total_ruling_contest_id'), 'total_ruling', ['contest_id'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards('total_ruling')
    else:
        statements = [*sqlite_guards('total_ruling'), replace_guard('total_ruling', [(('id',), '')])]
    for statement in statements:
        op.execute(statement)


def _fill_wrong():
    """What the latest comparison found wrong stays so: its digests were not kept, and are left empty."""
    bind = op.get_bind()
    totals = sa.table('sheet_total', sa.column('id'), sa.column('found', Document), sa.column('wrong', Document))
    for row in bind.execute(sa.select(totals.c.id, totals.c.found)).all():
        ids = [*row.found.get('missing', ()), *row.found.get('differing', ())]
        if ids:
            wrong = {str(one): [0, '', ''] for one in ids}
            bind.execute(sa.update(totals).where(totals.c.id == row.id).values(wrong=wrong))


def downgrade():
    count = op.get_bind().scalar(sa.text('SELECT count(*) FROM total_ruling'))
    if count:
        raise Conflict(
            "This version cannot be undone: total codes were settled in writing (%(count)s). Put a copy from "
            "before the upgrade in the database's place instead.",
            count=count,
        )
    op.drop_index(op.f('ix_total_ruling_contest_id'), table_name='total_ruling')
    op.drop_table('total_ruling')
    op.drop_column('sheet_total', 'wrong')
