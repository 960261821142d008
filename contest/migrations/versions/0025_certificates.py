"""Certificates"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0025_certificates'
down_revision = '0024_settled_heads'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        'certificate_style',
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('design', sa.String(), nullable=False),
        sa.Column('pattern', sa.String(), nullable=False),
        sa.Column('issuer_code', sa.String(), nullable=False),
        sa.Column('event_code', sa.String(), nullable=False),
        sa.Column('issuer', sa.String(), nullable=False),
        sa.Column('event', sa.String(), nullable=False),
        sa.Column('signer_title', sa.String(), nullable=False),
        sa.Column('signer_name', sa.String(), nullable=False),
        sa.Column('seal', sa.LargeBinary(), nullable=True),
        sa.Column('signature', sa.LargeBinary(), nullable=True),
        sa.Column('last_serial', sa.Integer(), nullable=False),
        sa.Column('rev', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_certificate_style_contest_id')),
        sa.PrimaryKeyConstraint('contest_id', name=op.f('pk_certificate_style')),
    )
    op.create_table(
        'certificate',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('contest_id', sa.Integer(), nullable=False),
        sa.Column('award_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.String(), nullable=False),
        sa.Column('token', sa.String(), nullable=False),
        sa.Column('name', sa.String(), nullable=False),
        sa.Column('unit', sa.String(), nullable=False),
        sa.Column('members', sa.String(), nullable=False),
        sa.Column('prize', sa.String(), nullable=False),
        sa.Column('event', sa.String(), nullable=False),
        sa.Column('issuer', sa.String(), nullable=False),
        sa.Column('issued_on', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('public', sa.LargeBinary(), nullable=False),
        sa.Column('issued_at', Moment(timezone=True), nullable=False),
        sa.Column('issued_by_id', sa.Integer(), nullable=True),
        sa.Column('replaced_by_id', sa.Integer(), nullable=True),
        sa.Column('revoked_at', Moment(timezone=True), nullable=True),
        sa.Column('revoked_reason', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_certificate_contest_id')),
        sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_certificate_award_id')),
        sa.ForeignKeyConstraint(['issued_by_id'], ['user_account.id'], name=op.f('fk_certificate_issued_by_id')),
        sa.ForeignKeyConstraint(
            ['replaced_by_id'], ['certificate.id'], name=op.f('fk_certificate_replaced_by_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate')),
        sa.UniqueConstraint('number', name=op.f('uq_certificate_number')),
        sa.UniqueConstraint('token', name=op.f('uq_certificate_token')),
    )
    op.create_index(op.f('ix_certificate_contest_id'), 'certificate', ['contest_id'], unique=False)
    op.create_index(op.f('ix_certificate_award_id'), 'certificate', ['award_id'], unique=False)
    op.create_table(
        'printed_name',
        sa.Column('award_id', sa.Integer(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('picture', sa.LargeBinary(), nullable=True),
        sa.Column('by_id', sa.Integer(), nullable=True),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_printed_name_award_id')),
        sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_printed_name_by_id')),
        sa.PrimaryKeyConstraint('award_id', name=op.f('pk_printed_name')),
    )


def downgrade():
    op.drop_table('printed_name')
    op.drop_index(op.f('ix_certificate_award_id'), table_name='certificate')
    op.drop_index(op.f('ix_certificate_contest_id'), table_name='certificate')
    op.drop_table('certificate')
    op.drop_table('certificate_style')
