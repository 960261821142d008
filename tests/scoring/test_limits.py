"""The edge of 64 bits: one plan just inside is exact, one just outside is refused."""

from fractions import Fraction

import pytest

from contest.scoring.limits import LARGEST, largest_quantum, limit_problems, scales_of
from contest.scoring.scheme import PlanError, Rounding, StepRounding
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from contest.scoring.units import text_of
from tests.scoring import contests


def panel_of(judges, top):
    """Exact means over `judges` judges: the numerators reach top x 10,000 x lcm(1 … judges)."""
    aspect = contests.points_aspect(top=top, step="0.0001")
    module = contests.sheet_module(aspects=[aspect], judges=judges)
    return contests.plan_of([module], rounding={"steps": [], "compare": "exact", "places": 4})


def largest_top(judges):
    """The largest whole top mark that a panel of so many judges may have, by trying."""
    low, high = 1, 1_000_000
    while low < high:
        middle = (low + high + 1) // 2
        try:
            plan_from(panel_of(judges, str(middle)))
            low = middle
        except PlanError:
            high = middle - 1
    return low


def test_just_inside_is_exact_and_just_outside_is_refused():
    judges = 29  # lcm(1 … 29) = 2,329,089,562,800
    top = largest_top(judges)
    assert 1 < top < 1_000_000

    document = panel_of(judges, str(top))
    marks = [text_of(top * 10_000 - number) for number in range(judges)]
    rows = [
        contests.entrant(sheets={"drill": [{"A1": str(top)}] * judges}),
        contests.entrant(sheets={"drill": [{"A1": mark} for mark in marks]}),
    ]
    found = score(plan_from(document), contests.book_of(document, rows))

    for index, row in enumerate(rows):
        given = [Fraction(sheet["values"]["A1"]) for sheet in row["sheets"]["drill"]]
        mean = sum(given) / len(given)
        assert found.modules["drill"].exact.value(index) / 10_000 == mean
        assert found.total.exact.value(index) / 10_000 == mean * 100 / top
    assert found.place.tolist() == [1, 2]
    with pytest.raises(PlanError, match="can be counted exactly"):
        plan_from(panel_of(judges, str(top + 1)))


def test_the_largest_numerator_really_comes_close_to_the_limit():
    judges = 29
    top = largest_top(judges)

    scales = scales_of(plan_from(panel_of(judges, str(top))))
    peak = max(scale.peak for scale in scales.parts.values())

    assert LARGEST // 200 < peak <= LARGEST


def test_the_refusal_shows_the_arithmetic():
    with pytest.raises(PlanError) as refused:
        plan_from(panel_of(41, "100"))

    said = str(refused.value.problems[0])
    assert "drill" in said
    assert "100 × " in said
    assert "9223372036854775807" in said
    assert "Round at an earlier step" in said


def test_rounding_at_the_module_makes_a_hard_plan_possible():
    modules = [
        contests.sheet_module("first", weight="33.3333", judges=23),
        contests.sheet_module("second", weight="33.3333", judges=19),
        contests.sheet_module("third", weight="33.3334", judges=17),
    ]
    exact = contests.plan_of(modules, rounding={"steps": []})
    exact["modules"][0]["max"] = exact["modules"][0]["criteria"][0]["aspects"][0]["max"] = "99999.5"
    rounded = {**exact, "rounding": {"steps": ["module"]}}

    with pytest.raises(PlanError, match="can be counted exactly"):
        plan_from(exact)
    assert plan_from(rounded).name


def test_a_steep_formula_is_refused():
    aspect = {
        "key": "A1",
        "name": "用时",
        "kind": "measured",
        "max": "10",
        "highest": "1000000",
        "formula": {"start": "0", "from": "0", "points": "999999.9999", "per": "0.9997"},
    }

    with pytest.raises(PlanError, match=r"drill\.A1"):
        plan_from(contests.plan_of([contests.sheet_module(aspects=[aspect])]))


def test_large_teams_are_part_of_the_sum():
    document = {**panel_of(23, "100000"), "teams": {"method": "mean", "size": 100}}

    with pytest.raises(PlanError) as refused:
        plan_from(document)

    assert {problem.path for problem in refused.value.problems} == {"teams"}


def test_the_marks_without_dropping_are_checked_when_a_tie_needs_them():
    aspect = contests.points_aspect(top="100000", step="0.0001")
    module = contests.sheet_module(aspects=[aspect], judges=41, drop_high=9, drop_low=9)
    document = contests.plan_of([module])

    assert limit_problems(plan_from(document)) == []
    with pytest.raises(PlanError, match="can be counted exactly"):
        plan_from({**document, "ranking": {"ties": [{"by": "untrimmed"}]}})


def test_a_usual_plan_has_room_to_spare():
    module = contests.sheet_module(judges=7, drop_high=1, drop_low=1)
    document = contests.plan_of([module], rounding={"steps": [], "compare": "exact"})

    peak = scales_of(plan_from(document)).stages["final"].peak

    assert Fraction(peak, LARGEST) < Fraction(1, 10**9)


def test_a_power_beyond_all_counting_is_refused():
    aspect = {
        "key": "A1", "name": "幂", "kind": "measured", "max": "1000", "highest": "1000000",
        "power": {"scale": "100000", "from": "0", "exponent": "5"},
    }
    with pytest.raises(PlanError) as refused:
        plan_from(contests.plan_of([contests.sheet_module(aspects=[aspect])]))

    # 100,000 × 1,000,000 ^ 5 points = 10^35; in units 10^39; and room for half a step of 100 units.
    assert str(refused.value.problems[0]) == (
        f"modules[0]: The exact marks of drill.A1 go up to {10**35} points in steps of 1/10000 point: "
        f"{10**35} × 10000 is about {10**39 + 200}, but only up to {2**63 - 1} can be counted exactly. "
        "Round at an earlier step, or use smaller or rounder numbers."
    )


def test_the_coarsest_step_is_that_of_the_fewest_places():
    assert [largest_quantum(Rounding(places=places)) for places in range(5)] == [10_000, 1_000, 100, 10, 1]
    own = (StepRounding("stage", 1), StepRounding("part", 3))
    assert largest_quantum(Rounding(places=4, own=own)) == 1_000
