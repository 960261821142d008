"""The scale of each column of a plan, worked by hand: denominator, largest and least numerator."""

from fractions import Fraction

import pytest

from contest.scoring.earning import earned_range
from contest.scoring.limits import Scale, scales_of, weighted_scale
from contest.scoring.scheme import PlanError
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests

EXACT = {"steps": []}


def judged(module=None, **more):
    """Three judges, 10 points, exactly; `module`: further keys of the module."""
    one = contests.sheet_module(aspects=[contests.points_aspect(top="10")], judges=3)
    more = {"rounding": EXACT, **more}
    return plan_from(contests.plan_of([{**one, **(module or {})}], **more))


def scales(module=None, trimmed=True, **more):
    return scales_of(judged(module, **more), trimmed)


def test_a_mean_of_three_is_counted_in_sixths():
    # One, two or three judges may be left: lcm(1, 2, 3) = 6. 10 points are 100,000 units.
    found = scales()
    own = found.modules["drill"]

    assert own.sheet == Scale(1, 100_000)
    assert own.panel == Scale(6, 600_000)
    assert own.result == Scale(6, 600_000)
    # × 100 percent ÷ 10 points = × 10.
    assert found.parts["practical"] == Scale(6, 6_000_000)
    assert found.stages["final"] == Scale(6, 6_000_000)
    assert found.teams == {}


def test_a_sum_of_those_kept():
    drops = {"judges": 3, "method": "sum", "drop_high": 1}
    assert scales({"panel": drops}).modules["drill"].panel.peak == 2 * 100_000 * scales(
        {"panel": drops}
    ).modules["drill"].panel.denominator
    plain = scales({"panel": drops}, trimmed=False).modules["drill"].panel
    assert plain.peak == 3 * 100_000 * plain.denominator


def test_difficulty_adjustment_and_rounding():
    more = {"difficulty": {"lowest": "1", "highest": "2.5"}, "adjust": "0.5", "lowest": "-1"}
    own = scales(more).modules["drill"]

    # 10 × 2.5 + 0.5 = 25.5; −0.5 at least, and the result not below −1.
    assert own.panel == Scale(60_000, 255_000 * 60_000, -5_000 * 60_000)
    assert own.result == Scale(60_000, 255_000 * 60_000, -10_000 * 60_000)
    assert scales(more, rounding={"steps": ["module"]}).modules["drill"].result == Scale(1, 255_000, -10_000)


def test_a_rounded_top_goes_up_to_the_next_step():
    # 10 × 0.3333 = 3.333 points = 33,330 units; in tenths of a point up to 3.4.
    panel = {"judges": 3, "factor": "0.3333"}
    rounding = {"steps": ["module"], "places": 1}

    assert scales({"panel": panel}, rounding=rounding).modules["drill"].result == Scale(1, 34_000)


def test_penalties_in_percent_need_a_rounding_on_the_way():
    # A percent has four decimals, so each of module, part and stage divides by 1,000,000 more.
    percent = {"penalties": {"percent": True}}
    with pytest.raises(PlanError, match=r"of drill|of practical|of final"):
        judged(**percent)
    found = scales(rounding={"steps": ["module", "part"]}, **percent)
    assert found.modules["drill"].result == Scale(1, 100_000)
    assert found.stages["final"] == Scale(1_000_000, 1_000_000 * 1_000_000)


def test_a_base_and_what_is_carried():
    modules = [contests.score_module("first", "p1"), contests.score_module("second", "p2", top="50")]
    stages = [
        {"key": "pre", "name": "初赛"},
        {"key": "final", "name": "决赛", "carry_percent": "40", "base": "7"},
    ]
    parts = [contests.part("p1", "100", "pre"), contests.part("p2", "100")]
    found = scales_of(plan_from(contests.plan_of(modules, parts, stages, rounding=EXACT)))

    assert found.modules["second"].result == Scale(1, 500_000)
    assert found.parts["p2"] == Scale(1, 1_000_000)
    # 100 × 60 % + 100 × 40 % + 7, in fifths.
    assert found.stages["final"] == Scale(5, 5 * 1_070_000)


def test_orders_are_counted_in_halves():
    panel = {"judges": 3, "method": "borda"}
    assert scales({"panel": panel}).modules["drill"].panel == Scale(2, 200_000)


def test_an_adjusted_mark_may_reach_the_top_of_its_scale():
    assert scales({"adjustment": {"method": "robust"}}).modules["drill"].result == Scale(1, 10_000_000)
    assert scales({"adjustment": {"method": "z"}}).modules["drill"].result == Scale(1, 100_001)


@pytest.mark.parametrize(
    ("teams", "scale"),
    [
        ({"method": "sum", "size": 4}, Scale(6, 4 * 6_000_000)),
        ({"method": "sum"}, Scale(6, 100 * 6_000_000)),
        ({"method": "best", "best": 2, "size": 4}, Scale(6, 2 * 6_000_000)),
        ({"method": "mean", "size": 4}, Scale(24, 4 * 6_000_000)),
        ({"method": "places", "size": 4, "place_points": ["10", "8"]}, Scale(1, 400_000)),
    ],
)
def test_what_a_team_can_reach(teams, scale):
    assert scales(teams=teams).teams["final"] == scale
    assert scales(teams=teams, rounding={"steps": ["team"]}).teams["final"] == Scale(
        1, scale.peak // scale.denominator
    )


def test_columns_are_added_over_one_denominator():
    # 1/6 of up to 10 and 1/4 of −3 to 5, the second halved: twelfths, 24ths.
    terms = [(Scale(6, 10), Fraction(1)), (Scale(4, 5, -3), Fraction(1, 2))]
    assert weighted_scale(terms) == Scale(24, 10 * 4 + 5 * 3, -3 * 3)


def earns(**way):
    """(least, most, largest met) of a measured aspect from 0 to 30 with at most 10 points, in units."""
    aspect = {"key": "A1", "name": "用时", "kind": "measured", "max": "10", "highest": "30", **way}
    made = plan_from(contests.plan_of([contests.sheet_module(aspects=[aspect])])).module("drill").aspect("A1")
    return earned_range(made, made.lowest, made.highest)


RISING = {"start": "2", "from": "10", "points": "1", "per": "2"}


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        # 2 + (value − 10) ÷ 2 over halves of units: from −3 to 12 points; met up to 2 + 20 ÷ 2.
        ({"formula": RISING}, (0, 200_000, 240_000)),
        ({"formula": RISING, "clamp": False}, (-60_000, 240_000, 240_000)),
        # Whole steps of 7: 10 ÷ 7 is 1 back, 20 ÷ 7 is 2 on: 1 to 4 points.
        ({"formula": {**RISING, "per": "7", "whole": True}, "clamp": False}, (0, 40_000, 40_000)),
        ({"formula": {**RISING, "start": "-9", "per": "7", "whole": True}, "clamp": False},
         (-100_000, -70_000, 110_000)),
        ({"table": [{"upto": "3", "points": "10"}], "beyond": "4"}, (0, 100_000, 100_000)),
        ({"table": [{"upto": "3", "points": "12"}], "beyond": "4", "clamp": False}, (0, 120_000, 120_000)),
        # 2 × (30 − 5) = 50 points.
        ({"power": {"scale": "2", "from": "5", "exponent": "1"}}, (0, 100_000, 500_000)),
        ({"power": {"scale": "2", "from": "5", "exponent": "1"}, "clamp": False}, (0, 500_000, 500_000)),
        ({"itself": True, "max": "40"}, (0, 400_000, 0)),
        ({"itself": True, "lowest": "-5", "max": "30"}, (-50_000, 300_000, 0)),
    ],
)
def test_what_a_measured_value_can_earn(way, expected):
    assert earns(**way) == expected


def test_a_sheet_may_earn_less_than_nothing():
    aspect = {
        "key": "A1", "name": "用时", "kind": "measured", "max": "10", "highest": "30", "clamp": False,
        "formula": RISING,
    }
    plan = plan_from(contests.plan_of([contests.sheet_module(aspects=[aspect])], rounding=EXACT))

    # From 2 − 5 = −3 to 2 + 10 = 12 points, in halves of units.
    assert scales_of(plan).modules["drill"].sheet == Scale(2, 240_000, -60_000)
