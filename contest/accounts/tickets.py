"""Accounts, roles, cards and invitations as single rows, made within a larger act.

Nothing here commits: call these inside your own `work()`.
"""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from contest import clock
from contest.accounts import rules, session_rules
from contest.accounts.models import AuthSession, Card, Grant, Invitation, User
from contest.accounts.passwords import hash_secret, make_pin
from contest.accounts.queries import find_user, hash_token, list_sessions
from contest.accounts.session_queries import limits_of_all
from contest.db import db
from contest.errors import Invalid


def new_user(login, name, password_hash=None, language=None):
    """Add an account and return it with its id; raises Invalid for a bad name or taken login."""
    login, name = rules.clean_login(login), rules.clean_name(name)
    rules.check_login(login)
    rules.check_name(name)
    if find_user(login) is not None:
        taken = Invalid("This login is taken.")
        raise Invalid("This login is taken.", fields={"login": taken})
    user = User(
        login=login, name=name, password_hash=password_hash, language=language,
        created_at=clock.now(),
    )
    db.session.add(user)
    db.session.flush()
    return user


def new_password(user, password_hash, by_id):
    """Let a one-time password hold that somebody else (None: a program) made for this person."""
    user.password_hash, user.failures, user.blocked_until = password_hash, 0, None
    user.password_by_id, user.password_at, user.password_is_given = by_id, clock.now(), True
    user.password_until = user.password_at + rules.GIVEN_FOR


def free_login(stem):
    """The first login of the form stem-01, stem-02, … that nobody has; `stem` may be any text."""
    stem = "".join(c for c in rules.clean_login(stem) if c.isalnum() or c in "._-")[:30] or "user"
    taken = set(db.session.scalars(select(User.login).where(User.login.startswith(stem))))
    number = 1
    while f"{stem}-{number:02d}" in taken:
        number += 1
    return f"{stem}-{number:02d}"


def grant(user, role, contest_id=None, by_id=None):
    """Give a role, in one contest or (None) everywhere; nothing happens when it is held already.

    by_id: the person who gives it, None for a program.
    """
    rules.check_role(role, contest_id)
    held = select(Grant.id).filter_by(user_id=user.id, role=role, contest_id=contest_id)
    if db.session.scalar(held) is None:
        rules.check_not_own_codes(role, user.id, by_id)
        rules.check_roles_apart({role, *_roles_in(user, contest_id)})
        db.session.add(Grant(
            user_id=user.id, role=role, contest_id=contest_id, granted_by_id=by_id,
            granted_at=clock.now(),
        ))
        db.session.flush()
        db.session.expire(user, ["grants"])


def _roles_in(user, contest_id):
    if contest_id is None:
        return []
    return db.session.scalars(select(Grant.role).filter_by(user_id=user.id, contest_id=contest_id))


def new_card(user):
    """Make a card's token for the QR code; earlier cards of this person stop working."""
    revoke_cards(user)
    token = secrets.token_urlsafe(24)
    db.session.add(Card(user_id=user.id, token_hash=hash_token(token), issued_at=clock.now()))
    return token


def revoke_cards(user):
    """Take back every card of this person."""
    db.session.execute(
        update(Card)
        .where(Card.user_id == user.id, Card.revoked_at.is_(None))
        .values(revoked_at=clock.now())
    )


def new_pin(user, made=None, by_id=None):
    """Give a new PIN and return it; the old one stops working.

    Hashing takes some 30 ms. For many at once make pairs (pin, hash_secret(pin)) before the
    transaction and pass each as `made`. by_id: the person who issues it.
    """
    pin, pin_hash = made or _pin_with_hash()
    user.pin_hash = pin_hash
    user.pin_by_id, user.pin_at = by_id, clock.now()
    user.failures, user.blocked_until = 0, None
    return pin


def _pin_with_hash():
    pin = make_pin()
    return pin, hash_secret(pin)


def new_invitation(contest_id, organisation_id, role="contact", days=rules.INVITATION_DAYS):
    """Make a token for the link /invitation/<token>; good for one account and so many days."""
    rules.check_role(role, contest_id)
    token, now = secrets.token_urlsafe(24), clock.now()
    db.session.add(
        Invitation(
            token_hash=hash_token(token), contest_id=contest_id, organisation_id=organisation_id,
            role=role, issued_at=now, expires_at=now + timedelta(days=days),
        )
    )
    return token


def new_session(user, device, entered_by, length):
    """Open a session for `length` and return the token for the cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        AuthSession(
            token_hash=hash_token(token), user_id=user.id, device=device[:80],
            entered_by=entered_by, started_at=now, last_seen_at=now, expires_at=now + length,
            idle_s=_idle_seconds(user), acted_at=now,
        )
    )
    if any(held.role == "judge" for held in user.grants):
        _make_room(user, now)
    user.failures, user.blocked_until = 0, None
    return token


def _idle_seconds(user):
    """None for whoever has nothing to type: a session of a union's sign-in, or of a one-time code."""
    if user.password_hash is None and user.pin_hash is None:
        return None
    return session_rules.idle_seconds(
        {held.role for held in user.grants}, limits_of_all({held.contest_id for held in user.grants} - {None})
    )


def _make_room(user, now):
    """A judge is on so many devices at most: those seen longest ago are signed out, never the new one.

    Signing out loses nothing: what a tablet holds stays on it, and is sent when its judge comes back.
    """
    judged = {held.contest_id for held in user.grants if held.role == "judge"} - {None}
    db.session.flush()
    surplus = list_sessions(user.id)[session_rules.most_sessions(limits_of_all(judged)):]
    for row in surplus:
        row.ended_at = now


def end_sessions(user_id, session_id=None, keep_id=None, entered_by=None):
    """End a person's open sessions (this one, all but `keep_id`, one way in); returns how many."""
    statement = update(AuthSession).where(
        AuthSession.user_id == user_id, AuthSession.ended_at.is_(None)
    )
    if session_id is not None:
        statement = statement.where(AuthSession.id == session_id)
    if keep_id is not None:
        statement = statement.where(AuthSession.id != keep_id)
    if entered_by is not None:
        statement = statement.where(AuthSession.entered_by == entered_by)
    return db.session.execute(statement.values(ended_at=clock.now())).rowcount
