"""What counts as a theory score, and how a list of scores is matched."""

import pytest

from contest.errors import Conflict, Invalid
from contest.setup.models import Contest
from contest.theory import rules
from contest.theory.rules import Known, Score

PEOPLE = [Known(1, "A001", "张伟"), Known(2, "A002", "李娜", Score("scored", 800_000)),
          Known(3, "A003", "王强")]


def match(*rows):
    pairs = [
        (n, {"number": number, "name": name, "score": score})
        for n, (number, name, score) in enumerate(rows, start=2)
    ]
    return rules.match_rows(pairs, PEOPLE, 1_000_000)


@pytest.mark.parametrize(
    ("typed", "units"), [("87.5", 875_000), ("８７．５", 875_000), ("0", 0), (" 100 ", 1_000_000)]
)
def test_a_score_is_read_exactly(typed, units):
    assert rules.read_score(typed, 1_000_000) == Score("scored", units)


@pytest.mark.parametrize("typed", ["缺考", "absent", "ABSENT", "缺席"])
def test_absent_is_not_zero(typed):
    assert rules.read_score(typed, 1_000_000) == Score("absent", None)


@pytest.mark.parametrize(
    "typed", ["", None, "NaN", "1,5", "1e2", "-1", "100.5", "0.00001", "abc", "inf"]
)
def test_anything_else_is_refused_with_the_range(typed):
    with pytest.raises(Invalid, match="between 0 and 100"):
        rules.read_score(typed, 1_000_000)


def test_rows_are_matched_by_number_and_name():
    lines, problems = match(
        ("A001", "张伟", "90"), ("a002", "李娜", "80"), ("A003", "王强", "缺考")
    )

    assert [(line.known.entrant_id, line.kind) for line in lines] == [
        (1, "new"), (2, "unchanged"), (3, "new"),
    ]
    assert problems == []


def test_a_correction_is_seen_as_one():
    lines, _ = match(("A002", "李娜", "81"))

    assert (lines[0].kind, lines[0].known.score.text, lines[0].score.text) == (
        "changed", "80", "81",
    )


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        pytest.param(("A009", "张伟", "90"), "Nobody has the entry number A009", id="unknown"),
        pytest.param(("A001", "李娜", "90"), "belongs to 张伟", id="another name"),
        pytest.param(("A001", "张伟", "101"), "between 0 and 100", id="too high"),
        pytest.param(("A001", "张伟", "1,5"), "between 0 and 100", id="comma"),
    ],
)
def test_a_bad_row_is_named_by_its_number(row, sentence):
    lines, problems = match(row)

    bad = [problem for problem in problems if problem.kind == "bad"]
    assert lines == []
    assert bad[0].row == 2
    assert sentence in str(bad[0])


def test_the_same_number_twice_is_refused():
    _, problems = match(("A001", "张伟", "90"), ("A001", "张伟", "91"))

    assert [(p.kind, p.row) for p in problems if p.kind == "bad"] == [("bad", 3)]


def test_scores_that_look_like_places_are_doubted():
    _, problems = match(("A001", "张伟", "2"), ("A002", "李娜", "1"), ("A003", "王强", "3"))

    assert [p.kind for p in problems] == ["warn"]
    assert "places" in str(problems[0])


def test_an_empty_score_changes_nothing_and_is_told():
    lines, problems = match(("A001", "张伟", " "))

    assert lines == []
    assert [p.kind for p in problems] == ["note", "note"]
    assert "Rows without a score: 1." in str(problems[0])


def test_scores_wait_for_the_contest():
    with pytest.raises(Conflict):
        rules.check_open(Contest(state="registration"))
    rules.check_open(Contest(state="scoring"))


def test_a_score_that_was_not_seen_is_not_overwritten():
    with pytest.raises(Conflict, match="Nothing was overwritten"):
        rules.check_seen(1, 2)
