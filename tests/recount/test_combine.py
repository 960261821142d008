"""Sections 3 and 4: module, part, stage; and rounding."""

from decimal import Decimal
from fractions import Fraction

import pytest

from contest.recount.amounts import rounded, written
from tests.recount.sheets import answer, column, judged, mark, module, of, plan, points, scores

FINAL = {"key": "final", "name": "Final"}


def part(key, stage="final", **fields):
    return {"key": key, "name": key, "stage": stage, **fields}


def total(document, rows, code="a", **more):
    return of(answer(document, rows, **more), code)["total"]


def test_weights_add_each_child_over_its_top_times_its_weight():
    """Part p: 40/50 x 30 + 60/100 x 70 = 66; q: 90. Stage: 66 x 0.4 + 90 x 0.6 = 80.4."""
    document = plan(
        module("m", part="p", max=50, weight=30),
        module("n", part="p", weight=70),
        module("o", part="q", weight=100),
        parts=[part("p", weight=40), part("q", weight=60)],
        stages=[FINAL],
    )
    rows = scores(m={"a": 40}, n={"a": 60}, o={"a": 90})

    assert of(answer(document, rows), "a")["parts"]["p"]["mark"] == "66.0000"
    assert total(document, rows) == "80.4000"


def test_the_top_of_points_is_the_sum_of_the_tops():
    """p adds up to (40 + 60) of (50 + 150): half. Stage of weights: 50 x 100 / 100."""
    document = plan(
        module("m", part="p", max=50),
        module("n", part="p", max=150),
        parts=[part("p", weight=100, combine="points")],
        stages=[FINAL],
    )

    assert total(document, scores(m={"a": 40}, n={"a": 60})) == "50.0000"


def test_parts_may_lie_within_parts():
    """inner: 80/100 x 100 = 80; outer: 80/100 x 25 + 60/100 x 75 = 65."""
    document = plan(
        module("m", part="inner", weight=100),
        module("n", part="outer", weight=75),
        parts=[part("outer", weight=100), {"key": "inner", "name": "i", "within": "outer", "weight": 25}],
        stages=[FINAL],
    )

    assert total(document, scores(m={"a": 80}, n={"a": 60})) == "65.0000"


def test_best_adds_the_highest_of_those_finished_and_waits_for_all():
    """Two best of 30 50 40: 90 of a top of 200: 45 of 100. With the 50 missing: 70, and not done."""
    document = plan(
        module("m", part="p"),
        module("n", part="p"),
        module("o", part="p"),
        parts=[part("p", combine="best", best=2, weight=100)],
        stages=[FINAL],
    )

    result = answer(document, scores(m={"a": 30, "b": 30}, n={"a": 50}, o={"a": 40, "b": 40}))

    assert of(result, "a")["parts"]["p"] == {"mark": "90.0000", "done": True}
    assert of(result, "b")["parts"]["p"] == {"mark": "70.0000", "done": False}
    assert of(result, "a")["total"] == "45.0000"


def test_what_is_not_finished_adds_nothing_yet():
    document = plan(module("m"), module("n"))

    row = of(answer(document, scores(m={"a": 30, "b": 1}, n={"b": 2})), "a")

    assert (row["total"], row["complete"], row["finished"]) == ("30.0000", False, 1)
    assert row["modules"]["n"] == {"mark": None, "done": False, "state": "", "raw": None, "odd": False}


@pytest.mark.parametrize("state", ["absent", "void"])
def test_absent_from_a_module_counts_nothing_and_is_done(state):
    rows = scores(m={"a": 30}) + [{"entrant": "a", "item": "n", "status": state}]

    row = of(answer(plan(module("m"), module("n", lowest=0)), rows), "a")

    assert (row["total"], row["complete"], row["modules"]["n"]["state"]) == ("30.0000", True, state)
    assert row["modules"]["n"]["mark"] == "0.0000"


def two_stages(**final):
    return plan(
        module("m", part="p"),
        module("n", part="q"),
        parts=[part("p", "first", weight=100), part("q", weight=100)],
        stages=[{"key": "first", "name": "1"}, FINAL | final],
    )


def test_a_stage_carries_a_percentage_of_the_one_before():
    """60 x 70 % + 80 x 30 % = 66."""
    assert total(two_stages(carry_percent=30), scores(m={"a": 80}, n={"a": 60})) == "66.0000"


def test_a_stage_of_points_adds_a_percentage_of_the_one_before():
    """60 + 80 x 30 % = 84."""
    assert (
        total(two_stages(carry_percent=30, combine="points"), scores(m={"a": 80}, n={"a": 60})) == "84.0000"
    )


def test_base_is_added_at_the_end():
    """66 as above, + 10."""
    assert total(two_stages(carry_percent=30, base=10), scores(m={"a": 80}, n={"a": 60})) == "76.0000"


def test_a_team_part_counts_in_nobodys_own_result():
    document = plan(
        module("m", part="p"),
        module("t", part="show"),
        parts=[part("p", combine="points"), part("show", to="team", weight=50, combine="points")],
    )

    row = of(answer(document, scores(m={"a": 80}, t={"a": 60})), "a")

    assert (row["total"], row["finished"], row["complete"]) == ("80.0000", 1, True)
    assert row["modules"]["t"]["mark"] == "60.0000"


@pytest.mark.parametrize(
    "penalties, expected",
    [
        pytest.param({}, "75.0000", id="95 capped at 80, 5 off"),
        pytest.param({"order": "penalty_first"}, "80.0000", id="95 - 5 = 90, capped at 80"),
        pytest.param({"percent": True}, "76.0000", id="80 - 5 % of 80"),
        pytest.param({"percent": True, "order": "penalty_first"}, "80.0000", id="95 - 4.75, capped at 80"),
    ],
)
def test_cap_and_penalty_of_a_module_a_part_or_a_stage(penalties, expected):
    def penalised(key):
        return scores(m={"a": 95}) + [
            {"entrant": "a", "item": f"{key}.penalty", "value": v} for v in ("2", "3")
        ]

    cases = {
        "m": plan(module("m", cap=80), penalties=penalties),
        "all": plan(module("m"), parts=[part("all", combine="points", cap=80)], penalties=penalties),
        "final": plan(module("m"), stages=[FINAL | {"combine": "points", "cap": 80}], penalties=penalties),
    }
    for key, document in cases.items():
        assert total(document, penalised(key)) == expected


def test_lowest_comes_after_the_penalty():
    rows = scores(m={"a": 5}) + [{"entrant": "a", "item": "m.penalty", "value": "9"}]

    assert total(plan(module("m")), rows) == "0.0000"
    assert total(plan(module("m", lowest=-2)), rows) == "0.0000"  # -2, but the part's own lowest is 0
    assert mark(answer(plan(module("m", lowest=-2)), rows), "a") == "-2"


def test_base_is_added_before_the_cap_of_the_stage():
    document = plan(module("m"), stages=[FINAL | {"combine": "points", "base": 30, "cap": 100}])

    assert total(document, scores(m={"a": 80})) == "100.0000"


@pytest.mark.parametrize(
    "value, places, mode, expected",
    [
        ("1.005", 2, "half_up", "1.01"),
        ("-1.005", 2, "half_up", "-1.01"),
        ("1.0049999", 2, "half_up", "1.00"),
        ("1.005", 2, "half_even", "1.00"),
        ("1.015", 2, "half_even", "1.02"),
        ("1.0151", 2, "half_even", "1.02"),
        ("-1.015", 2, "half_even", "-1.02"),
        ("1.009", 2, "down", "1.00"),
        ("-1.009", 2, "down", "-1.00"),
        ("0.5", 0, "half_up", "1"),
        ("0.5", 0, "half_even", "0"),
        ("-0.5", 0, "half_up", "-1"),
    ],
)
def test_rounding(value, places, mode, expected):
    assert written(rounded(Fraction(value), places, mode), places) == expected


def judgements(**rounding):
    """Two modules of one judgement 1 of 10 each: 10/3 and 10/3."""
    aspect = {"key": "A1", "name": "x", "kind": "judgement", "max": 10}
    document = plan(module("m", aspect), module("n", aspect), rounding=rounding)
    rows = judged("m", a=(1,)) + judged("n", a=(1,))
    return of(answer(document, rows), "a")


def test_every_step_rounds_by_default_half_up_to_two_places():
    """3.33 + 3.33 = 6.66."""
    assert (judgements()["total"], judgements()["exact"]) == ("6.66", "333/50")


def test_unrounded_steps_carry_the_fraction_and_print_it_rounded():
    """20/3 is printed 6.67 and kept as 20/3."""
    row = judgements(steps=[])

    assert (row["total"], row["exact"], row["modules"]["m"]["mark"]) == ("6.67", "20/3", "3.33")


def test_a_step_may_have_its_own_places_and_mode():
    """Modules cut to one place: 3.3 + 3.3; printed with the places of the plan."""
    row = judgements(steps=["module"], own=[{"step": "module", "places": 1, "mode": "down"}])

    assert (row["modules"]["m"]["mark"], row["total"]) == ("3.30", "6.60")


def test_what_is_printed_is_rounded_by_its_step_even_where_nothing_is_carried():
    row = judgements(steps=[], own=[{"step": "stage", "places": 1, "mode": "half_up"}])

    assert (row["total"], row["exact"]) == ("6.70", "20/3")


def test_the_part_is_rounded_before_the_stage():
    """Part of 10/3 + 10/3 = 6.667 to 6.7; the stage carries 6.7."""
    assert judgements(steps=["part"], own=[{"step": "part", "places": 1}])["exact"] == "67/10"


def test_pass_marks_look_at_the_rounded_column_unless_exact():
    """59.995 is printed 60.00: passed when compared rounded, missed when exact."""
    for compare, passed in (("rounded", True), ("exact", False)):
        document = plan(module("m", pass_mark=60), rounding={"steps": [], "compare": compare})
        assert column(answer(document, scores(m={"a": Decimal("59.995")})), "passed") == {"a": passed}


def test_pass_marks_of_module_part_and_stage():
    document = plan(
        module("m", pass_mark=50),
        module("n"),
        parts=[part("all", combine="points", pass_mark=110)],
        stages=[FINAL | {"combine": "points", "pass_mark": 120}],
    )
    rows = scores(m={"a": 60, "b": 49, "c": 55, "d": 55}, n={"a": 60, "b": 90, "c": 54, "d": 64})

    # a 120 reaches all; b misses the module; c 109 the part; d 119 the stage
    assert column(answer(document, rows), "passed") == {"a": True, "b": False, "c": False, "d": False}


def test_marks_of_a_sum_make_the_top():
    """Three judges of 10: 27 of a top of 30 is 90 of 100."""
    document = plan(
        module("m", points(top=10), panel={"judges": 3, "method": "sum"}, weight=100),
        parts=[part("all")],
        stages=[FINAL],
    )

    assert of(answer(document, judged("m", a=(9, 9, 9))), "a")["parts"]["all"]["mark"] == "90.0000"


def test_lowest_of_a_part_and_of_a_stage():
    """Module 3; the part is at least 5; the stage, 2 off, at least 4."""
    document = plan(
        module("m"),
        parts=[part("all", combine="points", lowest=5)],
        stages=[FINAL | {"combine": "points", "lowest": 4}],
    )
    rows = scores(m={"a": 3}) + [{"entrant": "a", "item": "final.penalty", "value": "2"}]

    assert (of(answer(document, rows), "a")["parts"]["all"]["mark"], total(document, rows)) == (
        "5.0000",
        "4.0000",
    )


def test_difficulty_highest_is_in_the_top():
    """A score of 60 x 1.5 = 90 of a top of 100 x 2: 45 of 100."""
    document = plan(
        module("m", difficulty={"lowest": 1, "highest": 2}), parts=[part("all", weight=100)], stages=[FINAL]
    )
    rows = scores(m={"a": 60}) + [{"entrant": "a", "item": "m.difficulty", "value": "1.5"}]

    assert total(document, rows) == "45.0000"


def test_a_stage_of_weights_has_a_top_of_100_whatever_its_parts_add_up_to():
    """p: 30 of 40 points with weight 60 is 45; q: 20 of 50 with weight 40 is 16."""
    document = plan(
        module("m", part="p", max=40),
        module("n", part="q", max=50),
        parts=[part("p", weight=60, combine="points"), part("q", weight=40, combine="points")],
        stages=[FINAL],
    )

    assert total(document, scores(m={"a": 30}, n={"a": 20})) == "61.0000"


@pytest.mark.parametrize(
    "score, penalty, expected",
    [
        pytest.param(80, 25, "60.0000", id="a quarter off"),
        pytest.param(80, 150, "0.0000", id="at most all of it"),
        pytest.param(-40, 50, "-40.0000", id="nothing off what is below 0"),
    ],
)
def test_a_penalty_in_percent_comes_off_what_is_above_zero(score, penalty, expected):
    document = plan(module("m", lowest=-50), penalties={"percent": True}, parts=[part("all", lowest=-50)])
    document["parts"][0]["combine"] = "points"
    rows = scores(m={"a": score}) + [{"entrant": "a", "item": "m.penalty", "value": str(penalty)}]

    assert of(answer(document, rows), "a")["modules"]["m"]["mark"] == expected


@pytest.mark.parametrize("state", ["absent", "void"])
def test_absent_and_cancelled_count_exactly_nothing(state):
    document = plan(module("m", lowest=10), module("n"))
    rows = scores(n={"a": 50}) + [
        {"entrant": "a", "item": "m", "status": state},
        {"entrant": "a", "item": "m.penalty", "value": "7"},
    ]

    result = of(answer(document, rows), "a")

    assert (result["modules"]["m"]["mark"], result["total"]) == ("0.0000", "50.0000")


@pytest.mark.parametrize("key, total_after", [("m", "80.0000"), ("final", "80.0000")])
def test_a_penalty_named_like_a_part_comes_off_the_module_or_the_stage(key, total_after):
    """Once, not twice: 100 - 20."""
    document = plan(
        module("m", part=key), stages=[FINAL | {"combine": "points"}], parts=[part(key, combine="points")]
    )
    rows = scores(m={"a": 100}) + [{"entrant": "a", "item": f"{key}.penalty", "value": "20"}]

    result = of(answer(document, rows), "a")

    assert (result["total"], result["parts"][key]["mark"]) == (
        total_after,
        "80.0000" if key == "m" else "100.0000",
    )


def test_cap_and_penalty_apply_while_a_part_is_not_done():
    document = plan(module("m"), module("n"), parts=[part("all", combine="points", cap=50)])
    rows = scores(m={"a": 90}) + [{"entrant": "a", "item": "all.penalty", "value": "5"}]

    assert of(answer(document, rows), "a")["parts"]["all"] == {"mark": "45.0000", "done": False}
