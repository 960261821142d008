"""The second person of an act of two, who types login and password (or PIN) at the first one's screen."""

from contest.accounts.queries import find_roles, find_user
from contest.accounts.reentry import WrongWord, proven_actor
from contest.accounts.rules import Person, clean_login
from contest.errors import Invalid


def second_at_screen(contest_id, form, roles):
    """The second person as an Actor, from the fields "second" and "second_word" of a form; Invalid.

    roles: of which that person holds one here. Nobody learns from the sentence which logins exist.
    """
    user = find_user(clean_login(form.get("second", "")))
    if user is None or not find_roles(user.id, contest_id) & set(roles):
        why = Invalid("Nobody with this login may be the second person here.")
        raise Invalid(why.message, fields={"second": why})
    try:
        return proven_actor(Person(user.id, user.name, 0), form.get("second_word", ""), "second_factor")
    except Invalid as refused:
        # Two people typed here: the sentence says whose word was wrong.
        is_wrong = isinstance(refused.__cause__, WrongWord)
        why = _wrong() if is_wrong else Invalid(refused.message, **refused.params)
        raise Invalid(why.message, fields={"second_word": why}, **why.params) from refused


def _wrong():
    return Invalid(
        "This is not the second person's password or PIN. Nothing was done; what you typed is kept."
    )
