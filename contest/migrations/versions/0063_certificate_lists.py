"""signed lists of certificates, and the leaf of each in its contest's tree"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.awards.row_guards import LIST_GUARDS
from contest.db import Moment
from contest.errors import Conflict

revision = '0063_certificate_lists'
down_revision = "0062_list_changes"
branch_labels = None
depends_on = None

KEYS = {
    'certificate_list': [(('contest_id', 'number'), ''), (('id',), '')],
    'certificate_leaf': [(('certificate_id',), ''), (('contest_id', 'position'), ''), (('id',), '')],
}


def upgrade():
    op.create_table('certificate_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_certificate_list_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_certificate_list_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_list')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_certificate_list_contest_id_number'))
    )
    op.create_table('certificate_leaf',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_leaf_certificate_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_certificate_leaf_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_leaf')),
    sa.UniqueConstraint('certificate_id', name=op.f('uq_certificate_leaf_certificate_id')),
    sa.UniqueConstraint('contest_id', 'position', name=op.f('uq_certificate_leaf_contest_id_position'))
    )
    is_postgres = op.get_bind().dialect.name == 'postgresql'
    for name, keys in KEYS.items():
        for statement in postgres_guards(name) if is_postgres else [*sqlite_guards(name), replace_guard(name, keys)]:
            op.execute(statement)
    for rows in LIST_GUARDS:
        for statement in rows.postgres if is_postgres else rows.sqlite:
            op.execute(statement)


def downgrade():
    # The next release would number its lists from 1 again, and two of one number say different things.
    count = op.get_bind().scalar(sa.text('SELECT count(*) FROM certificate_list'))
    if count:
        raise Conflict(
            "This version cannot be undone: signed lists of certificates were given out (%(count)s). Put a copy "
            "from before the upgrade in the database's place instead.",
            count=count,
        )
    if op.get_bind().dialect.name == 'postgresql':
        for rows in LIST_GUARDS:
            for statement in rows.postgres_gone:
                op.execute(statement)
    op.drop_table('certificate_leaf')
    op.drop_table('certificate_list')
