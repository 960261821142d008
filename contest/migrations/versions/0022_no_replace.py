"""INSERT OR REPLACE takes no row of an append-only table away"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import replace_guard

revision = '0022_no_replace'
down_revision = '0021_quiz'
branch_labels = None
depends_on = None


def _append_only():
    """The tables that refuse deletes; PostgreSQL knows no REPLACE."""
    if op.get_bind().dialect.name != 'sqlite':
        return []
    names = op.get_bind().scalars(sa.text(
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name = tbl_name || '_no_delete'"
    ))
    return sorted(names)


def upgrade():
    inspector = sa.inspect(op.get_bind())
    for name in _append_only():
        keys = [inspector.get_pk_constraint(name)['constrained_columns']]
        keys += [each['column_names'] for each in inspector.get_unique_constraints(name)]
        known = {(tuple(key), '') for key in keys}
        for each in inspector.get_indexes(name):
            if each['unique']:
                where = each.get('dialect_options', {}).get('sqlite_where')
                known.add((tuple(each['column_names']), '' if where is None else str(where)))
        op.execute(replace_guard(name, sorted(known)))


def downgrade():
    for name in _append_only():
        op.execute(f'DROP TRIGGER {name}_no_replace')
