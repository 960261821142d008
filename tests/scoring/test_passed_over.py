"""Who stands before a winner without the award, and why: every reason, and no word where nobody moved up."""

from dataclasses import replace

import numpy as np

from contest.scoring.medals import awards
from contest.scoring.passed_over import passed_over
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests
from tests.scoring.test_medals import PRIZES, award


def told(rules, rows, may_take=None, **more):
    """{award: [(why, what, place)]} of a contest of these rules."""
    document = contests.scores_only(awards=rules, **more)
    plan = plan_from(document)
    book = replace(
        contests.book_of(document, rows), gender=tuple(row.get("gender", "") for row in rows),
        titles=tuple(frozenset(row.get("titles", ())) for row in rows),
    )
    standings = score(plan, book)
    lines, _ = awards(plan, standings, may_take, book)
    found = passed_over(plan, standings, lines, may_take, book)
    return {key: [(one.why, one.what, one.place) for one in some] for key, some in found.items()}


def people(*marks, **of_each):
    """Entrants with these marks; of_each: a field and its value by the entrant's position."""
    return [
        contests.entrant({"paper": mark}, **{name: some[at] for name, some in of_each.items() if at in some})
        for at, mark in enumerate(marks)
    ]


def test_prizes_that_follow_each_other_pass_over_nobody():
    assert told(PRIZES, people("90", "80", "70", "60")) == {"first": [], "second": [], "third": []}


def test_the_fourth_moves_up_because_the_second_holds_the_title():
    expert = award("expert", "top", first=1, last=3, title=True, only={"without_title": "技术能手"})
    rows = people("90", "80", "70", "60", titles={1: ("技术能手",)})

    assert told([expert], rows) == {"expert": [("title", "技术能手", 2)]}


def test_whoever_has_an_award_that_excludes_this_one_is_named_by_it():
    rules = [award("first", count=1), award("star", "top", first=1, last=1, unless=["first"])]

    assert told(rules, people("90", "80")) == {"first": [], "star": [("award", "first", 1)]}


def test_one_person_one_prize_names_the_prize_that_is_held():
    rules = [award("best", "top", first=1, last=1), award("good", "top", first=1, last=1)]

    found = told(rules, people("90", "80"), prizes={"one_each": True})

    assert found == {"best": [], "good": [("award", "best", 1)]}


def test_the_committee_and_conditions_and_passing():
    rules = [
        award("first", count=1), award("woman", "top", first=1, last=1, only={"gender": "female"}),
        award("pass", "top", first=1, last=1, passed=True),
    ]
    rows = people("90", "80", "70", gender={0: "male", 1: "female", 2: "female"})
    may_take = {"first": np.array([False, True, True])}

    found = told(rules, rows, may_take)

    assert found["first"] == [("committee", "", 1)]
    assert found["woman"] == [("conditions", "", 1)]
    assert found["pass"] == []


def test_lists_of_groups_are_told_apart():
    rules = [award("woman", "top", first=1, last=1, only={"gender": "female"})]
    rows = people(
        "90", "80", "70", "60", gender={0: "male", 1: "female", 2: "female", 3: "male"},
        group={0: "a", 1: "a", 2: "b", 3: "b"},
    )

    assert told(rules, rows, ranking={"by_group": True}) == {"woman": [("conditions", "", 1)]}


def test_whoever_did_not_pass_is_named_so_and_teams_are_told_too():
    rules = [award("pass", "top", first=1, last=1, passed=True), award("team", to="team", count=1)]
    rows = people("90", "80", team={0: "a", 1: "b"})
    document = contests.scores_only(awards=rules, teams={"method": "sum"})
    plan, book = plan_from(document), contests.book_of(document, rows)
    standings = replace(score(plan, book), passed=np.array([False, True]))
    may_take = {"team": np.array([False, True])}
    lines, _ = awards(plan, standings, may_take, book)

    found = passed_over(plan, standings, lines, may_take, book)

    assert [(one.why, one.place) for one in found["pass"]] == [("passed", 1)]
    assert [(one.why, one.place) for one in found["team"]] == [("committee", 1)]


def test_without_a_word_of_persons_equals_before_the_line_are_told_nothing_of():
    # Border "out": 80 and 80 share the last place and get nothing; 90 has the only prize.
    assert told([award("first", count=2, border="out")], people("90", "80", "80")) == {"first": []}
    two = [award("a", "top", first=1, last=1), award("b", "top", first=2, last=2)]
    assert told(two, people("90", "80")) == {"a": [], "b": []}


def test_reasons_are_looked_for_one_after_the_other():
    rules = [
        award("first", "top", first=2, last=2),
        award("star", "top", first=1, last=1, unless=["first"], passed=True, only={"group": "a"}),
    ]
    rows = people("90", "80", "70", group={0: "b", 1: "a", 2: "a"})

    found = told(rules, rows, prizes={"one_each": True})

    assert found == {"first": [], "star": [("conditions", "", 1), ("award", "first", 2)]}


def test_an_order_that_puts_a_worse_place_first_is_told_nothing_it_cannot_explain():
    rules = [award("own", "top", first=2, last=2, only={"group": "a"})]
    rows = people("90", "80", group={0: "a", 1: "a"})
    assert told(rules, rows, prizes={"one_each": True}) == {"own": []}


def test_an_award_that_nobody_wins_passes_over_nobody():
    assert told([award("first", count=1)], people(None)) == {"first": []}
