"""One-time codes as single rows, made within a larger act; nothing here commits."""

import secrets
from datetime import timedelta

from sqlalchemy import and_, func, or_, select, update

from contest import clock
from contest.accounts.entry_models import OneTimeCode
from contest.db import db

DIGITS = 8
GOOD_FOR = timedelta(minutes=10)
# A code that was sent works so long undisturbed: a stranger who knows the login asks for another one each
# minute, and with each the one in the letter would stop working.
APART = timedelta(minutes=5)
SENT_A_DAY = 20  # letters to one address, whoever asks


def make_code():
    """A new code of eight digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def keep_code(user_id, code_hash, by_id=None):
    """Let a code work for ten minutes; an earlier one of this account stops working."""
    end_codes(user_id)
    now = clock.now()
    db.session.add(OneTimeCode(
        user_id=user_id, code_hash=code_hash, made_at=now, expires_at=now + GOOD_FOR, by_id=by_id
    ))


def end_codes(user_id):
    """No code of this account works any more; how many did."""
    return db.session.execute(
        update(OneTimeCode).where(OneTimeCode.user_id == user_id, OneTimeCode.ended_at.is_(None))
        .values(ended_at=clock.now())
    ).rowcount


def find_code_hash(user_id):
    """The hash of the code that works for this account now, or None."""
    return db.session.scalar(
        select(OneTimeCode.code_hash).where(
            OneTimeCode.user_id == user_id, OneTimeCode.ended_at.is_(None),
            OneTimeCode.expires_at > clock.now(),
        )
    )


def may_be_sent(user_id):
    """True when a code may be sent to this account now, and ends none that somebody may be typing."""
    now = clock.now()
    made = select(func.count()).select_from(OneTimeCode).where(OneTimeCode.user_id == user_id)
    is_good = and_(OneTimeCode.ended_at.is_(None), OneTimeCode.expires_at > now)
    is_typed = made.where(or_(
        OneTimeCode.made_at > now - timedelta(minutes=1),
        and_(is_good, or_(OneTimeCode.made_at > now - APART, OneTimeCode.by_id.is_not(None))),
    ))
    sent = made.where(OneTimeCode.by_id.is_(None), OneTimeCode.made_at > now - timedelta(days=1))
    return db.session.scalar(is_typed) == 0 and db.session.scalar(sent) < SENT_A_DAY
