"""What every way in shares: attempts that are counted, and the session that begins."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from contest import clock
from contest.accounts import factor_queries, queries, rules, tickets
from contest.accounts.models import AuthSession, User
from contest.audit.work import Actor, work
from contest.db import db


@dataclass(frozen=True)
class Half:
    """Somebody who has given password or PIN, and still has to give the code of the second factor."""

    user_id: int
    entered_by: str
    length: timedelta
    mark: str  # of password and PIN: a new one makes it void
    at: datetime


class CodeWanted(Exception):
    """The word was right, and the account asks for a code as well; `half` is how far the person is."""

    def __init__(self, half):
        super().__init__()
        self.half = half


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
    """Begin a session and return the token for its cookie; CodeWanted where a second factor is asked for."""
    if factor_queries.is_enrolled(user.id):
        half = Half(user.id, entered_by, length, mark_of(user), clock.now())
        db.session.rollback()
        raise CodeWanted(half)
    return begin_session(user, device, entered_by, length, leaving)


def mark_of(user):
    """A word that changes with the password and the PIN, and tells nothing of them."""
    return hashlib.sha256(f"{user.password_hash}|{user.pin_hash}".encode()).hexdigest()[:16]


def begin_session(user, device, entered_by, length, leaving=None, **facts):
    """Begin a session and return the token for its cookie; the one that this browser had ends."""
    with work(
        Actor(user.id, user.name), "session.start", subject=user.login, entered_by=entered_by,
        device=device, **facts,
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
