"""Is a measured value far from what its judge measured of the others? It is asked, and never refused."""

from dataclasses import dataclass

from contest.scoring import UNITS_PER_POINT
from contest.scoring.marks import MarkError, parse_number
from contest.scoring.units import text_of, units_of

# Two values may lie anywhere; from three on they say where the others lie.
LEAST_OTHERS = 3
# A slip of the finger moves the point or doubles a digit. What lies twice as far out as the others lie
# apart, and half as far as they are large, is no ordinary difference; asked of less, nobody would read it.
SPREADS = 2
SHARE = 2
# And at least so many of the smallest steps in which the others are written: 2 after 1, 1, 1 is no slip.
LEAST_STEPS = 3


@dataclass(frozen=True)
class Others:
    """What a judge measured of the others, from low to high; beyond least and most it is asked; as text."""

    low: str
    high: str
    least: str
    most: str

    def far(self, mark):
        """The first value of a mark that lies beyond, as text; "" where none does."""
        least, most = _units(self.least), _units(self.most)
        return next((text_of(one) for one in measured(mark) if not least <= one <= most), "")


@dataclass(frozen=True)
class Standing:
    """The record that stands in what is measured; beyond least and most it would be beaten; as text."""

    value: str
    name: str
    least: str
    most: str

    def beaten_by(self, mark):
        """The first value of a mark that beats it, as text; "" where none does."""
        least, most = _units(self.least), _units(self.most)
        return next((text_of(one) for one in measured(mark) if not least <= one <= most), "")


def standing_of(aspect, units, better, name):
    """The Standing of a record of so many units in an aspect. better: high or low."""
    value = text_of(units)
    least, most = (text_of(aspect.lowest), value) if better == "high" else (value, text_of(aspect.highest))
    return Standing(value, name, least, most)


def others_of(marks):
    """The Others of one measured aspect from its marks on the same judge's other sheets, or None."""
    given = [found for mark in marks if (found := measured(mark))]
    if len(given) < LEAST_OTHERS:
        return None  # the attempts of one contestant say little of the next
    values = [one for found in given for one in found]
    return _around(min(values), max(values), _step(values))


def far_from_others(marks):
    """{name: (value as text, Others)} of the marks that lie far from all the rest of one judge's.

    marks: {name: mark} of one measured aspect. The same as `others_of` of each, with every mark read once.
    """
    given = {name: found for name, mark in marks.items() if (found := measured(mark))}
    if len(given) <= LEAST_OTHERS:
        return {}
    # Of the rest, the lowest is the lowest of all unless it is one's own: the two outermost say it for each.
    lows = sorted((min(values), name) for name, values in given.items())[:2]
    highs = sorted(((max(values), name) for name, values in given.items()), reverse=True)[:2]
    steps = sorted((_step(values), name) for name, values in given.items())[:2]
    found = {}
    for name in given:
        low, high, step = (next(one for one, whose in ends if whose != name) for ends in (lows, highs, steps))
        others = _around(low, high, step)
        if others and (value := others.far(marks[name])):
            found[name] = value, others
    return found


def _around(low, high, step):
    """The Others that lie from low to high and are written in whole steps, all in units; or None."""
    room = max(SPREADS * (high - low), max(abs(low), abs(high)) // SHARE)
    if room == 0:
        return None  # where everybody had 0, whatever comes next is news and no slip
    room = max(room, LEAST_STEPS * step)
    return Others(text_of(low), text_of(high), text_of(low - room), text_of(high + room))


def measured(mark):
    """The values of a stored or typed mark in units; what failed, is missing or is no number is left out."""
    found = (_units(one) for one in (mark if isinstance(mark, list | tuple) else [mark]))
    return [one for one in found if one is not None]


def _step(values):
    """The power of ten, in units and one at the most, in whole numbers of which all of them are written."""
    step = UNITS_PER_POINT
    while any(one % step for one in values):
        step //= 10
    return step


def _units(value):
    try:
        return None if value is None else units_of(parse_number(value))
    except MarkError:
        return None
