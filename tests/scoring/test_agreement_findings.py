"""What is said of a panel and of its judges, and what is not."""


import pytest

from contest.scoring.agreement import (
    Agreement,
    Alike,
)
from contest.scoring.agreement_copies import at_least, copies
from tests.scoring.agreement_scene import agreed, one_judge, said

# What is said


def spread_out(*judges):
    """Rows of seven entrants from one column for each judge."""
    return [list(row) for row in zip(*judges, strict=True)]


EVEN = [50, 55, 60, 65, 70, 75, 80]
NEAR = [51, 54, 61, 64, 71, 74, 81]
# As wide as EVEN and in its order, the others' totals apart by a point each.
BESIDE = [51, 56, 61, 66, 71, 76, 81]


def test_a_panel_that_agrees_is_left_in_peace():
    assert said(spread_out(EVEN, NEAR, BESIDE)) == []


def test_too_few_sheets_say_nothing_of_a_judge():
    rows = spread_out(EVEN, NEAR, [mark - 30 for mark in EVEN])[:5]

    assert said(rows) == []


def test_a_strict_and_a_lenient_judge_are_named():
    strict = said(spread_out(EVEN, NEAR, [mark - 20 for mark in EVEN]))
    lenient = said(spread_out(EVEN, NEAR, [mark + 20 for mark in EVEN]))

    # NEAR is EVEN + 1/7 on average: −20 − 1/14
    assert any(each.startswith("C marks 20.07 points below the others") for each in strict)
    assert any(each.startswith("C marks 19.93 points above the others") for each in lenient)


def test_the_shadow_of_one_judge_on_the_others_is_not_told():
    # A and B lie some 10 points above the mean of the others only because C lies 20 below.
    told = said(spread_out(EVEN, NEAR, [mark - 20 for mark in EVEN]))

    assert len(told) == 1


def test_two_judges_off_in_both_directions_are_both_told():
    # Offsets against the mean of the other four: A 18.75, E −18.75, the rest 0.
    up, down = [mark + 15 for mark in EVEN], [mark - 15 for mark in EVEN]
    told = said(spread_out(up, EVEN, BESIDE, [mark - 1 for mark in EVEN], down))

    assert [each[:26] for each in told] == ["A marks 18.75 points above", "E marks 18.75 points below"]


def test_a_small_offset_is_not_worth_a_warning():
    assert said(spread_out(EVEN, NEAR, [mark - 2 for mark in EVEN])) == []


def test_a_large_offset_that_may_be_chance_is_not_worth_a_warning():
    # C is 90 above one entrant and at the others' marks elsewhere: mean 12.9, its error 12.9.
    rows = spread_out(EVEN, EVEN, [140, *EVEN[1:]])

    assert not any("on average" in each for each in said(rows))


def test_a_wide_and_a_narrow_judge_are_named():
    wide = said(spread_out(EVEN, BESIDE, [2 * mark - 65 for mark in EVEN]))
    narrow = said(spread_out(EVEN, BESIDE, [mark / 2 + 32.5 for mark in EVEN]))

    assert wide == [
        "C puts the contestants 2.00 times as far apart as the others do, and so weighs more in the "
        "result."
    ]
    assert narrow == [
        "C puts the contestants only 0.50 times as far apart as the others do, and so weighs less in "
        "the result."
    ]


def test_an_inverted_judge_is_named():
    told = said(spread_out(EVEN, EVEN, EVEN, EVEN, EVEN[::-1]))

    # Four forward, one back: rank sums lie 3/5 as far apart as they can, W = (3/5)²; told first.
    assert len(told) == 2 and "W is 0.36" in told[0]
    assert told[1].startswith("E puts the contestants in an order contrary to the others'")
    assert "-1.00" in told[1]


def test_a_judge_who_sees_no_order_is_named():
    # Ranks 4 1 6 2 7 3 5 against 1 … 7: Σd² = 9 + 1 + 9 + 4 + 4 + 9 + 4 = 40, 1 − 240/336 = .2857
    told = said(spread_out(EVEN, EVEN, EVEN, EVEN, [65, 50, 75, 55, 80, 60, 70]))

    assert told == ["E hardly sees the others' order (correlation 0.29)."]


def test_a_constant_sheet_is_named_once():
    told = said(spread_out(EVEN, EVEN, EVEN, EVEN, [65] * 7))

    assert told == ["E has given all 7 contestants the same total; the others have not."]
    assert said(spread_out([65] * 7, [65] * 7, [65] * 7)) == []


def test_a_panel_without_a_common_order_is_told_first():
    rows = spread_out([1, 2, 3, 4, 5, 6, 7], [4, 7, 1, 5, 2, 6, 3], [7, 1, 5, 2, 6, 3, 4])
    told = said(rows)

    assert told[0].startswith("The judges do not see the same order: Kendall's W is 0.1")
    assert told[1].startswith("The panel's mean is not reliable: ICC(3,k) is -")


def test_of_two_judges_neither_is_named():
    told = said(spread_out(EVEN, [mark - 20 for mark in EVEN]))

    assert told == [
        "The two judges lie 20.00 points apart on average. With two nobody can tell which of them "
        "is off."
    ]
    assert said(spread_out(EVEN, NEAR)) == []
    assert said(spread_out(EVEN, [mark - 20 for mark in EVEN])[:5]) == []


def test_a_judge_who_is_dropped_three_times_of_four_is_named():
    rows = spread_out(EVEN, NEAR, BESIDE)
    high = [("high", entrant, 0) for entrant in range(6)]
    low = [("low", entrant, 2) for entrant in range(6)]

    assert said(rows, dropped=high + low, chances=1) == [
        "A: 6 of 7 marks were the highest and left out.",
        "C: 6 of 7 marks were the lowest and left out.",
    ]
    assert said(rows, dropped=high[:5] + low[:5], chances=1) == []
    assert said(rows[:5], dropped=high[:5], chances=1) == []


def test_copied_sheets_are_told_with_both_names_and_once():
    told = said(spread_out(EVEN, NEAR, EVEN))

    assert told == [
        "A and C have given the very same total to 7 of 7 contestants, far more often than the judges "
        "agree to the point otherwise. Were sheets copied?"
    ]


@pytest.mark.parametrize("columns", [
    pytest.param((EVEN, EVEN), id="two judges, and nobody to compare with"),
    pytest.param((EVEN, EVEN, EVEN, EVEN), id="all agree"),
    pytest.param((EVEN, NEAR, [*EVEN[:3], 66, 71, 76, 81]), id="fewer than half are the same"),
    pytest.param((EVEN[:5], NEAR[:5], EVEN[:5]), id="five sheets"),
    # Every second total is the same for the others too: 4 of 7, and (8 + 1) of (14 + 2) otherwise.
    pytest.param((EVEN, [*EVEN[:4], 71, 76, 81], [*EVEN[:4], 72, 77, 82]), id="easy contestants"),
])
def test_no_copies_are_told_where_nobody_stands_out(columns):
    assert not any("copied" in each for each in said(spread_out(*columns)))


def test_who_gave_everybody_the_same_has_copied_nobody():
    told = said(spread_out(EVEN, NEAR, BESIDE, [65] * 7, [65] * 7))

    assert not any("copied" in each for each in told)
    assert [each[:10] for each in told if "all 7" in each] == ["D has give", "E has give"]


def test_the_probability_of_so_many_hits():
    # Of four throws at 1/10: three 4 · 0.001 · 0.9, four 0.0001
    assert at_least(3, 4, 0.1) == pytest.approx(0.0037)
    assert at_least(0, 4, 0.1) == pytest.approx(1)


def test_the_pairs_are_counted_over_those_whom_both_marked():
    found = agreed([[80, 80, None], [70, 70, 75], [60, 59, 60], [50, None, 50]])

    assert found.pairs == (Alike(0, 1, 2, 3), Alike(0, 2, 2, 3), Alike(1, 2, 0, 2))
    assert agreed([[80, None], [None, 70]]).pairs == ()


def copied(same, both, others):
    """Is the first pair told? others: (same, both) of the rest."""
    judges = [(0, 1), (0, 2), (1, 2)]
    pairs = tuple(
        Alike(*who, *counts) for who, counts in zip(judges, [(same, both), *others], strict=True)
    )
    found = Agreement(6, 10.0, 50.0, None, None, tuple(one_judge(n) for n in range(3)), pairs)
    return pairs[0] in copies(found)


@pytest.mark.parametrize(("inside", "outside"), [
    pytest.param((5, 5), (6, 6), id="six sheets"),
    pytest.param((9, 20), (10, 20), id="half of them"),
])
def test_copies_are_told_from_their_limits_on(inside, outside):
    others = [(0, 20), (0, 20)]

    assert not copied(*inside, others)
    assert copied(*outside, others)


def test_copies_are_told_where_chance_gives_less_than_one_panel_in_a_thousand():
    # (x + 1) of (40 + 2) otherwise; to the sixth power, of three pairs:
    # x = 10: (11/42)^6 · 3 = .00097; x = 11: (12/42)^6 · 3 = .0016
    assert copied(6, 6, [(5, 20), (5, 20)])
    assert not copied(6, 6, [(6, 20), (5, 20)])


def test_own_entrants_are_told_and_so_is_leniency_to_them():
    rows = [[84, 80], [76, 70], [60, 60], [62, 60], [58, 60]]

    assert said(rows, own=[(0, 0), (1, 0)]) == [
        "A has marked contestants of their own organisation (2), which should have been another "
        "judge's task.",
        "A is 5.00 points kinder to contestants of their own organisation (2) than to the others (3).",
    ]
    # Two points kinder with an error of 1.5 may be chance; strict to one's own is no leniency.
    assert len(said([[80, 80], [74, 70], *rows[2:]], own=[(0, 0), (1, 0)])) == 1
    assert len(said([[76, 80], [64, 70], *rows[2:]], own=[(0, 0), (1, 0)])) == 1
