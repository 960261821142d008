"""What every way in shares: attempts that are counted, and the session that begins."""

from sqlalchemy import update

from contest import clock
from contest.accounts import queries, rules, tickets
from contest.accounts.models import AuthSession, User
from contest.audit.work import Actor, work
from contest.db import db


def counted_attempt(user_id, is_right, entered_by):
    """The user when the word was right; else the failure is counted and None comes back.

    The block is asked again under the lock: of many attempts at once none may slip past it.
    """
    user = db.session.get(User, user_id, with_for_update=True, populate_existing=True)
    rules.check_not_blocked(user.blocked_until, clock.now())
    if is_right:
        return user
    with work(Actor(None, "sign-in"), "session.refuse", subject=user.login, entered_by=entered_by):
        user.failures += 1
        wait = rules.wait_after(user.failures)
        user.blocked_until = clock.now() + wait if wait else None
    rules.check_not_blocked(user.blocked_until, clock.now())
    return None


def start_session(user, device, entered_by, length, leaving=None):
    """Begin a session and return the token for its cookie; the one that this browser had ends."""
    with work(
        Actor(user.id, user.name), "session.start", subject=user.login, entered_by=entered_by, device=device
    ):
        if leaving:
            _leave(leaving)
        return tickets.new_session(user, device, entered_by, length)


def _leave(token):
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.token_hash == queries.hash_token(token), AuthSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
