"""The password or PIN typed once more, for an act that is worth it.

    actor = proven_actor(g.person, request.form.get("word", ""))

gives an Actor that setup.step_rules.check_word takes. Any area's routes may ask here; the fields of
the form are those of accounts/_word_macros.html. Whoever has a second factor types its code, too: it is read
from the request, since no page could do without it.
"""

from flask import has_request_context, request
from sqlalchemy import update

from contest import clock
from contest.accounts import factor_queries, queries, rules
from contest.accounts.entering import counted_attempt
from contest.accounts.factors import take_code
from contest.accounts.models import User
from contest.accounts.passwords import is_secret
from contest.audit.work import Actor
from contest.db import db
from contest.errors import Invalid
from contest.i18n import N_


class WrongWord(Invalid):
    """The password or PIN that was typed again is not this person's."""


def proven_actor(person, word, code_field="factor"):
    """The person as an Actor who has just typed the password or PIN; Invalid (field "word") if not.

    code_field: where the request carries the code of the second factor, for whoever has one.

    Failures count and wait as at the door, together with those there: a tablet left lying about
    gives nobody more guesses.
    """
    try:
        check_reentry(person, word, request.form.get(code_field, "") if has_request_context() else "")
    except Invalid as refused:
        raise Invalid(
            refused.message, fields={"word": Invalid(refused.message, **refused.params)},
            **refused.params,
        ) from refused
    return Actor(person.user_id, person.name, word_at=clock.now())


def check_reentry(person, word, code=""):
    """Nothing when `word` is this person's password or PIN, and `code` the second factor's; else Invalid."""
    check_own_word(person, word)
    if factor_queries.is_enrolled(person.user_id):
        take_code(person.user_id, code)
    elif factor_queries.must_enrol(person.user_id, queries.all_roles(person.user_id)):
        raise Invalid(
            "Your role asks for a second factor. Set it up on the page of your account; then do this again."
        )
    elif lacks_factor(person.user_id):
        raise Invalid(
            "This contest asks for a second factor of its staff, and your account has none. Set it up on the "
            "page “Second factor” of your account; then do this again. Nothing was done; "
            "what you typed is kept."
        )
    db.session.execute(
        update(User).where(User.id == person.user_id).values(failures=0, blocked_until=None)
    )
    db.session.commit()


def lacks_factor(user_id):
    """True when the contest of this request asks a second factor of somebody who has none."""
    contest_id = (request.view_args or {}).get("contest_id") if has_request_context() else None
    return contest_id is not None and factor_queries.must_enrol_in(user_id, contest_id)


def check_own_word(person, word):
    """Nothing when `word` is this person's password or PIN; Invalid with one sentence otherwise."""
    user = queries.get_user(person.user_id)
    kept = [one for one in (user.password_hash, user.pin_hash) if one is not None]
    if not kept:
        raise Invalid("Your account has no password and no PIN; ask the organiser for one.")
    if not word:
        raise Invalid("Type your password or PIN.")
    rules.check_not_blocked(user.blocked_until, clock.now())
    typed = (word[: rules.TYPED_MOST], rules.clean_digits(word)[:20])
    pairs = zip((user.password_hash, user.pin_hash), typed, strict=True)
    db.session.rollback()  # the slow comparison must not hold the database
    is_right = any([is_secret(one, text) for one, text in pairs if one is not None])
    if counted_attempt(person.user_id, is_right, "again") is None:
        raise WrongWord(
            N_("This is not your password or PIN. Nothing was done; what you typed is kept.")
        )
