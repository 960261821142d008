"""What people type into the forms about accounts, read clean or refused field by field."""

from dataclasses import dataclass

from contest.accounts import rules
from contest.errors import Invalid
from contest.numbers import read_whole


@dataclass(frozen=True)
class NewAccount:
    """A person's own new account."""

    login: str
    name: str
    password: str


@dataclass(frozen=True)
class NewPerson:
    """Somebody whom an organiser adds, with the roles given."""

    login: str
    name: str
    roles: tuple


def read_new_account(form, own_words=()):
    """Login, name and password (typed twice) of one's own account; raises Invalid with fields.

    own_words: own_words.own_words(), which are no passwords.
    """
    login, name = rules.clean_login(form.get("login")), rules.clean_name(form.get("name"))
    password = form.get("password", "")
    wrong = {}
    _check(wrong, "login", rules.check_login, login)
    _check(wrong, "name", rules.check_name, name)
    _check_passwords(wrong, password, form.get("password_again", ""), login, own_words)
    _refuse(wrong)
    return NewAccount(login, name, password)


def read_new_password(form, login, own_words=()):
    """The new password (typed twice); raises Invalid with fields."""
    wrong = {}
    _check_passwords(wrong, form.get("password", ""), form.get("password_again", ""), login, own_words)
    _refuse(wrong)
    return form["password"]


def read_person(form, contest_id):
    """Login, name and at least one role of somebody to add; raises Invalid with fields.

    `form` gives lists of roles through `getlist`.
    """
    login, name = rules.clean_login(form.get("login")), rules.clean_name(form.get("name"))
    wrong = {}
    _check(wrong, "login", rules.check_login, login)
    _check(wrong, "name", rules.check_name, name)
    roles = _read_roles(wrong, form.getlist("roles"), contest_id)
    if not roles and "roles" not in wrong:
        wrong["roles"] = Invalid("Choose at least one role.")
    _refuse(wrong)
    return NewPerson(login, name, roles)


def read_roles(form, contest_id):
    """The chosen roles, perhaps none; raises Invalid with fields."""
    wrong = {}
    roles = _read_roles(wrong, form.getlist("roles"), contest_id)
    _refuse(wrong)
    return roles


def read_chosen(form):
    """The numbers of the chosen accounts, each once; raises Invalid when none is chosen."""
    chosen = [number for word in form.getlist("users") if (number := read_whole(word)) is not None]
    if not chosen:
        raise Invalid("Choose at least one person.")
    return list(dict.fromkeys(chosen))


def _read_roles(wrong, words, contest_id):
    for word in words:
        _check(wrong, "roles", rules.check_role, word, contest_id)
    return tuple(role for role in rules.ROLES if role in words)


def _check_passwords(wrong, password, again, login, own_words):
    _check(wrong, "password", rules.check_password, password, login, own_words)
    if password != again and "password" not in wrong:
        wrong["password_again"] = Invalid("The two passwords are not the same.")


def _check(wrong, name, check, *values):
    try:
        check(*values)
    except Invalid as refusal:
        wrong.setdefault(name, refusal)


def _refuse(wrong):
    if wrong:
        raise Invalid("Nothing was saved: please look at the marked fields.", fields=wrong)
