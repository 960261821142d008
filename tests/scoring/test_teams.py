"""Members make a team's mark: worked by hand."""

import pytest

from contest.scoring.receipt import team_receipt
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.recount import sheets
from tests.scoring import contests
from tests.scoring.ledger_book import scored


def standings(teams, rows, **more):
    document = contests.scores_only(teams=teams, **more)
    return score(plan_from(document), contests.book_of(document, rows))


def member(team, mark, **more):
    return contests.entrant({"paper": mark}, team=team, **more)


CAST = [
    member("cement", "90"),
    member("cement", "80"),
    member("cement", "10"),
    member("kiln", "70"),
    member("kiln", "70"),
    member("kiln", "65"),
    member(None, "100"),
]


def test_a_team_has_the_sum_of_its_members():
    found = standings({"method": "sum"}, CAST).teams

    # 90 + 80 + 10 = 180; 70 + 70 + 65 = 205
    assert found.teams == ("cement", "kiln")
    assert found.total.rounded.tolist() == [1_800_000, 2_050_000]
    assert found.place.tolist() == [2, 1]


def test_only_the_best_members_count():
    found = standings({"method": "best", "best": 2}, CAST).teams

    # 90 + 80 = 170; 70 + 70 = 140
    assert found.total.rounded.tolist() == [1_700_000, 1_400_000]
    assert found.place.tolist() == [1, 2]
    assert found.counting.tolist() == [True, True, False, True, True, False, False]


def test_the_mean_is_over_the_size_of_a_team_not_over_who_came():
    rows = [member("cement", "90"), member("cement", "80"), member("kiln", "70")]

    found = standings({"method": "mean", "size": 2}, rows).teams

    # (90 + 80) / 2 = 85; 70 / 2 = 35
    assert found.total.rounded.tolist() == [850_000, 350_000]


def test_the_absent_and_the_disqualified_add_nothing_and_nobody_waits_for_them():
    rows = [
        member("cement", "90"),
        member("cement", None, state=1),
        member("kiln", "70"),
        member("kiln", "99", state=3),
    ]

    found = standings({"method": "sum", "size": 2}, rows).teams

    assert found.total.rounded.tolist() == [900_000, 700_000]
    assert found.total.done.tolist() == [True, True]


def test_who_did_not_finish_adds_what_was_finished():
    rows = [member("cement", "90"), member("cement", "40", state=4)]

    assert standings({"method": "sum"}, rows).teams.total.rounded.tolist() == [1_300_000]


def test_a_team_waits_for_a_member_without_a_mark():
    rows = [member("cement", "90"), member("cement", None), member("kiln", "10")]

    found = standings({"method": "sum"}, rows)

    assert found.teams.total.done.tolist() == [False, True]
    assert found.teams.place.tolist() == [1, 2]


def test_a_substitute_does_not_make_the_team_too_large():
    rows = [member("cement", "90", state=2), member("cement", "80"), member("cement", "70")]

    found = standings({"method": "sum", "size": 2}, rows).teams

    assert found.too_many.tolist() == [False]
    assert found.total.rounded.tolist() == [1_500_000]


def test_a_team_with_too_many_members_has_no_place():
    rows = [*CAST[:3], *CAST[3:5]]

    found = standings({"method": "sum", "size": 2}, rows).teams

    assert found.too_many.tolist() == [True, False]
    assert found.place.tolist() == [0, 1]


def test_a_team_in_which_nobody_has_begun_has_no_place():
    rows = [member("cement", None), member("kiln", "0")]

    assert standings({"method": "sum"}, rows).teams.place.tolist() == [0, 1]


def test_equal_teams_are_separated_by_the_sum_of_the_tie_key():
    document = contests.theory_and_practical(
        teams={"method": "sum"}, ranking={"ties": [{"by": "part", "key": "practical"}]}
    )
    # 0.3 x 94 + 0.7 x 74 = 80 = 0.3 x 80 + 0.7 x 80; practical 74 + 74 = 148 and 80 + 74 = 154.
    uneven, even = {"paper": "94", "work": "74"}, {"paper": "80", "work": "80"}
    rows = [
        contests.entrant(uneven, team="cement"),
        contests.entrant(uneven, team="cement"),
        contests.entrant(even, team="kiln"),
        contests.entrant(uneven, team="kiln"),
    ]

    found = score(plan_from(document), contests.book_of(document, rows)).teams

    assert found.total.rounded.tolist() == [1_600_000, 1_600_000]
    assert found.place.tolist() == [2, 1]
    assert found.decided_by == ("part:practical", "")


def test_of_members_with_equal_totals_the_better_placed_counts():
    document = contests.theory_and_practical(
        teams={"method": "best", "best": 1},
        ranking={"ties": [{"by": "part", "key": "practical"}]},
    )
    rows = [
        contests.entrant({"paper": "94", "work": "74"}, team="kiln"),
        contests.entrant({"paper": "80", "work": "80"}, team="kiln"),
    ]

    found = score(plan_from(document), contests.book_of(document, rows)).teams

    assert found.counting.tolist() == [False, True]


def test_equal_teams_where_places_are_not_shared_are_the_chiefs_task():
    rows = [member("cement", "80"), member("kiln", "80")]

    found = standings({"method": "sum"}, rows, ranking={"shared": False})

    assert found.teams.open_ties == ((0, 1),)
    assert not found.is_final


def test_the_chiefs_ruling_settles_equal_teams():
    document = contests.scores_only(teams={"method": "sum"}, ranking={"shared": False})
    rows = [member("cement", "80", ruling=1), member("kiln", "80", ruling=2)]
    book = contests.book_of(document, rows)
    book.team_ruling[:] = [2, 1]

    found = score(plan_from(document), book)

    assert found.teams.place.tolist() == [2, 1]
    assert found.is_final


def test_a_plan_without_teams_has_no_team_standings():
    document = contests.scores_only()

    found = score(plan_from(document), contests.book_of(document, CAST))

    assert found.teams is None


def test_of_times_a_valid_and_finished_one_is_the_best_however_short_another_is():
    """Less is better: 30 s with a failed drill, then 40 s of one module of two, then 90 s of both."""
    drill = {
        "key": "A1", "name": "用时", "kind": "measured", "max": "100", "highest": "100", "itself": True,
        "better": "low",
    }
    modules = [
        {**contests.sheet_module("first", "p", aspects=[drill]), "weight": "0"},
        {**contests.sheet_module("second", "p", aspects=[drill]), "weight": "0"},
    ]
    document = contests.plan_of(
        modules, [{"key": "p", "stage": "final", "name": "p", "combine": "points"}],
        [{"key": "final", "name": "决赛", "combine": "points"}],
        ranking={"order": "low"}, teams={"method": "best", "best": 1},
    )

    def times(team, first, second):
        sheets = {"first": [{"A1": first}]} | ({"second": [{"A1": second}]} if second else {})
        return contests.entrant(sheets=sheets, team=team)

    rows = [
        times("a", "x", "30"), times("a", "40", None), times("a", "50", "40"),
        times("b", "x", "30"), times("b", "40", None),
        times("c", "x", "30"), times("c", "x", "20"),
    ]
    found = score(plan_from(document), contests.book_of(document, rows)).teams

    assert found.counting.tolist() == [False, False, True, False, True, False, True]
    assert found.total.rounded.tolist() == [900_000, 400_000, 200_000]


def test_a_ruling_counts_only_where_every_equal_team_has_one():
    rows = [member("cement", "80"), member("kiln", "80")]
    document = contests.scores_only(teams={"method": "sum"}, ranking={"shared": False})
    book = contests.book_of(document, rows)

    for rulings, places in (([0, 1], [1, 1]), ([2, 1], [2, 1]), ([0, 0], [1, 1])):
        book.team_ruling[:] = rulings
        assert score(plan_from(document), book).teams.place.tolist() == places


def with_a_team_part(order, marks, states, *more):
    """Both scorers' (total, place) of the teams x (a, b, c) and y (d): each 10 by its own members' sum."""
    parts = [
        {"key": "own", "stage": "final", "name": "o", "combine": "points"},
        {"key": "team", "stage": "final", "name": "t", "combine": "points", "to": "team", "weight": "100"},
    ]
    modules = [
        {**contests.score_module(key, part), "weight": "0"} for key, part in (("m", "own"), ("t", "team"))
    ]
    stages = [{"key": "final", "name": "f", "combine": "points"}]
    document = contests.plan_of(modules, parts, stages, ranking={"order": order}, teams={"method": "sum"})
    people = [{"code": code, "team": "y" if code == "d" else "x"} for code in "abcd"]
    rows = sheets.lines("\n".join([
        "c m - 10 - -", "d m - 10 - -", "d t - 50 - -",
        *(f"{code} t - {mark} - -" for code, mark in marks.items()),
        *(f"{code} - - - - {state}" for code, state in states.items()), *more,
    ]))
    plan, made, found = scored(document, rows, people)
    teams = found.teams
    for index in range(len(teams.teams)):
        assert team_receipt(plan, made, found, index)  # it refuses what it does not come to itself
    first = {
        name: (int(teams.total.rounded[i]) / 10_000, int(teams.place[i]) or None)
        for i, name in enumerate(teams.teams)
    }
    again = {
        row["team"]: (float(row["total"]), row["place"])
        for row in sheets.answer(document, rows, people)["teams"]
    }
    assert first == again
    done = {name: bool(teams.total.done[i]) for i, name in enumerate(teams.teams)}
    assert done == {row["team"]: row["done"] for row in sheets.answer(document, rows, people)["teams"]}
    return first


@pytest.mark.parametrize("order", ["high", "low"])
def test_a_representative_who_is_absent_settles_the_teams_own_part_with_nothing(order):
    teams = with_a_team_part(order, {}, {}, "a m - 10 - -", "b m - 10 - -", "a t - - - absent")

    assert teams["x"][0] == 30


@pytest.mark.parametrize(
    ("order", "marks", "states", "total", "place"),
    [
        pytest.param("high", {"a": "70"}, {"a": "withdrawn"}, 80, 1, id="who withdrew"),
        pytest.param("high", {"a": "70"}, {"a": "disqualified"}, 80, 1, id="who was disqualified"),
        pytest.param("high", {"a": "70", "b": "20"}, {"a": "withdrawn"}, 30, 2, id="who competes first"),
        pytest.param("high", {"a": "70"}, dict.fromkeys("abc", "withdrawn"), 0, None, id="nobody is left"),
    ],
)
def test_what_was_marked_through_a_representative_is_the_teams(order, marks, states, total, place):
    assert with_a_team_part(order, marks, states)["x"] == (total, place)


OF_ALL = ("a m - 10 - -", "b m - 10 - -")


def test_the_lower_time_of_two_representatives_is_the_teams():
    teams = with_a_team_part("low", {"a": "70", "b": "20"}, {}, *OF_ALL)

    assert teams == {"x": (50, 1), "y": (60, 2)}


def test_the_time_of_a_representative_who_withdrew_is_the_teams():
    teams = with_a_team_part("low", {"a": "70"}, {"a": "withdrawn"}, "b m - 10 - -")

    assert teams == {"x": (90, 2), "y": (60, 1)}


@pytest.mark.parametrize(
    ("marks", "states", "rows", "total"),
    [
        pytest.param({"b": "1"}, {"a": "absent"}, OF_ALL[1:], 21, id="a member is absent"),
        pytest.param({"b": "1"}, {"a": "disqualified"}, OF_ALL, 21, id="a member was disqualified"),
        pytest.param({"b": "1"}, {"a": "not_finished"}, OF_ALL[1:], 21, id="a member did not finish"),
        pytest.param({"b": "1"}, {}, ("a m - - - absent", OF_ALL[1]), 21, id="a member missed a module"),
        pytest.param({}, {}, (*OF_ALL, "a t - - - absent"), 30, id="their own part came to nothing"),
    ],
)
def test_where_less_is_better_nothing_is_not_the_best_time(marks, states, rows, total):
    teams = with_a_team_part("low", marks, states, *rows)

    # x would be before y with 10 + 50 = 60.
    assert teams == {"x": (total, 2), "y": (60, 1)}


def times(teams, rows, **more):
    """(places, what decided) of the teams by their members' times, less being better."""
    document = contests.scores_only(teams=teams, ranking={"order": "low", **more})
    plan, book = plan_from(document), contests.book_of(document, rows)
    found = score(plan, book)
    for index in range(len(found.teams.teams)):
        assert team_receipt(plan, book, found, index)
    return found.teams.place.tolist(), list(found.teams.decided_by)


@pytest.mark.parametrize("teams", [{"method": "best", "best": 2}, {"method": "mean", "size": 2},
                                   {"method": "sum", "size": 2}])
def test_a_team_with_fewer_than_must_count_comes_after_a_full_one(teams):
    rows = [member("cement", "1"), member("kiln", "90"), member("kiln", "80")]

    assert times(teams, rows) == ([2, 1], ["void", ""])


def test_a_team_of_which_somebody_is_still_to_come_is_after_one_that_is_through():
    rows = [member("cement", "1"), member("cement", None), member("kiln", "90"), member("kiln", "80")]

    assert times({"method": "sum"}, rows) == ([2, 1], ["finished", ""])


def test_who_did_not_finish_is_not_one_of_the_best():
    rows = [member("cement", "1", state=4), member("cement", "30"), member("cement", "40"),
            member("kiln", "20"), member("kiln", "35")]

    # 30 + 40 = 70 is behind 20 + 35 = 55; the 1 of who did not finish is no time.
    assert times({"method": "best", "best": 2}, rows) == ([2, 1], ["total", ""])


def test_what_places_bring_is_the_more_the_better_also_where_less_is():
    rows = [member("cement", "1"), member("kiln", "90"), member("kiln", "80")]

    assert times({"method": "places", "place_points": [5, 3, 1]}, rows) == ([1, 2], ["", "total"])
