"""What may be done with personal data, how it is called, and when it is too much."""

import re
from datetime import timedelta

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_

KINDS = {
    "enter": N_("Entered"),
    "take_away": N_("Taken away"),
    "open": N_("Opened by the office"),
    "reveal": N_("Looked at"),
    "search": N_("Searched for"),
    "export": N_("Taken out for the person"),
    "numbers": N_("Taken out for many people"),
    "address": N_("Address for codes changed"),
    "ways": N_("Ways of being told changed by the person"),
    "ask": N_("Erasure asked for by the person"),
    "erase": N_("Erased"),
    "retain": N_("Erased because its time was over"),
}
FIELDS = {
    "id_number": N_("identity number"),
    "code_address": N_("address for codes"),
    "everything": N_("everything that is kept"),
    "phone": N_("telephone number"),
    "born_on": N_("date of birth"),
    "contact": N_("how to be reached"),
    "news": N_("where news are told"),
    "case_answers": N_("answers of applications"),
    "case_files": N_("files of applications"),
    "appeal_files": N_("files of appeals"),
    "paper_photos": N_("photographs of sheets on paper"),
    "nominations": N_("nominations that were never admitted"),
    "contacts": N_("employers' requests for contact"),
    "whole_names": N_("a name in a contest from elsewhere"),
    "whole_contests": N_("archives of contests from elsewhere"),
    "sessions": N_("sign-in sessions"),
    "codes": N_("one-time codes"),
    "invitations": N_("invitations to an own page"),
    "rosters": N_("rosters that nobody confirmed"),
    "register_lists": N_("registers that nobody confirmed"),
    "archive_lists": N_("lists of earlier contests that nobody confirmed"),
}
# More than so many looks in an hour by one person are put before the organisers.
ALARM_AFTER = 50
ALARM_WITHIN = timedelta(hours=1)
# A file of more numbers than that is taken out by two people.
ALONE_AT_MOST = 100
ALLOWED_FOR = timedelta(hours=1)
ASKED_FOR = timedelta(days=7)

INVITED_FOR = timedelta(days=14)
STATES_OF_CONTESTS_OVER = ("final", "archived")


def is_alarming(looks):
    """True for the look that is one too many within an hour; only that one, or the alarm never ends."""
    return looks == ALARM_AFTER + 1


def check_allows(asked_by_id, allowing_id):
    """The second person is another one than the first."""
    if asked_by_id == allowing_id:
        raise NotAllowed("Somebody else has to allow it: two people stand behind a file of so many numbers.")


def check_may_take(request, user_id, now):
    """Only who asked takes the file, once, within an hour after it was allowed."""
    if request.by_id != user_id:
        raise NotAllowed("Only the person who asked for the file may take it.")
    if request.taken_at is not None:
        raise Conflict("The file was taken already; ask for a new one.")
    if request.count > ALONE_AT_MOST and request.allowed_at is None:
        raise Conflict("A second person has to allow the file first.")
    if now > (request.allowed_at or request.at) + ALLOWED_FOR:
        raise Conflict("The time for taking the file is over; ask for a new one.")


def check_invitation(invitation, now):
    """An invitation works once, and until it runs out or is replaced."""
    if invitation.ended_at is not None:
        raise Conflict("This invitation was used or replaced. Ask the service desk for a new one.")
    if invitation.expires_at <= now:
        raise Conflict("This invitation has run out. Ask the service desk for a new one.")


def read_address(text):
    """An e-mail address for codes, or "" for none; Invalid otherwise."""
    address = "".join((text or "").split())
    name, at, host = address.partition("@")
    is_right = not address or (
        at and name and "." in host and len(address) <= 120 and "@" not in host and address.isprintable()
        and not set(address) & set('<>,;:"\\()[]')
    )
    if not is_right:
        sentence = Invalid("An e-mail address looks like name@example.org.")
        raise Invalid(sentence.message, fields={"address": sentence})
    return address


def read_phone(text):
    """A telephone that takes text messages, as +86… with digits alone, or "" for none; Invalid otherwise."""
    number = re.sub(r"[\s()-]", "", text or "")
    if not number:
        return ""
    if re.fullmatch(r"1[3-9][0-9]{9}", number):
        return f"+86{number}"
    if re.fullmatch(r"\+861[3-9][0-9]{9}|\+(?!86)[1-9][0-9]{6,14}", number):
        return number
    sentence = Invalid("Type a mobile number of 11 digits, or + and the country's code before the number.")
    raise Invalid(sentence.message, fields={"phone": sentence})


def masked(text):
    """An address or a number of which its owner knows which one it is, and nobody else."""
    name, at, host = text.partition("@")
    return f"{name[:1]}***@{host}" if at else f"{text[:-8]}****{text[-4:]}"
