"""Photographs of papers: who may add and see them, how many, and under which name they are handed out."""

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_

MOST_PHOTOS = 6  # of one paper


def check_may_see(user_id, judges):
    """Nobody sees by a photograph what a colleague marked; NotAllowed.

    judges: user ids of those who mark in the module.
    """
    if user_id in judges:
        raise NotAllowed("You mark in this module yourself; photographs of its papers are for others.")


def check_is_kept(state):
    """Nothing is added to a contest that is archived; Conflict."""
    if state == "archived":
        raise Conflict("The contest is archived; no photograph is added any more.")


def check_number(held, new):
    """At least one file comes, and one paper has so many photographs at the most; Invalid."""
    if not new:
        raise _refused(N_("Choose a photograph or a scan of the paper."))
    if held + new > MOST_PHOTOS:
        raise _refused(
            N_("Of one paper %(most)s photographs are kept at the most; %(held)s are there already."),
            most=MOST_PHOTOS, held=held,
        )


def _refused(sentence, **params):
    return Invalid(sentence, fields={"files": Invalid(sentence, **params)}, **params)


def served_name(number, place, ending):
    """The name under which a photograph is handed out: ours, not the sender's.

    >>> served_name("1204-P", 2, "jpg")
    'sheet-1204-P-2.jpg'
    """
    return f"sheet-{number}-{place}.{ending}"
