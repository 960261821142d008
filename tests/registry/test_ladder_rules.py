"""A ladder proposes a step by its conditions; people confirm it."""

from dataclasses import replace
from datetime import date

import pytest

from contest.errors import Invalid
from contest.registry.ladder_rules import (
    Record,
    Result,
    full_years,
    proposed_fall,
    proposed_step,
    read_ladder,
    shipped_ladders,
    unmet,
)

TODAY = date(2026, 11, 27)
THREE, EIGHT = (shipped_ladders()[key] for key in ("three_step", "eight_step"))
CITY_FIRST = Record(
    results=(Result("city", 1),), in_trade_since=date(2021, 11, 27), at_level_since=date(2024, 11, 27),
)
LADDER = """
key = "small"
name = "小阶梯"
[[steps]]
key = "one"
name = "一"
allowance = 500
[[steps.ways]]
grade = 3
"""


def key(step):
    return step and step.key


def test_the_shipped_ladders_are_those_of_the_mission():
    assert [step.name for step in THREE.steps] == ["技术骨干", "技术能手", "工匠"]
    assert len(EIGHT.steps) == 8
    allowances = [step.allowance for step in EIGHT.steps]
    assert allowances[:5] == [0, 0, 0, 0, 500] and allowances[-1] == 6000
    assert allowances == sorted(allowances)


def test_the_allowance_follows_the_step():
    assert EIGHT.allowance("technician") == 500
    assert EIGHT.allowance("chief") == 6000
    assert EIGHT.allowance("senior") == EIGHT.allowance("") == EIGHT.allowance("craftsman") == 0


@pytest.mark.parametrize(
    ("since", "today", "years"),
    [
        (date(2023, 11, 27), TODAY, 3),
        (date(2023, 11, 28), TODAY, 2),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
    ],
)
def test_only_full_years_count(since, today, years):
    assert full_years(since, today) == years


@pytest.mark.parametrize(
    ("now", "record", "step"),
    [
        ("", Record(), None),
        ("", Record(results=(Result("county", 6),)), "backbone"),
        ("", Record(results=(Result("county", 7),)), None),
        ("", Record(results=(Result("county", None, "优秀奖"),)), None),
        ("", Record(in_trade_since=date(2023, 11, 27), training_hours=40), "backbone"),
        ("", Record(in_trade_since=date(2023, 11, 28), training_hours=40), None),
        ("", Record(in_trade_since=date(2023, 11, 27), training_hours=39), None),
        # Fifth in the province: straight to the second step.
        ("", Record(results=(Result("province", 5),)), "expert"),
        # Third in the city asks for a year on the step below, which nobody without a step has served.
        ("", Record(results=(Result("city", 3),), at_level_since=date(2020, 1, 1)), "backbone"),
        ("backbone", Record(results=(Result("city", 3),), at_level_since=date(2025, 11, 27)), "expert"),
        ("backbone", Record(results=(Result("city", 3),), at_level_since=date(2025, 11, 28)), None),
        ("expert", CITY_FIRST, "craftsman"),
        ("expert", replace(CITY_FIRST, at_level_since=None), None),
        ("expert", replace(CITY_FIRST, in_trade_since=date(2021, 11, 28)), None),
        ("craftsman", CITY_FIRST, None),
    ],
)
def test_three_steps_propose_the_highest_step_that_is_earned(now, record, step):
    assert key(proposed_step(THREE, now, record, TODAY)) == step


@pytest.mark.parametrize(
    ("now", "record", "step"),
    [
        ("", Record(grade=3), "senior"),
        ("junior", Record(grade=4), "intermediate"),
        ("intermediate", Record(grade=4), None),
        ("senior", Record(results=(Result("province", 9, "优胜奖"),)), "technician"),
        ("senior", Record(results=(Result("province", 9, "优秀组织奖"),)), None),
        ("senior", Record(results=(Result("city", 1, "一等奖"),)), None),
    ],
)
def test_eight_steps_follow_grades_and_prizes(now, record, step):
    assert key(proposed_step(EIGHT, now, record, TODAY)) == step


def test_what_a_way_still_lacks_is_named():
    way = THREE.steps[2].ways[0]

    assert unmet(way, Record(in_trade_since=date(2000, 1, 1)), TODAY) == ["contest", "years_at_level"]
    assert unmet(way, CITY_FIRST, TODAY) == []


@pytest.mark.parametrize(
    ("now", "grounds", "granted", "step"),
    [
        ("craftsman", {"craftsman": True}, ["expert", "craftsman"], None),
        ("craftsman", {}, ["expert", "craftsman"], None),
        ("craftsman", {"craftsman": False}, ["backbone", "expert", "craftsman"], "expert"),
        ("craftsman", {"craftsman": False, "expert": False}, ["backbone", "expert", "craftsman"], "backbone"),
        ("craftsman", {"craftsman": False}, ["craftsman"], ""),
        ("", {}, [], None),
    ],
)
def test_a_revoked_ground_proposes_the_step_that_still_stands(now, grounds, granted, step):
    assert proposed_fall(THREE, now, grounds, granted) == step


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("grade = 3", "grade = 6", "Step 1 of the ladder: the grade must be from 1 to 5."),
        ("grade = 3", "grade = true", "“grade” must be a whole number"),
        ("grade = 3", "years = 3", "nobody knows “years”"),
        ("grade = 3", "", "a way up asks for nothing"),
        ("grade = 3", 'contest = { levels = ["town"] }', "levels must be some of unit"),
        ("grade = 3", 'contest = { levels = ["city"], place = 0 }', "the place must be 1 or more"),
        ("grade = 3", 'contest = { levels = ["city"], prizes = "一等奖" }', "must be a list of names"),
        ("[[steps.ways]]\ngrade = 3", "", "no way up is given"),
        ("allowance = 500", "allowance = 499.5", "“allowance” must be a whole number"),
        ("allowance = 500", "allowance = -1", "“allowance” must be a whole number"),
        ('key = "one"', "", "Step 1 of the ladder: “key” is missing."),
        ('name = "小阶梯"', "", "Step 0 of the ladder: “name” is missing."),
        ('key = "small"', 'key = "small', "The ladder cannot be read"),
    ],
)
def test_a_ladder_with_a_mistake_is_refused_in_one_sentence(old, new, told):
    assert old in LADDER
    with pytest.raises(Invalid, match=told):
        read_ladder(LADDER.replace(old, new))


def test_steps_are_many_and_each_has_its_own_key():
    assert read_ladder(LADDER).allowance("one") == 500
    with pytest.raises(Invalid, match="same key"):
        read_ladder(LADDER + LADDER[LADDER.index("[[steps]]"):])
    with pytest.raises(Invalid, match="at least one step"):
        read_ladder('key = "k"\nname = "n"\n')
