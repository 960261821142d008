"""Points as units, and as text again."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from contest.scoring.units import text_of, units_of


@given(some.integers(-(10**15), 10**15))
def test_units_written_and_read_are_the_same(units):
    assert units_of(Decimal(text_of(units))) == units


@pytest.mark.parametrize(
    ("number", "units"),
    [("0", 0), ("0.0001", 1), ("-2.5", -25_000), ("1E+3", 10_000_000), ("2.50000", 25_000), ("0.000100", 1),
     ("-0.00010", -1), ("0.5000000", 5_000)],
)
def test_a_number_has_units(number, units):
    assert units_of(Decimal(number)) == units


def test_a_number_with_thirty_digits_is_not_bent():
    assert units_of(Decimal("123456789012345678901234567890.1234")) == (
        1234567890123456789012345678901234
    )


@pytest.mark.parametrize("number", ["0.00001", "0.000010", "-0.00001", "1.00005"])
def test_five_decimals_are_too_many(number):
    assert units_of(Decimal(number)) is None


def test_text_never_rounds():
    with pytest.raises(ValueError, match="do not fit in 2 decimals"):
        text_of(12_345, 2)
