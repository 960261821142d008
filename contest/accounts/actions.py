"""Setting up, signing in and out, accepting an invitation: a person's own entry."""

import hmac

from sqlalchemy import update

from contest import clock
from contest.accounts import queries, rules, tickets
from contest.accounts.entering import counted_attempt, start_session
from contest.accounts.models import AuthSession, Installation
from contest.accounts.passwords import hash_secret, is_secret, make_words
from contest.audit.work import Actor, work
from contest.db import db, writing
from contest.errors import Conflict, Invalid, Missing


def issue_set_up_code():
    """Make a new one-time set-up code and return it; the one before stops working.

    Only its hash is kept. Raises Conflict when the installation has been set up.
    """
    code = make_words()
    with writing():
        _check_not_set_up()
        with work(Actor(None, "set-up"), "installation.code"):
            db.session.merge(Installation(key=queries.SET_UP_CODE, value=queries.hash_token(code)))
    return code


def set_up(code, account, device):
    """Make the first organiser from the form's account and return the token of a session."""
    db.session.rollback()
    password_hash = hash_secret(account.password)
    _check_not_set_up()
    kept = queries.find_set_up_code_hash() or ""
    if not hmac.compare_digest(kept, queries.hash_token(code.strip().upper())):
        wrong = Invalid("This is not the set-up code that the server printed last.")
        raise Invalid(
            "Nothing was saved: please look at the marked fields.", fields={"code": wrong}
        )
    user = tickets.new_user(account.login, account.name, password_hash)
    with work(_actor_of(user), "installation.set_up", subject=user.login):
        tickets.grant(user, "organiser", by_id=user.id)
        db.session.delete(db.session.get(Installation, queries.SET_UP_CODE))
        return tickets.new_session(user, device, "set-up code", rules.STAFF_SESSION)


def _check_not_set_up():
    if queries.is_set_up():
        raise Conflict("This installation has been set up already.")


def sign_in(login, password, device, leaving=None):
    """Check login and password and return the token of a new session; raises Invalid otherwise.

    After five failures in a row the account waits, longer each time. An unknown login takes as
    long as a wrong password. `leaving` is the token of a session that this browser had before.
    """
    login = rules.clean_login(login)
    user = queries.find_user(login)
    user_id, kept = None, None
    if user is not None:
        user_id, kept = user.id, user.password_hash if user.is_active else None
        rules.check_not_blocked(user.blocked_until, clock.now())
    db.session.rollback()  # the slow comparison must not hold the database
    is_right = is_secret(kept, password[: rules.TYPED_MOST])
    if kept is None:
        # Somebody who enters by card only has no password that could be guessed: the failure is
        # not counted, or a stranger could block a judge's card from afar.
        raise Invalid("The login or the password is wrong.")
    user = counted_attempt(user_id, is_right, "password")
    if user is None:
        raise Invalid("The login or the password is wrong.")
    rules.check_given(user.password_is_given, user.password_until, clock.now())
    return start_session(user, device, "password", rules.STAFF_SESSION, leaving)


def enter_by_card(token, pin, device, leaving=None):
    """Check the PIN of the card with this token and return the token of a new session."""
    card = queries.get_card(token)
    rules.check_card(card.revoked_at, card.user.is_active)
    rules.check_not_blocked(card.user.blocked_until, clock.now())
    user_id, kept = card.user_id, card.user.pin_hash
    db.session.rollback()  # the slow comparison must not hold the database
    is_right = is_secret(kept, rules.clean_digits(pin)[:20])
    user = counted_attempt(user_id, is_right, "card")
    if user is None:
        raise Invalid("The PIN is wrong.")
    # The card may have been taken back while the PIN was compared.
    rules.check_card(queries.get_card(token).revoked_at, user.is_active)
    return start_session(user, device, "card", rules.JUDGE_SESSION, leaving)


def sign_out(person):
    """End the session with which this person asks."""
    with work(_actor_of_person(person), "session.end", subject="own"):
        tickets.end_sessions(person.user_id, session_id=person.session_id)


def end_own_session(person, session_id):
    """End one of a person's own sessions, here or elsewhere; Missing when it is not theirs."""
    with work(_actor_of_person(person), "session.end", subject="own", session=session_id):
        if not tickets.end_sessions(person.user_id, session_id=session_id):
            raise Missing("There is no such session.")


def note_seen(session_id, acted_at=None):
    """Write down that a session is in use, at most once a minute, apart from any other work.

    acted_at: the last touch that was heard of, for sessions that are locked when left alone.
    """
    db.session.rollback()
    now = clock.now()
    touched = {} if acted_at is None else {"acted_at": acted_at}
    with writing():
        db.session.execute(
            update(AuthSession)
            .where(AuthSession.id == session_id, AuthSession.last_seen_at <= now - rules.SEEN_EVERY)
            .values(last_seen_at=now, **touched)
        )
        db.session.commit()


def lock_session(session_id):
    """Let a session that was left alone do nothing before the word was typed again; nothing of it is lost."""
    db.session.rollback()
    with writing():
        db.session.execute(
            update(AuthSession).where(AuthSession.id == session_id, AuthSession.locked_at.is_(None))
            .values(locked_at=clock.now())
        )
        db.session.commit()


def unlock_session(actor, session_id):
    """Open a locked session again, for its person who has just typed the word."""
    with work(actor, "session.unlock", subject="own"):
        db.session.execute(
            update(AuthSession).where(AuthSession.id == session_id, AuthSession.user_id == actor.user_id)
            .values(locked_at=None, acted_at=clock.now(), last_seen_at=clock.now())
        )


def set_language(person, language):
    """Keep the language that a person reads."""
    rules.check_language(language)
    user = queries.get_user(person.user_id)
    if user.language == language:
        return
    with work(
        _actor_of_person(person), "account.language", subject=user.login,
        old=user.language, new=language,
    ):
        user.language = language


def change_password(person, old, new):
    """Replace one's own password; every other session of this person ends."""
    user = queries.get_user(person.user_id)
    rules.check_not_blocked(user.blocked_until, clock.now())
    rules.check_is_new(user.password_is_given, old, new)
    kept = user.password_hash
    db.session.rollback()
    is_right, new_hash = is_secret(kept, old[: rules.TYPED_MOST]), hash_secret(new)
    if counted_attempt(person.user_id, is_right, "password") is None:
        wrong = Invalid("This is not your present password.")
        raise Invalid("Nothing was saved: please look at the marked fields.", fields={"old": wrong})
    user = queries.get_user(person.user_id)
    with work(_actor_of_person(person), "account.password", subject=user.login):
        user.password_hash, user.failures, user.blocked_until = new_hash, 0, None
        # Who gave the one before stays on record: that person could have replaced it here as well.
        user.password_is_given, user.password_until = False, None
        tickets.end_sessions(user.id, keep_id=person.session_id)


def accept_invitation(token, account, device):
    """Make the contact's account from the form and return the token of a session."""
    db.session.rollback()
    password_hash = hash_secret(account.password)
    invitation = _open_invitation(token)
    user = tickets.new_user(account.login, account.name, password_hash)
    with _accepting(_actor_of(user), invitation):
        _accept(invitation, user)
        return tickets.new_session(user, device, "invitation", rules.STAFF_SESSION)


def accept_invitation_as(person, token):
    """Let somebody who has an account already take up an invitation; returns the contest's id."""
    invitation = _open_invitation(token)
    if queries.organisation_of_contact(invitation.contest_id, person.user_id) is not None:
        raise Conflict("This account already acts for a unit in this contest.")
    if person.has_role("judge", invitation.contest_id):
        raise Conflict("You are a judge of this contest: somebody else has to act for the unit.")
    user = queries.get_user(person.user_id)
    with _accepting(_actor_of_person(person), invitation):
        _accept(invitation, user)
    return invitation.contest_id


def _open_invitation(token):
    invitation = queries.get_invitation(token)
    # Two people with the same link: the second waits here and finds it used.
    db.session.refresh(invitation, with_for_update=True)
    rules.check_invitation(
        invitation.used_by_id is not None, invitation.revoked_at, invitation.expires_at, clock.now()
    )
    return invitation


def _accepting(actor, invitation):
    return work(
        actor, "invitation.accept", contest_id=invitation.contest_id, subject=actor.name,
        role=invitation.role, organisation=invitation.organisation_id,
    )


def _accept(invitation, user):
    invitation.used_by_id = user.id
    tickets.grant(user, invitation.role, invitation.contest_id, user.id)


def _actor_of(user):
    return Actor(user.id, user.name)


def _actor_of_person(person):
    return Actor(person.user_id, person.name)
