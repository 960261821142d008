"""an erasure knows the nominations that went with it; an earlier contest stands once

Where an earlier contest stands twice already, both stay until somebody withdraws one: the index then begins
behind the last row of its table.
"""

import sqlalchemy as sa
from alembic import op

from contest.db import Document

revision = '0043_review'
down_revision = "0042_gates_in_the_chain"
branch_labels = None
depends_on = None

STANDS = 'withdrawn_at IS NULL'


def upgrade():
    op.add_column(
        'personal_erasure', sa.Column('nomination_ids', Document, nullable=False, server_default='[]')
    )
    where = sa.text(_rows_that_stand())
    op.create_index(
        'uq_archive_contest_standing', 'archive_contest', ['name', 'held_on'], unique=True,
        sqlite_where=where, postgresql_where=where,
    )


def downgrade():
    op.drop_index('uq_archive_contest_standing', table_name='archive_contest')
    op.drop_column('personal_erasure', 'nomination_ids')


def _rows_that_stand():
    twice = op.get_bind().execute(sa.text(
        f'SELECT count(*) FROM (SELECT 1 FROM archive_contest WHERE {STANDS} '
        'GROUP BY name, held_on HAVING count(*) > 1) AS twice'
    )).scalar()
    last = op.get_bind().execute(sa.text('SELECT max(id) FROM archive_contest')).scalar()
    return f'{STANDS} AND id > {last}' if twice else STANDS
