"""How far judges agree: figures from textbooks, or worked by hand."""

import dataclasses
import math

import numpy as np
import pytest

from contest.scoring.agreement import (
    Agreement,
    Deviation,
    JudgeAgreement,
    OwnEntrants,
    PanelSheets,
    agreement,
)
from contest.scoring.agreement_findings import findings
from contest.scoring.agreement_measures import (
    Concordance,
    Reliability,
    concordance,
    reliability,
    spearman,
)
from contest.scoring.agreement_sheets import panel_sheets
from contest.scoring.book import ABSENT, MODULE_ABSENT
from contest.scoring.panel import dropped_marks
from contest.scoring.scheme import Panel
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests

POINT = 10_000
# Shrout & Fleiss 1979, table 2: six targets, four judges.
SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def sheets(rows, own=(), dropped=(), regular=None, chances=0):
    """PanelSheets of totals in points; None is a sheet that is not in.

    own: pairs (entrant, judge). dropped: triples ("high" or "low", entrant, judge).
    """
    counted = np.array([[mark is not None for mark in row] for row in rows], dtype=bool)
    totals = np.array([[round((mark or 0) * POINT) for mark in row] for row in rows], dtype=np.int64)
    made = {name: np.zeros(counted.shape, dtype=np.int64) for name in ("high", "low")}
    for name, entrant, judge in dropped:
        made[name][entrant, judge] = 1
    mine = np.zeros(counted.shape, dtype=bool)
    for place in own:
        mine[place] = True
    if regular is None:
        regular = [True] * counted.shape[1]
    return PanelSheets(
        totals, counted, mine, POINT, chances=np.full(counted.shape, chances), **made,
        regular=np.array(regular, dtype=bool),
    )


def agreed(rows, **more):
    return agreement(sheets(rows, **more))


def said(rows, **more):
    """The findings as sentences; the judge is shown as a letter."""
    return [
        each.sentence % {
            **{k: f"{v:.2f}" if isinstance(v, float) else v for k, v in each.params.items()},
            "judge": "ABCDEFG"[each.judge] if each.judge is not None else "",
        }
        for each in findings(agreed(rows, **more))
    ]


def floats_of(thing):
    """Every float in a dataclass, however deep."""
    if isinstance(thing, float):
        yield thing
    elif isinstance(thing, tuple):
        for each in thing:
            yield from floats_of(each)
    elif dataclasses.is_dataclass(thing):
        yield from floats_of(tuple(vars(thing).values()))


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


# From seats to judges


def from_seats(marks, holders, own=None, aspects=None, absent=(), **panel):
    """PanelSheets of marks by entrant and seat: text for A1, a dict of marks, or None."""
    module = contests.sheet_module(aspects=aspects, judges=len(marks[0]), **panel)
    document = contests.plan_of([module])
    entrants = [
        contests.entrant(
            sheets={"drill": [
                {"values": {} if mark is None else mark if isinstance(mark, dict) else {"A1": mark},
                 "submitted": mark is not None, "excused": False}
                for mark in row
            ]},
            state=ABSENT if number in absent else 0,
            module_state={"drill": MODULE_ABSENT} if -number in absent else {},
        )
        for number, row in enumerate(marks)
    ]
    plan, book = plan_from(document), contests.book_of(document, entrants)
    holders = np.array(holders)
    own = np.zeros((len(marks), holders.max() + 1), dtype=bool) if own is None else np.array(own)
    return panel_sheets(plan, plan.module("drill"), book, holders, own)


def test_a_reserve_in_a_seat_is_a_judge_of_their_own():
    made = from_seats(
        [["80", "70"], ["60", "50"], ["40", None]], [[0, 1], [0, 1], [0, 2]]
    )

    points = made.totals / made.per_point
    assert points.tolist() == [[80, 70, 0], [60, 50, 0], [40, 0, 0]]
    assert made.counted.tolist() == [[True, True, False], [True, True, False], [True, False, False]]
    assert made.regular.tolist() == [True, True, False]


def test_a_sheet_that_nobody_holds_is_left_out():
    made = from_seats([["80", "70"], ["60", "50"]], [[0, -1], [0, -1]])

    assert made.counted.tolist() == [[True], [True]]
    assert made.regular.tolist() == [True]


def test_who_was_absent_or_has_withdrawn_is_left_out():
    made = from_seats([["80", "70"]] * 4, [[0, 1]] * 4, absent=(1, -2))

    assert made.counted[:, 0].tolist() == [True, False, False, True]


def test_drops_are_counted_where_the_panel_is_complete():
    marks = [["80", "70", "60"], ["80", "70", None], ["50", "90", "90"]]
    made = from_seats(marks, [[0, 1, 2]] * 3, drop_high=1, drop_low=1)

    # The third: 50 is the lowest; of the two 90 one counts.
    assert made.high.tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert made.low.tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert made.chances.tolist() == [[1, 1, 1], [0, 0, 0], [1, 1, 1]]


def test_a_panel_that_drops_nothing_gives_no_chances():
    assert not from_seats([["80", "70"]], [[0, 1]]).chances.any()


def test_a_panel_by_aspects_drops_each_aspect_by_itself():
    aspects = [contests.points_aspect("A1", "50"), contests.points_aspect("A2", "50")]
    marks = [[{"A1": "40", "A2": "10"}, {"A1": "30", "A2": "20"}, {"A1": "20", "A2": "30"}]]
    made = from_seats(marks, [[0, 1, 2]], aspects=aspects, level="aspect", drop_high=1)

    assert made.high.tolist() == [[1, 0, 1]]
    assert made.chances.tolist() == [[2, 2, 2]]


# What is said


def spread_out(*judges):
    """Rows of seven entrants from one column for each judge."""
    return [list(row) for row in zip(*judges, strict=True)]


EVEN = [50, 55, 60, 65, 70, 75, 80]
NEAR = [51, 54, 61, 64, 71, 74, 81]


def test_a_panel_that_agrees_is_left_in_peace():
    assert said(spread_out(EVEN, NEAR, EVEN)) == []


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
    told = said(spread_out(up, EVEN, EVEN, EVEN, down))

    assert [each[:26] for each in told] == ["A marks 18.75 points above", "E marks 18.75 points below"]


def test_a_small_offset_is_not_worth_a_warning():
    assert said(spread_out(EVEN, NEAR, [mark - 2 for mark in EVEN])) == []


def test_a_large_offset_that_may_be_chance_is_not_worth_a_warning():
    # C is 90 above one entrant and at the others' marks elsewhere: mean 12.9, its error 12.9.
    rows = spread_out(EVEN, EVEN, [140, *EVEN[1:]])

    assert not any("on average" in each for each in said(rows))


def test_a_wide_and_a_narrow_judge_are_named():
    wide = said(spread_out(EVEN, EVEN, [2 * mark - 65 for mark in EVEN]))
    narrow = said(spread_out(EVEN, EVEN, [mark / 2 + 32.5 for mark in EVEN]))

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


def test_a_judge_who_is_dropped_half_the_time_is_named():
    rows = spread_out(EVEN, EVEN, EVEN)
    high = [("high", entrant, 0) for entrant in range(4)]
    low = [("low", entrant, 2) for entrant in range(4)]

    assert said(rows, dropped=high + low, chances=1) == [
        "A: 4 of 7 marks were the highest and left out.",
        "C: 4 of 7 marks were the lowest and left out.",
    ]
    assert said(rows, dropped=high[:3] + low[:3], chances=1) == []
    assert said(rows[:5], dropped=high, chances=1) == []


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


# The limits themselves


QUIET = {
    "offset": 0.0, "error": 1.0, "spread_ratio": 1.0, "correlation": 0.9, "high": 0, "low": 0,
    "chances": 0, "is_constant": False,
}


def one_judge(number=0, sheets=6, own=(0, 0, 0, None, None), **figures):
    """A judge about whom there is nothing to say, but for the figures given."""
    found = tuple(Deviation(entrant, 0.0, False) for entrant in range(sheets))
    return JudgeAgreement(
        judge=number, sheets=sheets, deviations=found, largest=None, own=OwnEntrants(*own),
        **(QUIET | figures),
    )


def told_of(*others, judges=3, between=10.0, w=None, icc=None, **figures):
    """(judge, first words without the name) of each finding about judge 0 with these figures."""
    quiet = [one_judge(number) for number in range(len(others) + 1, judges)]
    rest = [one_judge(number, **each) for number, each in enumerate(others, start=1)]
    found = Agreement(
        6, between,
        None if w is None else Concordance(w, 0.0, 5, 6, judges),
        None if icc is None else Reliability(0.9, icc, 6, judges),
        (one_judge(**figures), *rest, *quiet),
    )
    return [(each.judge, each.params) for each in findings(found)]


@pytest.mark.parametrize(
    ("inside", "outside", "params"),
    [
        # Half of 10 points, and more than twice the error.
        pytest.param({"offset": 4.99}, {"offset": 5.0}, {"points": 5.0}, id="offset of 5"),
        pytest.param({"offset": -4.99}, {"offset": -5.0}, {"points": 5.0}, id="offset of −5"),
        pytest.param(
            {"offset": 6.0, "error": 3.0}, {"offset": 6.0, "error": 2.99}, {"points": 6.0},
            id="offset and its error",
        ),
        pytest.param(
            {"offset": 6.0, "sheets": 5}, {"offset": 6.0, "sheets": 6}, {"points": 6.0},
            id="six sheets",
        ),
        pytest.param(
            {"offset": 6.0, "between": 12.01}, {"offset": 6.0, "between": 12.0}, {"points": 6.0},
            id="offset beside what is between the entrants",
        ),
        pytest.param({"spread_ratio": 1.5}, {"spread_ratio": 1.51}, {"ratio": 1.51}, id="wide"),
        pytest.param({"spread_ratio": 1 / 1.5}, {"spread_ratio": 0.66}, {"ratio": 0.66}, id="narrow"),
        pytest.param(
            {"correlation": 0.3}, {"correlation": 0.29}, {"correlation": 0.29}, id="correlation"
        ),
        pytest.param(
            {"high": 3, "chances": 7}, {"high": 4, "chances": 7}, {"times": 4, "count": 7},
            id="more than half are the highest",
        ),
        pytest.param(
            {"high": 3, "chances": 5}, {"high": 3, "chances": 6}, {"times": 3, "count": 6},
            id="just half of six are the highest",
        ),
        pytest.param(
            {"low": 3, "chances": 5}, {"low": 3, "chances": 6}, {"times": 3, "count": 6},
            id="just half of six are the lowest",
        ),
    ],
)
def test_a_warning_comes_from_its_limit_on(inside, outside, params):
    assert told_of(**inside) == []
    assert told_of(**outside) == [(0, params)]


@pytest.mark.parametrize(
    ("inside", "outside", "params"),
    [
        pytest.param({"w": 0.5}, {"w": 0.49}, {"w": 0.49, "limit": 0.5}, id="Kendall's W"),
        pytest.param({"icc": 0.5}, {"icc": 0.49}, {"icc": 0.49, "limit": 0.5}, id="ICC"),
        pytest.param({"icc": 0.5}, {"icc": -0.1}, {"icc": -0.1, "limit": 0.5}, id="negative ICC"),
    ],
)
def test_a_warning_about_the_panel_comes_from_its_limit_on(inside, outside, params):
    assert told_of(**inside) == []
    assert told_of(**outside) == [(None, params)]


@pytest.mark.parametrize("sheets", [5, 6])
def test_two_judges_are_compared_from_six_sheets_on(sheets):
    told = told_of({"offset": -6.0, "sheets": sheets}, judges=2, offset=6.0, sheets=sheets)

    assert told == ([(None, {"points": 6.0})] if sheets == 6 else [])


def test_an_offset_is_a_shadow_of_one_that_is_half_as_large_again_the_other_way():
    def judges_told(mine, theirs, **more):
        other = {"offset": theirs, "error": 0.1}
        return {judge for judge, _ in told_of(other, offset=mine, error=0.1, **more)}

    assert judges_told(6.0, -9.0) == {1}
    assert judges_told(6.0, -8.99) == {0, 1}
    assert judges_told(6.0, 9.0) == {0, 1}
    assert judges_told(-6.0, 9.0) == {1}
    assert judges_told(0.5, 0.9, between=0.1) == {0, 1}


def test_an_unknown_offset_casts_no_shadow():
    told = told_of({"offset": None, "sheets": 0}, judges=4, offset=6.0)

    assert [judge for judge, _ in told] == [0]


@pytest.mark.parametrize(("correlation", "sheets", "inverted"), [
    (-0.3, 6, True), (-0.29, 6, False), (-0.3, 5, False), (None, 6, False),
])
def test_contrary_begins_at_its_limit(correlation, sheets, inverted):
    assert one_judge(correlation=correlation, sheets=sheets).is_inverted is inverted


@pytest.mark.parametrize(("leniency", "error", "count"), [
    (2.0, 1.0, 1), (2.01, 1.0, 2), (-3.0, 1.0, 1), (3.0, None, 1), (0.5, 0.0, 2), (0.0, 0.0, 1),
])
def test_leniency_is_told_beyond_twice_its_error(leniency, error, count):
    assert len(told_of(own=(2, 2, 4, leniency, error))) == count


@pytest.mark.parametrize(("value", "name"), [
    (0.49, "poor"), (0.5, "moderate"), (0.74, "moderate"), (0.75, "good"), (0.9, "excellent"),
])
def test_the_bands_of_the_icc(value, name):
    assert Reliability(value, value, 6, 3).mean_band == name


@pytest.mark.parametrize(("value", "name"), [
    (0.49, "weak"), (0.5, "moderate"), (0.69, "moderate"), (0.7, "strong"),
])
def test_the_bands_of_w(value, name):
    assert Concordance(value, 0.0, 5, 6, 3).band == name


@pytest.mark.parametrize(("count", "is_constant"), [(2, False), (3, True)])
def test_constant_is_told_of_three_sheets(count, is_constant):
    assert agreed([[80, mark] for mark in range(count)]).judges[0].is_constant is is_constant
