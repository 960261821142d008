"""When the chief judge may reopen, confirm or strike out sheets, and what may be taken off."""

from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.i18n import N_
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.units import text_of, units_of
from contest.setup.rules import Note

LONGEST_MINUTES = 4000

def reopening_note(sheet, name, goes_back):
    """What is proposed, in words for the second person.

    name: called_queries.called_entrant. goes_back: the contest, to its scoring.
    """
    text = N_(
        "Sheet %(sheet)s (%(name)s, seat %(seat)s) is opened for its judge again, and the contest "
        "goes back to its scoring."
    ) if goes_back else N_("Sheet %(sheet)s (%(name)s, seat %(seat)s) is opened for its judge again.")
    return Note(text, {"sheet": sheet.id, "name": name, "seat": sheet.seat})


def striking_note(sheet, name):
    """The same for a sheet that is struck out."""
    return Note(
        N_("Sheet %(sheet)s (%(name)s, seat %(seat)s), which holds marks, is struck out: it counts no "
           "longer."),
        {"sheet": sheet.id, "name": name, "seat": sheet.seat},
    )


def marking_again_note(count, name, goes_back):
    """The same for a whole panel; name: called_queries.called_entrant."""
    text = N_(
        "All %(count)s sheets of a panel for %(name)s are opened again, and the contest goes back to "
        "its scoring."
    ) if goes_back else N_("All %(count)s sheets of a panel for %(name)s are opened again.")
    return Note(text, {"count": count, "name": name})


def check_can_mark_again(aspects, is_odd):
    """A panel marks again only where its judges lie too far apart, in judgements or in sums; Conflict."""
    if not aspects and not is_odd:
        raise Conflict("The judges of this panel are not too far apart; nothing is marked again.")


def check_minutes(typed):
    """What a panel said in its talk, trimmed; Invalid when it is longer than minutes may be."""
    text = (typed or "").strip()
    if len(text) > LONGEST_MINUTES:
        why = Invalid(
            "The minutes may have at most %(most)s characters, these have %(length)s.",
            most=LONGEST_MINUTES, length=len(text),
        )
        raise Invalid(why.message, fields={"minutes": why}, **why.params)
    return text


def check_can_reopen(state):
    """Only a sheet that is closed can be opened again; Conflict."""
    if state not in ("submitted", "resubmitted", "excused"):
        raise Conflict("This sheet is open already.")


def check_can_confirm(waiting, seen):
    """What is confirmed is what was seen: {sheet id: revision} of every sheet that waits; Conflict."""
    if not waiting:
        raise Conflict("No sheet of this contestant waits for the chief judge.")
    if waiting != seen:
        raise Conflict("The sheets that wait have changed since this page was loaded. Look again.")


def check_signer(roles, user_id, judge_ids, are_of_chief):
    """Who signs for sheets that were marked again: the chief judge, but nobody for his own; NotAllowed.

    roles: of who signs. are_of_chief: a chief judge marked one of them, so a supervisor may sign too.
    """
    if user_id in judge_ids:
        raise NotAllowed(
            "You marked one of these sheets yourself, so another chief judge or a supervisor confirms them."
        )
    if "chief_judge" not in roles and not (are_of_chief and "supervisor" in roles):
        raise NotAllowed("The chief judge confirms them.")


def check_can_excuse(state, excused_seats, panel_size):
    """A seat is struck out once, and never the last one of a panel; Conflict."""
    if state == "excused":
        raise Conflict("This sheet is struck out already.")
    if excused_seats + 1 >= panel_size:
        raise Conflict("The last sheet of a panel cannot be struck out: nothing would be left.")


def check_offered(scope, offered):
    """A penalty is taken only from what its page offers; Missing."""
    if scope not in offered:
        raise Missing("This page offers no penalty on that.")


def check_state_scope(module_key, page, is_hidden):
    """While names are hidden a module's page sets the state in that module alone; Invalid."""
    if is_hidden and module_key != page:
        why = Invalid(
            "While works are judged under codes, a state in the whole contest is set by the organiser, "
            "in the list of contestants."
        )
        raise Invalid(why.message, fields={"state": why})


def check_penalty(typed, top):
    """The points of a penalty in units: more than 0 and at most `top` units; Invalid."""
    try:
        units = units_of(parse_number(typed or ""))
    except MarkError:
        units = None
    if units is None or not 0 < units <= top:
        why = Invalid(
            "“%(text)s” cannot be taken off: it must be a number above 0 and at most %(top)s.",
            text=str(typed or "").strip()[:20], top=text_of(top),
        )
        raise Invalid(why.message, fields={"points": why}, **why.params)
    return units
