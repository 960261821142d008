"""Members' ways in; personal data sealed, access to them written down"""

import json

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0034_members'
down_revision = "0033_webhooks"
branch_labels = None
depends_on = None

# Columns of text that are sealed where they lie; answers of cases move into a column of their own.
SEALED = (('service_case', 'phone'), ('service_case', 'words'), ('objection', 'contact'),
          ('case_event', 'words'))
APPEND_ONLY = {'personal_access': [(('id',), '')], 'personal_erasure': [(('id',), ''), (('mark',), '')]}
KEPT = ('id', 'case_id', 'at', 'who', 'kind', 'was', 'now', 'step_key', 'is_inner', 'is_late', 'user_id',
        'facts')
WORDS = " OR (NEW.words <> '' AND (OLD.words = '' OR NEW.words NOT LIKE 'personal:%'))"
AT_A_TIME = 1000


def upgrade():
    make_tables()
    guard_events(drop=True)
    convert(seal_all)
    op.add_column('service_case', sa.Column('sealed_answers', sa.String(), nullable=True))
    seal_answers()
    op.drop_column('service_case', 'answers')
    guard_events()


def downgrade():
    guard_events(drop=True)
    op.add_column('service_case', sa.Column('answers', Document, nullable=False, server_default='{}'))
    open_answers()
    op.drop_column('service_case', 'sealed_answers')
    convert(open_all)
    plain_guards()
    for table in ('numbers_request', 'personal_erasure', 'code_address', 'member_invitation',
                  'outside_identity', 'one_time_code', 'personal_access', 'id_number'):
        op.drop_table(table)


def seal_all(place, text):
    from contest.people.sealing import seal

    return seal(text, place)


def open_all(place, text):
    from contest.people.sealing import unseal

    return unseal(text, place)


def convert(turn):
    """Give every text of the sealed columns through `turn`, in pieces."""
    for name, column in SEALED:
        table = sa.table(name, sa.column('id'), sa.column(column))
        _each(table, column, table.c[column] != '',
              lambda text, place=f'{name}.{column}': turn(place, text))


def _each(table, column, condition, turn, into=None):
    connection, last = op.get_bind(), 0
    into = into or column
    change = sa.text(f'UPDATE {table.name} SET {into} = :new WHERE id = :row')
    while rows := connection.execute(
        sa.select(table.c.id, table.c[column]).where(table.c.id > last, condition)
        .order_by(table.c.id).limit(AT_A_TIME)
    ).all():
        connection.execute(change, [{'row': row_id, 'new': turn(value)} for row_id, value in rows])
        last = rows[-1].id


def seal_answers():
    table = sa.table('service_case', sa.column('id'), sa.column('answers', Document))
    _each(table, 'answers', table.c.answers.is_not(None), lambda value: seal_all(
        'service_case.answers', json.dumps(value, ensure_ascii=False)), 'sealed_answers')


def open_answers():
    table = sa.table('service_case', sa.column('id'), sa.column('sealed_answers'))
    change = sa.table('service_case', sa.column('id'), sa.column('answers', Document))
    connection = op.get_bind()
    for row_id, value in connection.execute(sa.select(table.c.id, table.c.sealed_answers)).all():
        found = json.loads(open_all('service_case.answers', value)) if value else {}
        connection.execute(change.update().where(change.c.id == row_id).values(answers=found))


def guard_events(drop=False):
    """Put the triggers of case_event in place by which words can be erased; drop: take the old ones away."""
    if op.get_bind().dialect.name == 'sqlite':
        if drop:
            _drop_sqlite()
            return
        changed = ' OR '.join(f'NEW.{name} IS NOT OLD.{name}' for name in KEPT) + WORDS
        op.execute(f"CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event WHEN {changed} "
                   "BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END")
        op.execute(sqlite_guards('case_event')[1])
        op.execute(replace_guard('case_event', [(('id',), '')]))
        return
    if drop:
        _drop_postgres()
        return
    changed = ' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in KEPT) + WORDS
    op.execute('CREATE OR REPLACE FUNCTION keep_case_event() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
               f"IF TG_OP = 'DELETE' OR {changed} THEN RAISE EXCEPTION 'this table is append-only'; END IF; "
               'RETURN NEW; END $$')
    op.execute('CREATE TRIGGER case_event_no_change BEFORE UPDATE OR DELETE ON case_event '
               'FOR EACH ROW EXECUTE FUNCTION keep_case_event()')
    op.execute('CREATE TRIGGER case_event_keeps BEFORE TRUNCATE ON case_event '
               'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()')


def plain_guards():
    """The triggers of case_event as they were before."""
    if op.get_bind().dialect.name == 'sqlite':
        for statement in (*sqlite_guards('case_event'), replace_guard('case_event', [(('id',), '')])):
            op.execute(statement)
    else:
        op.execute('DROP FUNCTION IF EXISTS keep_case_event()')
        op.execute(postgres_guards('case_event')[1])


def _drop_sqlite():
    for name in ('no_update', 'no_delete', 'no_replace'):
        op.execute(f'DROP TRIGGER IF EXISTS case_event_{name}')


def _drop_postgres():
    for name in ('no_change', 'keeps'):
        op.execute(f'DROP TRIGGER IF EXISTS case_event_{name} ON case_event')


def make_tables():
    op.create_table(
        'id_number',
        sa.Column('human_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('sealed', sa.String(), nullable=False),
        sa.Column('match_hash', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['human_id'], ['human.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('human_id'),
        sa.UniqueConstraint('match_hash'),
    )
    op.create_table(
        'personal_access',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=True),
        sa.Column('who', sa.String(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=True),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('field_names', Document, nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('subjects', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_personal_access_human_id', 'personal_access', ['human_id'])
    op.create_index('ix_personal_access_user_id_at', 'personal_access', ['user_id', 'at'])
    _make_ways_in()
    op.create_table(
        'personal_erasure',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=False),
        sa.Column('mark', sa.String(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('who', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('kept', Document, nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('mark'),
    )
    op.create_index('ix_personal_erasure_human_id', 'personal_erasure', ['human_id'])
    op.create_table(
        'numbers_request',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('allowed_by_id', sa.Integer(), nullable=True),
        sa.Column('allowed_at', Moment(), nullable=True),
        sa.Column('taken_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['allowed_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_numbers_request_contest_id', 'numbers_request', ['contest_id'])
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, keys in APPEND_ONLY.items():
        guards = (*sqlite_guards(name), replace_guard(name, keys)) if is_sqlite else postgres_guards(name)
        for statement in guards:
            op.execute(statement)


def _make_ways_in():
    op.create_table(
        'one_time_code',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('code_hash', sa.String(), nullable=False),
        sa.Column('made_at', Moment(), nullable=False),
        sa.Column('expires_at', Moment(), nullable=False),
        sa.Column('ended_at', Moment(), nullable=True),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_one_time_code_user_id', 'one_time_code', ['user_id'])
    op.create_table(
        'outside_identity',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('issuer', sa.String(), nullable=False),
        sa.Column('subject', sa.String(), nullable=False),
        sa.Column('user_id', sa.Integer(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['user_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('issuer', 'subject'),
    )
    op.create_index('ix_outside_identity_user_id', 'outside_identity', ['user_id'])
    op.create_table(
        'member_invitation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('token_hash', sa.String(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=False),
        sa.Column('issued_at', Moment(), nullable=False),
        sa.Column('issued_by_id', sa.Integer(), nullable=True),
        sa.Column('expires_at', Moment(), nullable=False),
        sa.Column('ended_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['human_id'], ['human.id']),
        sa.ForeignKeyConstraint(['issued_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('token_hash'),
    )
    op.create_index('ix_member_invitation_human_id', 'member_invitation', ['human_id'])
    op.create_table(
        'code_address',
        sa.Column('human_id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('address', sa.String(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['human_id'], ['human.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('human_id'),
    )
