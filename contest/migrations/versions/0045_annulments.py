"""What was annulled after the awards were granted, and why"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Moment
from contest.errors import Conflict

revision = '0045_annulments'
down_revision = "0044_guest_keys"
branch_labels = None
depends_on = None

# Rows of it go; the chain bound them, once for ever, and what was annulled would stand again.
BOUND = ('annulment',)
KEYS = [(('award_id',), ''), (('entrant_id',), ''), (('id',), '')]


def upgrade():
    op.create_table('annulment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('entrant_id', sa.Integer(), nullable=True),
    sa.Column('award_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('minutes', sa.String(), nullable=False),
    sa.Column('decided_on', sa.Date(), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.CheckConstraint('(entrant_id IS NULL) <> (award_id IS NULL)', name=op.f('ck_annulment_one_thing')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_annulment_award_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_annulment_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_annulment_contest_id')),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_annulment_entrant_id')),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['user_account.id'], name=op.f('fk_annulment_proposed_by_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_annulment')),
    sa.UniqueConstraint('award_id', name=op.f('uq_annulment_award_id')),
    sa.UniqueConstraint('entrant_id', name=op.f('uq_annulment_entrant_id'))
    )
    op.create_index(op.f('ix_annulment_contest_id'), 'annulment', ['contest_id'], unique=False)
    if op.get_bind().dialect.name == 'postgresql':
        statements = postgres_guards('annulment')
    else:
        statements = (*sqlite_guards('annulment'), replace_guard('annulment', KEYS))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def _check_none_bound():
    """Refuse where the chain would say for ever after that its rows are not what was linked."""
    links = sa.table('chain_link', sa.column('kind'))
    bound = sa.select(sa.func.count()).select_from(links).where(links.c.kind.in_(BOUND))
    if count := op.get_bind().scalar(bound):
        raise Conflict(
            "The chain binds annulments (links: %(count)s) that an earlier version does not know, so this "
            "database stays as it is. Put a copy from before the upgrade in its place instead.", count=count,
        )


def downgrade():
    _check_none_bound()
    op.drop_table('annulment')
