"""A code of somebody's second factor, taken once: at the door, and for acts that are worth it."""

from sqlalchemy import update

from contest import clock
from contest.accounts import factor_queries, queries, rules, totp
from contest.accounts.entering import counted_attempt
from contest.accounts.factor_models import RecoveryCode, SecondFactor
from contest.accounts.factor_rules import USED, WANTED, WRONG, WrongCode, clean_code, recovery_parts
from contest.accounts.factor_sealing import open_secret
from contest.accounts.passwords import is_secret
from contest.db import db
from contest.i18n import N_

APP, RECOVERY = N_("app"), N_("recovery code")


def take_code(user_id, typed):
    """Take a code of the app or a recovery code, each once; says which it was. WrongCode, Invalid.

    Failures count and wait together with those of the password: whoever has that gets no more guesses.
    """
    code = clean_code(typed)
    if not code:
        raise WrongCode(WANTED)
    rules.check_not_blocked(queries.get_user(user_id).blocked_until, clock.now())
    found = _take_app_code(user_id, code) if code.isdecimal() else _take_recovery_code(user_id, code)
    if counted_attempt(user_id, found is not None, "second factor") is None:
        raise WrongCode(WRONG)
    return found


def _take_app_code(user_id, code):
    factor = factor_queries.find_factor(user_id)
    step = totp.matching_step(open_secret(factor.sealed, user_id), code, clock.now())
    if step is None:
        return None
    if not use_step(user_id, step):
        raise WrongCode(USED)
    return APP


def use_step(user_id, step):
    """True once for a half minute, and never for an earlier one: of two browsers one is told no."""
    used = db.session.execute(
        update(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.last_step < step)
        .values(last_step=step)
    ).rowcount
    db.session.commit()
    return bool(used)


def _take_recovery_code(user_id, code):
    number, text = recovery_parts(code) or (None, "")
    row_id, kept = factor_queries.find_recovery(user_id, number) or (None, None)
    db.session.rollback()  # the slow comparison must not hold the database
    if not is_secret(kept, text):
        return None
    used = db.session.execute(
        update(RecoveryCode).where(RecoveryCode.id == row_id, RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())
    ).rowcount
    db.session.commit()
    return RECOVERY if used else None
