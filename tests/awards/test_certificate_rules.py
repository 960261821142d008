"""Numbers find slips of the finger, and a code has one spelling."""

import pytest

from contest.awards import certificate_rules as rules
from contest.awards import pattern_rules
from contest.errors import Invalid


def test_the_check_character_is_that_of_the_standard():
    # The Global Release Identifier A1-2425G-ABC1234002-M is the usual example of MOD 37,36.
    assert rules.check_character("A1-2425G-ABC1234002") == "M"


def test_every_single_slip_and_every_swap_of_neighbours_is_found():
    number = rules.number_of("ZGH-{year}-SN-{serial:04d}", year=2026, serial=17)
    assert rules.tidy_number(number) == number
    for at, sign in enumerate(number):
        if sign == "-":
            continue
        for other in rules.SIGNS:
            if other != sign:
                assert rules.tidy_number(number[:at] + other + number[at + 1:]) is None
    plain = number.replace("-", "")
    for at in range(len(plain) - 1):
        swapped = plain[:at] + plain[at + 1] + plain[at] + plain[at + 2:]
        if swapped != plain:
            assert rules.check_character(swapped[:-1]) != swapped[-1]


def test_a_number_may_be_typed_in_small_letters_and_with_blanks():
    number = rules.number_of("A-{serial:04d}", serial=1)
    assert rules.tidy_number(f" {number.lower()} ") == number
    assert rules.tidy_number("") is None
    assert rules.tidy_number("A" * 500) is None


@pytest.mark.parametrize("typed", [
    "{issuer}-{year}", "{serial.__class__:04d}", "{serial:04d}{serial:04d}", "{serial:99999999d}",
    "奖-{serial:04d}", "{name}-{serial:04d}", "a-{serial:04d}", "-{serial:04d}", "{serial}",
    "{serial:04d}/{year}", "{serial:04d",
])
def test_a_pattern_that_makes_no_good_numbers_is_refused(typed):
    with pytest.raises(Invalid):
        rules.read_pattern(typed)


def test_a_pattern_left_out_is_the_usual_one():
    assert rules.read_pattern(" ") == rules.DEFAULT_PATTERN
    assert rules.read_pattern("X-{group}-{serial:06d}") == "X-{group}-{serial:06d}"


@pytest.mark.parametrize(("typed", "kept"), [
    ("{单位}-{年份}-{竞赛}-{奖项}-{0001}", rules.DEFAULT_PATTERN),
    ("｛单位｝-{组别}-{000001}", "{issuer}-{group}-{serial:06d}"),
    ("{issuer}-{year}-{1}", "{issuer}-{year}-{serial:01d}"),
])
def test_a_pattern_is_written_in_words_that_people_read(typed, kept):
    assert rules.read_pattern(typed) == kept


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_field_shows_is_read_as_what_is_stored(language):
    for pattern in (rules.DEFAULT_PATTERN, "X-{group}-{serial:08d}", "{serial:01d}-{year}"):
        shown = pattern_rules.readable(pattern, language)
        assert "serial" not in shown and rules.read_pattern(shown) == pattern


def test_a_code_says_what_was_signed_and_has_one_spelling():
    said = rules.Said("A-0001-X", "㐂𠮷三", "一等奖", "竞赛", "工会", "2026-11-27")
    data = rules.payload(b"keyk", "0f" * 16, said)
    text = rules.code_text(data, b"s" * 64)
    code = rules.read_code(f"https://example.org/c#{text}")
    assert (code.said, code.token, code.key_hint, code.data) == (said, "0f" * 16, b"keyk", data)
    assert rules.read_code(text + "=") is None
    assert rules.read_code("") is None
    assert rules.read_code("A" * 5000) is None
    with pytest.raises(ValueError, match="U\\+001F"):
        rules.payload(b"keyk", "0f" * 16, rules.Said("1", "a\x1fb", "", "", "", ""))


@pytest.mark.parametrize("data", [b"<svg/>", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"0" * 600_000])
def test_only_small_png_and_jpeg_are_taken_as_pictures(data):
    with pytest.raises(Invalid):
        rules.read_picture(data)
