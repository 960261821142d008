"""What a second factor is asked of whom for, and what is said when a code is not taken."""

import re
import unicodedata
from datetime import timedelta

from contest.errors import Conflict, Invalid
from contest.i18n import N_

# Whoever decides, publishes, knows codes or hands out money. Judges have a card, which is a thing, and a PIN.
STAFF = (
    "organiser", "chief_judge", "coding_judge", "supervisor", "clerk", "host", "curator", "service_officer",
)
RECOVERY_CODES = 10
HALF_HOLDS = timedelta(minutes=5)  # between the password and the code
# Whoever gave the second person's password or role so lately might act as both.
HANDS_ARE_FRESH = timedelta(days=1)
RECOVERY_FORM = re.compile(r"(\d{1,2})-?([0-9A-Z]{4})-?([0-9A-Z]{4})-?([0-9A-Z]{4})")

WRONG = N_("This is not the code that your app shows now, nor a recovery code that still works.")
USED = N_("This code was used already. Wait until the app shows the next one, at most half a minute.")
WANTED = N_("Type the code of your second factor, too: the six digits that your app shows.")


class WrongCode(Invalid):
    """What was typed is no code of this person's second factor that still works."""


def clean_code(text):
    """A code as it was meant: ordinary width, capitals, no blanks."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).upper()[:40]


def recovery_parts(code):
    """(number, code as it is kept) of a recovery code, or None when it has not the form of one."""
    found = RECOVERY_FORM.fullmatch(code)
    return (int(found[1]), "-".join(found.groups()[1:])) if found else None


def is_required(held, required):
    """True when one of the roles that somebody holds must have a second factor."""
    return bool(set(held) & set(required))


def check_roles(roles):
    """Only staff can be held to it; Invalid."""
    if set(roles) - set(STAFF):
        raise Invalid("A second factor can be asked of staff only: judges enter with a card and a PIN.")


def check_may_begin(grants, is_confirmed):
    """Invalid or Conflict where somebody cannot set a second factor up now."""
    if not grants:
        raise Conflict("A second factor is for people who hold a role.")
    if is_confirmed:
        raise Conflict("Your second factor is set up already. Turn it off first to set up another phone.")


def check_reset(user_id, first_id, second_id, hands):
    """Two people, neither of them the one it is about, and neither made by the other; Invalid, Conflict."""
    if user_id in (first_id, second_id):
        raise Conflict("Two others reset a second factor; nobody does it for himself.")
    if first_id == second_id:
        why = Invalid("The second person is another one than you.")
        raise Invalid(why.message, fields={"second": why})
    if first_id in hands or user_id in hands:
        raise Conflict(
            "The second person has role or password from you, or from the one it is about, since less than "
            "a day. Ask somebody else."
        )
