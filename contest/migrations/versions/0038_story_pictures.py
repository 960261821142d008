"""Pictures of stories, lines of life of units, earlier contests from their archives"""

import sqlalchemy as sa
from alembic import op
from contest.db import Document, Moment

revision = '0038_story_pictures'
down_revision = "0037_erasable"
branch_labels = None
depends_on = None


def _key(table, *columns):
    return sa.PrimaryKeyConstraint(*columns, name=op.f(f'pk_{table}'))


def _to(table, column, other):
    return sa.ForeignKeyConstraint([column], [f'{other}.id'], name=op.f(f'fk_{table}_{column}'))


def _index(table, column):
    op.create_index(op.f(f'ix_{table}_{column}'), table, [column], unique=False)


def upgrade():
    op.create_table('unit_words',
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    _to('unit_words', 'by_id', 'user_account'),
    _to('unit_words', 'organisation_id', 'organisation'),
    _key('unit_words', 'organisation_id'),
    )
    op.create_table('story_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('alternative', sa.String(), nullable=False),
    sa.Column('consent', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    _to('story_picture', 'by_id', 'user_account'),
    _to('story_picture', 'contest_id', 'contest'),
    _to('story_picture', 'entrant_id', 'entrant'),
    _key('story_picture', 'id'),
    )
    _index('story_picture', 'contest_id')
    _index('story_picture', 'entrant_id')
    op.create_table('archive_contest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('contest_level', sa.String(), nullable=False),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('document_number', sa.String(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('file_hash', sa.String(), nullable=False),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('withdrawn_at', Moment(timezone=True), nullable=True),
    sa.Column('withdrawn_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_reason', sa.String(), nullable=False),
    _to('archive_contest', 'sent_by_id', 'user_account'),
    _to('archive_contest', 'by_id', 'user_account'),
    _to('archive_contest', 'withdrawn_by_id', 'user_account'),
    _key('archive_contest', 'id'),
    )
    op.create_table('archive_result',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('archive_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('team_name', sa.String(), nullable=False),
    sa.Column('in_group', sa.String(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('total', sa.String(), nullable=False),
    sa.Column('award', sa.String(), nullable=False),
    sa.Column('honour_id', sa.Integer(), nullable=True),
    _to('archive_result', 'archive_id', 'archive_contest'),
    _to('archive_result', 'human_id', 'human'),
    _to('archive_result', 'organisation_id', 'organisation'),
    _to('archive_result', 'honour_id', 'honour'),
    _key('archive_result', 'id'),
    sa.UniqueConstraint('honour_id', name=op.f('uq_archive_result_honour_id')),
    )
    _index('archive_result', 'archive_id')
    _index('archive_result', 'human_id')
    op.create_table('archive_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('about', Document, nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('file_hash', sa.String(), nullable=False),
    sa.Column('rows', Document, nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    _to('archive_import', 'by_id', 'user_account'),
    _key('archive_import', 'id'),
    )


def downgrade():
    for table in ('archive_import', 'archive_result', 'archive_contest', 'story_picture', 'unit_words'):
        op.drop_table(table)
