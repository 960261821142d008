"""Records: what is compared, which contests belong to it, and which results were the best"""

import sqlalchemy as sa
from alembic import op
from contest.db import Document, Moment

revision = '0050_records'
down_revision = "0049_benefit_payments_banks"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('record_line',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_en', sa.String(), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('what', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('better', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('group_name', sa.String(), nullable=False),
    sa.Column('top', sa.BigInteger(), nullable=True),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('earlier_name', sa.String(), nullable=False),
    sa.Column('earlier_unit', sa.String(), nullable=False),
    sa.Column('earlier_value', sa.BigInteger(), nullable=True),
    sa.Column('earlier_on', sa.Date(), nullable=True),
    sa.Column('earlier_source', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('ended_at', Moment(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_record_line_by_id')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['user_account.id'], name=op.f('fk_record_line_ended_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_line'))
    )
    op.create_table('record_contest',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('out_at', Moment(timezone=True), nullable=True),
    sa.Column('out_by_id', sa.Integer(), nullable=True),
    sa.Column('out_reason', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_record_contest_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_record_contest_contest_id')),
    sa.ForeignKeyConstraint(['line_id'], ['record_line.id'], name=op.f('fk_record_contest_line_id')),
    sa.ForeignKeyConstraint(['out_by_id'], ['user_account.id'], name=op.f('fk_record_contest_out_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_contest'))
    )
    op.create_index(op.f('ix_record_contest_contest_id'), 'record_contest', ['contest_id'], unique=False)
    op.create_index(op.f('ix_record_contest_line_id'), 'record_contest', ['line_id'], unique=False)
    op.create_index(
        'ux_record_contest_in', 'record_contest', ['line_id', 'contest_id'], unique=True,
        sqlite_where=sa.text('out_at IS NULL'), postgresql_where=sa.text('out_at IS NULL'),
    )
    op.create_table('record_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=False),
    sa.Column('result_sheet_id', sa.Integer(), nullable=False),
    sa.Column('value', sa.BigInteger(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('unit', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('proposed_at', Moment(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', Moment(timezone=True), nullable=True),
    sa.Column('refused_reason', sa.String(), nullable=False),
    sa.Column('withdrawn_at', Moment(timezone=True), nullable=True),
    sa.Column('withdrawn_why', Document, nullable=True),
    sa.CheckConstraint(
        "state IN ('proposed', 'confirmed', 'refused', 'withdrawn')",
        name=op.f('ck_record_mark_state_known'),
    ),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_record_mark_contest_id')),
    sa.ForeignKeyConstraint(
        ['decided_by_id'], ['user_account.id'], name=op.f('fk_record_mark_decided_by_id')
    ),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_record_mark_entrant_id')),
    sa.ForeignKeyConstraint(['line_id'], ['record_line.id'], name=op.f('fk_record_mark_line_id')),
    sa.ForeignKeyConstraint(
        ['result_sheet_id'], ['result_sheet.id'], name=op.f('fk_record_mark_result_sheet_id')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_mark'))
    )
    op.create_index(op.f('ix_record_mark_entrant_id'), 'record_mark', ['entrant_id'], unique=False)
    op.create_index(op.f('ix_record_mark_line_id'), 'record_mark', ['line_id'], unique=False)
    op.create_index(
        'ux_record_mark_live', 'record_mark', ['line_id', 'contest_id', 'entrant_id'], unique=True,
        sqlite_where=sa.text("state IN ('proposed', 'confirmed')"),
        postgresql_where=sa.text("state IN ('proposed', 'confirmed')"),
    )


def downgrade():
    op.drop_table('record_mark')
    op.drop_table('record_contest')
    op.drop_table('record_line')
