"""Aspects and panels that contradict themselves: each is refused by one sentence at one place."""

import pytest

from contest.scoring.scheme import PlanError
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests
from tests.scoring.test_scheme_checks import change


def problems_of(document):
    with pytest.raises(PlanError) as refused:
        plan_from(document)
    return [str(problem) for problem in refused.value.problems]


def drill(*aspects, **panel):
    return contests.plan_of([contests.sheet_module(aspects=list(aspects) or None, **panel)])


def measured(**more):
    return {
        "key": "A1",
        "name": "用时",
        "kind": "measured",
        "max": "10",
        "highest": "30",
        "places": 1,
        **more,
    }


GRADES = [{"key": "A", "name": "优", "points": "5"}, {"key": "B", "name": "良", "points": "3"}]
GRADE = {"key": "A1", "name": "等级", "kind": "grade", "max": "5", "grades": GRADES}
JUDGEMENT = {
    "key": "A1",
    "name": "美观",
    "kind": "judgement",
    "max": "6",
    "levels": [{"name": str(n)} for n in range(4)],
}
RANK = {"key": "A1", "name": "名次", "kind": "rank", "max": "1"}
RISING = {"start": "0", "from": "0", "points": "1", "per": "1"}
POWER = {"scale": "1", "from": "1", "exponent": "1", "better": "low"}
A1 = "modules[0].criteria[0].aspects[0]"


@pytest.mark.parametrize(
    ("aspect", "says"),
    [
        (
            contests.points_aspect(top="10") | {"apart": "0.7"},
            f"{A1}.apart: The marks of A1 are given in steps of 0.5, so they cannot be held to lie at most "
            "0.7 apart.",
        ),
        (
            contests.points_aspect(top="10") | {"apart": "10.5"},
            f"{A1}.apart: The marks of A1 lie at most 10 apart, so a limit of 10.5 would never be reached.",
        ),
        (
            contests.points_aspect(top="10") | {"apart": "-1"},
            f"{A1}.apart: This must be a number between 0 and 1000000, with at most four decimals.",
        ),
        (
            measured(formula=RISING, lowest="10", apart="0.05"),
            f"{A1}.apart: The marks of A1 are given in steps of 0.1, so they cannot be held to lie at most "
            "0.05 apart.",
        ),
        (
            # From 10 to 30, two of them added up: 40.
            measured(formula=RISING, lowest="10", attempts=2, take="sum", apart="40.1"),
            f"{A1}.apart: The marks of A1 lie at most 40 apart, so a limit of 40.1 would never be reached.",
        ),
        (
            measured(itself=True),
            f"{A1}.max: A1 counts as it is measured, up to 30, so its top mark of 10 is too low.",
        ),
        (
            # Two of three attempts are added up: 60.
            measured(itself=True, max="59", attempts=3, take="sum", drop_worst=1),
            f"{A1}.max: A1 counts as it is measured, up to 60, so its top mark of 59 is too low.",
        ),
        (
            {**GRADE, "grades": GRADES[:1]},
            f"{A1}.grades: A1 needs two grades or more, each with a key of its own.",
        ),
        (
            {**GRADE, "grades": [GRADES[0], GRADES[0]]},
            f"{A1}.grades: A1 needs two grades or more, each with a key of its own.",
        ),
        (
            {**GRADE, "max": "4"},
            f"{A1}.max: The best grade of A1 earns 5 points, so its top mark is that, not 4.",
        ),
        (
            {**contests.points_aspect(), "attempts": 3, "drop_best": 1},
            f"{A1}.drop_best: A1 drops 1 of 3 attempts; only a sum or a mean drops any, "
            "and at least one must be left.",
        ),
        (
            {**contests.points_aspect(), "attempts": 3, "take": "mean", "drop_best": 1, "drop_worst": 2},
            f"{A1}.drop_best: A1 drops 3 of 3 attempts; only a sum or a mean drops any, "
            "and at least one must be left.",
        ),
        (
            measured(formula=RISING, attempts=2, take="mean"),
            f"{A1}.take: The mean of the attempts of A1 can only count itself (itself = true).",
        ),
        (
            measured(power=POWER, attempts=2, better="high"),
            f"{A1}.better: A1 says twice, and differently, whether more is better.",
        ),
    ],
)
def test_an_aspect_that_contradicts_itself(aspect, says):
    assert problems_of(drill(aspect)) == [says]


def test_aspects_on_the_edge_are_good():
    edge = [
        measured(itself=True, max="30"),
        {**GRADE, "key": "A2"},
        {**contests.points_aspect("A3"), "attempts": 3, "take": "mean", "drop_best": 1, "drop_worst": 1},
        {**measured(itself=True, max="30", attempts=2, take="mean"), "key": "A4"},
        {**measured(power=POWER, attempts=2, better="low"), "key": "A5"},
        # A table may give more than the top mark where nothing is clamped.
        {**measured(table=[{"upto": "1", "points": "11"}], clamp=False), "key": "A6"},
    ]
    assert len(plan_from(drill(*edge)).module("drill").aspects) == 6


@pytest.mark.parametrize(
    ("aspect", "panel", "says"),
    [
        (
            None,
            {"judges": 3, "remark": True},
            "modules[0].panel.remark: Only judgements of 0 to 3 are given again; module drill has none.",
        ),
        (
            None,
            {"judges": 3, "drop_high": 1, "drop_from": 4},
            "modules[0].panel.drop_from: Marks of module drill are dropped from 4 judges up, "
            "but there are only 3.",
        ),
        (
            None,
            {"judges": 3, "drop_high": 1, "tolerance": [{"least": "1", "apart": "1"}] * 2},
            "modules[0].panel.tolerance: The tolerance of module drill needs rows whose least falls from "
            "row to row, a mean or a sum, and marks that are dropped.",
        ),
        (
            None,
            {"judges": 3, "tolerance": [{"least": "1", "apart": "1"}]},
            "modules[0].panel.tolerance: The tolerance of module drill needs rows whose least falls from "
            "row to row, a mean or a sum, and marks that are dropped.",
        ),
        (
            None,
            {"judges": 3, "drop_low": 1, "method": "median", "tolerance": [{"least": "1", "apart": "1"}]},
            "modules[0].panel.tolerance: The tolerance of module drill needs rows whose least falls from "
            "row to row, a mean or a sum, and marks that are dropped.",
        ),
        (
            RANK,
            {"judges": 3},
            "modules[0].panel.method: Judges of module drill give ranks, so its method is majority or borda.",
        ),
        (
            None,
            {"judges": 2, "weights": ["1"]},
            "modules[0].panel.weights: Module drill needs one weight for each of its 2 judges, "
            "a mean, and nothing dropped.",
        ),
        (
            None,
            {"judges": 2, "weights": ["1", "2"], "method": "median"},
            "modules[0].panel.weights: Module drill needs one weight for each of its 2 judges, "
            "a mean, and nothing dropped.",
        ),
        (
            None,
            {"judges": 2, "weights": ["1", "2"], "drop_low": 1},
            "modules[0].panel.weights: Module drill needs one weight for each of its 2 judges, "
            "a mean, and nothing dropped.",
        ),
    ],
)
def test_a_panel_that_contradicts_itself(aspect, panel, says):
    document = drill(*([aspect] if aspect else []), **panel)
    assert problems_of(document) == [says]


ORDERS = (
    "modules[0].panel: Module drill goes by the judges' orders: it has one panel, whole sheets, "
    "nothing dropped, no weights and no adjustment."
)


@pytest.mark.parametrize(
    "panel",
    [
        {"level": "aspect"},
        {"drop_high": 1},
        {"drop_low": 1},
        {"weights": ["1", "1", "1"]},
    ],
)
def test_a_panel_by_order_is_plain(panel):
    assert ORDERS in problems_of(drill(method="borda", judges=3, **panel))


def test_a_panel_by_order_gives_nothing_again_and_is_not_adjusted():
    assert problems_of(drill(JUDGEMENT, method="borda", judges=3, remark=True)) == [ORDERS]
    adjusted = change(drill(method="borda", judges=3), "modules.0.adjustment", {"method": "z"})
    assert problems_of(adjusted) == [ORDERS]
    plan_from(drill(method="borda", judges=3))


def test_a_sheet_with_a_rank_has_nothing_else():
    aspects = [RANK, contests.points_aspect("A2")]
    assert problems_of(drill(*aspects, method="majority", judges=3)) == [
        "modules[0].panel: A sheet on which judges of module drill give a rank has no other aspect."
    ]


def test_a_panel_needs_a_criterion_and_a_criterion_a_panel():
    two = [{"key": key, "name": key, "judges": 1} for key in ("line", "force")]
    document = drill()
    del document["modules"][0]["panel"]
    document["modules"][0]["panels"] = two

    assert problems_of(document) == [
        "modules[0].criteria[0].panel: Criterion A must say which of the panels marks it: force, line.",
        "modules[0].panels: Every panel of module drill needs a criterion to mark.",
    ]
    document["modules"][0]["criteria"][0]["panel"] = "line"
    assert problems_of(document) == [
        "modules[0].panels: Every panel of module drill needs a criterion to mark."
    ]


def test_a_panel_of_several_by_order_is_refused_at_its_place():
    document = drill()
    del document["modules"][0]["panel"]
    document["modules"][0]["panels"] = [{"key": "line", "name": "line", "judges": 1, "method": "borda"}]
    document["modules"][0]["criteria"][0]["panel"] = "line"

    assert problems_of(document) == [ORDERS.replace("panel:", "panels[0]:")]
