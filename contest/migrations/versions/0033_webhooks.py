"""Outside systems are told by signed webhooks: subscribers, secrets, messages, tries"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0033_webhooks'
down_revision = "0032_registry"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'webhook',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('url', sa.String(), nullable=False),
        sa.Column('topics', Document, nullable=False),
        sa.Column('services', Document, nullable=False),
        sa.Column('facts', Document, nullable=False),
        sa.Column('made_at', Moment(), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=True),
        sa.Column('paused_at', Moment(), nullable=True),
        sa.Column('pause', sa.String(), nullable=False),
        sa.Column('ended_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id'], name='fk_webhook_made_by_id'),
        sa.PrimaryKeyConstraint('id', name='pk_webhook'),
    )
    op.create_table(
        'webhook_secret',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('webhook_id', sa.Integer(), nullable=False),
        sa.Column('word', sa.String(), nullable=False),
        sa.Column('made_at', Moment(), nullable=False),
        sa.Column('ends_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name='fk_webhook_secret_webhook_id'),
        sa.PrimaryKeyConstraint('id', name='pk_webhook_secret'),
    )
    op.create_index('ix_webhook_secret_webhook_id', 'webhook_secret', ['webhook_id'])
    op.create_table(
        'webhook_message',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('webhook_id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=True),
        sa.Column('body', sa.String(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('next_at', Moment(), nullable=False),
        sa.Column('delivered_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['webhook_id'], ['webhook.id'], name='fk_webhook_message_webhook_id'),
        sa.PrimaryKeyConstraint('id', name='pk_webhook_message'),
        sa.UniqueConstraint('message_id', name='uq_webhook_message_message_id'),
    )
    op.create_index('ix_webhook_message_human_id', 'webhook_message', ['human_id'])
    op.create_index(
        'ix_webhook_message_webhook_id_state_next_at', 'webhook_message', ['webhook_id', 'state', 'next_at']
    )
    op.create_table(
        'webhook_attempt',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('problem', sa.String(), nullable=False),
        sa.Column('duration_ms', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ['message_id'], ['webhook_message.id'], name='fk_webhook_attempt_message_id'
        ),
        sa.PrimaryKeyConstraint('id', name='pk_webhook_attempt'),
    )
    op.create_index('ix_webhook_attempt_message_id', 'webhook_attempt', ['message_id'])
    if op.get_bind().dialect.name == 'sqlite':
        guards = [*sqlite_guards('webhook_attempt'), replace_guard('webhook_attempt', [(('id',), '')])]
    else:
        guards = postgres_guards('webhook_attempt')
    for statement in guards:
        op.execute(statement)


def downgrade():
    for table in ('webhook_attempt', 'webhook_message', 'webhook_secret', 'webhook'):
        op.drop_table(table)
