"""Setting a second factor up, coming in with one, turning it off, and asking it of roles."""

from sqlalchemy import delete

from contest import clock
from contest.accounts import factor_queries, factor_rules, queries, tickets, totp, trail_words  # noqa: F401
from contest.accounts.entering import begin_session, mark_of
from contest.accounts.factor_models import RecoveryCode, SecondFactor
from contest.accounts.factor_sealing import open_secret, seal_secret
from contest.accounts.factors import RECOVERY, take_code, use_step
from contest.accounts.hands import hands_behind
from contest.accounts.models import Installation
from contest.accounts.passwords import hash_secret, make_words
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_

OVER = N_("That was more than five minutes ago, or the account was changed meanwhile. Sign in again.")


class EntryOver(Conflict):
    """Password or PIN were right, but too long ago for the code to be taken now."""


def begin(person):
    """Make a new secret, which counts once a code has confirmed it; Conflict."""
    factor = factor_queries.find_factor(person.user_id)
    factor_rules.check_may_begin(person.grants, factor is not None and factor.confirmed_at is not None)
    with work(_actor(person), "factor.begin", subject=queries.get_user(person.user_id).login):
        db.session.merge(SecondFactor(
            user_id=person.user_id, sealed=seal_secret(totp.new_secret(), person.user_id),
            made_at=clock.now(), confirmed_at=None, last_step=0,
        ))


def find_waiting_secret(person):
    """The secret that waits for its first code, or None."""
    factor = factor_queries.find_factor(person.user_id)
    if factor is None or factor.confirmed_at is not None:
        return None
    return open_secret(factor.sealed, person.user_id)


def confirm(person, typed):
    """Let the second factor count from now on; returns the ten recovery codes. Invalid, Conflict."""
    secret = find_waiting_secret(person)
    if secret is None:
        raise Conflict("No second factor waits for its first code. Begin again.")
    step = totp.matching_step(secret, factor_rules.clean_code(typed), clock.now())
    if step is None:
        raise factor_rules.WrongCode(N_(
            "The app shows another code now. Check that the phone's clock is set by itself, and type the "
            "code that stands there."
        ))
    codes = _new_codes()
    if not use_step(person.user_id, step):
        raise factor_rules.WrongCode(factor_rules.USED)
    with work(_actor(person), "factor.confirm", subject=queries.get_user(person.user_id).login):
        factor_queries.find_factor(person.user_id).confirmed_at = clock.now()
        _keep_codes(person.user_id, codes)
        # Whoever sits at another device has shown one thing only.
        tickets.end_sessions(person.user_id, keep_id=person.session_id)
    return [code for code, _ in codes]


def renew_recovery(actor):
    """Ten new recovery codes; the earlier ones stop working. Conflict when there is no second factor."""
    _check_enrolled(actor.user_id)
    codes = _new_codes()
    with work(actor, "factor.codes", subject=queries.get_user(actor.user_id).login):
        _keep_codes(actor.user_id, codes)
    return [code for code, _ in codes]


def turn_off(actor):
    """Ask for no code any more; Conflict when there is no second factor."""
    _check_enrolled(actor.user_id)
    with work(actor, "factor.off", subject=queries.get_user(actor.user_id).login):
        _forget(actor.user_id)


def reset(first, second, user_id, reason, contest_id=None):
    """Take a lost second factor away, by two others; the person's sessions end. Invalid, Conflict."""
    user = queries.get_user_of(contest_id, user_id)
    _check_enrolled(user_id)
    reason = _reason(reason)
    if second is not None:
        since = clock.now() - factor_rules.HANDS_ARE_FRESH
        hands = hands_behind(second.user_id, contest_id, ("organiser", "chief_judge", "supervisor"), since)
        factor_rules.check_reset(user_id, first.user_id, second.user_id, hands - {second.user_id})
    with work(
        first, "factor.reset", contest_id=contest_id, subject=user.login, reason=reason,
        second=second.name if second else None,
    ):
        _forget(user_id)
        tickets.end_sessions(user_id)


def require(actor, organiser, roles):
    """Ask a second factor of these roles from now on; NotAllowed, Invalid.

    Who is signed in without one goes on reading, but does nothing that asks for the password again.
    """
    if not organiser.has_role("organiser"):
        raise NotAllowed("Only an organiser of the whole installation decides this.")
    factor_rules.check_roles(roles)
    old = factor_queries.required_roles()
    new = tuple(role for role in factor_rules.STAFF if role in roles)
    with work(actor, "factor.require", old=list(old), new=list(new)):
        db.session.merge(Installation(key=factor_queries.REQUIRED, value=",".join(new)))


def enter_by_code(half, typed, device, leaving=None):
    """The token of a session for who gave password or PIN before, and now the code; WrongCode, EntryOver."""
    user = queries.get_user(half.user_id)
    is_late = clock.now() - half.at > factor_rules.HALF_HOLDS
    if is_late or not user.is_active or mark_of(user) != half.mark:
        raise EntryOver(OVER)
    if not factor_queries.is_enrolled(half.user_id):  # reset meanwhile, by two others
        raise EntryOver(OVER)
    how = take_code(half.user_id, typed)
    user = queries.get_user(half.user_id)
    facts = {"codes_left": factor_queries.recovery_left(user.id)} if how == RECOVERY else {}
    return begin_session(user, device, half.entered_by, half.length, leaving, factor=how, **facts)


def _new_codes():
    db.session.rollback()  # ten slow hashes must not hold the database
    made = [make_words() for _ in range(factor_rules.RECOVERY_CODES)]
    return [(f"{number}-{code}", hash_secret(code)) for number, code in enumerate(made, 1)]


def _keep_codes(user_id, codes):
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.add_all(
        RecoveryCode(user_id=user_id, number=number, code_hash=code_hash, made_at=clock.now())
        for number, (_, code_hash) in enumerate(codes, 1)
    )


def _forget(user_id):
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    db.session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))


def _check_enrolled(user_id):
    if not factor_queries.is_enrolled(user_id):
        raise Conflict("This account has no second factor.")


def _reason(text):
    reason = " ".join((text or "").split())
    if not 2 <= len(reason) <= 200:
        why = Invalid("Say in 2 to 200 characters why: for the trail.")
        raise Invalid(why.message, fields={"reason": why})
    return reason


def _actor(person):
    return Actor(person.user_id, person.name)
