"""Amounts as exact fractions, and the one place where an amount is rounded or written."""

import re
from fractions import Fraction
from functools import lru_cache

PLAIN = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,12})?")
COUNTED = re.compile(r"[0-9]{1,9}")
WIDE = {wide: plain for wide, plain in zip("０１２３４５６７８９．－＋", "0123456789.-+", strict=True)}
NARROW = str.maketrans(WIDE)
ZERO = Fraction(0)


def amount(value):
    """A number of the plan as a fraction; what is not there stays `None`."""
    if value is None or isinstance(value, Fraction):
        return value
    return _fraction(str(value))


@lru_cache(maxsize=1 << 16)
def _fraction(text):
    return Fraction(text)


def added(values):
    """The exact sum; amounts of the same denominator are added as whole numbers first."""
    by_denominator = {}
    for value in values:
        below = value.denominator
        by_denominator[below] = by_denominator.get(below, 0) + value.numerator
    return sum((Fraction(above, below) for below, above in by_denominator.items()), ZERO)


def typed(text):
    """A number as a person wrote it in a file; `None` when it is not a plain decimal number."""
    text = text.strip().translate(NARROW)
    return _fraction(text) if PLAIN.fullmatch(text) else None


def counted(text):
    """A whole number from 0 written in digits alone; `None` when it is none."""
    text = text.strip().translate(NARROW)
    return int(text) if COUNTED.fullmatch(text) else None


def has_places(value, places):
    """Whether the value can be written with so many decimals."""
    return 10**places % value.denominator == 0


def whole(value, mode):
    """The whole number that a value is rounded to; half up means halves away from zero."""
    size = abs(value)
    low, rest = divmod(size.numerator, size.denominator)
    twice = 2 * rest
    if mode != "down" and twice >= size.denominator:
        if twice > size.denominator or mode == "half_up" or low % 2:
            low += 1
    return low if value >= 0 else -low


def rounded(value, places, mode):
    """The value at so many decimals."""
    unit = 10**places
    if unit % value.denominator == 0:
        return value
    return Fraction(whole(value * unit, mode), unit)


def written(value, places):
    """Text with exactly so many decimals of a value that needs no more."""
    units = whole(value * 10**places, "half_up")
    sign, digits = "-" if units < 0 else "", str(abs(units)).rjust(places + 1, "0")
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def short(value):
    """Text of an amount of at most four decimals, without zeros at the end."""
    text = written(value, 4)
    return text.rstrip("0").rstrip(".")


def step_rule(plan, step):
    """Places and mode of a step (`sheet`, `panel`, `module`, `part`, `stage`, `team`)."""
    return plan["rounding"]["own"].get(step) or (plan["rounding"]["places"], plan["rounding"]["mode"])


def carried(plan, step, value):
    """The value that the next step goes on with."""
    return rounded(value, *step_rule(plan, step)) if step in plan["rounding"]["steps"] else value


def compared(plan, step, value):
    """The value that places and pass marks look at."""
    return rounded(value, *step_rule(plan, step)) if plan["rounding"]["compare"] == "rounded" else value


def printed(plan, step, value):
    """The text of a column: rounded as its step says, with the places of the plan."""
    return written(rounded(value, *step_rule(plan, step)), plan["rounding"]["places"])
