"""Seats, panels and tops of a module with several panels."""

from fractions import Fraction

import pytest

from contest.scoring.scheme import Panel
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests


@pytest.fixture
def module():
    """Execution: two judges, 10 points; line: three judges, the sum of the middle one, 5 points × 1.5."""
    document = contests.plan_of([contests.sheet_module()])
    one = document["modules"][0]
    del one["panel"]
    one["max"] = "15"
    one["panels"] = [
        {"key": "execution", "name": "执行", "judges": 2},
        {
            "key": "line",
            "name": "线条",
            "judges": 3,
            "method": "sum",
            "drop_high": 1,
            "drop_low": 1,
            "factor": "1.5",
        },
    ]
    one["criteria"] = [
        {"key": "A", "name": "a", "panel": "line", "aspects": [contests.points_aspect("A1", "5", "1")]},
        {
            "key": "B",
            "name": "b",
            "panel": "execution",
            "aspects": [contests.points_aspect("B1", "4", "1"), contests.points_aspect("B2", "6", "1")],
        },
    ]
    one["difficulty"] = {"lowest": "1", "highest": "2.5"}
    return plan_from(document).module("drill")


def test_seats_are_numbered_panel_after_panel(module):
    execution, line = module.all_panels

    assert module.seats == 5
    assert (module.seats_of(execution), module.seats_of(line)) == (range(2), range(2, 5))
    assert [module.panel_at(seat).key for seat in range(5)] == ["execution"] * 2 + ["line"] * 3
    assert module.panel_called("line") is line
    with pytest.raises(KeyError):
        module.seats_of(Panel(judges=1, key="force"))
    with pytest.raises(KeyError):
        module.panel_called("force")


def test_each_seat_has_the_criteria_of_its_panel(module):
    execution, line = module.all_panels

    assert [each.key for each in module.criteria_at(1)] == ["B"]
    assert [each.key for each in module.criteria_at(2)] == ["A"]
    assert (module.aspect_indexes(execution), module.aspect_indexes(line)) == ((1, 2), (0,))
    plain = plan_from(contests.plan_of([contests.sheet_module(judges=2)])).module("drill")
    assert [each.key for each in plain.criteria_at(1)] == ["A"]


def test_the_top_is_that_of_the_panels_times_factor_and_difficulty(module):
    # (10 + 5 × 1 kept × 1.5) × 2.5 = 43.75; with nothing dropped 5 × 3 × 1.5: (10 + 22.5) × 2.5 = 81.25
    assert module.exact_top() == Fraction(437_500)
    assert module.exact_top(trimmed=False) == Fraction(812_500)
    assert module.top == 437_500


def test_a_top_between_two_units_is_rounded_up():
    document = contests.plan_of(
        [contests.sheet_module(aspects=[contests.points_aspect(top="1")], factor="0.3333")]
    )
    document["modules"][0]["difficulty"] = {"lowest": "1", "highest": "1.5"}

    module = plan_from(document).module("drill")

    # 1 × 0.3333 × 1.5 = 0.49995
    assert module.exact_top() == Fraction("4999.5")
    assert module.top == 5_000


def test_a_module_whose_criteria_are_wrong_names_the_criteria_and_not_its_missing_top():
    document = contests.plan_of([contests.sheet_module()])
    del document["modules"][0]["max"]
    assert plan_from(document).module("drill").max == 1_000_000

    document["modules"][0]["criteria"][0]["key"] = "long"
    with pytest.raises(ValueError, match="The key must be one capital letter"):
        plan_from(document)
