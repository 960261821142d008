"""Published lists of points name nobody: people stand in them by number, and a name that is erased is gone"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import sqlite_guards
from contest.db import Document

revision = '0067_nameless_points'
down_revision = "0066_settled_totals"
branch_labels = None
depends_on = None

LISTS = sa.table('points_list', sa.column('id'), sa.column('by_what'), sa.column('document', Document))
HUMAN = sa.table('human', sa.column('id'), sa.column('name'), sa.column('merged_into_id'))


def upgrade():
    _change(lambda line: {key: value for key, value in line.items() if key != 'name'})


def downgrade():
    # The release before prints what stands in the document: the names that there are today.
    people = {row.id: row for row in op.get_bind().execute(sa.select(HUMAN)).all()}

    def named(line):
        row = people[line['id']]
        while row.merged_into_id is not None:
            row = people[row.merged_into_id]
        return {**line, 'name': row.name}

    _change(named)


def _change(turn):
    """Give every line of the lists of people through `turn`; the guard of the table is away meanwhile."""
    _let_change(True)
    bind = op.get_bind()
    ids = bind.scalars(sa.select(LISTS.c.id).where(LISTS.c.by_what == 'people').order_by(LISTS.c.id)).all()
    for row_id in ids:
        document = bind.scalar(sa.select(LISTS.c.document).where(LISTS.c.id == row_id))
        document = {**document, 'lines': [turn(line) for line in document['lines']]}
        bind.execute(sa.update(LISTS).where(LISTS.c.id == row_id).values(document=document))
    _let_change(False)


def _let_change(may):
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f"ALTER TABLE points_list {'DISABLE' if may else 'ENABLE'} TRIGGER USER")
    elif may:
        op.execute('DROP TRIGGER points_list_no_update')
    else:
        op.execute(sqlite_guards('points_list')[0])
