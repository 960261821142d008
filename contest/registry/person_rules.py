"""When two rows may be one person, when they cannot be, and what is typed about it."""

from dataclasses import dataclass

from contest.errors import Conflict, Invalid, NotAllowed
from contest.i18n import N_

NAMELESS = "–"  # what an erasure leaves of a name; see members/data_map.toml


@dataclass(frozen=True)
class Traits:
    """What two rows are compared by. contests: ids of those in which the row took part."""

    name: str
    born_on: object = None
    gender: str = ""
    units: frozenset = frozenset()
    trades: frozenset = frozenset()
    contests: frozenset = frozenset()
    has_account: bool = False


LIKENESS = {
    "born_on": N_("the same date of birth"), "unit": N_("the same unit"), "trade": N_("the same trade"),
}


def likeness(one, other):
    """Why two rows may be one person: keys of LIKENESS; () when something says that they are not.

    The same name is needed; another date of birth, another gender or one contest together speak against it.
    """
    if one.name != other.name or one.contests & other.contests:
        return ()
    for mine, yours in ((one.born_on, other.born_on), (one.gender, other.gender)):
        if mine and yours and mine != yours:
            return ()
    found = []
    if one.born_on and one.born_on == other.born_on:
        found.append("born_on")
    if one.units & other.units:
        found.append("unit")
    if one.trades & other.trades:
        found.append("trade")
    return tuple(found)


def check_mergeable(one, other):
    """Conflict when two rows cannot be one person: they met in a contest, or each has an account."""
    if one.contests & other.contests:
        raise Conflict("Both took part in the same contest, so they are two people there.")
    if one.has_account and other.has_account:
        raise Conflict("Both have an account; one person has one. Take one of them off first.")


def check_no_tie(tie):
    """Conflict when one of the two is on record as the other's master."""
    if tie is not None:
        raise Conflict("One of them trained the other, so they are two people.")


def check_two(one_id, other_id):
    """Two rows are named; Invalid otherwise."""
    if one_id == other_id:
        raise Invalid("Choose two different rows.")


def check_rename(old, new, is_taken):
    """An organisation gets another name that no other one has; Invalid otherwise."""
    if not 1 <= len(new) <= 100:
        raise Invalid("The name must have 1 to 100 characters.")
    if new == old:
        raise Invalid("This is the present name.")
    if is_taken:
        raise Invalid("Another organisation has this name, now or before.")


def refuse_two_accounts(one, other):
    """NotAllowed: two accounts, named by their logins, may be one person's."""
    raise NotAllowed(
        "The accounts %(one)s and %(other)s may belong to one person, and this needs two. If they are two "
        "people, let a third curator tell them apart on the page of the people, or do this.",
        one=one, other=other,
    )
