"""What a contest may become, and who may change its plan."""

import pytest

from contest.errors import Conflict, Invalid, NotAllowed
from contest.setup import rules


@pytest.mark.parametrize("slug", ["cement-2026", "a", "x" * 60])
def test_a_short_name_may_be(slug):
    assert rules.check_slug(slug) is None


@pytest.mark.parametrize("slug", ["", "Cement", "水泥", "-a", "a-", "a b", "x" * 61, "a/b", "a\n"])
def test_a_short_name_may_not_be(slug):
    with pytest.raises(Invalid):
        rules.check_slug(slug)


def test_nobody_approves_his_own_proposal():
    assert rules.check_second_person(1, 2) is None
    with pytest.raises(NotAllowed):
        rules.check_second_person(1, 1)
    with pytest.raises(NotAllowed):
        rules.check_second_person(None, None)  # two programs are not two persons


def test_final_results_close_the_plan():
    assert rules.check_plan_is_open("provisional") is None
    with pytest.raises(Conflict):
        rules.check_plan_is_open("final")


def test_amounts_are_plain_decimals():
    assert rules.amount(95_000) == "9.5"
    assert rules.amount(None) is None
