"""Places by majority and Borda points, from ranks: worked by hand."""

import numpy as np
import pytest

from contest.scoring.orders import majority_places, order_marks
from contest.scoring.receipt_orders import order_mark
from contest.scoring.receipt_sums import Notes
from contest.scoring.scheme import Panel
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests


def places(*rows, counted=None):
    """One row of ranks for each entrant."""
    ranks = np.array(rows, dtype=np.int64)
    return majority_places(ranks, ranks > 0 if counted is None else np.array(counted)).tolist()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Three of five judges put the first entrant first: a majority in column 1.
        (([1, 1, 1, 3, 3], [2, 2, 2, 1, 1], [3, 3, 3, 2, 2]), [1, 2, 3]),
        # Two of four are no majority. Column 2: both have four such ranks, sums 1+1+2+2 = 2+2+1+1.
        # No later column separates them.
        (([1, 1, 2, 2], [2, 2, 1, 1], [3, 3, 3, 3]), [1, 1, 3]),
        # Column 2: three ranks each; sums 2+2+1 = 5 and 2+2+2 = 6.
        (([2, 3, 2, 1, 3], [3, 2, 3, 2, 2], [1, 1, 1, 3, 1]), [2, 3, 1]),
        # Column 2: the first has 4 ranks, the second 3: more ranks come before a smaller sum.
        (([2, 2, 2, 2, 5], [1, 1, 2, 5, 5]), [1, 2]),
        # Column 2: three each (1+2+2). Column 3: the first has a fourth.
        (([1, 2, 2, 3, 5], [2, 1, 2, 4, 4]), [1, 2]),
        # Column 1: both three times first. Column 2 to 4 nothing new. Column 5: a fourth for the second.
        (([1, 1, 1, 6, 6], [1, 1, 1, 5, 6]), [2, 1]),
        (([1],), [1]),
    ],
)
def test_a_majority_decides_column_by_column(rows, expected):
    assert places(*rows) == expected


def test_equals_take_up_their_places():
    # Two share the first place, so the next is third.
    assert places([1, 1, 1], [1, 1, 1], [2, 2, 2], [3, 3, 3]) == [1, 1, 3, 4]


def test_a_majority_is_of_the_judges_who_count_for_that_entrant():
    # With two judges struck out for the first entrant, its one first place is all there is; the
    # second has one of three first places, and comes in column 2.
    ranks = [[1, 9, 9], [2, 2, 1]]
    assert places(*ranks, counted=[[True, False, False], [True, True, True]]) == [1, 2]
    # Of two judges one is no majority: column 2 for both, more ranks for the second.
    assert places([1, 2, 9], [2, 1, 2], counted=[[True, True, False], [True, True, True]]) == [2, 1]


def test_who_is_ranked_by_nobody_comes_last():
    assert places([0, 0], [2, 1], counted=[[False, False], [True, True]]) == [2, 1]


def marks(method, goodness, counted=None, ranked=None, is_rank=False):
    values = np.array(goodness, dtype=np.int64)
    counts = np.ones(values.shape, bool) if counted is None else np.array(counted)
    takes_part = np.ones(len(values), bool) if ranked is None else np.array(ranked)
    found = order_marks(Panel(judges=values.shape[1], method=method), values, counts, takes_part, is_rank)
    return (found / 20_000).tolist()  # half units


def test_borda_counts_those_below_and_half_of_the_equals():
    # Judge 1: 9 > 7 = 7 > 5. Judge 2: 8 > 6 > 4 > 2.
    assert marks("borda", [[9, 2], [7, 4], [7, 6], [5, 8]]) == [3 + 0, 1.5 + 1, 1.5 + 2, 0 + 3]


def test_borda_leaves_out_who_takes_no_part_and_whom_a_judge_did_not_see():
    assert marks("borda", [[9], [7], [5]], ranked=[True, False, True]) == [1, 0, 0]
    # The second judge saw only the last two.
    assert marks("borda", [[9, 0], [7, 4], [5, 6]], counted=[[True, False], [True, True], [True, True]]) == [
        2,
        1 + 0,
        0 + 1,
    ]


def test_by_majority_the_mark_is_the_number_of_those_below():
    assert marks("majority", [[9, 9, 1], [5, 5, 5], [1, 1, 9]]) == [2, 1, 0]
    # Two equal in front of a third, and one who takes no part.
    assert marks("majority", [[9], [9], [5], [99]], ranked=[True, True, True, False]) == [1, 1, 0, 0]
    # Typed ranks are used as they are: negated, the smaller is the better.
    assert marks("majority", [[-1, -2], [-2, -1], [-4, -4]], is_rank=True) == [1, 1, 0]


def test_nobody_takes_part():
    assert marks("borda", [[1], [2]], ranked=[False, False]) == [0, 0]
    assert marks("majority", [[1], [2]], ranked=[False, False]) == [0, 0]


def test_a_receipt_of_somebody_whom_nobody_ranked_is_refused():
    module = plan_from(contests.plan_of([contests.sheet_module(judges=3, method="majority")])).module("drill")

    with pytest.raises(ArithmeticError, match="no judge ranks entrant 0 in drill"):
        order_mark(module, {0: []}, 0, Notes())
