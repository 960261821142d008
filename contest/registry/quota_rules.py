"""How many places of an honour each kind of unit is given, exactly.

Mission C15 (Ningxia): private companies' share of each honour lies five percentage points above the
prescribed share. The others give up those points in proportion to their own shares. Places go by
largest remainder: everybody gets the whole part of what is due; those left over go to the largest
remainders; equal remainders to the kind with the larger share, then to the one written first.
"""

from dataclasses import dataclass
from fractions import Fraction

from contest.errors import Invalid

WHOLE = 10_000  # a share is written in hundredths of a percent, so 10,000 are all


@dataclass(frozen=True)
class Share:
    """A kind of unit, its prescribed share and the shift of it, both in hundredths of a percent."""

    kind: str
    share: int
    shift: int = 0


def shifted_shares(shares):
    """{kind: Fraction of all places} after the shifts; together always 1.

    Raises Invalid when the shares are not all of it, or when shifts leave a kind less than nothing
    or nobody to give the points.
    """
    if sum(one.share for one in shares) != WHOLE or any(one.share < 0 for one in shares):
        raise Invalid("The shares of an honour must be 0 or more and together 100 percent.")
    if len({one.kind for one in shares}) < len(shares):
        raise Invalid("A kind of unit stands twice among the shares of an honour.")
    given = sum(one.shift for one in shares)
    rest = sum(one.share for one in shares if not one.shift)
    if given and not rest:
        raise Invalid("Nobody is left to give the percentage points that are moved to others.")
    due = {
        one.kind: Fraction(one.share + one.shift, WHOLE) if one.shift
        else Fraction(one.share, WHOLE) * (1 - Fraction(given, rest or 1))
        for one in shares
    }
    if min(due.values()) < 0:
        raise Invalid("More percentage points are moved than the other kinds of unit have.")
    return due


def places_by_kind(shares, places):
    """{kind: whole places} that together are `places`, by largest remainder after the shifts."""
    if places < 0:
        raise Invalid("The number of places must be 0 or more.")
    due = {kind: part * places for kind, part in shifted_shares(shares).items()}
    given = {kind: int(part) for kind, part in due.items()}
    # sorted keeps the written order among equals.
    nearest = sorted(due, key=lambda kind: (given[kind] - due[kind], -due[kind]))
    for kind in nearest[: places - sum(given.values())]:
        given[kind] += 1
    return given
