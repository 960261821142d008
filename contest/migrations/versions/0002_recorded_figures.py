"""recorded figures, rooms and titles held"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql
from contest.db import Moment

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

TABLE = 'recorded_figure'


def _forbid_change():
    if op.get_bind().dialect.name == "postgresql":
        # The function refuse_change() was made with the first tables.
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        )


def upgrade():
    op.create_table(TABLE,
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('units', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('data', 'difficulty', 'adjustment')", name=op.f('ck_recorded_figure_kind_known')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_recorded_figure_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_recorded_figure_contest_id')),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_recorded_figure_entrant_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recorded_figure'))
    )
    op.create_index('ix_recorded_figure_contest_id_id', TABLE, ['contest_id', 'id'], unique=False)
    _forbid_change()
    # Added in place: a batch would drop the table `entrant`, to which marks and codes point. Those
    # registered before have no room and no title that we know of.
    op.add_column('entrant', sa.Column('room', sa.String(), server_default='', nullable=False))
    op.add_column('entrant', sa.Column('titles', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=Text()), 'postgresql'), server_default=sa.text("'[]'"), nullable=False))


def downgrade():
    op.drop_column('entrant', 'titles')
    op.drop_column('entrant', 'room')
    op.drop_index('ix_recorded_figure_contest_id_id', table_name=TABLE)
    op.drop_table(TABLE)
