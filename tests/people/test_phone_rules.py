"""What is a telephone number, how it is kept, and what of it a page may show."""

import pytest

from contest.errors import Invalid
from contest.people.phone_rules import masked, read_phone


@pytest.mark.parametrize(("typed", "kept"), [
    ("13800138000", "13800138000"), ("138 0013 8000", "13800138000"), ("138-0013-8000", "13800138000"),
    ("+86 13800138000", "13800138000"), ("8613800138000", "13800138000"),
    ("１３８００１３８０００", "13800138000"),
    ("0571-8765 4321", "057187654321"), ("(010) 62345678", "01062345678"),
    ("0571-8765432转12", "05718765432x12"),
    ("010-62345678-1", "01062345678x1"), ("0571-8765432-123", "05718765432x123"),
    ("+44 20 7946 0958", "+442079460958"),
])
def test_a_number_is_kept_in_one_form(typed, kept):
    assert read_phone(typed) == kept
    assert read_phone(kept) == kept


@pytest.mark.parametrize("typed", [
    "", "1380013800", "138001380000", "12800138000",
    "张三", "13800138000/13900139000", "87654321", "+86 12345",
    "1.38E+10", "1380013800.5", "13800138000-1", "010-623456781", "138001380OO", "٠١٢٣٤٥٦٧٨٩٠",
])
def test_anything_else_is_refused_in_a_sentence(typed):
    with pytest.raises(Invalid, match="mobile number of 11 digits") as refused:
        read_phone(typed)
    assert set(refused.value.fields) == {"phone"}


def test_a_page_shows_its_beginning_and_its_end_alone():
    assert masked("13800138000") == "138****8000"
    assert masked("+4420946") == "+4****46"
    for number in ("13800138000", "057187654321", "+4420946"):
        assert number not in masked(number) and len(masked(number).replace("*", "")) <= len(number) - 4
