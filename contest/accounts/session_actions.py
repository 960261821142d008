"""What an official does with the sessions of a contest's judges, and how long screens may be left alone."""

from dataclasses import asdict

from contest.accounts import session_queries, tickets, trail_words  # noqa: F401  (names deeds)
from contest.accounts.entry_models import EntrySetting
from contest.accounts.queries import get_user
from contest.audit.work import work
from contest.db import db


def end_judges_session(actor, contest_id, session_id):
    """Sign one device of a judge of this contest out; Missing when there is no such session."""
    row = session_queries.get_judges_session(contest_id, session_id)
    login = get_user(row.user_id).login
    with work(
        actor, "session.end", contest_id=contest_id, subject=login, session=session_id, device=row.device
    ):
        tickets.end_sessions(row.user_id, session_id=session_id)


def set_limits(actor, contest_id, limits):
    """Let these Limits hold for everybody who signs in from now on."""
    old, new = asdict(session_queries.limits_of(contest_id)), asdict(limits)
    if old == new:
        return
    with work(actor, "session.limits", contest_id=contest_id, old=old, new=new):
        db.session.merge(EntrySetting(contest_id=contest_id, **new))
