"""Until when a one-time password opens an account; those that were given before run on"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0064_given_passwords'
down_revision = "0063_certificate_lists"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('user_account', sa.Column('password_until', Moment(timezone=True), nullable=True))


def downgrade():
    op.drop_column('user_account', 'password_until')
