"""Section 6: teams and organisations."""

import pytest

from tests.recount.sheets import answer, judged, lines, module, plan, points, scores

PEOPLE = [{"code": e, "team": "x" if e in "abc" else "y"} for e in "abcde"]
ROWS = scores(m={"a": 90, "b": 60, "c": 30, "d": 80, "e": 70})


def teams(rows=ROWS, people=PEOPLE, modules=None, parts=None, rule=None, **sections):
    document = plan(
        *(modules or [module("m")]),
        parts=parts,
        teams={"method": "sum", "size": 3} | (rule or {}),
        **sections,
    )
    return {row["team"]: row for row in answer(document, rows, people)["teams"]}


def totals(**more):
    return {team: row["total"].rstrip("0").rstrip(".") for team, row in teams(**more).items()}


@pytest.mark.parametrize(
    "rule, expected",
    [
        pytest.param({}, {"x": "180", "y": "150"}, id="sum"),
        pytest.param(
            {"method": "mean"}, {"x": "60", "y": "50"}, id="divided by the size, not by who is there"
        ),
        pytest.param({"method": "best", "best": 2}, {"x": "150", "y": "150"}, id="two best"),
        # places: a 1, d 2, e 3, b 4, c 5 -> 10 8 6 4 0
        pytest.param(
            {"method": "places", "place_points": [10, 8, 6, 4]}, {"x": "14", "y": "14"}, id="points of places"
        ),
    ],
)
def test_a_teams_mark(rule, expected):
    assert totals(rule=rule) == expected


def test_equal_places_all_get_the_points_of_their_place():
    """a and d share place 1 (10 each); e is 3 (6)."""
    rows = scores(m={"a": 90, "d": 90, "e": 70})

    assert totals(rows=rows, rule={"method": "places", "place_points": [10, 8, 6]}) == {"x": "10", "y": "16"}


def test_who_is_absent_withdrawn_or_disqualified_adds_nothing_and_who_did_not_finish_what_was_finished():
    rows = ROWS + lines(
        "a - - - - disqualified\nb - - - - not_finished\nd - - - - absent\ne - - - - withdrawn"
    )

    result = teams(rows=rows)

    assert {team: row["total"] for team, row in result.items()} == {"x": "90.0000", "y": "0.0000"}
    assert result["x"]["counting"] == ["b", "c"]
    assert result["x"]["place"] == 1


def test_members_who_count_and_their_modules_added_up():
    result = teams(rule={"method": "best", "best": 2})

    assert (result["x"]["counting"], result["x"]["modules"]) == (["a", "b"], {"m": "150.0000"})


def test_members_need_not_have_passed():
    sections = {"ranking": {"passed_only": True}}

    assert totals(modules=[module("m", pass_mark=65)], **sections) == {"x": "180", "y": "150"}


def team_part(rows, ranking=None, people=PEOPLE):
    parts = [
        {"key": "all", "stage": "final", "name": "a", "combine": "points"},
        {"key": "show", "stage": "final", "name": "s", "combine": "points", "to": "team", "weight": 50},
    ]
    modules = [module("m"), module("t", part="show")]
    return teams(rows=rows, people=people, modules=modules, parts=parts, ranking=ranking or {})


def test_a_team_part_comes_from_the_representative():
    """x: 180 + 40 x 50 % = 200; y has none yet and is not done."""
    result = team_part(ROWS + scores(t={"b": 40}))

    assert (result["x"]["total"], result["x"]["done"]) == ("200.0000", True)
    assert (result["y"]["total"], result["y"]["done"]) == ("150.0000", False)


def test_of_several_representatives_the_best_counts():
    """180 + 60 x 50 %."""
    assert team_part(ROWS + scores(t={"a": 40, "b": 60, "c": 10}))["x"]["total"] == "210.0000"


def test_where_less_is_better_a_representative_who_was_absent_is_not_the_best():
    rows = ROWS + scores(t={"a": 40, "b": 60}) + lines("c t - - - absent")

    assert team_part(rows, {"order": "low"})["x"]["total"] == "200.0000"


def test_a_team_has_a_place_once_its_representative_has_a_mark():
    people = [{"code": "a", "team": "x"}, {"code": "b", "team": "y"}]

    result = team_part(scores(t={"a": 40}), people=people)

    assert [(row["total"], row["place"]) for row in result.values()] == [("20.0000", 1), ("0.0000", None)]


def test_a_team_of_more_than_its_size_has_no_mark_and_no_place():
    result = teams(rule={"size": 2})

    assert [(row["total"], row["place"], row["done"]) for row in result.values()] == [
        (None, None, False),
        ("150.0000", 1, True),
    ]


def test_who_withdrew_is_not_counted_among_the_members():
    result = teams(rows=ROWS + lines("c - - - - withdrawn"), rule={"size": 2})

    assert [(row["total"], row["place"]) for row in result.values()] == [("150.0000", 1), ("150.0000", 1)]


def test_of_equals_the_better_placed_counts():
    """b and c have 60 each; c has the better draw."""
    people = [dict(p, draw=9 - n) for n, p in enumerate(PEOPLE)]
    ranking = {"ties": [{"by": "data", "key": "draw", "order": "low"}]}
    rows = scores(m={"a": 90, "b": 60, "c": 60, "d": 80, "e": 70})

    result = teams(rows=rows, people=people, rule={"method": "best", "best": 2}, ranking=ranking)

    assert result["x"]["counting"] == ["a", "c"]


def test_where_less_is_better_who_is_not_void_and_most_finished_counts_first():
    """b has 1 so far and is not finished, c was absent from n."""
    rows = scores(m={"a": 90, "b": 1, "c": 2}, n={"a": 90}) + lines("c n - - - absent")

    result = teams(
        rows=rows,
        people=PEOPLE[:3],
        modules=[module("m"), module("n")],
        rule={"method": "best", "best": 2},
        ranking={"order": "low"},
    )

    assert result["x"]["counting"] == ["a", "b"]


def test_the_step_team_rounds_the_teams_mark():
    """10/3 + 10/3 + 10/3 stays 10; two of them are 6.7."""
    aspect = {"key": "A1", "name": "x", "kind": "judgement", "max": 10}
    rounding = {"steps": ["team"], "own": [{"step": "team", "places": 1}], "places": 2}

    result = teams(
        rows=judged("m", a=(1,), b=(1,), c=(1,), d=(1,), e=(1,)),
        modules=[module("m", aspect)],
        rounding=rounding,
    )

    assert (result["x"]["total"], result["y"]["total"]) == ("10.00", "6.70")


def test_equal_teams_are_parted_by_the_ties_summed_over_the_members_who_count():
    """150 each (two best). m: x 60 + 50 = 110, y 40 + 50 = 90."""
    rows = scores(
        m={"a": 60, "b": 50, "c": 1, "d": 40, "e": 50}, n={"a": 20, "b": 20, "c": 1, "d": 30, "e": 30}
    )
    ties = [
        {"by": "better_places"},
        {"by": "attempt", "module": "m", "key": "A1"},
        {"by": "module", "key": "m"},
    ]

    result = teams(
        rows=rows,
        modules=[module("m"), module("n")],
        rule={"method": "best", "best": 2},
        ranking={"ties": ties},
    )

    assert [(row["place"], row["decided_by"]) for row in result.values()] == [(1, ""), (2, "module:m")]


def test_equal_teams_share_or_wait_for_a_ruling():
    rule = {"method": "best", "best": 2}
    ruled = [*PEOPLE[:2], dict(PEOPLE[2], team_ruling="2"), dict(PEOPLE[3], team_ruling="1"), PEOPLE[4]]

    assert [row["place"] for row in teams(rule=rule).values()] == [1, 1]
    after = teams(rule=rule, people=ruled, ranking={"shared": False})
    assert [(row["place"], row["decided_by"]) for row in after.values()] == [(2, "ruling"), (1, "")]


def test_untrimmed_is_summed_for_teams():
    """Kept 80 for all; untrimmed a 76.67, d 78.33."""
    modules = [module("m", points(), panel={"judges": 3, "drop_high": 1, "drop_low": 1})]
    people = [{"code": "a", "team": "x"}, {"code": "d", "team": "y"}]

    result = teams(
        rows=judged("m", a=(60, 80, 90), d=(70, 80, 85)),
        people=people,
        modules=modules,
        ranking={"ties": [{"by": "untrimmed"}]},
    )

    assert [row["place"] for row in result.values()] == [2, 1]


AWARDS = [
    {"key": "first", "to": "entrant", "rule": "count", "count": 1, "name": "1"},
    {"key": "second", "to": "entrant", "rule": "count", "count": 2, "name": "2"},
    {"key": "team_first", "to": "team", "rule": "count", "count": 1, "name": "t"},
]
WORTH = [
    {"award": "first", "points": 5},
    {"award": "second", "points": 3},
    {"award": "team_first", "points": "2.5"},
]
HOUSES = [
    {"code": "a", "organisation": "o", "team": "x"},
    {"code": "b", "organisation": "q"},
    {"code": "c", "organisation": "o", "team": "x"},
    {"code": "d", "organisation": "q"},
    {"code": "e", "organisation": "r"},
]


@pytest.mark.parametrize(
    "order, expected",
    [
        # places a d e b c: first a (o), second d (q) and e (r), team x of o
        pytest.param("points", {"o": 1, "q": 2, "r": 2}, id="7.5, 3, 3"),
        pytest.param("average", {"o": 1, "q": 3, "r": 2}, id="7.5/2, 3/2, 3/1"),
        pytest.param("medals", {"o": 1, "q": 2, "r": 2}, id="one first; one second each"),
    ],
)
def test_the_medal_table(order, expected):
    document = plan(
        module("m"),
        awards=AWARDS,
        teams={"method": "sum"},
        organisations={"order": order, "points": WORTH},
        rounding={"places": 2},
    )

    rows = {row["organisation"]: row for row in answer(document, ROWS, HOUSES)["organisations"]}

    assert {name: row["place"] for name, row in rows.items()} == expected
    assert rows["o"] == {
        "organisation": "o",
        "counts": {"first": 1, "second": 0, "team_first": 1},
        "points": "7.5",
        "average": "3.75",
        "competed": 2,
        "place": 1,
    }
    assert rows["q"]["average"] == "1.50"


def test_the_average_divides_by_those_who_competed():
    """q: 3 points; b was absent, so one competed: 3 / 1, as r; o has 5 / 2."""
    document = plan(module("m"), awards=AWARDS, organisations={"order": "average", "points": WORTH})

    rows = answer(document, ROWS + lines("b - - - - absent"), HOUSES)["organisations"]

    assert [row["organisation"] for row in rows] == ["q", "r", "o"]  # by place, then name
    assert rows[0] | {"counts": 0} == {
        "organisation": "q",
        "counts": 0,
        "points": "3",
        "average": "3.0000",
        "competed": 1,
        "place": 1,
    }


def test_where_less_is_better_the_lowest_totals_count_and_the_lowest_team_is_first():
    """x: 30 + 60 = 90; y: 70 + 80 = 150."""
    result = teams(rule={"method": "best", "best": 2}, ranking={"order": "low"})

    assert {team: (row["total"], row["place"]) for team, row in result.items()} == {
        "x": ("90.0000", 1),
        "y": ("150.0000", 2),
    }
    assert result["x"]["counting"] == ["b", "c"]


def test_a_key_that_one_member_lacks_parts_no_teams():
    people = [dict(person, draw=n) for n, person in enumerate(PEOPLE)]
    people[1].pop("draw")
    ties = [{"by": "data", "key": "draw"}]

    assert [
        row["place"]
        for row in teams(rule={"method": "best", "best": 2}, people=people, ranking={"ties": ties}).values()
    ] == [1, 1]


def test_equal_teams_without_a_ruling_keep_the_standings_open():
    document = plan(module("m"), teams={"method": "best", "best": 2, "size": 3}, ranking={"shared": False})
    ruled = [dict(PEOPLE[0], team_ruling="2"), *PEOPLE[1:4], dict(PEOPLE[4], team_ruling="1")]

    before, after = answer(document, ROWS, PEOPLE), answer(document, ROWS, ruled)

    assert (before["open_team_ties"], before["open_ties"], before["final"]) == ([["x", "y"]], [], False)
    assert (after["open_team_ties"], after["final"]) == ([], True)


def test_all_equal_teams_show_what_separates_them():
    people = [{"code": e, "team": e} for e in "abc"]

    result = teams(rows=scores(m={"a": 5, "b": 3, "c": 3}), people=people)

    assert [row["decided_by"] for row in result.values()] == ["", "total", "total"]


def test_points_of_places_rank_high_first_whatever_the_order():
    """Lowest first: c b e d a have 9 7 5 3 1. x: 9 + 7 + 1, y: 5 + 3."""
    rule = {"method": "places", "place_points": [9, 7, 5, 3, 1]}

    result = teams(rule=rule, ranking={"order": "low"})

    assert [(row["total"], row["place"]) for row in result.values()] == [("17.0000", 1), ("8.0000", 2)]


def test_counts_of_an_organisation_list_every_award_to_entrants_and_teams():
    house = {"key": "house", "to": "organisation", "rule": "count", "count": 1, "name": "h"}
    document = plan(module("m"), awards=[*AWARDS, house], organisations={"points": WORTH[:1]})

    rows = answer(document, ROWS, HOUSES)["organisations"]

    assert [row["counts"] for row in rows] == [
        {"first": 1, "second": 0, "team_first": 0},
        {"first": 0, "second": 1, "team_first": 0},
        {"first": 0, "second": 1, "team_first": 0},
    ]


def test_equal_teams_wait_for_a_ruling_once_all_of_them_are_done():
    """e of team y is not finished."""
    rows = [row for row in ROWS if row["entrant"] in "abcd"]
    document = plan(module("m"), teams={"method": "best", "best": 1}, ranking={"shared": False})
    equal = [row | {"value": "90"} if row["entrant"] == "d" else row for row in rows]

    before = answer(document, equal, PEOPLE)
    after = answer(document, equal + scores(m={"e": 1}), PEOPLE)

    assert [row["place"] for row in before["teams"]] == [1, 1]
    assert (before["open_team_ties"], after["open_team_ties"]) == ([], [["x", "y"]])


def test_a_teams_modules_are_those_of_the_stage_its_own_parts_included():
    parts = [
        {"key": "p", "stage": "one", "name": "p", "combine": "points"},
        {"key": "q", "stage": "two", "name": "q", "combine": "points"},
        {"key": "r", "stage": "two", "name": "r", "combine": "points", "to": "team"},
    ]
    modules = [module("m", part="p"), module("n", part="q"), module("t", part="r")]
    stages = [{"key": k, "name": k, "combine": "points"} for k in ("one", "two")]

    result = teams(rows=ROWS + scores(n={"a": 1}, t={"b": 4}), modules=modules, parts=parts, stages=stages)

    assert result["x"]["modules"] == {"n": "1.0000", "t": "4.0000"}
