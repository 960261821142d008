"""screens, their pictures, reveals; a freeze after a module"""

import sqlalchemy as sa
from alembic import op
from contest.db import Document, Moment

revision = '0020_ceremony'
down_revision = '0019_places'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('screen',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('token', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('shows', sa.String(), nullable=False),
    sa.Column('options', Document, nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('made_at', Moment(timezone=True), nullable=False),
    sa.Column('seen_at', Moment(timezone=True), nullable=True),
    sa.Column('seen_mark', sa.String(), nullable=False),
    sa.Column('is_dark', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_screen_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screen')),
    sa.UniqueConstraint('token', name=op.f('uq_screen_token'))
    )
    op.create_index(op.f('ix_screen_contest_id'), 'screen', ['contest_id'], unique=False)
    op.create_table('screen_picture',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('ending', sa.String(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_screen_picture_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_screen_picture'))
    )
    op.create_index(op.f('ix_screen_picture_contest_id'), 'screen_picture', ['contest_id'], unique=False)
    op.create_table('reveal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('options', Document, nullable=False),
    sa.Column('result_sheet_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('script', Document, nullable=False),
    sa.Column('script_hash', sa.String(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('is_blank', sa.Boolean(), nullable=False),
    sa.Column('is_paused', sa.Boolean(), nullable=False),
    sa.Column('began_at', Moment(timezone=True), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_reveal_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_reveal_contest_id')),
    sa.ForeignKeyConstraint(['result_sheet_id'], ['result_sheet.id'], name=op.f('fk_reveal_result_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reveal'))
    )
    op.create_index(op.f('ix_reveal_contest_id'), 'reveal', ['contest_id'], unique=False)
    op.create_index(
        'uq_reveal_running', 'reveal', ['contest_id'], unique=True,
        sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'),
    )
    op.add_column('board_switch', sa.Column('freeze_after', sa.String(), nullable=True))


def downgrade():
    op.drop_column('board_switch', 'freeze_after')
    op.drop_table('reveal')
    op.drop_table('screen_picture')
    op.drop_table('screen')
