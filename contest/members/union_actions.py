"""Coming in with a union's own sign-in, and tying it to an account."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest import clock
from contest.accounts import rules as account_rules
from contest.accounts.entering import start_session
from contest.accounts.entry_models import OutsideIdentity
from contest.accounts.models import User
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict, NotAllowed
from contest.members import trail_words  # noqa: F401  (names deeds)


def sign_in(identity, device, leaving=None):
    """The token of a new session of the account that this Identity opens, or None when there is none."""
    user = db.session.scalar(
        select(User).join(OutsideIdentity, OutsideIdentity.user_id == User.id)
        .where(OutsideIdentity.issuer == identity.issuer, OutsideIdentity.subject == identity.subject)
    )
    if user is None:
        return None
    if not user.is_active:
        raise NotAllowed("This account has been switched off. Ask the organiser.")
    return start_session(user, device, "union", account_rules.STAFF_SESSION, leaving)


def link(person, identity):
    """Tie the Identity to the account of whoever is signed in; Conflict when it opens another one."""
    with work(Actor(person.user_id, person.name), "identity.link", subject=person.name):
        put_identity(identity, person.user_id)


def put_identity(identity, user_id):
    """Within a larger act: let the Identity open this account."""
    db.session.add(OutsideIdentity(
        issuer=identity.issuer, subject=identity.subject, user_id=user_id, at=clock.now()
    ))
    try:
        db.session.flush()
    except IntegrityError as taken:
        raise Conflict("This sign-in of the union opens an account already.") from taken


def unlink(person):
    """Part every Identity from the own account; Conflict where nothing else opens it."""
    user = check_may_unlink(person.user_id)
    with work(Actor(person.user_id, person.name), "identity.unlink", subject=user.login):
        for row in list_identities(person.user_id):
            db.session.delete(row)


def check_may_unlink(user_id):
    """The account, which a password opens as well; Conflict where nothing else does."""
    user = db.session.get(User, user_id)
    if user.password_hash is None:
        raise Conflict("Nothing else opens your account: ask the service desk for another way in first.")
    return user


def list_identities(user_id):
    """The sign-ins of other systems that open an account."""
    return db.session.scalars(select(OutsideIdentity).filter_by(user_id=user_id)).all()
