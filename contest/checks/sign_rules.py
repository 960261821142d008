"""Who signs for which sheets, in which order, and when a signature is void."""

from contest.errors import Conflict, NotAllowed
from contest.i18n import joined

# States in which sheets are signed: from the first ones that are handed in to the publication.
SIGNED_IN = ("scoring", "collected", "review", "decoded")


def holds(signature, revisions):
    """True while every sheet signed for is as it was, and no sheet has come to them.

    revisions: {sheet id: revision} of all sheets that such a signature is for now.
    """
    return {int(one): rev for one, rev in signature.sheets.items()} == revisions


def check_may_sign(state, sheets):
    """A judge signs when every sheet of the module is handed in or struck out; Conflict."""
    if state not in SIGNED_IN:
        raise Conflict("Sheets are signed from their handing in until the results are published.")
    waiting = [sheet.code for sheet in sheets if sheet.state not in ("submitted", "excused")]
    if waiting:
        raise Conflict(
            "Hand in every sheet first: %(codes)s.", codes=", ".join(waiting[:8])
        )
    if not sheets:
        raise Conflict("You have no sheets in this module.")


def check_seen(seen, revisions):
    """What is signed is what was shown: {sheet id: revision}; Conflict."""
    if seen != revisions:
        raise Conflict("A sheet has changed since this list was shown. Look again, then sign.")


def check_not_chief(user_id, chief_id):
    """The supervisor who countersigns is another person than signed as chief judge; NotAllowed."""
    if user_id == chief_id:
        raise NotAllowed(
            "You signed as chief judge; the supervisor who countersigns is another person."
        )


def check_in_order(role, missing):
    """The chief judge signs after the judges, the supervisor after the chief judge; Conflict."""
    if missing and role == "chief_judge":
        raise Conflict(
            "Judges have not signed yet, or their signature is void: %(names)s. A judge who stopped "
            "signs too, for the sheets handed in. Where one of them cannot, the results are published "
            "with exceptions, by three people.",
            names=joined(missing),
        )
    if missing:
        raise Conflict("The chief judge has not signed yet, or the signature is void.")
