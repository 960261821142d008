"""What may stand in one field of a plan, at its edges, and the sentence for what may not."""

from datetime import date

import pytest

from contest.scoring.scheme_fields import (
    BAD,
    Choices,
    Day,
    Fine,
    Flag,
    Key,
    Listed,
    PartOfAll,
    Points,
    Tables,
    Text,
    Whole,
)
from contest.scoring.scheme_tables import AWARD_POINTS

ROW = {"award": "a", "points": "1"}


def read(kind, value):
    """(what it reads as, the sentences)."""
    problems = []
    return kind.read("here", value, problems), [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("kind", "value", "reads"),
    [
        (Text(longest=3), "abc", "abc"),
        (Text(), " ", " "),
        (Text(empty=False), "a", "a"),
        (Key(), "a" * 32, "a" * 32),
        (Points(low=-10_000, high=20_000), "-1", -10_000),
        (Points(low=-10_000, high=20_000), "2", 20_000),
        (Points(above_low=True), "0.0001", 1),
        (Fine(3, 5), "5", 5_000),
        (Fine(3, 5), "0.001", 1),
        (PartOfAll(), "1/12", "1/12"),
        (PartOfAll(), "9999/9999", "9999/9999"),
        (Day(), "2026-05-01", "2026-05-01"),
        (Day(), date(2026, 5, 1), "2026-05-01"),
        (Listed(Whole(0, 9), most=2), [0, 9], (0, 9)),
        (Whole(2, 4), 2, 2),
        (Whole(2, 4), "4.0", 4),
        (Flag(), False, False),
        (Choices(("a", "b", "c")), ["c", "a"], ("a", "c")),
        (Choices(("a", "b")), [], ()),
    ],
)
def test_what_may_stand_there(kind, value, reads):
    assert read(kind, value) == (reads, [])


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        (Text(), 3, "This must be text."),
        (Text(empty=False), " ", "This must not be empty."),
        (Text(longest=3), "abcd", "This text has 4 characters; at most 3 are allowed."),
        (
            Key(),
            "a" * 33,
            "The key must begin with a small letter, then small letters, digits and _, at most 32.",
        ),
        (Key(), 3, "The key must begin with a small letter, then small letters, digits and _, at most 32."),
        (
            Points(low=-10_000, high=20_000),
            "-1.0001",
            "This must be a number between -1 and 2, with at most four decimals.",
        ),
        (
            Points(low=-10_000, high=20_000),
            "2.0001",
            "This must be a number between -1 and 2, with at most four decimals.",
        ),
        (
            Points(above_low=True),
            "0",
            "This must be a number above 0 and up to 1000000, with at most four decimals.",
        ),
        (Fine(3, 5), "0", "This must be a number above 0 and up to 5, with at most 3 decimals."),
        (Fine(3, 5), "5.001", "This must be a number above 0 and up to 5, with at most 3 decimals."),
        (Fine(3, 5), "0.0001", "This must be a number above 0 and up to 5, with at most 3 decimals."),
        (Fine(3, 5), "many", "This must be a number above 0 and up to 5, with at most 3 decimals."),
        (PartOfAll(), "13/12", "This must be a fraction up to 1, such as 1/12."),
        (PartOfAll(), 0.5, "This must be a fraction up to 1, such as 1/12."),
        (PartOfAll(), "1/0", "This must be a fraction up to 1, such as 1/12."),
        (Day(), "2026-02-30", "This must be a day, written like 2026-05-01."),
        (Day(), 5, "This must be a day, written like 2026-05-01."),
        (Listed(Whole(0, 9), most=2), [1, 2, 3], "This must be a list of at most 2."),
        (Listed(Whole(0, 9), most=2), "12", "This must be a list of at most 2."),
        (Whole(2, 4), 1, "This must be a whole number between 2 and 4."),
        (Whole(2, 4), 5, "This must be a whole number between 2 and 4."),
        (Whole(2, 4), "2.5", "This must be a whole number between 2 and 4."),
        (Whole(2, 4), "two", "This must be a whole number between 2 and 4."),
        (Flag(), 1, "This must be true or false."),
        (Choices(("a", "b")), ["a", "d"], "This must be a list of words out of: a, b."),
        (Choices(("a", "b")), "a", "This must be a list of words out of: a, b."),
        (AWARD_POINTS, [], "This must be a table of fields."),
        (Tables(AWARD_POINTS), {}, "This must be a list of tables."),
        (Tables(AWARD_POINTS, most=1), [ROW, ROW], "This list has 2 entries; at most 1 are allowed."),
    ],
)
def test_what_may_not_stand_there(kind, value, says):
    assert read(kind, value) == (BAD, [f"here: {says}"])


def test_one_bad_row_makes_the_list_bad_and_is_named():
    assert read(Listed(Whole(0, 9)), [1, 10, 11]) == (
        BAD,
        [
            "here[1]: This must be a whole number between 0 and 9.",
            "here[2]: This must be a whole number between 0 and 9.",
        ],
    )
    assert read(Tables(AWARD_POINTS), [ROW, {"award": "a"}]) == (
        BAD,
        ["here[1].points: This field is missing."],
    )


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Fine(3, 5), 5_000, "5"),
        (Fine(3, 5), 1_250, "1.25"),
        (Fine(8, 100_000), 1, "0.00000001"),
        (Points(), None, None),
        (Points(), 12_500, "1.25"),
        (PartOfAll(), "1/12", "1/12"),
        (Day(), "2026-05-01", "2026-05-01"),
        (Choices(("a", "b")), ("b",), ["b"]),
        (Listed(Points()), (10_000, 5_000), ["1", "0.5"]),
        (Whole(0, 9), 3, 3),
        (Flag(), True, True),
        (AWARD_POINTS, None, None),
    ],
)
def test_how_it_is_written_again(kind, value, text):
    assert kind.write(value) == text
