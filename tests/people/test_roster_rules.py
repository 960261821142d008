"""Who in a list is known already, what would change, and which rows contradict each other."""

import pytest

from contest.people.roster_rules import (
    DETAILS,
    Registered,
    compare,
    counts_of,
    next_numbers,
    same_words,
)


def known(entrant_id, name, home="海螺水泥", **values):
    return Registered(entrant_id, name, home, dict.fromkeys(DETAILS, "") | values)


def row(line, name, home="海螺水泥", **values):
    return {"row": line, "values": {"name": name, "organisation": home, **values}}


def found(rows, registered=(), teams=None):
    lines, problems = compare(rows, registered, teams or {})
    return [line.kind for line in lines], [(p.kind, p.row, p.column) for p in problems]


def test_somebody_unknown_is_new():
    assert found([row(2, "张三")]) == (["new"], [])


def test_the_same_details_are_unchanged_and_empty_cells_leave_what_is_known():
    people = [known(7, "张三", born_on="1990-01-02", trade="焊工", number="A1")]

    assert found([row(2, "张三", born_on="1990-01-02", trade=None)], people) == (["unchanged"], [])


def test_a_change_names_old_and_new():
    lines, _ = compare(
        [row(2, "张三", trade="焊工")], [known(7, "张三", trade="电工", number="A1")], {}
    )

    assert (lines[0].entrant_id, lines[0].changes) == (7, {"trade": ("电工", "焊工")})


def test_another_birth_date_is_another_person():
    people = [known(7, "张三", born_on="1990-01-02")]

    assert found([row(2, "张三", born_on="1991-01-02")], people)[0] == ["new"]


def test_a_birth_date_that_was_missing_is_filled_in():
    lines, _ = compare([row(2, "张三", born_on="1990-01-02")], [known(7, "张三")], {})

    assert lines[0].changes == {"born_on": ("", "1990-01-02")}


def test_two_namesakes_are_not_guessed_apart():
    people = [known(7, "张三", born_on="1990-01-02"), known(8, "张三", born_on="1991-01-02")]

    assert found([row(2, "张三")], people)[0] == ["new"]


def test_blanks_and_widths_do_not_make_another_organisation():
    people = [known(7, "张三", "丰泽水泥（集团）有限公司")]

    assert found([row(2, "张三", "丰泽水泥(集团) 有限公司")], people)[0] == ["unchanged"]


def test_the_same_person_twice_is_refused():
    rows = [row(2, "张三", born_on="1990-01-02"), row(3, "张三", born_on="1990-01-02")]

    assert found(rows)[1] == [("bad", 3, "Name")]


def test_the_same_person_in_two_teams_is_refused_and_says_so():
    rows = [row(2, "张三", team="一队"), row(3, "张三", team="二队")]
    _, problems = compare(rows, [], {})

    assert str(problems[0]) == "The same person stands in row 2 already, in another team."


def test_a_namesake_in_another_organisation_is_a_question():
    assert found([row(2, "张三"), row(3, "张三", "其他厂")])[1] == [("warn", 3, "Name")]


def test_namesakes_with_different_birth_dates_are_no_question():
    rows = [row(2, "张三", born_on="1990-01-02"), row(3, "张三", "他厂", born_on="1991-01-02")]

    assert found(rows)[1] == []


@pytest.mark.parametrize(
    ("rows", "people"),
    [
        ([row(2, "张三", number="A1"), row(3, "李四", number="A1")], []),
        ([row(3, "李四", number="A1")], [known(7, "张三", number="A1")]),
    ],
)
def test_an_entry_number_belongs_to_one_person(rows, people):
    assert ("bad", 3, "Entry number") in found(rows, people)[1]


def test_a_team_belongs_to_one_organisation():
    assert found([row(2, "张三", team="一队"), row(3, "李四", "他厂", team="一队")])[1] == [
        ("bad", 3, "Team")
    ]
    assert found([row(2, "张三", team="一队")], teams={"一队": "他厂"})[1] == [("bad", 2, "Team")]


def test_those_who_are_not_in_the_file_are_counted():
    assert found([row(2, "张三")], [known(7, "王五")])[1] == [("note", None, "")]


@pytest.mark.parametrize(
    ("taken", "numbers"),
    [
        ([], ["001", "002"]),
        (["A001", "A014"], ["A015", "A016"]),
        (["7", "10"], ["11", "12"]),
        (["A999"], ["A1000", "A1001"]),
        (["B1", "A01", "A02"], ["A03", "A04"]),
        (["甲"], ["001", "002"]),
    ],
)
def test_numbers_go_on_in_the_form_that_is_used(taken, numbers):
    assert next_numbers(taken, 2) == numbers


def test_counts_name_every_kind():
    lines, _ = compare([row(2, "张三")], [], {})

    assert counts_of(lines) == {"new": 1, "changed": 0, "unchanged": 0}


def test_words_are_compared_in_one_width():
    assert same_words("Ａ 厂（集团）") == same_words("a厂(集团)")
