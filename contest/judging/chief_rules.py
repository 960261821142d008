"""When the chief judge may reopen, confirm or strike out sheets, and what may be taken off."""

from contest.errors import Conflict, Invalid
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.units import text_of, units_of


def check_can_mark_again(aspects):
    """A panel marks again only where its judges lie too far apart; Conflict."""
    if not aspects:
        raise Conflict("The judges of this panel are not too far apart; nothing is marked again.")


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


def check_can_excuse(state, excused_seats, panel_size):
    """A seat is struck out once, and never the last one of a panel; Conflict."""
    if state == "excused":
        raise Conflict("This sheet is struck out already.")
    if excused_seats + 1 >= panel_size:
        raise Conflict("The last sheet of a panel cannot be struck out: nothing would be left.")


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
