"""How far judges agree: figures from textbooks, or worked by hand."""

import dataclasses
import math

import numpy as np
import pytest

from contest.scoring.agreement import (
    agreement,
)
from contest.scoring.agreement_findings import findings
from contest.scoring.agreement_measures import (
    concordance,
    reliability,
    spearman,
)
from contest.scoring.panel import dropped_marks
from contest.scoring.scheme import Panel
from tests.scoring.agreement_scene import SHROUT_FLEISS, agreed, floats_of, sheets

# Kendall's W


def test_w_without_ties():
    # Ranks   A 1 2 3   B 1 3 2   C 2 1 3   sums 4 6 8, mean 6: S = 4 + 0 + 4 = 8
    # W = 12 · 8 / (9 · (27 − 3)) = 96 / 216 = 4/9; chi-square = 3 · 2 · 4/9 = 8/3, df 2
    found = concordance(np.array([[10, 10, 20], [20, 30, 10], [30, 20, 30]]))

    assert found.w == pytest.approx(4 / 9)
    assert found.chi_square == pytest.approx(8 / 3)
    assert (found.df, found.entrants, found.judges, found.band) == (2, 3, 3, "weak")


def test_w_with_ties():
    # Siegel & Castellan's way, worked here: four entrants, three judges.
    # A 1 2.5 2.5 4   B 1.5 1.5 3 4   C 1 2 3.5 3.5   sums 3.5 6 9 11.5, mean 7.5
    # S = 16 + 2.25 + 2.25 + 16 = 36.5; each judge has one pair of equals: T = 3 · (8 − 2) = 18
    # W = 12 · 36.5 / (9 · (64 − 4) − 3 · 18) = 438 / 486
    found = concordance(np.array([[1, 5, 1], [2, 5, 2], [2, 6, 9], [3, 7, 9]]))

    assert found.w == pytest.approx(438 / 486)
    assert found.chi_square == pytest.approx(3 * 3 * 438 / 486)
    assert found.band == "strong"


@pytest.mark.parametrize(
    ("table", "w"),
    [
        pytest.param([[1, 10], [2, 20], [3, 30]], 1, id="the same order"),
        pytest.param([[1, 30], [2, 20], [3, 10]], 0, id="opposite orders"),
        pytest.param([[1, 1, 5], [1, 1, 5], [2, 2, 5]], None, id="one judge tells nobody apart"),
    ],
)
def test_w_at_its_ends(table, w):
    found = concordance(np.array(table))

    # A judge who gives equal marks: m²(n³ − n) − mΣT = 216 − 3 · (6 + 6 + 24) = 108,
    # ranks 1.5 1.5 3 twice, 2 2 2: sums 5 5 8, S = 1 + 1 + 4 = 6, W = 72 / 108
    assert found.w == pytest.approx(72 / 108 if w is None else w)


@pytest.mark.parametrize(
    "table",
    [
        pytest.param([[1, 2], [2, 1]], id="two entrants"),
        pytest.param([[1], [2], [3]], id="one judge"),
        pytest.param([[5, 5], [5, 5], [5, 5]], id="everything equal"),
    ],
)
def test_w_is_unknown(table):
    assert concordance(np.array(table)) is None


# Intraclass correlation


def test_icc_of_shrout_and_fleiss():
    found = reliability(np.array(SHROUT_FLEISS))

    assert round(found.single, 2) == 0.29
    assert round(found.mean, 2) == 0.91
    assert (found.single_band, found.mean_band) == ("poor", "excellent")


def test_icc_by_hand():
    # Rows 1 2, 3 4, 5 6: G = 21, mean square between rows ((9 + 49 + 121) / 2 − 441/6) / 2 = 8,
    # between judges (81 + 144) / 3 − 73.5 = 1.5, nothing left over.
    # ICC(2,1) = 8 / (8 + 2 · 1.5 / 3) = 8/9; ICC(3,k) = 1
    found = reliability(np.array([[1, 2], [3, 4], [5, 6]]))

    assert found.single == pytest.approx(8 / 9)
    assert found.mean == 1
    assert found.single_band == "good"


def test_icc_of_judges_who_differ_only_by_a_constant_is_not_a_rounding_error():
    """All entrants equal: nothing is between them, and 0 / 0 is unknown, not some number."""
    found = reliability(np.array([[3, 7], [3, 7], [3, 7]]) * 10**17)

    # between 0, error 0, judges > 0: ICC(2,1) = 0 / something = 0; ICC(3,k) = 0 / 0
    assert (found.single, found.mean) == (0, None)
    assert found.mean_band is None


def test_icc_of_equal_marks_is_unknown():
    found = reliability(np.full((4, 3), 80))

    assert (found.single, found.mean, found.single_band) == (None, None, None)
    assert reliability(np.array([[1, 2], [3, 4]])) is None
    assert reliability(np.array([[1], [3], [4]])) is None


# Spearman


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param([1, 2, 3, 4], [9, 8, 7, 6], -1, id="contrary"),
        pytest.param([1, 2, 3], [1, 2, 3], 1, id="the same"),
        # ranks 1.5 1.5 3 and 1 2 3 about their mean: −.5 −.5 1 and −1 0 1: 1.5 / √(1.5 · 2)
        pytest.param([5, 5, 6], [1, 2, 3], 1.5 / math.sqrt(3), id="a tie"),
        pytest.param([5, 5, 5], [1, 2, 3], None, id="constant"),
        pytest.param([1, 2], [1, 2], None, id="two entrants"),
    ],
)
def test_spearman(one, other, expected):
    found = spearman(np.array(one), np.array(other))

    assert found == (None if expected is None else pytest.approx(expected))


# Each judge


THREE = [[80, 82, 90], [70, 75, 77], [60, 59, 67]]


def test_the_offset_is_the_mean_deviation_from_the_mean_of_the_others():
    # A: 80 − 86 = −6, 70 − 76 = −6, 60 − 63 = −3: mean −5.  B: −3, 1.5, −4.5: −2.  C: 9, 4.5, 7.5: 7
    found = agreed(THREE)

    assert [judge.offset for judge in found.judges] == pytest.approx([-5, -2, 7])
    assert [each.points for each in found.judges[0].deviations] == pytest.approx([-6, -6, -3])
    # variance of −6 −6 −3 is 3, its error √3 / √3
    assert found.judges[0].error == pytest.approx(1)
    assert found.judges[2].largest.points == pytest.approx(9)
    assert found.judges[2].largest.entrant == 0
    assert [judge.sheets for judge in found.judges] == [3, 3, 3]


def test_the_spread_is_compared_with_that_of_the_others():
    # Standard deviations 10, 10 and 5: 10 / ((10 + 5) / 2) = 4/3, and 5 / 10
    found = agreed([[60, 20, 80], [70, 30, 85], [80, 40, 90]])

    ratios = [judge.spread_ratio for judge in found.judges]
    assert ratios == pytest.approx([4 / 3, 4 / 3, 1 / 2])
    # The entrants' means 160/3, 185/3, 210/3
    assert found.between == pytest.approx(25 / 3)


def test_the_correlation_is_with_the_mean_of_the_others():
    # C: 3 1 2 against the means of A and B 1 2 3: −.5
    found = agreed([[1, 1, 30], [2, 2, 10], [3, 3, 20]])

    assert found.judges[2].correlation == pytest.approx(-0.5)
    # A against (1 + 30) / 2, 6, 11.5: ranks 3 1 2
    assert found.judges[0].correlation == pytest.approx(-0.5)


def test_the_correlation_is_with_a_mean_however_many_the_others_are():
    # The others' means 90, 70, 50 fall; their sums 90, 140, 100 do not. A falls as well.
    found = agreed([[9, 90, None], [8, 70, 70], [7, 50, 50]])

    assert found.judges[0].correlation == 1


def test_two_sheets_have_an_error():
    # Deviations 10 and 0: variance 50, √(50 / 2) = 5
    assert agreed([[80, 70], [60, 60]]).judges[0].error == pytest.approx(5)


def test_a_missing_sheet_is_never_a_zero():
    # C has marked only the first: A's others there are (82 + 90) / 2, then B alone.
    found = agreed([[80, 82, 90], [70, 75, None], [60, 59, None]])

    assert [each.points for each in found.judges[0].deviations] == pytest.approx([-6, -5, 1])
    assert found.judges[2].sheets == 1
    assert found.judges[2].correlation is None and found.judges[2].spread_ratio is None
    assert found.judges[2].error is None and found.judges[2].offset == pytest.approx(9)
    # Only one entrant has all three.
    assert found.concordance is None and found.reliability is None


def test_an_entrant_with_a_single_sheet_is_not_compared():
    found = agreed([[80, None], [None, 70], [None, None]])

    assert found.entrants == 2
    assert [judge.sheets for judge in found.judges] == [1, 1]
    assert [judge.deviations for judge in found.judges] == [(), ()]
    assert found.judges[0].largest is None and found.judges[0].offset is None


def test_a_reserve_does_not_empty_the_comparison_of_the_others():
    rows = [[80, 82, None], [70, 75, None], [60, 59, None], [50, None, 55]]

    assert agreed(rows).concordance is None
    assert agreed(rows, regular=[True, True, False]).concordance.entrants == 3


def test_leniency_to_own_organisation():
    # A beside B: own +4 +6, others 0 +2 −2: mean 5 − 0
    rows = [[84, 80], [76, 70], [60, 60], [62, 60], [58, 60]]
    own = agreed(rows, own=[(0, 0), (1, 0)]).judges[0].own

    assert own.leniency == pytest.approx(5)
    # variance 2 of two, 4 of three: √(2/2 + 4/3)
    assert own.error == pytest.approx(math.sqrt(1 + 4 / 3))
    assert (own.sheets, own.compared, own.others) == (2, 2, 3)
    assert [each.is_own for each in agreed(rows, own=[(0, 0)]).judges[0].deviations][:2] == [True, False]


def test_the_error_of_leniency_needs_two_of_each_kind():
    rows = [[84, 80], [76, 70], [60, 60], [62, 60]]
    two = agreed(rows, own=[(0, 0), (1, 0)]).judges[0].own
    one = agreed(rows[:3], own=[(0, 0), (1, 0)]).judges[0].own

    # own +4 +6, others 0 +2: variances 2 and 2
    assert two.error == pytest.approx(math.sqrt(2))
    assert one.leniency == pytest.approx(5) and one.error is None


def test_leniency_is_unknown_without_both_kinds():
    all_own = agreed([[84, 80]], own=[(0, 0)]).judges[0].own
    one_own = agreed([[84, 80], [60, 60], [61, 60]], own=[(0, 0)]).judges[0].own

    assert (all_own.leniency, all_own.error) == (None, None)
    assert one_own.leniency == pytest.approx(3.5) and one_own.error is None


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="nobody"),
        pytest.param([[80, 70, 60]], id="one entrant"),
        pytest.param([[80, 80, 80]] * 8, id="equal marks everywhere"),
        pytest.param([[80, 85.3, 90.1]] * 8, id="nobody is told apart"),
        pytest.param([[None, None]] * 4, id="no sheet"),
        pytest.param([[80], [70], [60], [50]], id="one judge"),
        pytest.param([[80, None], [None, 70], [60, None]], id="nobody shared"),
        pytest.param(SHROUT_FLEISS, id="a textbook"),
    ],
)
def test_no_nan_and_no_infinity_ever_leaves(rows):
    made = sheets(rows) if rows else sheets([[1, 2]])
    if not rows:
        made = dataclasses.replace(made, **{
            name: getattr(made, name)[:0]
            for name in ("totals", "counted", "own", "high", "low", "chances")
        })
    found = agreement(made)

    assert all(math.isfinite(value) for value in floats_of(found))
    assert all(
        math.isfinite(value) for each in findings(found) for value in each.params.values()
    )


def test_shuffling_the_judges_changes_no_figure():
    turned = agreed([row[::-1] for row in SHROUT_FLEISS])
    found = agreed(SHROUT_FLEISS)

    assert turned.concordance == found.concordance and turned.reliability == found.reliability
    assert turned.judges[::-1][0].offset == found.judges[0].offset
    assert turned.judges[::-1][0].correlation == found.judges[0].correlation


# What was dropped


def test_of_equal_marks_none_is_said_to_be_dropped():
    # 80 80 90: one 80 and the 90 go; the other 80 counts, so nobody with 80 lost their voice.
    panel = Panel(judges=3, drop_high=1, drop_low=1)
    high, low = dropped_marks(panel, np.array([[80, 80, 90]]), np.ones((1, 3), dtype=bool))

    assert high.tolist() == [[False, False, True]]
    assert not low.any()


def test_struck_out_seats_are_not_dropped_and_too_few_drop_nothing():
    panel = Panel(judges=4, drop_high=1, drop_low=1)
    marks = np.array([[70, 80, 90, 100], [70, 80, 90, 100]])
    counting = np.array([[True, True, True, False], [True, True, False, False]])
    high, low = dropped_marks(panel, marks, counting)

    assert high.tolist() == [[False, False, True, False], [False] * 4]
    assert low.tolist() == [[True, False, False, False], [False] * 4]


def test_a_panel_that_drops_nothing_drops_nothing():
    marks = np.array([[[70, 1], [80, 2]]])
    high, low = dropped_marks(Panel(judges=2), marks, np.ones((1, 2), dtype=bool))

    assert high.shape == (1, 2, 2) and not high.any() and not low.any()
