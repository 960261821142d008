"""Prizes and titles: counts, ratios, ties on the line, who may not take one."""

import numpy as np
import pytest

from contest.scoring.medals import awards
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests


def award(key="first", rule="count", to="entrant", **more):
    return {"key": key, "name": f"奖 {key}", "to": to, "rule": rule, **more}


def given_to(rules, marks, may_take=None, rows=None, **more):
    """{award: indexes of the winners}, and the quotas by award."""
    document = contests.scores_only(awards=rules, **more)
    plan = plan_from(document)
    rows = rows or [contests.entrant({"paper": mark}) for mark in marks]
    lines, quotas = awards(plan, score(plan, contests.book_of(document, rows)), may_take)
    found = {rule["key"]: [] for rule in rules}
    for line in lines:
        assert line.reason % line.params
        found[line.award].append(line.index)
    return found, {quota.award: quota for quota in quotas}


PRIZES = [award("first", count=1), award("second", count=2), award("third", count=3)]


def test_prizes_by_count_follow_each_other():
    found, _ = given_to(PRIZES, ["50", "90", "80", "70", "60", "40", "30"])

    assert found == {"first": [1], "second": [2, 3], "third": [4, 0, 5]}


def test_equals_on_the_line_are_all_in():
    # 90; 80 80 80 on the second and last place of the second prize; 50.
    found, quotas = given_to(PRIZES, ["90", "80", "80", "80", "50"])

    assert found == {"first": [0], "second": [1, 2, 3], "third": [4]}
    assert (quotas["second"].count, quotas["second"].given) == (2, 3)


def test_equals_on_the_line_are_all_out_where_the_plan_says_so():
    rules = [PRIZES[0], award("second", count=2, border="out"), PRIZES[2]]

    found, quotas = given_to(rules, ["90", "80", "80", "80", "50"])

    assert found == {"first": [0], "second": [], "third": [1, 2, 3]}
    assert quotas["second"].given == 0


@pytest.mark.parametrize(
    ("rounding", "entrants", "count"),
    [
        # 15 % of 10 is 1.5; of 7 it is 1.05; of 20 it is 3.
        ("half_up", 10, 2),
        ("up", 10, 2),
        ("down", 10, 1),
        ("half_up", 7, 1),
        ("up", 7, 2),
        ("down", 7, 1),
        ("up", 20, 3),
        ("down", 20, 3),
    ],
)
def test_a_ratio_is_rounded_as_the_plan_says(rounding, entrants, count):
    rules = [award(rule="ratio", ratio="15", rounding=rounding)]

    found, quotas = given_to(rules, [str(mark) for mark in range(entrants)])

    assert quotas["first"].count == count == len(found["first"])


def test_each_ratio_is_rounded_by_itself():
    # n = 15: 1.5 -> 2, 3.0 -> 3, 4.5 -> 5
    ratios = [("first", "10"), ("second", "20"), ("third", "30")]
    rules = [award(key, "ratio", ratio=ratio) for key, ratio in ratios]

    found, quotas = given_to(rules, [str(mark) for mark in range(15)])

    assert [len(winners) for winners in found.values()] == [2, 3, 5]
    assert quotas["first"].sum == "10 × 15 ÷ 100 = 1.5 → 2"


@pytest.mark.parametrize(("of", "count"), [("competed", 1), ("registered", 2)])
def test_a_ratio_is_taken_of_those_who_competed_or_of_all(of, count):
    # Of ten, four were absent: 20 % of 6 is 1.2, of 10 it is 2.
    rows = [contests.entrant({"paper": str(n)}, state=1 if n < 4 else 0) for n in range(10)]

    _, quotas = given_to([award(rule="ratio", ratio="20", of=of)], [], rows=rows)

    assert quotas["first"].count == count


def test_places_of_those_who_may_not_pass_down():
    rules = [award("first", count=1), award("second", count=1)]
    may_take = {"first": np.array([False, True, True])}

    found, _ = given_to(rules, ["90", "80", "70"], may_take)

    # The best may take no first prize; the second prize is open to all and goes to the best.
    assert found == {"first": [1], "second": [0]}


def test_the_award_place_leaves_out_those_who_may_not():
    document = contests.scores_only(awards=[award("expert", "top", last=2)])
    plan = plan_from(document)
    rows = [contests.entrant({"paper": mark}) for mark in ("90", "80", "70", "60")]
    may_take = {"expert": np.array([False, True, True, True])}

    lines, _ = awards(plan, score(plan, contests.book_of(document, rows)), may_take)

    assert [(line.index, line.place, line.award_place) for line in lines] == [(1, 2, 1), (2, 3, 2)]
    assert lines[0].reason % lines[0].params == (
        "Place 1 among those who may take it; it goes to places 1 to 2."
    )


def test_an_award_for_one_place_names_it_once():
    document = contests.scores_only(awards=[award("expert", "top", last=1)])
    plan = plan_from(document)
    rows = [contests.entrant({"paper": mark}) for mark in ("90", "80")]

    [line], _ = awards(plan, score(plan, contests.book_of(document, rows)), {})

    assert line.reason % line.params == "Place 1 among those who may take it; it goes to place 1."


def test_titles_go_to_the_top_beside_the_prizes():
    found, _ = given_to([award("first", count=1), award("expert", "top", last=3)], "987654")

    assert found == {"first": [0], "expert": [0, 1, 2]}


@pytest.mark.parametrize(("border", "winners"), [("in", [0, 1, 2]), ("out", [0])])
def test_equals_on_the_last_place_of_a_title(border, winners):
    found, _ = given_to([award("expert", "top", last=2, border=border)], ["9", "8", "8", "7"])

    assert found["expert"] == winners


def test_a_title_can_begin_after_the_first_place():
    found, _ = given_to([award("expert", "top", first=2, last=3)], "9876")

    assert found["expert"] == [1, 2]


def test_a_threshold_is_reached_at_the_mark_itself():
    found, quotas = given_to([award("good", "threshold", least="80")], ["80", "79.99", "81"])

    assert found["good"] == [2, 0]
    assert quotas["good"].count is None


def two_parts(rules, *rows):
    document = contests.theory_and_practical(awards=rules)
    plan = plan_from(document)
    lines, _ = awards(plan, score(plan, contests.book_of(document, list(rows))))
    return [line.index for line in lines]


def test_a_threshold_can_look_at_one_part():
    rows = [
        contests.entrant({"paper": "90", "work": "10"}),
        contests.entrant({"paper": "70", "work": "99"}),
    ]

    assert two_parts([award(rule="threshold", least="85", part="theory")], *rows) == [0]


def test_where_passing_is_asked_a_failed_part_leaves_the_award_out():
    rows = [
        contests.entrant({"paper": "59", "work": "100"}),
        contests.entrant({"paper": "60", "work": "60"}),
    ]

    assert two_parts([award(rule="top", last=2, passed=True)], *rows) == [1]
    assert two_parts([award(rule="count", count=1, passed=True)], *rows) == [1]


@pytest.mark.parametrize(("border", "winners"), [("in", [0, 2, 3]), ("out", [0])])
def test_who_is_equal_on_the_last_place_is_told_among_those_who_passed(border, winners):
    # The second has not passed; the equals behind move up to places 2 and 2.
    rows = [
        contests.entrant({"paper": "90", "work": "100"}),
        contests.entrant({"paper": "59", "work": "100"}),
        contests.entrant({"paper": "60", "work": "60"}),
        contests.entrant({"paper": "60", "work": "60"}),
    ]

    assert two_parts([award(rule="top", last=2, passed=True, border=border)], *rows) == winners


def test_without_a_place_there_is_no_award():
    rows = [contests.entrant({"paper": "99"}, state=3), contests.entrant({"paper": "10"})]

    found, _ = given_to([award(count=5), award("good", "threshold", least="0")], [], rows=rows)

    assert found == {"first": [1], "good": [1]}


def test_each_group_has_its_own_prizes():
    rows = [
        contests.entrant({"paper": mark}, group=group)
        for mark, group in [("90", "职工"), ("80", "职工"), ("70", "学生"), ("60", "学生")]
    ]

    found, _ = given_to([award(count=1)], [], rows=rows, ranking={"by_group": True})

    assert found["first"] == [0, 2]


def test_teams_have_prizes_of_their_own():
    rows = [
        contests.entrant({"paper": mark}, team=team)
        for mark, team in [("90", "a"), ("50", "b"), ("80", "b")]
    ]
    rules = [award("best", count=1), award("team", to="team", count=1)]

    found, _ = given_to(rules, [], rows=rows, teams={"method": "sum"})

    # a: 90, b: 130
    assert found == {"best": [0], "team": [1]}


def test_a_prize_by_vote_is_left_to_the_committee():
    found, quotas = given_to([award("org", "vote", "organisation", count=2)], ["90"])

    assert found == {"org": []}
    assert quotas == {}


def test_nobody_competed_and_nothing_is_given():
    found, quotas = given_to([award(rule="ratio", ratio="10"), award("c", count=3)], [None])

    assert found == {"first": [], "c": []}
    assert quotas["c"].given == 0


def test_a_team_prize_without_any_team_is_given_to_nobody_and_has_its_number():
    rules = [award("team", to="team", count=1), award("first", count=1)]

    found, quotas = given_to(rules, ["90", "80"], teams={"method": "sum"})

    assert found == {"team": [], "first": [0]}
    assert (quotas["team"].base, quotas["team"].count, quotas["team"].given) == (0, 1, 0)


def test_conditions_on_persons_of_whom_nothing_is_known_are_refused():
    rules = [award("women", count=1, only={"gender": "female"})]

    with pytest.raises(ValueError, match="women has conditions on persons, and nothing is known of them"):
        given_to(rules, ["90"])


def test_a_ratio_of_the_teams_counts_only_those_that_have_a_place():
    rows = [
        contests.entrant({"paper": mark}, team=team)
        for mark, team in [("90", "a"), ("80", "b"), ("70", "c"), (None, "d")]
    ]
    rules = [award("team", "ratio", to="team", ratio="34", rounding="down")]

    found, quotas = given_to(rules, [], rows=rows, teams={"method": "sum"})

    assert (quotas["team"].base, quotas["team"].count) == (3, 1)
    assert found == {"team": [0]}
