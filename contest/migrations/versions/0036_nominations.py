"""The committee's decisions, judges and coaches who win, nominations with their papers"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0036_nominations'
down_revision = "0035_selection"
branch_labels = None
depends_on = None

KEYS = {
    'committee_decision': [(('about_id',), ''), (('id',), '')],
    'award_helper': [(('award_id',), '')],
    'nomination_event': [(('id',), '')],
    'nomination_file': [(('id',), '')],
    'sent_pack': [(('event_id',), '')],
}
TABLES = ('committee_decision', 'award_helper', 'nomination', 'nomination_event', 'nomination_file', 'sent_pack')


def _forbid_change(table):
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards(table)
    else:
        statements = (*sqlite_guards(table), replace_guard(table, sorted(KEYS[table])))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def upgrade():
    op.create_table('committee_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('award_key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=True),
    sa.Column('team_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('judge_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('votes', Document, nullable=False),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('minutes', sa.String(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['about_id'], ['committee_decision.id'], name=op.f('fk_committee_decision_about_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_committee_decision_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_committee_decision_contest_id')),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_committee_decision_entrant_id')),
    sa.ForeignKeyConstraint(['judge_id'], ['judge.id'], name=op.f('fk_committee_decision_judge_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_committee_decision_organisation_id')),
    sa.ForeignKeyConstraint(['team_id'], ['team.id'], name=op.f('fk_committee_decision_team_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_committee_decision')),
    sa.UniqueConstraint('about_id', name=op.f('uq_committee_decision_about_id'))
    )
    op.create_index(op.f('ix_committee_decision_contest_id'), 'committee_decision', ['contest_id'], unique=False)
    op.create_table('award_helper',
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('judge_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_helper_award_id')),
    sa.ForeignKeyConstraint(['judge_id'], ['judge.id'], name=op.f('fk_award_helper_judge_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_award_helper_organisation_id')),
    sa.PrimaryKeyConstraint('award_id', name=op.f('pk_award_helper'))
    )
    op.create_table('nomination',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('award_id', sa.Integer(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('crew', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('authority', sa.String(), nullable=False),
    sa.Column('deeds', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_nomination_award_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_nomination_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_nomination_contest_id')),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_nomination_human_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_nomination_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination'))
    )
    op.create_index(op.f('ix_nomination_contest_id'), 'nomination', ['contest_id'], unique=False)
    op.create_index(op.f('ix_nomination_award_id'), 'nomination', ['award_id'], unique=False)
    op.create_table('nomination_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('document_number', sa.String(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('pieces', Document, nullable=False),
    sa.Column('pack_sha256', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_nomination_event_by_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_nomination_event_nomination_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_event'))
    )
    op.create_index(op.f('ix_nomination_event_nomination_id'), 'nomination_event', ['nomination_id'], unique=False)
    op.create_table('nomination_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('nomination_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.String(), nullable=False),
    sa.Column('ending', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_nomination_file_by_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_nomination_file_nomination_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination_file'))
    )
    op.create_index(op.f('ix_nomination_file_nomination_id'), 'nomination_file', ['nomination_id'], unique=False)
    op.create_table('sent_pack',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['nomination_event.id'], name=op.f('fk_sent_pack_event_id')),
    sa.PrimaryKeyConstraint('event_id', name=op.f('pk_sent_pack'))
    )
    for table in KEYS:
        _forbid_change(table)


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
