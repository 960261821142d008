"""The password or PIN typed once more, for an act that is worth it.

    actor = proven_actor(g.person, request.form.get("word", ""))

gives an Actor that setup.step_rules.check_word takes. Any area's routes may ask here; the field of
the form is accounts/_word_macros.html.
"""

from sqlalchemy import update

from contest import clock
from contest.accounts import queries, rules
from contest.accounts.entering import counted_attempt
from contest.accounts.models import User
from contest.accounts.passwords import is_secret
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Invalid
from contest.i18n import N_


class WrongWord(Invalid):
    """The password or PIN that was typed again is not this person's."""


def proven_actor(person, word):
    """The person as an Actor who has just typed the password or PIN; Invalid (field "word") if not.

    Failures count and wait as at the door, together with those there: a tablet left lying about
    gives nobody more guesses.
    """
    try:
        check_reentry(person, word)
    except Invalid as refused:
        raise Invalid(
            refused.message, fields={"word": Invalid(refused.message, **refused.params)},
            **refused.params,
        ) from refused
    return Actor(person.user_id, person.name, word_at=clock.now())


def check_reentry(person, word):
    """Nothing when `word` is this person's password or PIN; Invalid with one sentence otherwise."""
    user = queries.get_user(person.user_id)
    kept = [one for one in (user.password_hash, user.pin_hash) if one is not None]
    if not kept:
        raise Invalid("Your account has no password and no PIN; ask the organiser for one.")
    if not word:
        raise Invalid("Type your password or PIN.")
    rules.check_not_blocked(user.blocked_until, clock.now())
    typed = (word[: rules.PASSWORD_MOST], rules.clean_digits(word)[:20])
    pairs = zip((user.password_hash, user.pin_hash), typed, strict=True)
    db.session.rollback()  # the slow comparison must not hold the database
    is_right = any([is_secret(one, text) for one, text in pairs if one is not None])
    if counted_attempt(person.user_id, is_right, "again") is None:
        raise WrongWord(
            N_("This is not your password or PIN. Nothing was done; what you typed is kept.")
        )
    db.session.execute(
        update(User).where(User.id == person.user_id).values(failures=0, blocked_until=None)
    )
    db.session.commit()
