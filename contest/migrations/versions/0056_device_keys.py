"""Keys of tablets, what is ruled on them, and signatures in the ledger"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Moment
from contest.errors import Conflict

revision = '0056_device_keys'
down_revision = "0055_head_witnesses"
branch_labels = None
depends_on = None

SIGNED = ('signed', 'signature', 'signer')
KEYS = {
    'device_key': [(('device_id', 'short'), ''), (('id',), '')],
    'device_ruling': [(('id',), '')],
}


def _guard(table, keys):
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards(table)
    else:
        statements = (*sqlite_guards(table), replace_guard(table, keys))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def upgrade():
    op.create_table('device_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('device_id', sa.String(), nullable=False),
    sa.Column('public', sa.String(), nullable=False),
    sa.Column('short', sa.String(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user_account.id'], name=op.f('fk_device_key_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_key')),
    sa.UniqueConstraint('device_id', 'short', name=op.f('uq_device_key_device_id_short'))
    )
    op.create_index(op.f('ix_device_key_user_id'), 'device_key', ['user_id'], unique=False)
    op.create_table('device_ruling',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('device_id', sa.String(), nullable=False),
    sa.Column('public', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_device_ruling_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_device_ruling_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_device_ruling'))
    )
    op.create_index(op.f('ix_device_ruling_contest_id'), 'device_ruling', ['contest_id'], unique=False)
    for table, keys in KEYS.items():
        _guard(table, keys)
    for name in SIGNED:
        op.add_column('sheet_revision', sa.Column(name, sa.String(), server_default='', nullable=False))


def _check_none_bound():
    """Refuse where the chain would say for ever after that its rows are not what was linked."""
    connection = op.get_bind()
    revisions = sa.table('sheet_revision', sa.column('signature'))
    rulings = sa.table('device_ruling')
    count = connection.scalar(
        sa.select(sa.func.count()).select_from(revisions).where(revisions.c.signature != '')
    ) + connection.scalar(sa.select(sa.func.count()).select_from(rulings))
    if count:
        raise Conflict(
            "The chain binds signed marks (rows: %(count)s) that an earlier version does not know, so this "
            "database stays as it is. Put a copy from before the upgrade in its place instead.", count=count,
        )


def downgrade():
    _check_none_bound()
    for name in SIGNED:
        op.drop_column('sheet_revision', name)
    op.drop_table('device_ruling')
    op.drop_table('device_key')
