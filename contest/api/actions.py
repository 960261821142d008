"""Making and revoking tokens; answering the same request once."""

import secrets
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, event, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from contest import clock
from contest.accounts.queries import hash_token
from contest.accounts.rules import SEEN_EVERY
from contest.api import queries, rules, trail_words  # noqa: F401 (names deeds)
from contest.api.models import ApiToken, KeptAnswer
from contest.audit.work import work
from contest.db import db, writing
from contest.errors import Conflict, Refusal


def make_token(actor, contest_id, name, scopes, days, allowed):
    """Make a token that acts for `actor`; returns (its row, the word that is shown this once); Invalid."""
    name = " ".join(name.split())
    rules.check_new_token(name, scopes, days, allowed)
    token = rules.TOKEN_MARK + secrets.token_urlsafe(32)
    row = ApiToken(
        token_hash=hash_token(token), name=name, user_id=actor.user_id, contest_id=contest_id,
        scopes=[scope for scope in rules.SCOPES if scope in scopes], made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=days),
    )
    with work(
        actor, "token.make", contest_id=contest_id, subject=name, scopes=row.scopes, days=days
    ) as facts:
        db.session.add(row)
        db.session.flush()
        facts["token"] = row.id
    return row, token


def revoke_token(actor, row):
    """From now on the token opens nothing; Conflict when it was revoked before."""
    if row.revoked_at is not None:
        raise Conflict("This token was revoked.")
    with work(actor, "token.revoke", contest_id=row.contest_id, subject=row.name, token=row.id):
        row.revoked_at, row.revoked_by_id = clock.now(), actor.user_id


def note_used(row):
    """Write down that a token is in use, once a minute at most."""
    now = clock.now()
    if row.last_used_at is not None and now - row.last_used_at < SEEN_EVERY:
        return
    token_id = row.id
    db.session.rollback()
    with writing():
        db.session.execute(
            update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now)
        )
        db.session.commit()


def begin_answer(user_id, key, fingerprint):
    """The kept answer (status, body) of a request that was answered before, or None: now it begins.

    Invalid when the key carried another request; Conflict while the first one runs. What was broken
    off is begun again: the actions know a repeat of what they did by themselves.
    """
    rules.check_idempotency_key(key)
    if (kept := queries.find_answer(user_id, key)) is None:
        if user_id is None:
            _forget_guests()
        db.session.add(KeptAnswer(user_id=user_id, key=key, fingerprint=fingerprint, at=clock.now()))
        try:
            db.session.commit()
        except IntegrityError as other_was_first:
            db.session.rollback()
            raise Conflict(
                "The first request with this Idempotency-Key has not been answered yet."
            ) from other_was_first
        return None
    rules.check_same_request(kept.fingerprint, fingerprint)
    if kept.status is not None:
        return kept.status, kept.body
    rules.check_not_running((clock.now() - kept.at).total_seconds())
    kept.at = clock.now()
    db.session.commit()
    return None


def _forget_guests():
    """Make room for one more key of a guest; what runs at this moment stays."""
    now = clock.now()
    over = db.session.scalar(
        select(KeptAnswer.id).filter_by(user_id=None).order_by(KeptAnswer.id.desc())
        .offset(rules.GUESTS_MOST - 1).limit(1)
    )
    db.session.execute(delete(KeptAnswer).where(
        KeptAnswer.user_id.is_(None),
        or_(KeptAnswer.at < now - rules.GUESTS_FOR, KeptAnswer.id <= (over or 0)),
        or_(KeptAnswer.status.is_not(None), KeptAnswer.at < now - timedelta(seconds=rules.BROKEN_OFF_S)),
    ))


@contextmanager
def freed_on_failure(user_id, key):
    """A block that is refused, or fails before it has stored anything, gives its key back at once.

    One that fails after a commit keeps it: whether it may be run again is known only when it was broken
    off for good (rules.BROKEN_OFF_S).
    """
    stored, session = [], db.session()

    def note(_session):
        stored.append(True)

    event.listen(session, "after_commit", note)
    try:
        yield
    except Exception as failed:
        if isinstance(failed, Refusal) or not stored:
            _free(user_id, key, failed)
        raise
    finally:
        event.remove(session, "after_commit", note)


def _free(user_id, key, failed):
    db.session.rollback()
    try:
        db.session.delete(queries.find_answer(user_id, key))
        db.session.commit()
    except OperationalError as gone:
        # Without its database the key waits; what failed first is what is told.
        db.session.rollback()
        failed.add_note(f"The Idempotency-Key stays reserved: {gone.orig}")


def end_answer(user_id, key, status, body):
    """Keep the answer for good."""
    db.session.rollback()
    kept = queries.find_answer(user_id, key)
    kept.status, kept.body = status, body
    db.session.commit()
