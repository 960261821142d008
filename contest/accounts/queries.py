"""Looking up people, sessions and cards."""

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from contest import clock
from contest.accounts.models import AuthSession, Card, Invitation, User
from contest.accounts.rules import Person
from contest.db import db
from contest.errors import Missing


def hash_token(token):
    """The hash under which a random token (of 128 bits or more) is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_person(token):
    """The person whose session carries `token`, or None when it has ended or expired."""
    row = db.session.scalar(
        select(AuthSession)
        .filter_by(token_hash=hash_token(token), ended_at=None)
        .options(selectinload(AuthSession.user).selectinload(User.grants))
    )
    if row is None or row.expires_at <= clock.now() or not row.user.is_active:
        return None
    return person_of(row.user, row.id)


def person_of(user, session_id=0):
    """The signed-in form of a user."""
    return Person(
        user_id=user.id,
        name=user.name,
        session_id=session_id,
        language=user.language,
        grants=frozenset((grant.role, grant.contest_id) for grant in user.grants),
    )


def find_user(login):
    """The user with this login, or None."""
    return db.session.scalar(select(User).filter_by(login=login))


def get_user(user_id):
    """The user, or Missing."""
    user = db.session.get(User, user_id)
    if user is None:
        raise Missing("There is no such account.")
    return user


def find_card(token):
    """The unrevoked card with this token, or None."""
    return db.session.scalar(select(Card).filter_by(token_hash=hash_token(token), revoked_at=None))


def find_invitation(token):
    """The invitation with this token, used or not, or None."""
    return db.session.scalar(select(Invitation).filter_by(token_hash=hash_token(token)))


def has_any_user():
    """True when the installation has been set up."""
    return db.session.scalar(select(User.id).limit(1)) is not None
