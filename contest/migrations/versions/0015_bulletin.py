"""signed bulletins"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, sqlite_guards
from contest.db import Moment

revision = '0015_bulletin'
down_revision = '0014_checks'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('bulletin',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('result_sheet_id', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('public', sa.LargeBinary(), nullable=False),
    sa.Column('signature', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_bulletin_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_bulletin_contest_id')),
    sa.ForeignKeyConstraint(['result_sheet_id'], ['result_sheet.id'], name=op.f('fk_bulletin_result_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
    sa.UniqueConstraint('result_sheet_id', name=op.f('uq_bulletin_result_sheet_id'))
    )
    op.create_index(op.f('ix_bulletin_contest_id'), 'bulletin', ['contest_id'], unique=False)
    guards = postgres_guards if op.get_bind().dialect.name == 'postgresql' else sqlite_guards
    for statement in guards('bulletin'):
        op.execute(statement)


def downgrade():
    op.drop_index(op.f('ix_bulletin_contest_id'), table_name='bulletin')
    op.drop_table('bulletin')
