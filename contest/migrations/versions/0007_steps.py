"""each contest's own procedure from scores to final results"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007_steps'
down_revision = '0006_calendar'
branch_labels = None
depends_on = None


def upgrade():
    document = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), 'postgresql'
    )
    # Without batch mode: a copied table would lose the triggers that make it append-only.
    op.add_column(
        'contest', sa.Column('procedure', document, nullable=False, server_default='{}')
    )


def downgrade():
    op.drop_column('contest', 'procedure')
