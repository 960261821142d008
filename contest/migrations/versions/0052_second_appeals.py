"""An appeal about each announced revision; why a decision for somebody changes no figure"""

import sqlalchemy as sa
from alembic import op
from contest.audit.models import postgres_guards, replace_guard, sqlite_guards
from contest.db import Document, Moment
from contest.errors import Conflict

revision = '0052_second_appeals'
down_revision = "0051_returned"
branch_labels = None
depends_on = None

MATTER = ['entrant_id', 'stage', 'module_key', 'ground', 'instance']
ONCE = 'uq_appeal_entrant_id_stage_module_key_ground_instance'
ONCE_EACH = 'uq_appeal_entrant_id_stage_module_key_ground_instance_revision'
APPEAL = (
    'id', 'contest_id', 'stage', 'number', 'receipt', 'entrant_id', 'module_key', 'ground', 'text', 'instance',
    'first_id', 'door', 'by_id', 'filed_at', 'handed_in_at', 'outcome', 'decision', 'effect', 'decided_by_id',
    'decided_at',
)
# Rows of it go; the chain bound them, once for ever.
BOUND = 'unchanged_reason'
KEYS = [(('appeal_id',), ''), (('id',), ''), (('objection_id',), '')]


def upgrade():
    if _is_postgres():
        op.drop_constraint(ONCE, 'appeal', type_='unique')
        op.add_column('appeal', _revision())
        op.create_unique_constraint(ONCE_EACH, 'appeal', [*MATTER, 'revision'])
    else:
        _remake_appeal(True)
    _say_what_they_are_about()
    op.create_table('unchanged_reason',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('contest_id', sa.Integer(), nullable=False),
    sa.Column('appeal_id', sa.Integer(), nullable=True),
    sa.Column('objection_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', Moment(timezone=True), nullable=False),
    sa.CheckConstraint(
        '(appeal_id IS NULL) <> (objection_id IS NULL)', name=op.f('ck_unchanged_reason_one_decision')
    ),
    sa.ForeignKeyConstraint(['appeal_id'], ['appeal.id'], name=op.f('fk_unchanged_reason_appeal_id')),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_unchanged_reason_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_unchanged_reason_contest_id')),
    sa.ForeignKeyConstraint(
        ['objection_id'], ['objection.id'], name=op.f('fk_unchanged_reason_objection_id')
    ),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unchanged_reason')),
    sa.UniqueConstraint('appeal_id', name=op.f('uq_unchanged_reason_appeal_id')),
    sa.UniqueConstraint('objection_id', name=op.f('uq_unchanged_reason_objection_id'))
    )
    op.create_index(
        op.f('ix_unchanged_reason_contest_id'), 'unchanged_reason', ['contest_id'], unique=False
    )
    if _is_postgres():
        statements = postgres_guards('unchanged_reason')
    else:
        statements = (*sqlite_guards('unchanged_reason'), replace_guard('unchanged_reason', KEYS))
    for statement in statements:
        op.execute(sa.DDL(statement.replace('%', '%%')))


def _is_postgres():
    return op.get_bind().dialect.name == 'postgresql'


def _revision():
    return sa.Column('revision', sa.Integer(), nullable=False, server_default='0')


def _remake_appeal(has_revision):
    """SQLite changes no key, and a batch would drop a table that files and second appeals point at.

    The rows are put back under their numbers within the transaction, which the deferred check asks for.
    """
    op.execute('PRAGMA defer_foreign_keys = ON')
    op.execute('CREATE TABLE appeal_kept AS SELECT * FROM appeal')
    op.drop_table('appeal')
    once = (ONCE_EACH, [*MATTER, 'revision']) if has_revision else (ONCE, MATTER)
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
    sa.Column('effect', Document, nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', Moment(timezone=True), nullable=True),
    *((_revision(),) if has_revision else ()),
    sa.ForeignKeyConstraint(['by_id'], ['user_account.id'], name=op.f('fk_appeal_by_id')),
    sa.ForeignKeyConstraint(['contest_id'], ['contest.id'], name=op.f('fk_appeal_contest_id')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['user_account.id'], name=op.f('fk_appeal_decided_by_id')),
    sa.ForeignKeyConstraint(['entrant_id'], ['entrant.id'], name=op.f('fk_appeal_entrant_id')),
    sa.ForeignKeyConstraint(['first_id'], ['appeal.id'], name=op.f('fk_appeal_first_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('contest_id', 'number', name=op.f('uq_appeal_contest_id_number')),
    sa.UniqueConstraint(*once[1], name=op.f(once[0])),
    sa.UniqueConstraint('receipt', name=op.f('uq_appeal_receipt'))
    )
    columns = ', '.join(APPEAL)
    op.execute(f'INSERT INTO appeal ({columns}) SELECT {columns} FROM appeal_kept')
    op.drop_table('appeal_kept')


def _say_what_they_are_about():
    """Of each appeal the last revision published by its announcement, so that it is still one for each."""
    op.execute("""
        UPDATE appeal SET revision = COALESCE((
            SELECT MAX(result_sheet.revision) FROM result_sheet
            WHERE result_sheet.contest_id = appeal.contest_id AND result_sheet.stage = appeal.stage
            AND result_sheet.at <= (
                SELECT MAX(stated_moment.at) FROM stated_moment
                WHERE stated_moment.contest_id = appeal.contest_id AND stated_moment.stage = appeal.stage
                AND stated_moment.kind = 'results' AND stated_moment.module_key IN ('', appeal.module_key)
                AND stated_moment.at <= COALESCE(appeal.handed_in_at, appeal.filed_at)
            )
        ), 0)
    """)


def _check_fits():
    """Refuse where an earlier version would lose what the chain binds, or has no room for an appeal."""
    bind = op.get_bind()
    links = sa.table('chain_link', sa.column('kind'))
    bound = bind.scalar(sa.select(sa.func.count()).select_from(links).where(links.c.kind == BOUND))
    appeals = sa.table('appeal', *(sa.column(name) for name in MATTER))
    several = bind.scalar(
        sa.select(sa.func.count()).select_from(
            sa.select(*appeals.c).group_by(*appeals.c).having(sa.func.count() > 1).subquery()
        )
    )
    if bound or several:
        raise Conflict(
            "An earlier version knows neither why a decision changes no figure (links of the chain: "
            "%(links)s) nor a second appeal in one matter (matters: %(matters)s), so this database stays as "
            "it is. Put a copy from before the upgrade in its place instead.", links=bound, matters=several,
        )


def downgrade():
    _check_fits()
    op.drop_table('unchanged_reason')
    if _is_postgres():
        op.drop_constraint(ONCE_EACH, 'appeal', type_='unique')
        op.drop_column('appeal', 'revision')
        op.create_unique_constraint(ONCE, 'appeal', MATTER)
    else:
        _remake_appeal(False)
