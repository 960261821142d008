"""guests have Idempotency-Keys of their own: a kept answer need not belong to somebody"""

import sqlalchemy as sa
from alembic import op

revision = '0044_guest_keys'
down_revision = "0043_review"
branch_labels = None
depends_on = None

GUESTS = sa.text('user_id IS NULL')


def upgrade():
    with op.batch_alter_table('api_answer') as batch:
        batch.alter_column('user_id', existing_type=sa.Integer(), nullable=True)
    op.create_index(
        'uq_api_answer_guest_key', 'api_answer', ['key'], unique=True, sqlite_where=GUESTS,
        postgresql_where=GUESTS,
    )


def downgrade():
    op.drop_index('uq_api_answer_guest_key', table_name='api_answer')
    op.execute('DELETE FROM api_answer WHERE user_id IS NULL')
    with op.batch_alter_table('api_answer') as batch:
        batch.alter_column('user_id', existing_type=sa.Integer(), nullable=False)
