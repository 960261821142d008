"""single rows of what decides are held to their kinds, ranges, types and contest by the database itself

Rows that are there already are not asked: an append-only table cannot mend one, and the chain binds it.
"""

from alembic import op

from contest.audit import own_row_guards
from contest.awards import row_guards as awards
from contest.checks import row_guards as checks
from contest.figures import row_guards as figures
from contest.judging import key_row_guards as keys
from contest.judging import row_guards as judging
from contest.people import row_guards as people
from contest.quiz import row_guards as quiz
from contest.results import row_guards as results
from contest.review import row_guards as review
from contest.setup import row_guards as setup
from contest.theory import row_guards as theory

revision = '0059_row_guards'
down_revision = "0057_teams_and_phones"
branch_labels = None
depends_on = None

AREAS = (own_row_guards, setup, people, theory, figures, quiz, judging, keys, results, checks, review,
         awards)
GUARDS = tuple(rows for area in AREAS for rows in area.GUARDS)


def upgrade():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for rows in GUARDS:
        for statement in rows.sqlite if is_sqlite else rows.postgres:
            op.execute(statement)


def downgrade():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for rows in GUARDS:
        for statement in rows.sqlite_gone if is_sqlite else rows.postgres_gone:
            op.execute(statement)
