"""Who stands behind a token, and what answers were given."""

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from contest import clock
from contest.accounts.queries import grants_of, hash_token
from contest.accounts.rules import Person
from contest.api import rules
from contest.api.models import ApiToken, KeptAnswer
from contest.db import db
from contest.errors import Missing


def open_token(token):
    """(the Person that a token stands for with the roles that it carries on, its row); WrongToken."""
    row = db.session.scalar(
        select(ApiToken).filter_by(token_hash=hash_token(token)).options(joinedload(ApiToken.user))
    )
    rules.check_token(row if row is None or row.user.is_active else None, clock.now())
    grants = rules.narrowed(grants_of(row.user), row.contest_id)
    return Person(
        user_id=row.user_id, name=row.user.name, session_id=0, language=row.user.language,
        grants=grants, seen_at=row.last_used_at,
    ), row


def list_tokens(contest_id, person):
    """The tokens for a contest (None: for the whole installation), newest first: an organiser sees all."""
    statement = select(ApiToken).filter_by(contest_id=contest_id).options(joinedload(ApiToken.user))
    if not person.has_role("organiser", contest_id):
        statement = statement.filter_by(user_id=person.user_id)
    return db.session.scalars(statement.order_by(ApiToken.id.desc())).all()


def get_token(contest_id, token_id, person):
    """One of those tokens, or Missing."""
    row = db.session.scalar(select(ApiToken).filter_by(id=token_id, contest_id=contest_id).where(
        or_(ApiToken.user_id == person.user_id, person.has_role("organiser", contest_id))
    ))
    if row is None:
        raise Missing("There is no such token.")
    return row


def find_answer(user_id, key):
    """What was kept under this key of this person (None: of the guests), or None."""
    return db.session.scalar(select(KeptAnswer).filter_by(user_id=user_id, key=key))
