"""sheets keep module, entrant and seat; the ledger's order and states are the database's affair"""

from alembic import op

from contest.audit.models import postgres_guards, sqlite_guards
from contest.judging.ledger_guards import ORDER, PLACE

revision = '0019_places'
down_revision = '0017_hands'
branch_labels = None
depends_on = None


def upgrade():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    guards = sqlite_guards if is_sqlite else postgres_guards
    for statement in (*ORDER[not is_sqlite], *PLACE[not is_sqlite], *guards('state_event')):
        op.execute(statement)


def downgrade():
    if op.get_bind().dialect.name == 'sqlite':
        for name in ('sheet_revision_order', 'sheet_place', 'state_event_no_update', 'state_event_no_delete'):
            op.execute(f'DROP TRIGGER {name}')
        return
    op.execute('DROP TRIGGER sheet_revision_order ON sheet_revision')
    op.execute('DROP TRIGGER sheet_place ON sheet')
    op.execute('DROP TRIGGER state_event_no_change ON state_event')
    op.execute('DROP FUNCTION refuse_closed_sheet()')
    op.execute('DROP FUNCTION refuse_other_place()')
