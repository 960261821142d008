"""Looking up people, sessions and cards."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import selectinload

from contest import clock
from contest.accounts.models import AuthSession, Card, Grant, Installation, Invitation, User
from contest.accounts.rules import ROLES, Person
from contest.audit import contest_queries
from contest.db import db
from contest.errors import Missing
from contest.names import by_name
from contest.prepared import Prepared

SET_UP_CODE = "set_up_code_hash"

# Later areas say here who must not be led to the public board now: fn(person, contest_id) -> bool.
KEEPS_FROM_BOARD = []


# Who holds no other role in a contest is told of it what the public is told.
TOLD_AS_PUBLIC = {"contact", "service_officer"}


@dataclass(frozen=True)
class AccountLine:
    """One line of a list of accounts."""

    user_id: int
    login: str
    name: str
    is_active: bool
    roles: tuple  # in the order of rules.ROLES; in a contest's list those held in that contest
    roles_everywhere: tuple
    contests: int  # in how many contests the person holds a role
    has_password: bool
    has_card: bool
    sessions: int
    last_seen_at: datetime | None


def is_kept_from_board(person, contest_id):
    """True while the public board would tell a judge what must not be known before marking ends."""
    return any(keeps(person, contest_id) for keeps in KEEPS_FROM_BOARD)


def heading_for(person, heading):
    """The heading of a contest as somebody may know it: the state behind a freeze is for its officials."""
    knows = person.has_any(ROLES.keys() - TOLD_AS_PUBLIC, heading.id)
    return heading if knows else contest_queries.as_told(heading)


def hash_token(token):
    """The hash under which a random token (of 128 bits or more) is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


# Asked with every request: one statement on plain columns instead of three on whole rows.
_WHO_ASKS = Prepared(
    select(
        AuthSession.id, AuthSession.expires_at, AuthSession.last_seen_at,
        AuthSession.acted_at, AuthSession.locked_at, AuthSession.idle_s,
        User.id.label("user_id"), User.name, User.language, Grant.role, Grant.contest_id,
    )
    .join(User, AuthSession.user_id == User.id)
    .outerjoin(Grant, Grant.user_id == User.id)
    .where(
        AuthSession.token_hash == bindparam("token_hash"),
        AuthSession.ended_at.is_(None),
        User.is_active,
    )
)


def find_person(token):
    """The person whose session carries `token`, or None when it has ended or expired."""
    rows = _WHO_ASKS.all(token_hash=hash_token(token))
    if not rows or rows[0].expires_at <= clock.now():
        return None
    session_id, _, seen_at, acted_at, locked_at, idle_s, user_id, name, language, _, _ = rows[0]
    return Person(
        user_id=user_id,
        name=name,
        session_id=session_id,
        language=language,
        grants=frozenset((row.role, row.contest_id) for row in rows if row.role is not None),
        seen_at=seen_at, acted_at=acted_at, locked_at=locked_at, idle_s=idle_s,
    )


def find_user(login):
    """The user with this login (as rules.clean_login gives it), or None."""
    return db.session.scalar(select(User).filter_by(login=login))


def get_user(user_id):
    """The user, or Missing."""
    user = db.session.get(User, user_id)
    if user is None:
        raise Missing("There is no such account.")
    return user


def get_user_of(contest_id, user_id):
    """The user, if they hold a role in this contest (None: any user); else Missing."""
    user = get_user(user_id)
    if contest_id is not None and contest_id not in {held.contest_id for held in user.grants}:
        raise Missing("There is no such account.")
    return user


def roles_of(user, contest_id):
    """The roles that a user holds in this contest (None: in the whole installation), in order."""
    held = {grant.role for grant in user.grants if grant.contest_id == contest_id}
    return tuple(role for role in ROLES if role in held)


def grants_of(user):
    """Pairs of role and contest id of a user."""
    return frozenset((grant.role, grant.contest_id) for grant in user.grants)


def find_roles(user_id, contest_id):
    """The roles that an active person holds in this contest or everywhere."""
    return set(db.session.scalars(
        select(Grant.role).join(User).where(
            Grant.user_id == user_id, User.is_active.is_(True),
            Grant.contest_id.is_(None) | (Grant.contest_id == contest_id),
        )
    ))


def all_roles(user_id):
    """Every role that a person holds anywhere."""
    return set(db.session.scalars(select(Grant.role).where(Grant.user_id == user_id)))


def other_organisers(user_id):
    """How many other active people are organisers of the whole installation."""
    return db.session.scalar(
        select(func.count())
        .select_from(Grant)
        .join(User)
        .where(
            Grant.role == "organiser", Grant.contest_id.is_(None),
            User.is_active.is_(True), User.id != user_id,
        )
    )


def people_with_role(role, contest_id):
    """{id: name} of active people who hold a role in this contest or everywhere, by name."""
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Grant)
        .where(
            Grant.role == role, User.is_active.is_(True),
            Grant.contest_id.is_(None) | (Grant.contest_id == contest_id),
        )
        .order_by(User.id)
    )
    return {row.id: row.name for row in by_name(rows)}


def find_card(token):
    """The unrevoked card with this token, or None."""
    return db.session.scalar(select(Card).filter_by(token_hash=hash_token(token), revoked_at=None))


def get_card(token):
    """The card with this token, revoked or not; or Missing."""
    card = db.session.scalar(select(Card).filter_by(token_hash=hash_token(token)))
    if card is None:
        raise Missing("This card is not known.")
    return card


def has_card(user_id):
    """True when this person holds a card that works."""
    held = select(Card.id).filter_by(user_id=user_id, revoked_at=None)
    return db.session.scalar(held.limit(1)) is not None


def count_cards(user_ids):
    """How many of these people hold a card that works."""
    holders = select(func.count(Card.user_id.distinct())).where(
        Card.user_id.in_(user_ids), Card.revoked_at.is_(None)
    )
    return db.session.scalar(holders)


def find_invitation(token):
    """The invitation with this token, used or not, or None."""
    return db.session.scalar(select(Invitation).filter_by(token_hash=hash_token(token)))


def get_invitation(token):
    """The invitation with this token, used or not; or Missing."""
    invitation = find_invitation(token)
    if invitation is None:
        raise Missing("There is no such invitation.")
    return invitation


def organisation_of_contact(contest_id, user_id):
    """The id of the unit for which this person acts in this contest, or None.

    It is the unit of the invitation that the person accepted, unless it was withdrawn since.
    """
    return db.session.scalar(
        select(Invitation.organisation_id)
        .filter_by(contest_id=contest_id, used_by_id=user_id, revoked_at=None)
        .order_by(Invitation.id.desc())
        .limit(1)
    )


def has_any_user():
    """True when somebody could sign in."""
    return db.session.scalar(select(User.id).limit(1)) is not None


def is_set_up():
    """True when the installation has an organiser; other accounts may exist before."""
    held = select(Grant.id).filter_by(role="organiser", contest_id=None)
    return db.session.scalar(held.limit(1)) is not None


def find_set_up_code_hash():
    """The hash of the one-time set-up code, or None when none is waiting."""
    row = db.session.get(Installation, SET_UP_CODE)
    return row.value if row else None


def came_by_given_password(session_id):
    """True when this session was opened with a one-time password that its owner has not replaced."""
    return db.session.scalar(
        select(AuthSession.id).join(User, User.id == AuthSession.user_id).where(
            AuthSession.id == session_id, AuthSession.entered_by == "password",
            User.password_is_given.is_(True),
        )
    ) is not None


def list_sessions(user_id):
    """The open sessions of a person, the most recently seen first."""
    return db.session.scalars(
        select(AuthSession)
        .where(
            AuthSession.user_id == user_id,
            AuthSession.ended_at.is_(None),
            AuthSession.expires_at > clock.now(),
        )
        .order_by(AuthSession.last_seen_at.desc(), AuthSession.id.desc())
    ).all()


def check_own_session(user_id, session_id):
    """Missing when a person has no open session of this number."""
    if session_id not in {one.id for one in list_sessions(user_id)}:
        raise Missing("There is no such session.")


def list_accounts(contest_id=None, text=""):
    """People with a role in this contest (None: all), by name; `text` is part of name or login."""
    statement = select(User).options(selectinload(User.grants)).order_by(User.id)
    if contest_id is not None:
        statement = statement.where(
            User.id.in_(select(Grant.user_id).where(Grant.contest_id == contest_id))
        )
    if text:
        statement = statement.where(
            User.name.contains(text, autoescape=True)
            | User.login.contains(text.lower(), autoescape=True)
        )
    users = by_name(db.session.scalars(statement))
    cards = set(db.session.scalars(select(Card.user_id).where(Card.revoked_at.is_(None))))
    seen = _seen()
    return [
        _line(user, contest_id, user.id in cards, *seen.get(user.id, (0, None))) for user in users
    ]


def _seen():
    rows = db.session.execute(
        select(AuthSession.user_id, func.count(), func.max(AuthSession.last_seen_at))
        .where(AuthSession.ended_at.is_(None), AuthSession.expires_at > clock.now())
        .group_by(AuthSession.user_id)
    )
    return {user_id: (count, last) for user_id, count, last in rows}


def _line(user, contest_id, has_card, sessions, last_seen_at):
    everywhere = roles_of(user, None)
    return AccountLine(
        user_id=user.id, login=user.login, name=user.name, is_active=user.is_active,
        roles=roles_of(user, contest_id), roles_everywhere=everywhere,
        contests=len({held.contest_id for held in user.grants} - {None}),
        has_password=user.password_hash is not None, has_card=has_card,
        sessions=sessions, last_seen_at=last_seen_at,
    )
