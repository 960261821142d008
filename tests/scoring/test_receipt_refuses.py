"""A receipt that would lead to other numbers than the standings is refused, not printed."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest

from contest.scoring.receipt import receipt, team_receipt
from contest.scoring.receipt_sums import compared, rounded_to
from contest.scoring.score import score
from tests.scoring import contests
from tests.scoring.ledger_book import scored
from tests.scoring.test_receipt_rules import entrants, marks, said

TWO = "甲 paper - 80\n乙 paper - 70"


def two(document=None, text=TWO, people=None):
    """(plan, book, standings) of 甲 with 80 and 乙 with 70."""
    people = people or entrants("甲 乙")
    return scored(document or contests.scores_only(), marks(text), people)


def test_the_standings_they_start_from_are_printed():
    for index in (0, 1):
        assert said(receipt(*two(), index))


def test_a_place_by_a_key_in_which_they_are_equal():
    text = "甲 paper - 80\n乙 paper - 80\n丙 paper - 90"
    plan, book, standings = two(text=text, people=entrants("甲 乙 丙"))
    other = dataclasses.replace(
        standings, place=np.array([2, 3, 1]), decided_by=("total", "total", ""),
    )

    with pytest.raises(ArithmeticError, match="total does not put entrant 1 behind entrant 0"):
        receipt(plan, book, other, 1)


def test_a_place_by_a_key_that_puts_it_in_front():
    plan, book, standings = two()
    other = dataclasses.replace(standings, place=np.array([2, 1]), decided_by=("total", ""))

    with pytest.raises(ArithmeticError, match="total does not put entrant 0 behind entrant 1"):
        receipt(plan, book, other, 0)


def test_a_place_by_a_key_that_one_of_them_has_not():
    document = contests.scores_only(ranking={"ties": [{"by": "data", "key": "draw"}]})
    people = entrants("甲 乙", draw=["1", ""])
    plan, book, standings = two(document, "甲 paper - 80\n乙 paper - 80", people)
    other = dataclasses.replace(standings, place=np.array([1, 2]), decided_by=("", "data:draw"))

    assert standings.place.tolist() == [1, 1]
    with pytest.raises(ArithmeticError, match="data:draw does not put entrant 1 behind entrant 0"):
        receipt(plan, book, other, 1)


def test_a_tie_key_of_another_value():
    ranking = {"ties": [{"by": "sum", "keys": ["m1"]}]}
    modules = [contests.score_module("m1", "p", "50"), contests.score_module("m2", "p", "50")]
    document = contests.plan_of(modules, ranking=ranking)
    plan, book, standings = two(document, "甲 m1 - 80\n甲 m2 - 70\n乙 m1 - 70\n乙 m2 - 80")
    assert standings.decided_by == ("", "sum:m1")
    assert said(receipt(plan, book, standings, 1))
    keys = tuple(
        dataclasses.replace(key, values=key.values - 10_000) if key.label == "sum:m1" else key
        for key in standings.keys
    )

    with pytest.raises(ArithmeticError, match="sum:m1 of entrant 1: .* on the receipt, .* in the standings"):
        receipt(plan, book, dataclasses.replace(standings, keys=keys), 1)


def test_somebody_below_a_pass_mark_who_is_said_to_have_passed():
    document = contests.scores_only()
    document["modules"][0]["pass_mark"] = "75"
    plan, book, standings = two(document)
    assert standings.passed.tolist() == [True, False]

    with pytest.raises(ArithmeticError, match="entrant 1 missed a pass mark and is said to have passed"):
        receipt(plan, book, dataclasses.replace(standings, passed=np.array([True, True])), 1)


def teams_of(text=TWO, **more):
    document = contests.scores_only(teams={"method": "sum"}, **more)
    return two(document, text, entrants("甲 乙", team=["一", "二"]))


def test_a_team_that_the_total_puts_in_front():
    plan, book, standings = teams_of()
    assert said(team_receipt(plan, book, standings, 1))
    teams = dataclasses.replace(standings.teams, place=np.array([2, 1]), decided_by=("total", ""))

    with pytest.raises(ArithmeticError, match="the total does not put team 0 behind the one above"):
        team_receipt(plan, book, dataclasses.replace(standings, teams=teams), 0)


def test_a_team_that_the_lower_total_puts_in_front():
    plan, book, standings = teams_of(ranking={"order": "low"})
    assert standings.teams.place.tolist() == [2, 1]
    assert said(team_receipt(plan, book, standings, 0))
    teams = dataclasses.replace(standings.teams, place=np.array([1, 2]), decided_by=("", "total"))

    with pytest.raises(ArithmeticError, match="the total does not put team 1 behind the one above"):
        team_receipt(plan, book, dataclasses.replace(standings, teams=teams), 1)


def test_equal_teams_go_by_the_ruling():
    plan, book, _ = teams_of("甲 paper - 80\n乙 paper - 80", ranking={"shared": False})
    book = dataclasses.replace(book, team_ruling=np.array([2, 1]))
    standings = score(plan, book)
    assert standings.teams.place.tolist() == [2, 1]

    lines = said(team_receipt(plan, book, standings, 0))

    assert ("Equal so far with the one above; the chief judge ruled on their order.", "2 > 1") in lines


def test_equal_teams_share_a_place():
    plan, book, standings = teams_of("甲 paper - 80\n乙 paper - 80")

    for index in (0, 1):
        lines = said(team_receipt(plan, book, standings, index))
        assert ("Place 1, shared; ahead: 0; equal: 1.", "80") in lines


def test_a_team_whose_own_part_nobody_has_done_yet():
    parts = [contests.part("theory", "100"), contests.part("relay", "20", to="team")]
    modules = [contests.score_module(), contests.score_module("race", "relay")]
    document = contests.plan_of(modules, parts, teams={"method": "sum"})
    plan, book, standings = two(document, TWO, entrants("甲 乙", team=["一", "二"]))

    lines = said(team_receipt(plan, book, standings, 0))

    assert ("The team's own part has no mark yet.", "") in lines
    assert ("+ the team's own part × its weight.", "80 + 0 × 20 ÷ 100 = 80") in lines


def test_a_sheet_that_lacks_an_aspect_is_not_in():
    aspects = [contests.points_aspect("A1", "10"), contests.points_aspect("A2", "10")]
    document = contests.plan_of([contests.sheet_module(aspects=aspects)])
    plan = contests.plan_from(document)
    book = contests.book_of(document, [contests.entrant(sheets={"drill": [{"A1": "8"}]})])
    standings = score(plan, book)

    lines = said(receipt(plan, book, standings, 0))

    assert not any("8" in sum_ for _, sum_ in lines)


UNTRIMMED = "\n".join(
    f"{code} drill.A1 J{seat} {mark}"
    for code, row in {"甲": "9776", "乙": "8775"}.items() for seat, mark in enumerate(row)
)


def test_nothing_is_marked_in_the_stage_before():
    """Its line without dropped marks leads through every stage, also through one without parts."""
    module = contests.sheet_module(
        aspects=[contests.points_aspect(top="10")], judges=4, drop_high=1, drop_low=1
    )
    document = contests.plan_of(
        [module], stages=[{"key": "pre", "name": "初赛"}, {"key": "final", "name": "决赛"}],
        ranking={"ties": [{"by": "untrimmed"}]},
    )
    plan, book, standings = two(document, UNTRIMMED)

    # 7 ÷ 10 × 100 both; with all marks 29 ÷ 4 = 7.25 and 27 ÷ 4 = 6.75.
    assert sorted(standings.stages) == ["final"]
    assert standings.decided_by == ("", "untrimmed")
    label = "Equal so far with the one above; separated by untrimmed."
    sums = [sum_ for text, sum_ in said(receipt(plan, book, standings, 1)) if text == label]
    assert sums == ["67.5 < 72.5"]


def test_an_exact_comparison_shows_the_exact_result():
    """Of 9, 7, 7, 6 without the highest: 20 ÷ 3; of 8, 7, 5, 8 too; with all 29 and 28 quarters."""
    module = contests.sheet_module(aspects=[contests.points_aspect(top="10")], judges=4, drop_high=1)
    document = contests.plan_of(
        [module], rounding={"compare": "exact", "steps": [], "places": 0},
        ranking={"ties": [{"by": "untrimmed"}]},
    )
    rows = {"甲": "9776", "乙": "8758"}
    text = "\n".join(
        f"{code} drill.A1 J{seat} {mark}" for code, row in rows.items() for seat, mark in enumerate(row)
    )
    plan, book, standings = two(document, text)

    assert standings.decided_by == ("", "untrimmed")
    label = "Equal so far with the one above; separated by untrimmed."
    sums = [sum_ for text, sum_ in said(receipt(plan, book, standings, 1)) if text == label]
    assert sums == ["70 < 72.5"]


def test_a_team_at_a_place_that_nobody_left_free():
    plan, book, standings = teams_of()
    teams = dataclasses.replace(standings.teams, place=np.array([1, 3]))

    with pytest.raises(ArithmeticError, match="team 1 has place 3 with 1 before it"):
        team_receipt(plan, book, dataclasses.replace(standings, teams=teams), 1)


def test_two_numbers_are_written_until_they_differ():
    third = Fraction(1, 3)
    tiny = Fraction(1, 10**10)

    assert compared(third, third + tiny) == "0.00003333333333… < 0.00003333333334…"
    assert compared(third + tiny, third) == "0.00003333333334… > 0.00003333333333…"
    assert compared(Fraction(5_000), Fraction(5_000)) == "0.5 = 0.5"


@pytest.mark.parametrize("mode", ["half_up", "half_even", "down"])
def test_the_smallest_number_below_zero_stays_below_zero(mode):
    assert rounded_to(Fraction(-1), 4, mode) == -1
    assert rounded_to(Fraction(-9, 10), 4, "half_up") == -1
