"""Records of teams, and who was in the team that set one; telephone numbers of people, sealed"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0057_teams_and_phones'
down_revision = "0056_device_keys"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('proposed', 'confirmed')")


def upgrade():
    op.add_column('record_line', sa.Column('holder', sa.String(), nullable=False, server_default='person'))
    with op.batch_alter_table('record_mark') as batch:
        batch.add_column(sa.Column('team_id', sa.Integer(), nullable=True))
        batch.alter_column('entrant_id', existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key(op.f('fk_record_mark_team_id'), 'team', ['team_id'], ['id'])
        batch.create_check_constraint(
            op.f('ck_record_mark_one_holder'), '(entrant_id IS NULL) <> (team_id IS NULL)'
        )
    op.create_index(op.f('ix_record_mark_team_id'), 'record_mark', ['team_id'], unique=False)
    op.create_index(
        'ux_record_mark_live_team', 'record_mark', ['line_id', 'contest_id', 'team_id'], unique=True,
        sqlite_where=LIVE, postgresql_where=LIVE,
    )
    op.create_table('record_member',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mark_id', sa.Integer(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_record_member_entrant_id')),
    sa.ForeignKeyConstraint(['mark_id'], ['record_mark.id'], name=op.f('fk_record_member_mark_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_member')),
    sa.UniqueConstraint('mark_id', 'entrant_id', name=op.f('uq_record_member_mark_id_entrant_id')),
    )
    op.create_index(op.f('ix_record_member_entrant_id'), 'record_member', ['entrant_id'], unique=False)
    op.create_index(op.f('ix_record_member_mark_id'), 'record_member', ['mark_id'], unique=False)
    op.create_table('person_phone',
    sa.Column('human_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_person_phone_by_id')),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_person_phone_human_id')),
    sa.PrimaryKeyConstraint('human_id', name=op.f('pk_person_phone')),
    )


def downgrade():
    op.drop_table('person_phone')
    op.drop_table('record_member')
    op.execute('DELETE FROM record_mark WHERE entrant_id IS NULL')
    op.execute("DELETE FROM record_contest WHERE line_id IN (SELECT id FROM record_line WHERE holder = 'team')")
    op.execute("DELETE FROM record_line WHERE holder = 'team'")
    op.drop_index('ux_record_mark_live_team', table_name='record_mark')
    op.drop_index(op.f('ix_record_mark_team_id'), table_name='record_mark')
    with op.batch_alter_table('record_mark') as batch:
        batch.drop_constraint(op.f('ck_record_mark_one_holder'), type_='check')
        batch.drop_constraint(op.f('fk_record_mark_team_id'), type_='foreignkey')
        batch.drop_column('team_id')
        batch.alter_column('entrant_id', existing_type=sa.Integer(), nullable=False)
    op.drop_column('record_line', 'holder')
