"""Who may enter, in which role, and for how long."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from contest.accounts.common_passwords import common_passwords
from contest.accounts.word_rules import is_own_word
from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import LANGUAGES, N_

ROLES = {
    "organiser": N_("Organiser"),
    "contact": N_("Unit contact"),
    "judge": N_("Judge"),
    "chief_judge": N_("Chief judge"),
    "coding_judge": N_("Coding judge"),
    "supervisor": N_("Supervisor"),
    "clerk": N_("Clerk"),
    "host": N_("Ceremony host"),
    "curator": N_("Registry curator"),
    "service_officer": N_("Service officer"),
}

ROLE_NOTES = {
    "organiser": N_("Sets the contest up, keeps its people and accounts, publishes its results."),
    "contact": N_("Registers the people of one unit."),
    "judge": N_("Marks the sheets of the panels on which the judge sits."),
    "chief_judge": N_("Watches all panels, reopens sheets with a reason, rules on ties."),
    "coding_judge": N_("Holds the draw and keeps the list of codes."),
    "supervisor": N_("Reads everything that was done; changes nothing."),
    "clerk": N_("Enters theory scores, points and times, and imports score files."),
    "host": N_(
        "Leads the wall at the ceremony: freezes and reveals the board. Enters points and times at the "
        "quiz desk."
    ),
    "curator": N_("Confirms honours and keeps the registry of craftsmen."),
    "service_officer": N_("Answers applications for member services."),
}

# Registry and member services belong to the whole installation, not to one contest.
ROLES_EVERYWHERE = ("organiser", "curator", "service_officer")
ROLES_IN_CONTEST = tuple(role for role in ROLES if role not in {"curator", "service_officer"})

# Who holds one of these in a contest reads no map of its codes.
APART_FROM_CODES = ("judge", "chief_judge", "clerk")

STAFF_SESSION = timedelta(hours=12)
JUDGE_SESSION = timedelta(hours=14)  # a contest day from the first briefing to the last signature
SEEN_EVERY = timedelta(minutes=1)
INVITATION_DAYS = 30
GIVEN_FOR = timedelta(hours=72)  # a one-time password: from Friday's meeting to Monday's first session

FREE_FAILURES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)

WAYS_IN = {
    "password": N_("Password"),
    "card": N_("Card and PIN"),
    "set-up code": N_("Set-up code"),
    "invitation": N_("Invitation"),
    "code": N_("One-time code"),
    "union": N_("Union's sign-in"),
}

PASSWORD_LEAST = 8
PASSWORD_MOST = 200
TYPED_MOST = PASSWORD_MOST + 1  # so much is compared: what is longer than any password is a wrong one
PIN_LENGTH = 6
KEY_ROWS = (
    "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.", "qazwsxedcrfvtgbyhnujmikolp",
)
LOGIN_FORM = re.compile(r"[\w][\w.@+-]{1,39}")


@dataclass(frozen=True)
class Person:
    """Somebody who is signed in, as the rest of the program knows them."""

    user_id: int
    name: str
    session_id: int
    language: str | None = None
    # Pairs of role and contest id; contest id None means the whole installation.
    grants: frozenset = field(default_factory=frozenset)
    seen_at: datetime | None = None
    acted_at: datetime | None = None
    locked_at: datetime | None = None
    idle_s: int | None = None

    @property
    def roles(self):
        """Every role this person holds anywhere."""
        return {role for role, _ in self.grants}

    def has_role(self, role, contest_id=None):
        """True when the person holds `role` in the whole installation or in this contest."""
        return (role, None) in self.grants or (role, contest_id) in self.grants

    def has_any(self, roles, contest_id=None):
        """True when the person holds one of `roles`; without a contest, anywhere counts."""
        if contest_id is None:
            return bool(self.roles & set(roles))
        return any(self.has_role(role, contest_id) for role in roles)


def clean_name(text):
    """A person's name as it is kept: composed, without invisible characters, single blanks."""
    spaced = " ".join(unicodedata.normalize("NFC", text or "").split())
    return "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf"}).strip()


def clean_login(text):
    """A login as it is kept and looked up: ordinary width, small letters, no blanks around it."""
    return unicodedata.normalize("NFKC", text or "").strip().lower()


def clean_digits(text):
    """A PIN as it was meant: full-width digits become ordinary ones, blanks and dashes go."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text or ""))


def check_name(name):
    """A name has 1 to 60 characters (GB 11643 asks systems for at least 50)."""
    if not 1 <= len(name) <= 60:
        raise Invalid("The name must have 1 to 60 characters.")


def check_login(login):
    """A login has 2 to 40 letters, digits or . _ - @ + and begins with one of the first two: 王五 has two."""
    if not LOGIN_FORM.fullmatch(login):
        raise Invalid(
            "The login must have 2 to 40 letters, digits or . _ - @ + "
            "and begin with a letter or digit."
        )


def check_password(password, login="", own_words=()):
    """A password has 8 to 200 characters, is not a common one and repeats neither login nor own words."""
    if len(password) < PASSWORD_LEAST:
        raise Invalid("The password must have at least %(least)s characters.", least=PASSWORD_LEAST)
    if len(password) > PASSWORD_MOST:
        raise Invalid("The password must have at most %(most)s characters.", most=PASSWORD_MOST)
    if is_common(password):
        raise Invalid("This password is among the first that anybody would try; choose another.")
    if len(login) >= 4 and login in password.lower():
        raise Invalid("The password must not contain the login.")
    if is_own_word(password, own_words):
        raise Invalid(
            "The password is little more than a name that everybody here knows; choose another, or add to it."
        )


def is_common(password):
    """True for well-known passwords, runs of neighbouring keys or letters, and repetitions."""
    plain = unicodedata.normalize("NFKC", password).lower()
    common = common_passwords()
    if plain in common or plain.rstrip("0123456789!.@#") in common:
        return True
    if any(plain in row or plain in row[::-1] for row in KEY_ROWS):
        return True
    return any(
        plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, len(plain) // 2 + 1)
        if size <= 3
    )


def wait_after(failures):
    """How long an account waits after so many failures in a row: from the fifth on, doubling."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES, 10)
    return min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)


def check_not_blocked(blocked_until, now):
    """After too many failures nobody enters, even with the right word, before the wait is over."""
    if blocked_until is not None and now < blocked_until:
        seconds = ceil((blocked_until - now).total_seconds())
        if seconds <= 60:
            raise Invalid(
                "Too many failed attempts. Try again in %(seconds)s seconds.", seconds=seconds
            )
        raise Invalid(
            "Too many failed attempts. Try again in %(minutes)s minutes.", minutes=-(-seconds // 60)
        )


def check_given(is_given, until, now):
    """A one-time password opens the account until it runs out, or its owner has replaced it; Invalid."""
    if is_given and until is not None and until <= now:
        raise Invalid(
            "This one-time password was good for %(hours)s hours and has run out. Ask the organiser for "
            "another one.", hours=int(GIVEN_FOR.total_seconds() // 3600),
        )


def check_is_new(is_given, old, new):
    """The one-time password itself does not stay; Invalid (field "password")."""
    if is_given and old == new:
        why = Invalid("Choose another password than the one-time one: somebody else knows that.")
        raise Invalid("Nothing was saved: please look at the marked fields.", fields={"password": why})


def check_role(role, contest_id):
    """A role exists, and is given where it belongs: in a contest or in the whole installation."""
    if role not in (ROLES_EVERYWHERE if contest_id is None else ROLES_IN_CONTEST):
        raise Invalid("This role cannot be given here.")


def check_roles_apart(held):
    """Whoever gives marks, or enters them, does not read which code is whose; Conflict.

    held: every role that one person is to hold in one contest.
    """
    marking = [role for role in APART_FROM_CODES if role in held]
    if "coding_judge" in held and marking:
        raise Conflict(
            "Nobody is coding judge and judge, chief judge or clerk of the same contest: a coding "
            "judge reads names beside codes, and marks are given to codes."
        )


def check_not_own_codes(role, user_id, by_id):
    """Nobody makes himself a coding judge; NotAllowed."""
    if role == "coding_judge" and by_id is not None and user_id == by_id:
        raise NotAllowed(
            "Nobody gives himself the role of a coding judge: another organiser gives it."
        )


def check_language(language):
    """Pages speak Chinese or English."""
    if language not in LANGUAGES:
        raise Invalid("Pages speak Chinese or English only.")


def check_card(revoked_at, is_active):
    """A card opens the PIN page until a newer one is issued or the account is switched off."""
    if revoked_at is not None:
        raise NotAllowed("This card no longer works. Ask the organiser for the newer one.")
    if not is_active:
        raise NotAllowed("This account has been switched off. Ask the organiser.")


def check_replaces_cards(held, is_agreed):
    """Cards that work are replaced only when somebody agreed to it; `held` is how many there are."""
    if held and not is_agreed:
        raise Invalid(
            "%(count)s of those chosen hold a card that stops working. Tick that this is meant.",
            fields={"replaces": Invalid("Tick this, or take those people out of the choice.")},
            count=held,
        )


def check_invitation(used, revoked_at, expires_at, now):
    """An invitation is good for one account and until a day."""
    if used:
        raise Conflict(
            "This invitation has been used. Sign in with the account that was made with it."
        )
    if revoked_at is not None:
        raise NotAllowed("This invitation has been withdrawn. Ask the organiser for a new one.")
    if expires_at <= now:
        raise NotAllowed("This invitation has expired. Ask the organiser for a new one.")


def may_administer(organiser, grants):
    """An organiser of single contests changes only accounts with no role outside of them.

    Otherwise a contest's organiser could set a new password for somebody with more rights and
    enter as that person. `grants` are pairs of role and contest id.
    """
    return organiser.has_role("organiser") or all(
        ("organiser", contest_id) in organiser.grants for _, contest_id in grants
    )


def check_may_administer(organiser, grants):
    """Refuse an organiser who would change the account of somebody with roles elsewhere."""
    if not may_administer(organiser, grants):
        raise NotAllowed(
            "This person also has roles outside your contests; only an organiser of the whole "
            "installation may change the account."
        )


def check_keeps_own_role(actor_id, user_id, old_roles, new_roles):
    """Nobody takes the organiser's role from themselves by accident."""
    if actor_id == user_id and "organiser" in old_roles and "organiser" not in new_roles:
        raise Conflict("Another organiser has to take this role from you.")


def check_not_last_organiser(others):
    """Somebody must always be able to enter as organiser of the whole installation."""
    if others == 0:
        raise Conflict("This is the last organiser of the installation; name another one first.")
