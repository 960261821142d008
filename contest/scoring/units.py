"""Points as whole numbers of units (1/10,000 point), and units as text again."""

from decimal import Decimal

from contest.scoring import UNITS_PER_POINT

DECIMALS = 4


def units_of(number: Decimal | int) -> int | None:
    """Units in `number` points, or None when it needs more than four decimals.

    >>> units_of(Decimal("9.5")), units_of(3), units_of(Decimal("0.00001"))
    (95000, 30000, None)
    """
    # Built from the digits, because Decimal arithmetic rounds silently at 28 of them.
    sign, digits, exponent = Decimal(number).as_tuple()
    shift = exponent + DECIMALS
    whole = int("".join(map(str, digits)))
    if shift >= 0:
        whole *= 10**shift
    else:
        whole, lost = divmod(whole, 10**-shift)
        if lost:
            return None
    return -whole if sign else whole


def text_of(units: int, places: int | None = None) -> str:
    """Units as points in plain decimals: the shortest text, or exactly `places` decimals.

    Nothing is rounded here: ValueError when `places` cannot hold the value.

    >>> text_of(95_000), text_of(95_000, 2), text_of(-100_000), text_of(1)
    ('9.5', '9.50', '-10', '0.0001')
    """
    whole, part = divmod(abs(int(units)), UNITS_PER_POINT)
    decimals = f"{part:0{DECIMALS}d}".rstrip("0")
    if places is not None:
        if len(decimals) > places:
            raise ValueError(f"{units} units do not fit in {places} decimals")
        decimals = decimals.ljust(places, "0")
    sign = "-" if units < 0 else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
