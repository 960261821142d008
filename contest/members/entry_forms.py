"""What a member types into the form of an invitation, read clean or refused field by field."""

from dataclasses import dataclass

from contest.accounts import rules
from contest.errors import Invalid


@dataclass(frozen=True)
class MemberAccount:
    """Login and password of a member's own account; the name is the person's. password "": none."""

    login: str
    password: str


def read_account(form, needs_password=True, own_words=()):
    """Login and password (typed twice); without a password one comes in by one-time codes. Invalid."""
    login, password = rules.clean_login(form.get("login")), form.get("password", "")
    wrong = {}
    _check(wrong, "login", rules.check_login, login)
    if needs_password or password:
        _check(wrong, "password", rules.check_password, password, login, own_words)
        if password != form.get("password_again", "") and "password" not in wrong:
            wrong["password_again"] = Invalid("The two passwords are not the same.")
    if wrong:
        raise Invalid("Nothing was saved: please look at the marked fields.", fields=wrong)
    return MemberAccount(login, password)


def _check(wrong, name, check, *values):
    try:
        check(*values)
    except Invalid as refused:
        wrong[name] = refused
