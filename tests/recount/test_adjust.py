"""Section 9: adjustment between panels."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from contest.recount.adjust import on_700_scale, rounded_with_root
from tests.recount.sheets import answer, column, lines, mark, module, of, places, plan, scores

ROOMS = [{"code": e, "room": "1" if e in "ab" else "2"} for e in "abcd"]
RAW = {"a": 60, "b": 80, "c": 80, "d": 100}  # mean of all 80; rooms 70 and 90


def adjusted(method, raw=None, least=2, people=ROOMS, rows=None, extra="", **more):
    document = plan(
        module("m", adjustment={"method": method, "least": least}), rounding={"places": 2, **more}
    )
    result = answer(document, (rows or scores(m=raw or RAW)) + lines(extra), people)
    return result, {e: mark(result, e) for e in column(result, "code")}


def refusal(key, room, least=10):
    return (
        f"The marks of {key} cannot be adjusted: the room “{room}” has fewer than {least} finished entrants."
    )


def test_no_adjustment():
    assert adjusted("none")[1] == {"a": "60", "b": "80", "c": "80", "d": "100"}


def test_group_mean():
    """60 x 80/70 = 68.571..., 80 x 80/70 = 91.428..., 80 x 80/90 = 71.11, 100 x 80/90 = 88.89."""
    assert adjusted("group_mean")[1] == {"a": "68.57", "b": "91.43", "c": "71.11", "d": "88.89"}


def test_the_adjusted_mark_is_rounded_by_the_plan_even_where_nothing_else_is():
    assert adjusted("group_mean", steps=[], mode="down")[1]["d"] == "88.88"


def test_a_room_of_zeros_stays():
    """Means: 45 of all, 0 and 90: 80 x 45/90 = 40, 100 x 45/90 = 50."""
    assert adjusted("group_mean", {"a": 0, "b": 0, "c": 80, "d": 100})[1] == {
        "a": "0",
        "b": "0",
        "c": "40",
        "d": "50",
    }


def test_an_adjusted_mark_is_held_within_the_module():
    """90 x 75/60 = 112.5 is held at 100."""
    assert adjusted("group_mean", {"a": 30, "b": 90, "c": 80, "d": 100})[1]["b"] == "100"


def test_z():
    """All: 80, variance (400 + 0 + 0 + 400)/4 = 200; rooms: 70 and 90, variance 100 each.

    a: 80 - 10 x root 2 = 65.857..., b: 80 + 14.142... = 94.142...; c and d the same.
    """
    assert adjusted("z")[1] == {"a": "65.86", "b": "94.14", "c": "65.86", "d": "94.14"}


def test_z_of_a_room_without_spread_is_the_mean_of_all():
    """Room 1: 70 70. All: (70 + 70 + 80 + 100) / 4 = 80."""
    assert adjusted("z", {"a": 70, "b": 70, "c": 80, "d": 100})[1]["a"] == "80"


def test_robust():
    """60 70 90: median 70, distances 10 0 20, MAD 10. 60: 700 - 300/14.826 = 679.77; 90: 700 + 40.47."""
    people = [{"code": e, "room": "1"} for e in "abc"]

    result, marks = adjusted("robust", {"a": 60, "b": 70, "c": 90}, people=people)

    assert marks == {"a": "680", "b": "700", "c": "740"}
    assert of(result, "a")["modules"]["m"]["raw"] == "60.00"


def test_robust_without_spread_is_700_and_far_values_are_held():
    assert on_700_scale(Fraction(5), [Fraction(5)] * 3) == 700
    room = [Fraction(v) for v in (50, 51, 52, 53, 99999)]
    assert (on_700_scale(Fraction(99999), room), on_700_scale(Fraction(-99999), room)) == (1000, 0)


def test_the_top_of_a_robust_module_is_1000():
    """700 of 1000 with weight 100 is 70."""
    document = plan(
        module("m", weight=100, adjustment={"method": "robust", "least": 1}),
        parts=[{"key": "all", "stage": "final", "name": "x"}],
    )

    assert of(answer(document, scores(m={"a": 5})), "a")["parts"]["all"]["mark"] == "70.0000"


def test_a_room_with_too_few_is_refused_for_everybody():
    result, marks = adjusted("group_mean", least=3)

    assert marks == dict.fromkeys("abcd")
    assert (result["problems"], result["final"]) == ([refusal("m", "1", 3), refusal("m", "2", 3)], False)
    assert of(result, "a")["modules"]["m"]["raw"] == "60.00"


def test_ten_is_the_least_unless_said():
    document = plan(module("m", adjustment={"method": "z"}))

    assert answer(document, scores(m=RAW))["problems"] == [refusal("m", "")]


def test_only_finished_entrants_of_state_normal_make_the_means():
    """e is disqualified, f absent from the module, g not finished: the means stay 80, 70 and 90."""
    people = ROOMS + [{"code": e, "room": "1"} for e in "efg"]

    marks = adjusted(
        "group_mean", RAW | {"e": 10}, people=people, extra="e - - - - disqualified\nf m - - - absent"
    )[1]

    assert {e: marks[e] for e in "abcd"} == {"a": "68.57", "b": "91.43", "c": "71.11", "d": "88.89"}
    assert (marks["f"], marks["g"]) == ("0", None)


@pytest.mark.parametrize("mode", ["half_up", "half_even", "down"])
def test_a_root_is_rounded_as_a_very_long_decimal_would_be(mode):
    how = {"half_up": "ROUND_HALF_UP", "half_even": "ROUND_HALF_EVEN", "down": "ROUND_DOWN"}[mode]
    with localcontext(prec=80):
        for n in (n for n in range(1, 200) if n % 13):
            start, times, square = Fraction(n * 7 - 600, 3), Fraction(n * 5 - 480, 11), Fraction(n, 13)
            exact = decimal(start) + decimal(times) * decimal(square).sqrt()
            expected = Fraction(exact.quantize(Decimal("0.01"), rounding=how))
            assert rounded_with_root(start, times, square, 2, mode) == expected


def decimal(fraction):
    return Decimal(fraction.numerator) / fraction.denominator


def test_a_root_that_is_a_fraction_keeps_its_halves():
    """10 + 3 x root(25/36) = 12.5: half up 13, half even 12, down 12; and -12.5 likewise."""
    square = Fraction(25, 36)
    assert [
        rounded_with_root(Fraction(10), Fraction(3), square, 0, m) for m in ("half_up", "half_even", "down")
    ] == [13, 12, 12]
    assert [rounded_with_root(Fraction(-10), Fraction(-3), square, 0, m) for m in ("half_up", "down")] == [
        -13,
        -12,
    ]


def test_a_stage_may_print_its_result_on_the_700_scale():
    """60 70 90 as above; d is not complete and has none; places stay as they are."""
    document = plan(
        module("m"),
        module("n"),
        stages=[{"key": "final", "name": "F", "combine": "points", "scale": "robust"}],
    )
    rows = scores(m={"a": 60, "b": 70, "c": 90, "d": 95}, n={"a": 0, "b": 0, "c": 0})

    result = answer(document, rows)

    assert column(result, "scaled") == {"a": 680, "b": 700, "c": 740, "d": None}
    assert places(result) == {"a": 4, "b": 3, "c": 2, "d": 1}


def test_a_small_room_of_an_earlier_stage_is_said_where_that_stage_decides_who_goes_on():
    parts = [{"key": k, "stage": k, "name": k, "combine": "points"} for k in ("one", "two")]
    for first, problems in (({"advance": 1}, 1), ({}, 0)):
        stages = [
            {"key": "one", "name": "1", "combine": "points"} | first,
            {"key": "two", "name": "2", "combine": "points"},
        ]
        document = plan(
            module("m", part="one", adjustment={"method": "z"}),
            module("n", part="two"),
            parts=parts,
            stages=stages,
        )
        assert len(answer(document, scores(m={"a": 1}, n={"a": 1}))["problems"]) == problems


def test_of_a_room_in_which_nobody_is_normal_the_marks_stay():
    people = ROOMS + [{"code": "e", "room": "9"}]

    marks = adjusted("group_mean", RAW | {"e": "12.345"}, people=people, extra="e - - - - disqualified")[1]

    assert (marks["e"], marks["a"]) == ("12.35", "68.57")


def test_others_in_the_room_are_adjusted_by_the_same_numbers():
    people = ROOMS + [{"code": "e", "room": "1"}]

    marks = adjusted("group_mean", RAW | {"e": 35}, people=people, extra="e - - - - not_finished")[1]

    assert marks["e"] == "40"  # 35 x 80 / 70


@pytest.mark.parametrize(
    "extra, refused",
    [
        pytest.param("", True, id="not finished yet"),
        pytest.param("e m - - - absent", False, id="absent from the module"),
        pytest.param("e m - - - void", False, id="the mark is cancelled"),
        pytest.param("e - - - - withdrawn", False, id="withdrew from the contest"),
    ],
)
def test_a_room_counts_when_somebody_normal_is_in_it(extra, refused):
    """e alone is in room 9."""
    result, _ = adjusted("group_mean", people=ROOMS + [{"code": "e", "room": "9"}], extra=extra)

    assert bool(result["problems"]) is refused


def test_problems_stand_by_the_plans_modules_and_then_by_room():
    """The stage with n comes first, the module m stands first in the plan."""
    keys = ("one", "two")
    document = plan(
        module("m", part="two", adjustment={"method": "z"}),
        module("n", part="one", adjustment={"method": "z", "least": 3}),
        parts=[{"key": k, "stage": k, "name": k, "combine": "points"} for k in keys],
        stages=[
            {"key": "one", "name": "1", "combine": "points"},
            {"key": "two", "name": "2", "combine": "points", "carry_percent": 50},
        ],
    )

    result = answer(document, scores(m=RAW, n=RAW), ROOMS[::-1])

    assert result["problems"] == [
        refusal("m", "1"),
        refusal("m", "2"),
        refusal("n", "1", 3),
        refusal("n", "2", 3),
    ]
