"""The registry: ladders, levels, people found to be one, organisations' names, contact, imports"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment

revision = '0032_registry'
down_revision = "0030_chain_rows"
branch_labels = None
depends_on = None

APPEND_ONLY = {
    'ladder_version': [(('id',), ''), (('key', 'number'), '')],
    'level_event': [(('id',), '')],
    'former_name': [(('id',), '')],
    'honour_file': [(('honour_id', 'number'), ''), (('id',), '')],
}
TABLES = (
    'studio', 'studio_alliance', 'master_tie', 'craftsman_work', 'person_apart', 'honour_file',
    'register_import', 'contact_request', 'craftsman_picture', 'person_merge', 'former_name', 'level_event', 'level_decision', 'career_fact', 'contest_level', 'ladder_version',
)
HONOUR = (
    'id', 'craftsman_id', 'contest_id', 'award_id', 'name', 'name_en', 'level', 'is_title', 'authority',
    'document_number', 'granted_on', 'place', 'evidence', 'state', 'state_reason', 'confirmed_by_id',
    'confirmed_at',
)
ONE_HOLDER = '(craftsman_id IS NULL) <> (organisation_id IS NULL)'


def upgrade():
    op.add_column('craftsman', sa.Column('place', sa.String(), nullable=False, server_default=''))
    _let_organisations_be_honoured()
    _let_people_be_merged()
    _make_tables()
    is_postgres = op.get_bind().dialect.name == 'postgresql'
    for name, keys in APPEND_ONLY.items():
        for statement in postgres_guards(name) if is_postgres else sqlite_guards(name):
            op.execute(statement)
        if not is_postgres:
            op.execute(replace_guard(name, keys))


def downgrade():
    """Honours of organisations, which the release before does not know, go with the downgrade."""
    for name in TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DELETE FROM honour WHERE craftsman_id IS NULL')
        op.drop_constraint('ck_honour_one_holder', 'honour', type_='check')
        for name in ('contest_level', 'unit', 'team_name', 'organisation_id'):
            op.drop_column('honour', name)
        op.alter_column('honour', 'craftsman_id', nullable=False)
        op.drop_column('human', 'merged_into_id')
    else:
        _remake_honour(False)
        op.drop_index('ix_human_merged_into_id', 'human')
        op.drop_column('human', 'merged_into_id')
    # In place: a batch would drop a table that honours point at.
    op.drop_column('craftsman', 'place')


def _let_organisations_be_honoured():
    if op.get_bind().dialect.name != 'postgresql':
        _remake_honour(True)
    else:
        for column in _new_columns():
            op.add_column('honour', column)
        op.create_foreign_key(
            'fk_honour_organisation_id', 'honour', 'organisation', ['organisation_id'], ['id']
        )
        op.alter_column('honour', 'craftsman_id', nullable=True)
        op.create_check_constraint('ck_honour_one_holder', 'honour', ONE_HOLDER)
        op.create_index('ix_honour_organisation_id', 'honour', ['organisation_id'])
    # What stands on the register was granted under the name that the unit had there.
    op.execute(
        "UPDATE honour SET unit = COALESCE((SELECT c.unit FROM craftsman c WHERE c.id = craftsman_id), '')"
    )


def _new_columns():
    return [
        sa.Column('organisation_id', sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False, server_default='')
          for name in ('team_name', 'unit', 'contest_level')),
    ]


def _remake_honour(has_new):
    """SQLite cannot loosen a column, and a batch would drop a table that entitlements point at.

    The rows are put back under their numbers within the transaction, which the deferred check asks for.
    """
    op.execute('PRAGMA defer_foreign_keys = ON')
    op.execute('CREATE TABLE honour_kept AS SELECT * FROM honour')
    op.drop_table('honour')
    op.create_table(
        'honour',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('craftsman_id', sa.Integer(), nullable=has_new),
        sa.Column('contest_id', sa.Integer(), nullable=True),
        sa.Column('award_id', sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ('name', 'name_en', 'level')),
        sa.Column('is_title', sa.Boolean(), nullable=False),
        sa.Column('authority', sa.String(), nullable=False),
        sa.Column('document_number', sa.String(), nullable=False),
        sa.Column('granted_on', sa.Date(), nullable=False),
        sa.Column('place', sa.Integer(), nullable=True),
        sa.Column('evidence', Document, nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('state_reason', sa.String(), nullable=False),
        sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
        sa.Column('confirmed_at', Moment(), nullable=False),
        *(_new_columns() if has_new else ()),
        sa.ForeignKeyConstraint(['craftsman_id'], ['craftsman.id']),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.ForeignKeyConstraint(['award_id'], ['award.id']),
        sa.ForeignKeyConstraint(['confirmed_by_id'], ['user_account.id']),
        *((sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id']),
           sa.CheckConstraint(ONE_HOLDER, name='one_holder')) if has_new else ()),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('award_id'),
    )
    columns = ', '.join(HONOUR)
    where = '' if has_new else ' WHERE craftsman_id IS NOT NULL'
    op.execute(f'INSERT INTO honour ({columns}) SELECT {columns} FROM honour_kept{where}')
    op.drop_table('honour_kept')
    op.create_index('ix_honour_craftsman_id', 'honour', ['craftsman_id'])
    if has_new:
        op.create_index('ix_honour_organisation_id', 'honour', ['organisation_id'])


def _let_people_be_merged():
    if op.get_bind().dialect.name == 'postgresql':
        op.add_column('human', sa.Column('merged_into_id', sa.Integer(), nullable=True))
        op.create_foreign_key('fk_human_merged_into_id', 'human', 'human', ['merged_into_id'], ['id'])
    else:
        op.execute('ALTER TABLE human ADD COLUMN merged_into_id INTEGER REFERENCES human (id)')
    op.create_index('ix_human_merged_into_id', 'human', ['merged_into_id'])


def _make_tables():
    op.create_table(
        'ladder_version',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('is_in_force', sa.Boolean(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('key', 'number'),
    )
    op.create_table(
        'contest_level',
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('level', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('contest_id'),
    )
    op.create_table(
        'career_fact',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('on_day', sa.Date(), nullable=False),
        sa.Column('source', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('struck_at', Moment(), nullable=True),
        sa.Column('struck_reason', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['human_id'], ['human.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_career_fact_human_id', 'career_fact', ['human_id'])
    op.create_table(
        'level_decision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=False),
        sa.Column('ladder', sa.String(), nullable=False),
        sa.Column('act', sa.String(), nullable=False),
        sa.Column('was', sa.String(), nullable=False),
        sa.Column('step', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('grounds', Document, nullable=False),
        sa.Column('outcome', sa.String(), nullable=False),
        sa.Column('outcome_reason', sa.String(), nullable=False),
        sa.Column('first_by_id', sa.Integer(), nullable=True),
        sa.Column('first_at', Moment(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['human_id'], ['human.id']),
        sa.ForeignKeyConstraint(['first_by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_level_decision_human_id', 'level_decision', ['human_id'])
    op.create_index('ux_level_decision_open', 'level_decision', ['human_id', 'ladder'], unique=True, sqlite_where=sa.text("outcome = ''"),
                    postgresql_where=sa.text("outcome = ''"))
    op.create_table(
        'level_event',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('human_id', sa.Integer(), nullable=False),
        sa.Column('ladder', sa.String(), nullable=False),
        sa.Column('was', sa.String(), nullable=False),
        sa.Column('now', sa.String(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('on_day', sa.Date(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('document_number', sa.String(), nullable=False),
        sa.Column('grounds', Document, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('second_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['human_id'], ['human.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['second_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_level_event_human_id_ladder', 'level_event', ['human_id', 'ladder', 'id'])
    op.create_table(
        'former_name',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organisation_id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('name_en', sa.String(), nullable=False),
        sa.Column('until', sa.Date(), nullable=False),
        sa.Column('document_number', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_former_name_organisation_id', 'former_name', ['organisation_id'])
    op.create_table(
        'person_merge',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('keep_id', sa.Integer(), nullable=False),
        sa.Column('gone_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('moved', Document, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('split_at', Moment(), nullable=True),
        sa.Column('split_by_id', sa.Integer(), nullable=True),
        sa.Column('split_reason', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['keep_id'], ['human.id']),
        sa.ForeignKeyConstraint(['gone_id'], ['human.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.ForeignKeyConstraint(['split_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_person_merge_gone_id', 'person_merge', ['gone_id'])
    op.create_index('ix_person_merge_keep_id', 'person_merge', ['keep_id'])
    op.create_table(
        'craftsman_picture',
        sa.Column('craftsman_id', sa.Integer(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('ending', sa.String(), nullable=False),
        sa.Column('sha256', sa.String(), nullable=False),
        sa.Column('consent', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['craftsman_id'], ['craftsman.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('craftsman_id'),
    )
    op.create_table(
        'contact_request',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('craftsman_id', sa.Integer(), nullable=False),
        sa.Column('receipt', sa.String(), nullable=False),
        sa.Column('employer', sa.String(), nullable=False),
        sa.Column('asker', sa.String(), nullable=False),
        sa.Column('contact', sa.String(), nullable=False),
        sa.Column('purpose', sa.String(), nullable=False),
        sa.Column('at', Moment(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('answer', sa.String(), nullable=False),
        sa.Column('asked_how', sa.String(), nullable=False),
        sa.Column('decided_by_id', sa.Integer(), nullable=True),
        sa.Column('decided_at', Moment(), nullable=True),
        sa.ForeignKeyConstraint(['craftsman_id'], ['craftsman.id']),
        sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('receipt'),
    )
    op.create_index('ix_contact_request_craftsman_id', 'contact_request', ['craftsman_id'])
    op.create_table(
        'register_import',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('file_name', sa.String(), nullable=False),
        sa.Column('file_hash', sa.String(), nullable=False),
        sa.Column('rows', Document, nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_table(
        'honour_file',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('honour_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('ending', sa.String(), nullable=False),
        sa.Column('sha256', sa.String(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['honour_id'], ['honour.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('honour_id', 'number'),
    )
    op.create_table(
        'person_apart',
        sa.Column('one_id', sa.Integer(), nullable=False),
        sa.Column('other_id', sa.Integer(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['one_id'], ['human.id']),
        sa.ForeignKeyConstraint(['other_id'], ['human.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('one_id', 'other_id'),
    )
    op.create_table(
        'craftsman_work',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('craftsman_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('on_day', sa.Date(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['craftsman_id'], ['craftsman.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_craftsman_work_craftsman_id', 'craftsman_work', ['craftsman_id'])
    op.create_table(
        'master_tie',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('master_id', sa.Integer(), nullable=False),
        sa.Column('apprentice_id', sa.Integer(), nullable=False),
        sa.Column('since', sa.Date(), nullable=False),
        sa.Column('until', sa.Date(), nullable=True),
        sa.Column('document_number', sa.String(), nullable=False),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['master_id'], ['human.id']),
        sa.ForeignKeyConstraint(['apprentice_id'], ['human.id']),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('master_id', 'apprentice_id'),
        sa.CheckConstraint('master_id <> apprentice_id', name='two_people'),
    )
    op.create_index('ix_master_tie_apprentice_id', 'master_tie', ['apprentice_id'])
    op.create_index('ix_master_tie_master_id', 'master_tie', ['master_id'])
    op.create_table(
        'studio_alliance',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('founded_on', sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name'),
    )
    op.create_table(
        'studio',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('craftsman_id', sa.Integer(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False),
        sa.Column('founded_on', sa.Date(), nullable=False),
        sa.Column('inventions', sa.Integer(), nullable=False),
        sa.Column('utility_patents', sa.Integer(), nullable=False),
        sa.Column('results_used', sa.Integer(), nullable=False),
        sa.Column('benefit', sa.BigInteger(), nullable=False),
        sa.Column('trained', sa.Integer(), nullable=False),
        sa.Column('experts', sa.Integer(), nullable=False),
        sa.Column('technicians', sa.Integer(), nullable=False),
        sa.Column('alliance_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(), nullable=False),
        sa.ForeignKeyConstraint(['craftsman_id'], ['craftsman.id']),
        sa.ForeignKeyConstraint(['alliance_id'], ['studio_alliance.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name'),
    )
    op.create_index('ix_studio_craftsman_id', 'studio', ['craftsman_id'])
