"""Who signs for which sheets, in which order, and when a signature is void."""

from contest.checks.fingerprint_rules import PERSONAL, version_of
from contest.errors import Conflict, NotAllowed
from contest.i18n import N_, joined
from contest.setup.rules import UNPUBLISHED_IN

# Rows of these kinds are what results follow from (contest/audit/chain_rules.py).
RESULT_KINDS = (
    "revision", "penalty", "theory_entry", "recorded_figure", "quiz_entry", "quiz_setting", "state_event",
    "tie_ruling", "plan_version", "team", "entrant",
)
# States in which sheets are signed: from the first ones that are handed in to the publication, and while
# results are provisional, for whatever was mended in them is published, and signed for, again.
SIGNED_IN = (*UNPUBLISHED_IN, "provisional")
# States in which the register mends names and erases people: that takes nobody's signature back.
CLOSED_IN = ("final", "archived")


# What may differ from what was signed, by its part of the fingerprint; the most telling first.
CHANGED = {
    "before": N_("The signature is from before signatures covered scores, penalties and states too."),
    "newer": N_("The signature is from a newer version of the program, which alone can compare it."),
    "plan": N_("Since the signature another version of the plan has come into force."),
    "sheets": N_("Since the signature a sheet has changed, come in or been taken away."),
    "marks": N_("Since the signature the marks on a sheet count differently."),
    "scores": N_("Since the signature a score of the theory or the quiz has changed."),
    "figures": N_("Since the signature a recorded figure has changed."),
    "penalties": N_("Since the signature a penalty has changed."),
    "adjustments": N_("Since the signature an adjustment by the chief judge has changed."),
    "states": N_("Since the signature the state of a contestant, or of one of their modules, has changed."),
    "rulings": N_("Since the signature a ruling on equals has changed."),
    "people": N_("Since the signature it has changed who stands behind a result."),
    "result": N_("Since the signature a place or a total has changed."),
}


def holds(signature, revisions):
    """True while every sheet signed for is as it was, and no sheet has come to them.

    revisions: {sheet id: revision} of all sheets that such a signature is for now.
    """
    return {int(one): rev for one, rev in signature.sheets.items()} == revisions


def changed_parts(signature, revisions, now, state):
    """The parts of CHANGED in which a stage differs from what was signed; empty while it holds.

    now: its fingerprint, in the version of the encoding in which the signature was given (None: one
    that this program does not know). What follows from another change is not told beside it. A
    signature without a fingerprint holds in a contest whose results were published with it, and
    nowhere else. Once results are final, neither what is said of people is compared nor the places
    that may follow from it (equals by age): whatever else they follow from is compared by itself.
    """
    found = [] if holds(signature, revisions) else ["sheets"]
    if not signature.fingerprint:
        return [*found, *(["before"] if state in UNPUBLISHED_IN else [])]
    if now is None:
        return [*found, *(["newer"] if state not in CLOSED_IN else [])]
    left_out = _personal(signature.fingerprint) if state in CLOSED_IN else ()
    other = [
        part for part in CHANGED
        if part not in left_out and signature.fingerprint.get(part) != now.get(part)
    ]
    found = [part for part in CHANGED if part in found or part in other]
    if "sheets" in found:
        found = [part for part in found if part != "marks"]
    return [part for part in found if part != "result"] or found


def _personal(fingerprint):
    """Who somebody is, and what follows from it; the first fingerprints had birth dates among the figures."""
    return ("people", "result") if PERSONAL[version_of(fingerprint)] else ("people", "figures", "result")


def check_may_sign(state, sheets):
    """Signed is when every sheet of it is handed in or struck out; Conflict."""
    if state not in SIGNED_IN:
        raise Conflict(
            "Sheets are signed from their handing in until the results are on public notice or final."
        )
    waiting = [sheet.code for sheet in sheets if sheet.state not in ("submitted", "excused")]
    if waiting:
        raise Conflict(
            "Hand in every sheet first: %(codes)s.", codes=joined(waiting, 8)
        )


def check_seen(seen, revisions):
    """What is signed is what was shown: {sheet id: revision}; Conflict."""
    if seen != revisions:
        raise Conflict("A sheet has changed since this list was shown. Look again, then sign.")


def check_stage_seen(seen, whole):
    """What is signed for a stage is what was shown: the page's fingerprint; Conflict."""
    if seen != whole:
        raise Conflict(
            "A sheet, a score, a penalty, a state or the plan has changed since this page was shown. Look "
            "again, then sign."
        )


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
