"""Who has a second factor, and of whom one is asked."""

from sqlalchemy import func, select

from contest.accounts import factor_rules
from contest.accounts.factor_models import RecoveryCode, SecondFactor
from contest.accounts.models import Grant, Installation, User
from contest.accounts.queries import find_roles
from contest.db import db
from contest.names import by_name

REQUIRED = "second_factor_roles"
# Areas say here which contests ask a second factor of their staff: fn(contest_id) -> bool.
ASKED_IN = []


def find_factor(user_id):
    """The row of an account's second factor, confirmed or not, or None."""
    return db.session.get(SecondFactor, user_id)


def is_enrolled(user_id):
    """True when this account asks for a second factor."""
    return db.session.scalar(
        select(SecondFactor.user_id).where(
            SecondFactor.user_id == user_id, SecondFactor.confirmed_at.is_not(None)
        )
    ) is not None


def is_anyone_enrolled():
    """True when some account here asks for one."""
    found = select(SecondFactor.user_id).where(SecondFactor.confirmed_at.is_not(None))
    return db.session.scalar(found.limit(1)) is not None


def recovery_left(user_id):
    """How many recovery codes still work."""
    return db.session.scalar(
        select(func.count()).select_from(RecoveryCode)
        .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    )


def find_recovery(user_id, number):
    """(id, hash) of a recovery code that still works, or None."""
    return db.session.execute(
        select(RecoveryCode.id, RecoveryCode.code_hash).where(
            RecoveryCode.user_id == user_id, RecoveryCode.number == number, RecoveryCode.used_at.is_(None)
        )
    ).one_or_none()


def required_roles():
    """The roles that must have a second factor, in the order of factor_rules.STAFF."""
    kept = db.session.get(Installation, REQUIRED)
    named = kept.value.split(",") if kept else []
    return tuple(role for role in factor_rules.STAFF if role in named)


def must_enrol(user_id, roles):
    """True when one is asked of somebody with these roles and there is none yet."""
    return factor_rules.is_required(roles, required_roles()) and not is_enrolled(user_id)


def must_enrol_in(user_id, contest_id):
    """True when this contest asks one of somebody on its staff who has none yet."""
    return (
        factor_rules.is_required(find_roles(user_id, contest_id), factor_rules.STAFF)
        and any(asks(contest_id) for asks in ASKED_IN)
        and not is_enrolled(user_id)
    )


def list_staff():
    """(account, its staff roles, whether it has a second factor) of everybody on the staff, by name."""
    rows = db.session.execute(
        select(User.id, User.name, User.login, Grant.role, SecondFactor.confirmed_at)
        .join(Grant, Grant.user_id == User.id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .where(User.is_active.is_(True), Grant.role.in_(factor_rules.STAFF))
        .order_by(User.id)
    ).all()
    held, first = {}, {}
    for row in rows:
        first.setdefault(row.id, row)
        held.setdefault(row.id, set()).add(row.role)
    return [
        (row, [role for role in factor_rules.STAFF if role in held[row.id]], row.confirmed_at is not None)
        for row in by_name(first.values())
    ]
