"""Levels only rise, and dates are read strictly."""

from datetime import date

import pytest

from contest.errors import Invalid
from contest.registry import rules


@pytest.mark.parametrize(
    ("present", "offered", "result"),
    [
        ("", "技术能手", "技术能手"),
        ("工匠", "技术能手", "工匠"),
        ("技术骨干", "工匠", "工匠"),
        ("技术能手", "", "技术能手"),
        ("技术能手", "某称号", "技术能手"),
        ("", "某称号", "某称号"),
        ("", "", ""),
    ],
)
def test_a_new_honour_never_lowers_a_level(present, offered, result):
    assert rules.higher_level(present, offered) == result


def test_a_day_is_year_month_day():
    assert rules.read_day(" 2026-11-23 ") == date(2026, 11, 23)
    with pytest.raises(Invalid):
        rules.read_day("23.11.2026")
