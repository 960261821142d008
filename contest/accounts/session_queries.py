"""Where people are signed in, and what a contest says of it."""

from sqlalchemy import select

from contest import clock
from contest.accounts.entry_models import EntrySetting
from contest.accounts.models import AuthSession, Grant, User
from contest.accounts.session_rules import Limits
from contest.db import db
from contest.errors import Missing


def limits_of(contest_id):
    """The Limits of one contest."""
    row = db.session.get(EntrySetting, contest_id)
    if row is None:
        return Limits()
    return Limits(row.judge_minutes, row.staff_minutes, row.judge_sessions)


def limits_of_all(contest_ids):
    """The Limits of several contests."""
    return [limits_of(one) for one in sorted(contest_ids)]


def judges_sessions(contest_id):
    """Pairs (session, name) of everywhere that a judge of this contest is signed in, by name."""
    judges = select(Grant.user_id).where(Grant.contest_id == contest_id, Grant.role == "judge")
    return db.session.execute(
        select(AuthSession, User.name).join(User, User.id == AuthSession.user_id)
        .where(AuthSession.user_id.in_(judges), AuthSession.ended_at.is_(None),
               AuthSession.expires_at > clock.now())
        .order_by(User.name, AuthSession.last_seen_at.desc(), AuthSession.id)
    ).all()


def get_judges_session(contest_id, session_id):
    """The open session of a judge of this contest, or Missing."""
    for row, _ in judges_sessions(contest_id):
        if row.id == session_id:
            return row
    raise Missing("There is no such session.")


def ended_for(session_id):
    """The sessions that ended so that this one could begin."""
    own = db.session.get(AuthSession, session_id)
    return db.session.scalars(
        select(AuthSession).where(
            AuthSession.user_id == own.user_id, AuthSession.ended_at == own.started_at,
            AuthSession.id != own.id,
        )
    ).all()
