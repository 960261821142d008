"""Where a contest's procedure asks a second factor of its staff, and who on it has none yet."""

from sqlalchemy import select

from contest.accounts import factor_queries
from contest.accounts.factor_rules import STAFF
from contest.accounts.models import Grant, User
from contest.db import db
from contest.i18n import N_, listed
from contest.names import by_name
from contest.setup.queries import DESK_NOTES, get_contest, procedure_of
from contest.setup.rules import Note


def is_asked(contest_id):
    """True when whoever on the staff does what asks for the password again needs a second factor."""
    return procedure_of(get_contest(contest_id)).second_factor


def desk_notes(contest_id):
    """Said while there is time: whose phone is asked for when the results are published."""
    contest = get_contest(contest_id)
    if contest.state in ("final", "archived") or not is_asked(contest_id):
        return []
    rows = db.session.execute(
        select(User.id, User.name).join(Grant, Grant.user_id == User.id)
        .where(Grant.contest_id == contest_id, Grant.role.in_(STAFF), User.is_active.is_(True))
        .distinct().order_by(User.id)
    )
    lacking = [row.name for row in by_name(rows.all()) if not factor_queries.is_enrolled(row.id)]
    return [Note(
        N_("On the staff without a second factor, which this contest asks for: %(names)s."),
        {"names": listed(lacking)}, "accounts.list_accounts", "todo",
    )] if lacking else []


factor_queries.ASKED_IN.append(is_asked)
DESK_NOTES.append(desk_notes)
