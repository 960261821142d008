"""Letters to persons, and where they are told that there are some"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0061_letters'
down_revision = "0060_totals_late_paper"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('code_address') as table:
        table.add_column(sa.Column('tells_news', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table('news_phone',
    sa.Column('human_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_news_phone_human_id')),
    sa.PrimaryKeyConstraint('human_id', name=op.f('pk_news_phone'))
    )
    op.create_table('person_letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=True),
    sa.Column('about_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('read_at', Moment(timezone=True), nullable=True),
    sa.Column('said_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_person_letter_human_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_letter'))
    )
    op.create_index(op.f('ix_person_letter_human_id'), 'person_letter', ['human_id'], unique=False)
    op.create_index('ix_person_letter_said_at_at', 'person_letter', ['said_at', 'at'], unique=False)
    op.create_table('letter_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('human_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('message_id', sa.String(), nullable=False),
    sa.Column('sealed', sa.String(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('next_at', Moment(timezone=True), nullable=False),
    sa.Column('sent_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['human_id'], ['human.id'], name=op.f('fk_letter_notice_human_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_notice')),
    sa.UniqueConstraint('message_id', name=op.f('uq_letter_notice_message_id'))
    )
    op.create_index(op.f('ix_letter_notice_human_id'), 'letter_notice', ['human_id'], unique=False)
    op.create_index('ix_letter_notice_state_next_at', 'letter_notice', ['state', 'next_at'], unique=False)
    op.create_table('letter_try',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['letter_notice.id'], name=op.f('fk_letter_try_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_try'))
    )
    op.create_index(op.f('ix_letter_try_notice_id'), 'letter_try', ['notice_id'], unique=False)


def downgrade():
    op.drop_table('letter_try')
    op.drop_table('letter_notice')
    op.drop_table('person_letter')
    op.drop_table('news_phone')
    with op.batch_alter_table('code_address') as table:
        table.drop_column('tells_news')
