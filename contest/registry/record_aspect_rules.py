"""Which measured aspects of judges' sheets are compared for a record, and by which value."""

import re
from fractions import Fraction

from contest.errors import Conflict, Invalid
from contest.scoring.units import DECIMALS

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}\.[A-Z][1-9][0-9]?", re.ASCII)


def check_key(key):
    """Invalid unless a key names a module and an aspect of it."""
    if KEY.fullmatch(key) is None:
        raise Invalid("Write the key of the module, a point, and the key of the aspect, such as drill.A1.")


def aspect_of(key, plan):
    """The aspect that such a key names, or None."""
    module_key, _, aspect_key = key.partition(".")
    module = next((one for one in plan.modules if one.key == module_key), None)
    return module and next((one for one in module.aspects if one.key == aspect_key), None)


def why_no_value(line, plan):
    """A Conflict that says why a contest gives no such value; None when it does."""
    aspect = aspect_of(line.key, plan)
    if aspect is None or not aspect.record:
        return Conflict("The plan of this contest has no aspect “%(key)s” that keeps a record.", key=line.key)
    if aspect.places != line.places:
        return Conflict("Decimals here: %(theirs)s; in the record: %(ours)s.",
                        theirs=aspect.places, ours=line.places)
    says = aspect.power.better if aspect.power else aspect.better if aspect.attempts > 1 else line.better
    if says != line.better:
        return Conflict("In this contest the other direction is better.")
    return None


def units_of_mean(mean, places, better):
    """An exact mean of judges, in whole steps of so many decimals; what lies between two is the worse one.

    >>> units_of_mean(Fraction(100_001, 2), 4, "low")
    50001
    """
    step = 10 ** (DECIMALS - places)
    steps = Fraction(mean) / step
    whole = steps.numerator // steps.denominator
    return (whole if better == "high" or whole == steps else whole + 1) * step
