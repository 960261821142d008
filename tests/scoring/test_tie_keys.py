"""Each way of separating equals, in a contest worked by hand."""

import pytest

from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests


def standings(document, entrants):
    return score(plan_from(document), contests.book_of(document, entrants))


def two_scores(ties, shared=True, **more):
    return contests.theory_and_practical(ranking={"shared": shared, "ties": ties}, **more)


# 0.3 x 80 + 0.7 x 80 = 80 and 0.3 x 94 + 0.7 x 74 = 28.2 + 51.8 = 80.
EQUAL = [
    contests.entrant({"paper": "94", "work": "74"}),
    contests.entrant({"paper": "80", "work": "80"}),
]


@pytest.mark.parametrize(
    ("tie", "place"),
    [
        pytest.param({"by": "part", "key": "practical"}, [2, 1], id="the practical part"),
        pytest.param({"by": "part", "key": "theory"}, [1, 2], id="the theory part"),
        pytest.param({"by": "module", "key": "work"}, [2, 1], id="a module"),
        pytest.param({"by": "module", "key": "work", "order": "low"}, [1, 2], id="the lower one"),
    ],
)
def test_equal_totals_are_separated(tie, place):
    found = standings(two_scores([tie]), EQUAL)

    assert found.total.rounded.tolist() == [800_000, 800_000]
    assert found.place.tolist() == place
    assert sorted(found.decided_by) == ["", f"{tie['by']}:{tie['key']}"]


def test_without_a_tie_rule_equals_share():
    assert standings(two_scores([]), EQUAL).place.tolist() == [1, 1]


def timed(judges=3, **panel):
    """A drill: full marks up to 300 s, so that equal points hide different times."""
    aspects = [
        contests.points_aspect("A1", "50"),
        {
            "key": "A2",
            "name": "用时",
            "kind": "measured",
            "max": "50",
            "highest": "900",
            "table": [{"upto": "300", "points": "50"}],
        },
    ]
    return contests.sheet_module(aspects=aspects, judges=judges, **panel)


def run(*times, mark="40"):
    return contests.entrant(sheets={"drill": [{"A1": mark, "A2": time} for time in times]})


def test_the_shorter_time_wins_whatever_points_it_earned():
    tie = {"by": "aspect", "module": "drill", "key": "A2", "order": "low"}
    document = contests.plan_of([timed()], ranking={"ties": [tie]})

    # Means: (250 + 251 + 249) / 3 = 250; (240 + 255 + 252) / 3 = 249; all earn 90 points.
    found = standings(document, [run("250", "251", "249"), run("240", "255", "252")])

    assert found.total.rounded.tolist() == [900_000, 900_000]
    assert found.place.tolist() == [2, 1]
    assert found.decided_by == ("aspect:drill.A2", "")


def test_who_was_absent_has_no_time_and_the_tie_stays():
    tie = {"by": "aspect", "module": "drill", "key": "A2", "order": "low"}
    document = contests.plan_of([timed()], ranking={"ties": [tie]})
    nothing = run("900", "900", "900", mark="0")  # 0 points, and a time
    absent = {**run("250", "251", "249"), "module_state": {"drill": 1}}

    found = standings(document, [nothing, absent])

    assert found.place.tolist() == [1, 1]


def test_an_aspect_of_whole_sheets_is_compared_over_all_judges():
    tie = {"by": "aspect", "module": "drill", "key": "A1"}
    document = contests.plan_of(
        [
            contests.sheet_module(
                aspects=[contests.points_aspect("A1", "50"), contests.points_aspect("A2", "50")],
                judges=3,
                drop_high=1,
                drop_low=1,
            )
        ],
        ranking={"ties": [tie]},
    )
    # Totals 50 60 70 -> 60 for both. A1 over all judges: 20 + 30 + 40 = 90, and 50 + 30 + 30 = 110;
    # with one dropped on each side it would be 30 for both.
    first = [{"A1": "20", "A2": "30"}, {"A1": "30", "A2": "30"}, {"A1": "40", "A2": "30"}]
    second = [{"A1": "50", "A2": "0"}, {"A1": "30", "A2": "30"}, {"A1": "30", "A2": "40"}]

    found = standings(
        document, [contests.entrant(sheets={"drill": rows}) for rows in (first, second)]
    )

    assert found.total.rounded.tolist() == [600_000, 600_000]
    assert found.place.tolist() == [2, 1]


def test_the_marks_without_dropping_separate_at_last():
    module = contests.sheet_module(judges=5, drop_high=1, drop_low=1)
    document = contests.plan_of([module], ranking={"ties": [{"by": "untrimmed"}]})
    # Both 80 + 81 + 82 = 243 / 3 = 81. All five: 60 + 243 + 90 = 393 and 70 + 243 + 90 = 403.
    rows = [["60", "80", "81", "82", "90"], ["70", "80", "81", "82", "90"]]

    found = standings(
        document,
        [contests.entrant(sheets={"drill": [{"A1": mark} for mark in row]}) for row in rows],
    )

    assert found.total.rounded.tolist() == [810_000, 810_000]
    assert found.place.tolist() == [2, 1]
    assert found.decided_by == ("untrimmed", "")


def test_places_are_made_from_what_is_printed_or_from_what_is_exact():
    # 0.3 x 80.01 + 0.7 x 80 = 80.003, printed 80.00, as is 80.
    rows = [
        contests.entrant({"paper": "80", "work": "80"}),
        contests.entrant({"paper": "80.01", "work": "80"}),
    ]
    printed = contests.theory_and_practical(rounding={"steps": ["module", "part"]})
    exact = contests.theory_and_practical(
        rounding={"steps": ["module", "part"], "compare": "exact"}
    )

    assert standings(printed, rows).place.tolist() == [1, 1]
    assert standings(exact, rows).place.tolist() == [2, 1]


def test_where_places_are_not_shared_an_open_tie_is_the_chiefs_task():
    found = standings(two_scores([], shared=False), [*EQUAL, contests.entrant({"paper": "1"})])

    assert found.place.tolist() == [1, 1, 3]
    assert found.open_ties == ((0, 1),)
    assert not found.is_final


def test_the_chiefs_ruling_settles_an_open_tie():
    rows = [{**EQUAL[0], "ruling": 2}, {**EQUAL[1], "ruling": 1}]

    found = standings(two_scores([], shared=False), rows)

    assert found.place.tolist() == [2, 1]
    assert found.decided_by == ("ruling", "")
    assert found.open_ties == ()
    assert found.is_final


def test_half_a_ruling_settles_nothing():
    rows = [{**EQUAL[0], "ruling": 1}, EQUAL[1]]

    assert standings(two_scores([], shared=False), rows).open_ties == ((0, 1),)


def test_a_tie_between_unfinished_entrants_is_no_task_yet():
    rows = [contests.entrant({"paper": "80"}), contests.entrant({"paper": "80"})]

    found = standings(two_scores([], shared=False), rows)

    assert found.place.tolist() == [1, 1]
    assert found.open_ties == ()


def test_an_aspect_that_judges_with_weights_marked():
    """Thirds: in all 2 × 9 + 3 = 21 and 2 × 6 + 9 = 21; in A1 alone 2 × 3 + 3 = 9 and 2 × 4 + 5 = 13."""
    aspects = [contests.points_aspect("A1", "10"), contests.points_aspect("A2", "10")]
    module = contests.sheet_module(aspects=aspects, judges=2, level="aspect", weights=["2", "1"])
    document = contests.plan_of(
        [module], ranking={"ties": [{"by": "aspect", "module": "drill", "key": "A1"}]}
    )
    rows = [
        contests.entrant(sheets={"drill": [{"A1": "3", "A2": "6"}, {"A1": "3", "A2": "0"}]}),
        contests.entrant(sheets={"drill": [{"A1": "4", "A2": "2"}, {"A1": "5", "A2": "4"}]}),
    ]
    found = standings(document, rows)

    assert found.total.rounded.tolist() == [350_000, 350_000]
    assert found.place.tolist() == [2, 1]
    assert found.decided_by == ("aspect:drill.A1", "")
