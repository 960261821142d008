"""Tokens of programs and their kept answers; webhooks and how they were delivered"""

import sqlalchemy as sa
from alembic import op
from contest.db import Document, Moment

revision = '0028_api'
down_revision = '0027_paper_check'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'api_token',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=True),
        sa.Column('scopes', Document, nullable=False),
        sa.Column('made_at', Moment(), nullable=False),
        sa.Column('expires_at', Moment(), nullable=False),
        sa.Column('last_used_at', Moment(), nullable=True),
        sa.Column('revoked_at', Moment(), nullable=True),
        sa.Column('revoked_by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.ForeignKeyConstraint(['revoked_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash'),
    )
    op.create_index('ix_api_token_user_id', 'api_token', ['user_id'])
    op.create_index('ix_api_token_contest_id', 'api_token', ['contest_id'])
    op.create_table(
        'api_answer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('fingerprint', sa.String(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('body', Document, nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('user_id', 'key'),
    )
    _webhooks()


def _webhooks():
    op.create_table(
        'webhook_endpoint',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('url', sa.String(), nullable=False),
        sa.Column('kinds', Document, nullable=False),
        sa.Column('secret', sa.String(), nullable=False),
        sa.Column('old_secret', sa.String(), nullable=False),
        sa.Column('rotated_at', Moment(), nullable=True),
        sa.Column('is_active', sa.Boolean(), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=True),
        sa.Column('made_at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['made_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_table(
        'webhook_message',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('word', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('body', sa.String(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('word'),
    )
    op.create_table(
        'webhook_delivery',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('message_id', sa.Integer(), nullable=False),
        sa.Column('endpoint_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('since', Moment(), nullable=False),
        sa.Column('next_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['message_id'], ['webhook_message.id']),
        sa.ForeignKeyConstraint(['endpoint_id'], ['webhook_endpoint.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('message_id', 'endpoint_id'),
    )
    op.create_index('ix_webhook_delivery_endpoint_id', 'webhook_delivery', ['endpoint_id'])
    op.create_index('ix_webhook_delivery_next_at', 'webhook_delivery', ['next_at'])
    op.create_table(
        'webhook_attempt',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('delivery_id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('status', sa.Integer(), nullable=True),
        sa.Column('trouble', sa.String(), nullable=False),
        sa.Column('took_ms', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['delivery_id'], ['webhook_delivery.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_webhook_attempt_delivery_id', 'webhook_attempt', ['delivery_id'])
    op.create_table(
        'webhook_lease',
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('holder', sa.String(), nullable=False),
        sa.Column('until', Moment(), nullable=False),
        sa.PrimaryKeyConstraint('name'),
    )


def downgrade():
    for table in ('webhook_lease', 'webhook_attempt', 'webhook_delivery', 'webhook_message',
                  'webhook_endpoint', 'api_answer', 'api_token'):
        op.drop_table(table)
