"""The order numbers of a tablet's operations: what it says it made, what has arrived, what is missing.

A tablet counts its operations 1, 2, 3 … over all its judges, contests and kinds (docs/protocol.md). Numbers
are handled as ranges, pairs (first, last) in their order: a tablet may claim a thousand million of them.
"""

import hashlib
import json
from dataclasses import dataclass

from contest.errors import Conflict, Invalid

# What can be wrong with a number that never arrived, the worst first.
DENIED = "denied"  # the tablet says that it was accepted: what the server had acknowledged is gone
LOST = "lost"  # the tablet itself no longer knows what became of it
UNSENT = "unsent"  # it waits on the tablet, or is on its way
KINDS = (DENIED, LOST, UNSENT)
# A tablet that cannot say of which contest an operation is: it may be of any.
ANY_CONTEST = 0
OVER_STATES = ("final", "archived")


@dataclass(frozen=True)
class OwnNumbers:
    """What a tablet says of its operations of one contest: ranges of numbers by what became of them."""

    contest_id: int
    accepted: tuple = ()
    waiting: tuple = ()
    refused: tuple = ()  # by the server, or taken back by their judge


@dataclass(frozen=True)
class Told:
    """What a tablet says of all numbers that it gave.

    made: the latest one. others: ranges of operations that were made for another installation.
    """

    made: int
    contests: tuple = ()
    others: tuple = ()


def ranges_of(numbers):
    """Whole numbers, in any order, as ranges."""
    return merged((number, number) for number in numbers)


def merged(ranges):
    """Ranges in their order, those that touch or overlap made one."""
    found = []
    for first, last in sorted(map(tuple, ranges)):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def without(ranges, taken):
    """What is in `ranges` and not in `taken`."""
    left, taken = [], merged(taken)
    at = 0
    for first, last in merged(ranges):
        while at < len(taken) and taken[at][1] < first:
            at += 1
        begin, look = first, at
        while look < len(taken) and taken[look][0] <= last:
            if taken[look][0] > begin:
                left.append((begin, taken[look][0] - 1))
            begin = taken[look][1] + 1
            look += 1
        if begin <= last:
            left.append((begin, last))
    return tuple(left)


def words(ranges, most=12):
    """Ranges as people read them: 3, 7–9; only the first ones of many."""
    text = ", ".join(
        str(first) if first == last else f"{first}–{last}" for first, last in ranges[:most]
    )
    return text + " …" * (len(ranges) > most)


def holes(told, held, contest_id):
    """{kind: ranges} of the numbers that a contest misses from a tablet.

    held: ranges of the numbers that the server has of this tablet, of whatever contest and judge. A number
    that the tablet gave to another contest, another judge or another installation is no hole; one of which
    it says nothing may be of any contest, and concerns each.
    """
    accepted, waiting, known = [], [], [*held, *told.others]
    for one in told.contests:
        known += [*one.accepted, *one.waiting, *one.refused]
        if one.contest_id in (contest_id, ANY_CONTEST):
            accepted += one.accepted
            waiting += one.waiting
    latest = held[-1][1] if held else 0
    if latest > told.made:
        # A later one was here before the tablet had told of those between.
        waiting.append((told.made + 1, latest))
    every = ((1, told.made),) if told.made else ()
    return {
        DENIED: without(accepted, held), LOST: without(every, known), UNSENT: without(waiting, held),
    }


def left_open(missing, excused):
    """{kind: ranges}: what is missing and in none of the excuses, each an {kind: ranges} of its day.

    A number that was excused while it waited is not excused when the tablet later says that the server
    had taken it.
    """
    return {
        kind: without(ranges, [pair for each in excused for pair in each.get(kind, ())])
        for kind, ranges in missing.items()
    }


def is_whole(missing):
    """True when nothing is missing."""
    return not any(missing.values())


def counts_open(counts, excused):
    """{judge's user id: counts} that are in none of the excuses just so.

    counts: [made, unsent, refused, clashing] of each judge with something that is not in. A tablet that
    made one operation more holds something else than was excused.
    """
    return {
        user: found for user, found in counts.items()
        if any(found[1:]) and not any(each.get(user) == found for each in excused)
    }


def seal(missing, counts):
    """What stands for exactly what the page showed as missing."""
    text = json.dumps([{kind: missing.get(kind, ()) for kind in KINDS}, counts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def check_excusable(state, is_open, seen, now):
    """Somebody excuses what was on the page, while it is missing and the results are not final; Conflict."""
    if state in OVER_STATES:
        raise Conflict("The results are final: no tablet is waited for any more.")
    if not is_open:
        raise Conflict("Nothing of this tablet is missing any more, so there is nothing to excuse.")
    if seen != now:
        raise Conflict("What is missing has changed since the page was loaded: look at it again first.")


def check_unused(is_id_used, is_number_used):
    """An id and an order number stand for one operation or one report for ever; Invalid."""
    if is_id_used:
        raise Invalid("This operation was already sent with other marks. Reload the sheet.")
    if is_number_used:
        raise Invalid(
            "The order number of this operation stands for another one that is stored already, so "
            "nothing was stored. Your marks are kept: open the sheet again, and they are sent anew."
        )
