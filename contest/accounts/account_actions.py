"""What an organiser does with other people's accounts: adding, roles, passwords, cards."""

from contest.accounts import queries, rules, tickets
from contest.accounts.passwords import hash_secret, make_pin, make_words
from contest.audit.work import Actor, work
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed


def add_person(organiser, new, contest_id=None):
    """Add an account with roles in a contest (None: everywhere); returns id and one-time password.

    When the login exists and the name agrees, that account is given the roles and no password
    comes back: one person keeps one account through all contests.
    """
    _check_organises(organiser, contest_id)
    db.session.rollback()
    password = make_words()
    password_hash = hash_secret(password)
    user = queries.find_user(new.login)
    if user is not None and user.name != new.name:
        taken = Invalid("This login is taken by somebody with another name.")
        raise Invalid(
            "Nothing was saved: please look at the marked fields.", fields={"login": taken}
        )
    is_new = user is None
    with _doing(
        organiser, "account.add", contest_id, new.login, name=new.name, new=list(new.roles)
    ):
        if is_new:
            user = tickets.new_user(new.login, new.name)
            tickets.new_password(user, password_hash, organiser.user_id)
        for role in new.roles:
            tickets.grant(user, role, contest_id, organiser.user_id)
    return user.id, password if is_new else None


def set_roles(organiser, user_id, roles, contest_id=None):
    """Let a person hold exactly these roles in a contest (None: in the whole installation)."""
    _check_organises(organiser, contest_id)
    user = queries.get_user_of(contest_id, user_id)
    old = queries.roles_of(user, contest_id)
    for role in roles:
        rules.check_role(role, contest_id)
    rules.check_roles_apart(roles)
    rules.check_keeps_own_role(organiser.user_id, user_id, old, roles)
    if contest_id is None and "organiser" in old and "organiser" not in roles:
        rules.check_not_last_organiser(queries.other_organisers(user_id))
    with _doing(
        organiser, "account.roles", contest_id, user.login, old=list(old), new=list(roles)
    ):
        for held in list(user.grants):
            if held.contest_id == contest_id and held.role not in roles:
                db.session.delete(held)
        for role in roles:
            tickets.grant(user, role, contest_id, organiser.user_id)


def switch_account(organiser, user_id, is_active, contest_id=None):
    """Switch an account off (its sessions end, its cards stop working) or on again."""
    user = _administered(organiser, user_id, contest_id)
    if not is_active:
        if user_id == organiser.user_id:
            raise Conflict("You cannot switch your own account off.")
        if "organiser" in queries.roles_of(user, None):
            rules.check_not_last_organiser(queries.other_organisers(user_id))
    with _doing(
        organiser, "account.switch", contest_id, user.login, old=user.is_active, new=is_active
    ):
        user.is_active = is_active
        if not is_active:
            tickets.end_sessions(user.id)
            tickets.revoke_cards(user)


def give_new_password(organiser, user_id, contest_id=None):
    """Give a person a new one-time password and return it; their sessions end."""
    if user_id == organiser.user_id:
        raise Conflict("Change your own password on the page of your own account.")
    _administered(organiser, user_id, contest_id)
    db.session.rollback()
    password = make_words()
    password_hash = hash_secret(password)
    user = _administered(organiser, user_id, contest_id)
    with _doing(organiser, "account.new_password", contest_id, user.login):
        tickets.new_password(user, password_hash, organiser.user_id)
        tickets.end_sessions(user.id)
    return password


def issue_card(organiser, user_id, contest_id=None):
    """Issue a card and a PIN, return (token, PIN); earlier cards and sessions by card end."""
    [(_, token, pin)] = issue_cards(organiser, [user_id], contest_id)
    return token, pin


def issue_cards(organiser, user_ids, contest_id=None, progress=iter):
    """Issue cards and PINs for several people in one act; returns triples (user, token, PIN).

    All or none: raises Missing, NotAllowed or Conflict before anything is changed.
    """
    for user_id in user_ids:
        _check_takes_card(_administered(organiser, user_id, contest_id))
    db.session.rollback()
    pins = [(pin, hash_secret(pin)) for pin in (make_pin() for _ in progress(user_ids))]
    users = [_administered(organiser, user_id, contest_id) for user_id in user_ids]
    logins = [user.login for user in users]
    issued = []
    with _doing(organiser, "card.issue", contest_id, ", ".join(logins)[:200], logins=logins):
        for user, made in zip(users, pins, strict=True):
            token, pin = tickets.new_card(user), tickets.new_pin(user, made, organiser.user_id)
            tickets.end_sessions(user.id, entered_by="card")
            issued.append((user, token, pin))
    return issued


def revoke_card(organiser, user_id, contest_id=None):
    """Take a person's cards back; sessions that are open stay open until they are ended."""
    user = _administered(organiser, user_id, contest_id)
    with _doing(organiser, "card.revoke", contest_id, user.login):
        tickets.revoke_cards(user)


def end_session_of(organiser, user_id, session_id, contest_id=None):
    """End one session of somebody else; Missing when it is not theirs or has ended."""
    user = _administered(organiser, user_id, contest_id)
    with _doing(organiser, "session.end", contest_id, user.login, session=session_id):
        if not tickets.end_sessions(user.id, session_id=session_id):
            raise Missing("There is no such session.")


def _administered(organiser, user_id, contest_id):
    _check_organises(organiser, contest_id)
    user = queries.get_user_of(contest_id, user_id)
    rules.check_may_administer(organiser, queries.grants_of(user))
    return user


def _check_organises(organiser, contest_id):
    if not organiser.has_role("organiser", contest_id):
        raise NotAllowed("Only an organiser may change accounts.")


def _check_takes_card(user):
    if not user.is_active:
        raise Conflict("The account of %(name)s is switched off.", name=user.name)


def _doing(organiser, did, contest_id, subject, **facts):
    return work(
        Actor(organiser.user_id, organiser.name), did, contest_id=contest_id, subject=subject,
        **facts,
    )
