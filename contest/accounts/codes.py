"""One-time codes as single rows, made within a larger act; nothing here commits."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update

from contest import clock
from contest.accounts.entry_models import OneTimeCode
from contest.db import db

DIGITS = 8
GOOD_FOR = timedelta(minutes=10)
APART = timedelta(minutes=1)


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


def was_made_lately(user_id):
    """True when a code of this account was made within the last minute."""
    return db.session.scalar(
        select(OneTimeCode.id).where(
            OneTimeCode.user_id == user_id, OneTimeCode.made_at > clock.now() - APART
        ).limit(1)
    ) is not None
