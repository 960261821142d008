"""Section 2, `borda` and `majority`."""

import pytest

from contest.recount import Refused
from tests.recount.sheets import answer, judged, lines, mark, module, plan, points

RANK = {"key": "A1", "name": "x", "kind": "rank"}


def marks(method, seats, rows, aspect=None, entrants=None, **sections):
    document = plan(
        module("m", aspect or RANK, panel={"judges": seats, "method": method}, max=10), **sections
    )
    result = answer(document, rows, entrants)
    return {row["code"]: mark(result, row["code"]) for row in result["entrants"]}


def test_borda_counts_those_below_and_half_of_those_equal():
    """J1: a b c; J2: b, then a and c equal. a 2 + 1/2, b 1 + 2, c 0 + 1/2."""
    assert marks("borda", 2, judged("m", a=(1, 2), b=(2, 1), c=(3, 2))) == {"a": "2.5", "b": "3", "c": "0.5"}


def test_borda_orders_by_the_sheets_total_when_no_ranks_are_typed():
    """J1: b above a; J2: equal. a 0 + 1/2, b 1 + 1/2."""
    assert marks("borda", 2, judged("m", a=(70, 80), b=(75, 80)), points()) == {"a": "0.5", "b": "1.5"}


def test_borda_looks_within_the_group_where_places_go_by_group():
    """Everybody together: a 2, b 1, c 0. By group a and c meet: 1 and 0; b is alone: 0."""
    people = [{"code": "a", "group": "x"}, {"code": "b", "group": "y"}, {"code": "c", "group": "x"}]
    rows = judged("m", a=(1,), b=(2,), c=(3,))

    assert marks("borda", 1, rows, entrants=people) == {"a": "2", "b": "1", "c": "0"}
    assert marks("borda", 1, rows, entrants=people, ranking={"by_group": True}) == {
        "a": "1",
        "b": "0",
        "c": "0",
    }


def test_borda_leaves_out_who_is_not_finished_or_not_normal():
    """c lacks a judge, d is disqualified: a and b alone are ordered; from an order d has 0."""
    rows = judged("m", d=(1, 1), c=(2,), a=(3, 3), b=(4, 4)) + lines("d - - - - disqualified")

    assert marks("borda", 2, rows) == {"a": "2", "b": "0", "c": None, "d": "0"}


@pytest.mark.parametrize("method", ["borda", "majority"])
def test_who_is_not_normal_has_0_where_the_sheets_are_in(method):
    rows = judged("m", a=(3, 3), c=(1, 1), d=(2,)) + lines("c - - - - not_finished\nd - - - - not_finished")

    assert marks(method, 2, rows) == {"a": "0", "c": "0", "d": None}


def test_borda_gives_nothing_from_a_judge_who_is_struck_out():
    """J2 does not count for b: b has 1 from J1 (above a), nothing from J2; a has 0, also alone with J2."""
    rows = judged("m", a=(2, 1), b=(1,)) + lines("b m J2 - - excused")

    assert marks("borda", 2, rows) == {"a": "0", "b": "1"}


@pytest.mark.parametrize(
    "ranks, expected",
    [
        # Column 1: a has 3 of 5 firsts. Column 2: b has 4 of "2 or better" (majority 3). Column 3: c.
        pytest.param(
            {"a": (1, 1, 1, 2, 3), "b": (2, 2, 2, 1, 2), "c": (3, 3, 3, 3, 1)},
            {"a": "2", "b": "1", "c": "0"},
            id="plain",
        ),
        # Column 1: nobody has 2 of 3. Column 2: a has 3, b has 2, c has 1: the larger number first.
        pytest.param(
            {"a": (1, 2, 2), "b": (2, 1, 3), "c": (3, 3, 1)},
            {"a": "2", "b": "1", "c": "0"},
            id="the larger majority",
        ),
        # Column 1: nobody has 3 of 5. Column 2: a 1 1 2 and b 1 2 2 are three each; sums 4 and 5: a first.
        pytest.param(
            {"a": (1, 1, 2, 3, 4), "b": (2, 2, 1, 4, 3), "c": (3, 3, 3, 1, 2), "d": (4, 4, 4, 2, 1)},
            {"a": "3", "b": "2", "c": "1", "d": "0"},
            id="the smaller sum",
        ),
        # Column 2: a and b have 2 of 3 each, both with sum 3; column 3 then has a with 3, b with 2: a first.
        pytest.param(
            {"a": (1, 2, 3), "b": (2, 1, 4), "c": (3, 4, 1), "d": (4, 3, 2)},
            {"a": "3", "b": "2", "c": "1", "d": "0"},
            id="the next column among them alone",
        ),
        # a and b mirror each other in every column: they share, both with one entrant below.
        pytest.param({"a": (1, 2), "b": (2, 1), "c": (3, 3)}, {"a": "1", "b": "1", "c": "0"}, id="shared"),
    ],
)
def test_majority(ranks, expected):
    assert marks("majority", len(ranks["a"]), judged("m", **ranks)) == expected


def test_majority_takes_the_rank_of_the_sheets_total():
    """J1 90 80 80 is 1 2 2; J2 70 75 60 is 2 1 3; J3 90 80 70 is 1 2 3. a has two firsts of three; b; c."""
    rows = judged("m", a=(90, 70, 90), b=(80, 75, 80), c=(80, 60, 70))

    assert marks("majority", 3, rows, points()) == {"a": "2", "b": "1", "c": "0"}


def test_a_majority_is_of_the_judges_who_count_for_that_entrant():
    """For b only J1 and J2 count: two firsts of two. a has one first of three, three of "2 or better".

    Column 1: b (2 of 2). Column 2: a. c follows.
    """
    rows = judged("m", a=(2, 2, 1), b=(1, 1), c=(3, 3, 2)) + lines("b m J3 - - excused")

    assert marks("majority", 3, rows) == {"a": "1", "b": "2", "c": "0"}


def test_the_top_of_a_module_with_orders_is_its_max():
    """Two below of a max of 10: 20 of 100 with weight 100."""
    document = plan(
        module("m", RANK, panel={"judges": 1, "method": "borda"}, max=10, weight=100),
        parts=[{"key": "all", "stage": "final", "name": "x"}],
    )

    result = answer(document, judged("m", a=(1,), b=(2,), c=(3,)))

    assert result["entrants"][0]["parts"]["all"]["mark"] == "20.0000"


@pytest.mark.parametrize("method, seats, top", [("majority", 2, 2), ("borda", 2, 4)])
def test_more_entrants_than_the_max_allows_are_refused(method, seats, top):
    """Three entrants: at most 2 placed below; 2 from each of two judges."""
    rows = judged("m", a=(1, 1), b=(2, 2), c=(3, 3))
    for most, fits in ((top, True), (top - 1, False)):
        document = plan(module("m", RANK, panel={"judges": seats, "method": method}, max=most))
        if fits:
            assert mark(answer(document, rows), "a") == str(top)
        else:
            with pytest.raises(Refused):
                answer(document, rows)


def test_who_lacks_a_difficulty_is_not_finished_and_not_ordered():
    document = plan(
        module(
            "m", RANK, panel={"judges": 1, "method": "borda"}, max=10, difficulty={"lowest": 1, "highest": 2}
        )
    )
    rows = judged("m", a=(1,), b=(2,), c=(3,)) + lines("a m.difficulty - 2\nc m.difficulty - 1")

    result = answer(document, rows)

    assert [mark(result, e) for e in "abc"] == ["2", None, "0"]
