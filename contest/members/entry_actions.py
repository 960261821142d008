"""How members come in: by an invitation, or by a one-time code that is handed out or sent."""

import secrets

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from contest import clock, signals
from contest.accounts import codes, tickets
from contest.accounts import queries as accounts
from contest.accounts import rules as account_rules
from contest.accounts.entering import counted_attempt, start_session
from contest.accounts.models import User
from contest.accounts.passwords import hash_secret, is_secret
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed, Refusal
from contest.i18n import N_
from contest.members import personal_queries as queries
from contest.members import personal_rules as rules
from contest.members.models import CodeAddress, MemberInvitation
from contest.members.personal_actions import put_address
from contest.members.union_actions import put_identity
from contest.people.models import Human, PersonAccount
from contest.people.sealing import pseudonym

WRONG_CODE = N_(
    "The login or the code is wrong, or the code is no longer good. After several wrong attempts wait a "
    "quarter of an hour."
)
PROGRAM = Actor(None, "sign-in")


def invite(actor, human_id, link_of=None):
    """The one-time token of a new invitation; an earlier one stops working. Conflict: there is an account.

    link_of(token): the page's address, where it is to be sent to the person's e-mail address, too; Conflict
    when none is kept.
    """
    queries.get_human(human_id)
    if queries.account_of(human_id) is not None:
        raise Conflict("This person has an account already. Hand out a one-time code instead.")
    if link_of is not None and db.session.get(CodeAddress, human_id) is None:
        raise Conflict("No e-mail address of this person is kept.")
    token = secrets.token_urlsafe(24)
    with work(actor, "member.invite", subject=pseudonym(human_id)):
        # Of two that are made at once the earlier one stops working, too.
        db.session.execute(select(Human.id).filter_by(id=human_id).with_for_update(key_share=True))
        _end_invitations(human_id)
        now = clock.now()
        db.session.add(MemberInvitation(
            token_hash=accounts.hash_token(token), human_id=human_id, issued_at=now,
            issued_by_id=actor.user_id, expires_at=now + rules.INVITED_FOR,
        ))
        if link_of is not None:
            signals.invitation_made.send("member.invite", human_id=human_id, link=link_of(token))
    return token


def uninvite(actor, human_id):
    """Withdraw a person's invitation; Conflict when there is none."""
    queries.get_human(human_id)
    with work(actor, "member.uninvite", subject=pseudonym(human_id)):
        if not _end_invitations(human_id):
            raise Conflict("There is no invitation to withdraw.")


def _end_invitations(human_id):
    return db.session.execute(
        update(MemberInvitation)
        .where(MemberInvitation.human_id == human_id, MemberInvitation.ended_at.is_(None))
        .values(ended_at=clock.now())
    ).rowcount


def get_invitation(token, is_locked=False):
    """The invitation with this token that still works; Missing, or Conflict when it is over."""
    statement = select(MemberInvitation).filter_by(token_hash=accounts.hash_token(token))
    found = db.session.scalar(statement.with_for_update() if is_locked else statement)
    if found is None:
        raise Missing("There is no such invitation.")
    rules.check_invitation(found, clock.now())
    return found


def join(token, account, address, device, leaving=None, identity=None):
    """Make the member's account from the form and return the token of a session.

    account: login and password; identity: the union's sign-in that opens it instead of a password.
    """
    address = rules.read_address(address)
    get_invitation(token)
    db.session.rollback()
    password_hash = hash_secret(account.password) if account.password else None
    invitation = get_invitation(token, is_locked=True)
    user = tickets.new_user(account.login, invitation.human.name, password_hash)
    with work(Actor(user.id, user.name), "member.join", subject=pseudonym(invitation.human_id)):
        _tie(invitation, user.id)
        if address:
            put_address(invitation.human_id, address, user.id)
        if identity is not None:
            put_identity(identity, user.id)
    return start_session(user, device, "invitation", account_rules.STAFF_SESSION, leaving)


def join_as(person, token):
    """Let somebody who has an account already take up the invitation; Conflict when it is another's."""
    invitation = get_invitation(token, is_locked=True)
    with work(
        Actor(person.user_id, person.name), "member.join", subject=pseudonym(invitation.human_id)
    ):
        if db.session.get(PersonAccount, person.user_id) is not None:
            raise Conflict("This account is tied to a person already.")
        _tie(invitation, person.user_id)


def _tie(invitation, user_id):
    invitation.ended_at = clock.now()
    db.session.add(PersonAccount(
        user_id=user_id, human_id=invitation.human_id, linked_at=clock.now(),
        linked_by_id=invitation.issued_by_id,
    ))
    try:
        db.session.flush()
    except IntegrityError as other_was_first:
        raise Conflict("This person has an account already.") from other_was_first


def hand_out_code(actor, human_id):
    """A one-time code for a person's account, to be handed over in person; returns (login, code)."""
    queries.get_human(human_id)
    user = queries.account_of(human_id)
    if user is None:
        raise Conflict("This person has no account yet: make an invitation.")
    if not user.is_active:
        raise Conflict("The account of %(name)s is switched off.", name=user.name)
    if accounts.grants_of(user):
        # Whoever works here could otherwise be impersonated by the desk, with every right they hold.
        raise NotAllowed("This account holds roles: only its own password opens it.")
    user_id, login = user.id, user.login
    db.session.rollback()
    code = codes.make_code()
    code_hash = hash_secret(code)
    with work(actor, "code.hand_out", subject=login):
        codes.keep_code(user_id, code_hash, actor.user_id)
    return login, code


def make_code_to_send(login):
    """(address, code) for a login that may get one now, else None; both take about as long.

    None for an unknown login, one without an address, one that holds roles or was sent enough codes:
    whoever asks hears the same in every case.
    """
    code = codes.make_code()
    code_hash = hash_secret(code)
    user = accounts.find_user(account_rules.clean_login(login))
    if user is None or not user.is_active or accounts.grants_of(user) or not codes.may_be_sent(user.id):
        return None
    address = db.session.scalar(
        select(CodeAddress).join(PersonAccount, PersonAccount.human_id == CodeAddress.human_id)
        .where(PersonAccount.user_id == user.id)
    )
    if address is None:
        return None
    found = address.address
    with work(PROGRAM, "code.send", subject=user.login):
        codes.keep_code(user.id, code_hash)
    return found, code


def enter_by_code(login, code, device, leaving=None):
    """Check a one-time code and return the token of a new session; every refusal says the same.

    Whoever has got a role since the code was made comes in by the own password alone.
    """
    user = accounts.find_user(account_rules.clean_login(login))
    is_member = user is not None and user.is_active and not accounts.grants_of(user)
    user_id = user.id if is_member else None
    kept = codes.find_code_hash(user_id) if user_id else None
    db.session.rollback()  # the slow comparison must not hold the database
    is_right = is_secret(kept, account_rules.clean_digits(code)[:20])
    if kept is None:
        # No code is waiting that could be guessed: the failure is not counted, or a stranger could
        # block somebody's account from afar.
        raise Invalid(WRONG_CODE)
    try:
        found = counted_attempt(user_id, is_right, "code")
    except Refusal as blocked:
        raise Invalid(WRONG_CODE) from blocked
    # Two browsers with the same code: the second finds it used.
    if found is None or not _use_code(user_id, kept):
        raise Invalid(WRONG_CODE)
    return start_session(
        db.session.get(User, user_id), device, "code", account_rules.STAFF_SESSION, leaving
    )


def _use_code(user_id, kept):
    return codes.find_code_hash(user_id) == kept and codes.end_codes(user_id)
