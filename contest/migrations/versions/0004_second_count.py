"""what the second scorer said of a published revision"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade():
    # Added in place: the table is append-only, and a batch would write its rows anew.
    op.add_column('result_sheet', sa.Column('second_count', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True))


def downgrade():
    op.drop_column('result_sheet', 'second_count')
