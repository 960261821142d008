"""Selections by recommendation: calls, nominations, verdicts, lists, stories; the points hall"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment
from contest.points.ledger_guards import REVERSAL

revision = '0035_selection'
down_revision = "0034_members"
branch_labels = None
depends_on = None

KEYS = {
    'unit_nomination_file': [(('id',), '')],
    'condition_verdict': [(('id',), '')],
    'selected_list': [(('contest_id',), '')],
    'selection_story': [(('id',), '')],
    'points_rule': [(('id',), '')],
    'points_entry': [
        (('id',), ''), (('source', 'reference'), ''), (('reverses_id',), 'reverses_id IS NOT NULL'),
    ],
    'points_list': [(('id',), ''), (('period', 'by_what'), '')],
}


def _forbid_change(table):
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards(table)
    else:
        statements = (*sqlite_guards(table), replace_guard(table, sorted(KEYS[table])))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def _by():
    return sa.Column('by_id', sa.Integer(), nullable=True)


def _at(name='at', nullable=False):
    return sa.Column(name, Moment(), nullable=nullable)


def _words(*names):
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _whole(*names, nullable=False):
    return [sa.Column(name, sa.Integer(), nullable=nullable) for name in names]


def _points_at(column, table):
    return sa.ForeignKeyConstraint([column], [f'{table}.id'])


def upgrade():
    _create_selection()
    _create_points()
    for table in KEYS:
        _forbid_change(table)
    for statement in REVERSAL[op.get_bind().dialect.name == 'postgresql']:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def _create_selection():
    op.create_table(
        'selection_call', *_whole('contest_id'), *_words('title', 'title_en', 'words'),
        sa.Column('opens_on', sa.Date(), nullable=False), sa.Column('closes_on', sa.Date(), nullable=False),
        sa.Column('terms', Document, nullable=False), *_whole('changed_by_id', nullable=True),
        _at('changed_at'), _points_at('contest_id', 'contest'), _points_at('changed_by_id', 'user_account'),
        sa.PrimaryKeyConstraint('contest_id'),
    )
    op.create_table(
        'unit_nomination', *_whole('id', 'contest_id', 'organisation_id'),
        *_whole('human_id', 'entrant_id', nullable=True),
        sa.Column('typed', Document, nullable=False), sa.Column('source', Document, nullable=False),
        *_words('state', 'words'), _by(), _at(), _at('handed_in_at', True),
        *_whole('decided_by_id', nullable=True), _at('decided_at', True),
        _points_at('contest_id', 'contest'), _points_at('organisation_id', 'organisation'),
        _points_at('human_id', 'human'), _points_at('entrant_id', 'entrant'),
        _points_at('by_id', 'user_account'), _points_at('decided_by_id', 'user_account'),
        sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('contest_id', 'human_id'),
        sa.UniqueConstraint('entrant_id'),
    )
    for column in ('organisation_id', 'human_id'):
        op.create_index(f'ix_unit_nomination_{column}', 'unit_nomination', [column])
    op.create_table(
        'unit_nomination_file', *_whole('id', 'nomination_id'), *_words('kind', 'name', 'ending'),
        *_whole('size'), *_words('sha256'), sa.Column('content', sa.LargeBinary(), nullable=False),
        _by(), _at(), _points_at('nomination_id', 'unit_nomination'), _points_at('by_id', 'user_account'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_unit_nomination_file_nomination_id', 'unit_nomination_file', ['nomination_id'])
    op.create_table(
        'condition_verdict', *_whole('id', 'nomination_id'), *_words('key'),
        sa.Column('is_met', sa.Boolean(), nullable=False), *_words('reason'),
        sa.Column('rule_said', Document, nullable=False), _by(), _at(),
        _points_at('nomination_id', 'unit_nomination'), _points_at('by_id', 'user_account'),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_condition_verdict_nomination_id', 'condition_verdict', ['nomination_id'])
    op.create_table(
        'selected_list', *_whole('contest_id', 'result_sheet_id'),
        sa.Column('document', Document, nullable=False),
        *_words('document_hash', 'authority', 'document_number'),
        sa.Column('granted_on', sa.Date(), nullable=False), _by(), _at(),
        _points_at('contest_id', 'contest'), _points_at('result_sheet_id', 'result_sheet'),
        _points_at('by_id', 'user_account'), sa.PrimaryKeyConstraint('contest_id'),
    )
    op.create_table(
        'selection_story', *_whole('id', 'contest_id', 'entrant_id'), *_words('title', 'words'), _by(),
        _at(), _points_at('contest_id', 'contest'), _points_at('entrant_id', 'entrant'),
        _points_at('by_id', 'user_account'), sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_selection_story_contest_id', 'selection_story', ['contest_id'])


def _create_points():
    op.create_table(
        'points_rule', *_whole('id'), *_words('kind'), *_whole('per_unit'),
        *_whole('most_a_day', nullable=True), sa.Column('valid_from', sa.Date(), nullable=False), _by(),
        _at(), _points_at('by_id', 'user_account'), sa.PrimaryKeyConstraint('id'),
    )
    op.create_table(
        'points_entry', *_whole('id', 'human_id', 'organisation_id'), *_words('kind'),
        *_whole('quantity', 'points'), sa.Column('earned_on', sa.Date(), nullable=False),
        *_words('what', 'source', 'reference'), *_whole('reverses_id', nullable=True), *_words('reason'),
        _by(), _at(), _points_at('human_id', 'human'), _points_at('organisation_id', 'organisation'),
        _points_at('reverses_id', 'points_entry'), _points_at('by_id', 'user_account'),
        sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('source', 'reference'),
        sa.CheckConstraint(
            '(reverses_id IS NULL AND points >= 0) OR (reverses_id IS NOT NULL AND points <= 0)',
            name='ck_points_entry_sign',
        ),
    )
    for column in ('human_id', 'organisation_id', 'earned_on'):
        op.create_index(f'ix_points_entry_{column}', 'points_entry', [column])
    op.create_index(
        'ux_points_entry_reverses', 'points_entry', ['reverses_id'], unique=True,
        sqlite_where=sa.text('reverses_id IS NOT NULL'),
        postgresql_where=sa.text('reverses_id IS NOT NULL'),
    )
    op.create_table(
        'points_list', *_whole('id'), *_words('period', 'by_what'),
        sa.Column('document', Document, nullable=False), *_words('document_hash'), _by(), _at(),
        _points_at('by_id', 'user_account'), sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('period', 'by_what'),
    )


def downgrade():
    for table in (
        'points_list', 'points_entry', 'points_rule', 'selection_story', 'selected_list',
        'condition_verdict', 'unit_nomination_file', 'unit_nomination', 'selection_call',
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION refuse_wrong_points()')
