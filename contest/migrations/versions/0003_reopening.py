"""a second person for taking final results back; levels without their revoked honours"""

import sqlalchemy as sa
from alembic import op
from contest.db import Moment

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


# The ladder as it stood at this migration (registry.rules.LEVELS).
LEVELS = ("优秀选手", "技术骨干", "技术能手", "工匠")


def _take_back_levels():
    """Whoever had an honour revoked keeps the highest level of those that still stand."""
    connection = op.get_bind()
    people = connection.execute(
        sa.text("SELECT DISTINCT craftsman_id FROM honour WHERE state = 'revoked'")
    ).scalars().all()
    for craftsman_id in people:
        levels = connection.execute(
            sa.text("SELECT level FROM honour WHERE craftsman_id = :id AND state = 'listed' "
                    "AND level <> '' ORDER BY id"), {"id": craftsman_id},
        ).scalars().all()
        known = [level for level in levels if level in LEVELS]
        level = max(known, key=LEVELS.index) if known else (levels or [""])[0]
        connection.execute(
            sa.text("UPDATE craftsman SET level = :level WHERE id = :id"),
            {"level": level, "id": craftsman_id},
        )


def upgrade():
    _take_back_levels()
    op.create_table('reopening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('result_sheet_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('proposed_at', Moment(timezone=True), nullable=False),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', Moment(timezone=True), nullable=True),
    sa.Column('is_confirmed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_reopening_contest_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_reopening_decided_by_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user_account.id'], name=op.f('fk_reopening_proposed_by_id')),
    sa.ForeignKeyConstraint(['result_sheet_id'], ['result_sheet.id'], name=op.f('fk_reopening_result_sheet_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reopening'))
    )
    with op.batch_alter_table('reopening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reopening_contest_id'), ['contest_id'], unique=False)


def downgrade():
    with op.batch_alter_table('reopening', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reopening_contest_id'))

    op.drop_table('reopening')
