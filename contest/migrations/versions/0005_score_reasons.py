"""why a score was corrected or cleared"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade():
    # Without batch mode: a copied table would lose the triggers that make it append-only.
    op.add_column(
        'theory_entry', sa.Column('reason', sa.String(), nullable=False, server_default='')
    )


def downgrade():
    op.drop_column('theory_entry', 'reason')
