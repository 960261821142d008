"""How far the chief judge may adjust a mark."""

from contest.errors import Conflict, Invalid
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.units import text_of, units_of

MINUS = str.maketrans({"−": "-", "–": "-", "－": "-", "＋": "+"})


def read_adjustment(typed, most):
    """The units of a signed number, not 0 and at most `most` units up or down; Invalid."""
    text = (typed or "").strip().translate(MINUS)
    try:
        units = units_of(parse_number(text.removeprefix("+")))
    except MarkError:
        units = None
    if text.startswith("+-"):
        units = None
    if not units or abs(units) > most:
        why = Invalid(
            "“%(text)s” is no adjustment: it must be a number from −%(most)s to +%(most)s, "
            "and not 0.", text=(typed or "").strip()[:20], most=text_of(most),
        )
        raise Invalid(why.message, fields={"adjustment": why}, **why.params)
    return units


def check_differs(units, standing):
    """An adjustment that stands already is not made again; Conflict."""
    if units == standing:
        raise Conflict("This adjustment stands already.")


def check_stands(standing):
    """Only what stands can be withdrawn; Conflict."""
    if standing is None:
        raise Conflict("No adjustment stands here.")
