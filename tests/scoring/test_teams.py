"""Members make a team's mark: worked by hand."""

from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests


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
