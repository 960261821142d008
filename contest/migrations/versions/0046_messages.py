"""Messages of the organiser to those who take part"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Moment

revision = '0046_messages'
down_revision = "0045_annulments"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('participant_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('audience', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_participant_message_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_participant_message_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_participant_message')),
    )
    op.create_index(
        op.f('ix_participant_message_contest_id'), 'participant_message', ['contest_id'], unique=False
    )
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards('participant_message')
    else:
        statements = (
            *sqlite_guards('participant_message'), replace_guard('participant_message', [(('id',), '')])
        )
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def downgrade():
    op.drop_table('participant_message')
