"""What is said of a person in papers, stories and verdicts can be erased, and nothing else in them changes"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import (
    erasable_postgres,
    erasable_sqlite,
    postgres_guards,
    replace_guard,
    sqlite_guards,
)
from contest.db import Document, Moment

revision = '0037_erasable'
down_revision = "0036_nominations"
branch_labels = None
depends_on = None

# Of each table: its columns, those that may be emptied, and what is unique in it.
FILE = ('id', 'name', 'ending', 'size', 'sha256', 'content')
ERASABLE = {
    'unit_nomination_file': (
        (*FILE, 'nomination_id', 'kind', 'by_id', 'at'), {'name': "''", 'content': 'NULL'}, [(('id',), '')],
    ),
    'appeal_file': (
        (*FILE, 'appeal_id', 'number'), {'name': "''", 'content': 'NULL'},
        [(('appeal_id', 'number'), ''), (('id',), '')],
    ),
    'condition_verdict': (
        ('id', 'nomination_id', 'key', 'is_met', 'reason', 'rule_said', 'by_id', 'at'),
        {'reason': "''", 'rule_said': "'{}'"}, [(('id',), '')],
    ),
    'selection_story': (
        ('id', 'contest_id', 'entrant_id', 'title', 'words', 'by_id', 'at'),
        {'title': "''", 'words': "''"}, [(('id',), '')],
    ),
}
FILES = ('unit_nomination_file', 'appeal_file')


def upgrade():
    for name in ERASABLE:
        _drop_guards(name)
    for name in FILES:
        _let_content_go(name)
    for name, (columns, blanks, keys) in ERASABLE.items():
        _put(erasable_postgres(name, columns, blanks) if _is_postgres()
             else erasable_sqlite(name, columns, blanks, keys))
    op.add_column('unit_nomination', sa.Column('erased_at', Moment(), nullable=True))
    op.add_column('personal_erasure', sa.Column('also_ids', Document, nullable=False, server_default='[]'))
    op.add_column('personal_erasure', sa.Column('nomination_id', sa.Integer(), nullable=True))


def downgrade():
    op.drop_column('personal_erasure', 'nomination_id')
    op.drop_column('personal_erasure', 'also_ids')
    op.drop_column('unit_nomination', 'erased_at')
    for name in ERASABLE:
        _drop_guards(name)
        if _is_postgres():
            op.execute(f'DROP FUNCTION keep_{name}()')
    for name in FILES:
        # The release before knows no file without content: an empty one takes its place.
        op.execute(f"UPDATE {name} SET content = {_nothing()} WHERE content IS NULL")
        _let_content_go(name, False)
    for name, (_columns, _blanks, keys) in ERASABLE.items():
        _put(postgres_guards(name) if _is_postgres() else (*sqlite_guards(name), replace_guard(name, keys)))


def _is_postgres():
    return op.get_bind().dialect.name == 'postgresql'


def _nothing():
    return "''::bytea" if _is_postgres() else "x''"


def _let_content_go(name, may=True):
    with op.batch_alter_table(name) as batch:
        batch.alter_column('content', existing_type=sa.LargeBinary(), nullable=may)


def _drop_guards(name):
    if _is_postgres():
        for each in ('no_change', 'keeps'):
            op.execute(f'DROP TRIGGER IF EXISTS {name}_{each} ON {name}')
    else:
        for each in ('no_update', 'no_delete', 'no_replace'):
            op.execute(f'DROP TRIGGER IF EXISTS {name}_{each}')


def _put(statements):
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))
