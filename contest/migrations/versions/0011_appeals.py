"""appeals, the public notice with its objections, corrections"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = '0011_appeals'
down_revision = '0010_chain'
branch_labels = None
depends_on = None

APPEND_ONLY = (
    'stated_moment', 'appeal_file', 'notice', 'notice_change', 'correction', 'correction_signature',
)


def _make_append_only(name):
    if op.get_bind().dialect.name == 'postgresql':
        # The function refuse_change() was made with the first tables.
        op.execute(
            f"CREATE TRIGGER {name}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ('UPDATE', 'DELETE'):
        op.execute(
            f"CREATE TRIGGER {name}_no_{act.lower()} BEFORE {act} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
        )


def upgrade():
    op.create_table('stated_moment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('module_key', sa.String(), nullable=False),
    sa.Column('ends_at', Moment(timezone=True), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_stated_moment_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_stated_moment_contest_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stated_moment'))
    )
    with op.batch_alter_table('stated_moment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_stated_moment_contest_id'), ['contest_id'], unique=False)

    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=False),
    sa.Column('module_key', sa.String(), nullable=False),
    sa.Column('ground', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('instance', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=True),
    sa.Column('door', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('filed_at', Moment(timezone=True), nullable=False),
    sa.Column('handed_in_at', Moment(timezone=True), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('effect', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_appeal_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_appeal_contest_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_appeal_decided_by_id')),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_appeal_entrant_id')),
    sa.ForeignKeyConstraint(['first_id'], ['appeal.id'], name=op.f('fk_appeal_first_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_appeal_contest_id_number')),
    sa.UniqueConstraint('entrant_id', 'stage', 'module_key', 'ground', 'instance', name=op.f('uq_appeal_entrant_id_stage_module_key_ground_instance')),
    sa.UniqueConstraint('receipt', name=op.f('uq_appeal_receipt'))
    )
    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('result_sheet_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('is_late', sa.Boolean(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_correction_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_correction_contest_id')),
    sa.ForeignKeyConstraint(['result_sheet_id'], ['result_sheet.id'], name=op.f('fk_correction_result_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction'))
    )
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_correction_contest_id'), ['contest_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('result_sheet_id', sa.Integer(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('ends_at', Moment(timezone=True), nullable=False),
    sa.Column('list_rows', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), nullable=False),
    sa.Column('list_hash', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_notice_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_notice_contest_id')),
    sa.ForeignKeyConstraint(['result_sheet_id'], ['result_sheet.id'], name=op.f('fk_notice_result_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_notice_contest_id_number'))
    )
    op.create_table('appeal_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('ending', sa.String(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_appeal_file_appeal_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal_file')),
    sa.UniqueConstraint('appeal_id', 'number', name=op.f('uq_appeal_file_appeal_id_number'))
    )
    op.create_table('correction_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('correction_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_correction_signature_by_id')),
    sa.ForeignKeyConstraint(['correction_id'], ['correction.id'], name=op.f('fk_correction_signature_correction_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction_signature')),
    sa.UniqueConstraint('correction_id', 'by_id', name=op.f('uq_correction_signature_correction_id_by_id'))
    )
    op.create_table('notice_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('ends_at', Moment(timezone=True), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_notice_change_by_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_change_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_change'))
    )
    with op.batch_alter_table('notice_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_change_notice_id'), ['notice_id'], unique=False)

    op.create_table('objection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('receipt', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('contact', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.Column('handler_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_objection_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_objection_contest_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_objection_decided_by_id')),
    sa.ForeignKeyConstraint(['handler_id'], ['user_account.id'], name=op.f('fk_objection_handler_id')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_objection_notice_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_objection_contest_id_number')),
    sa.UniqueConstraint('receipt', name=op.f('uq_objection_receipt'))
    )
    for name in APPEND_ONLY:
        _make_append_only(name)


def downgrade():
    op.drop_table('objection')
    with op.batch_alter_table('notice_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_change_notice_id'))

    op.drop_table('notice_change')
    op.drop_table('correction_signature')
    op.drop_table('appeal_file')
    op.drop_table('notice')
    with op.batch_alter_table('correction', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_correction_contest_id'))

    op.drop_table('correction')
    op.drop_table('appeal')
    with op.batch_alter_table('stated_moment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_stated_moment_contest_id'))

    op.drop_table('stated_moment')
