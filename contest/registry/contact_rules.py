"""An employer asks for contact with a craftsman: what must be said, and who decides."""

from dataclasses import dataclass

from contest.errors import Conflict, Invalid
from contest.i18n import N_

STATES = {"waiting": N_("Waits for an answer"), "agreed": N_("Agreed"), "declined": N_("Said no")}
BADGES = {"waiting": "provisional", "agreed": "good", "declined": "idle"}
LONGEST = {"employer": 80, "asker": 60, "contact": 80, "purpose": 500}
LONGEST_ANSWER = 300
MOST_WAITING = 20  # requests about one person


@dataclass(frozen=True)
class Asked:
    """What an employer said."""

    employer: str
    asker: str
    contact: str
    purpose: str


def read_request(form):
    """The Asked of a form; Invalid names each field that cannot be taken."""
    texts, wrong = {}, {}
    for key, most in LONGEST.items():
        texts[key] = " ".join((form.get(key) or "").split())
        if not texts[key]:
            wrong[key] = Invalid("Please fill this in.")
        elif len(texts[key]) > most:
            wrong[key] = Invalid("At most %(most)s characters are taken here.", most=most)
    if wrong:
        raise Invalid("Nothing was sent: please look at the marked fields.", fields=wrong)
    return Asked(**texts)


def read_answer(agrees, text):
    """What the employer is told; who agrees says how he can be reached. Invalid otherwise."""
    words = (text or "").strip()
    if agrees and not words:
        raise Invalid("Say how the employer can reach the person.")
    if len(words) > LONGEST_ANSWER:
        raise Invalid("At most %(most)s characters are taken here.", most=LONGEST_ANSWER)
    return words


def read_asked_how(text):
    """How the officer asked the person; Invalid without."""
    words = (text or "").strip()
    if not 1 <= len(words) <= 120:
        raise Invalid("Say how and when the person was asked, in at most 120 characters.")
    return words


def check_waits(state):
    """An answer is given once; Conflict otherwise."""
    if state != "waiting":
        raise Conflict("This request has been answered already.")


def check_not_too_many(waiting):
    """Conflict when so many requests wait that nobody could answer them."""
    if waiting >= MOST_WAITING:
        raise Conflict("Many requests wait for this person already; try again when some are answered.")
