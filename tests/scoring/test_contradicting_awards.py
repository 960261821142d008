"""Ties, teams and awards that contradict the plan: each is refused by one sentence at one place."""

import copy

import pytest

from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests
from tests.scoring.test_contradictions import JUDGEMENT, problems_of
from tests.scoring.test_scheme_checks import change

FOR_ONE = "awards[0]: x goes to a team; parts, passing and conditions are for single entrants."


def award(**more):
    return {"key": "x", "name": "奖", "to": "entrant", "rule": "count", "count": 1, **more}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"ranking.ties": [{"by": "aspect", "module": "oops", "key": "A1"}]},
            "ranking.ties[0]: Ties are to be broken by aspect:oops.A1, which does not exist.",
        ),
        (
            {"ranking.ties": [{"by": "attempt", "module": "oops", "key": "A1"}]},
            "ranking.ties[0]: Ties are to be broken by attempt:oops.A1, which does not exist.",
        ),
        (
            {"ranking.ties": [{"by": "attempt", "module": "drill", "key": "A2"}]},
            "ranking.ties[0]: Ties are to be broken by attempt:drill.A2, which does not exist.",
        ),
        (
            {"ranking.ties": [{"by": "sum", "keys": []}]},
            "ranking.ties[0]: Ties are to be broken by sum, which does not exist.",
        ),
        (
            {"ranking.ties": [{"by": "sum", "keys": ["drill", "oops"]}]},
            "ranking.ties[0]: Ties are to be broken by sum:drill+oops, which does not exist.",
        ),
        (
            {"teams.method": "places"},
            "teams.place_points: Say how many points each place counts for the team.",
        ),
        (
            {"organisations": {"points": [{"award": "gold", "points": "1"}]}},
            "organisations.points[0].award: There is no award gold.",
        ),
        (
            {
                "awards": [award()],
                "organisations": {"points": [{"award": "x", "points": "1"}, {"award": "x", "points": "2"}]},
            },
            "organisations.points[1].award: The key x is used twice.",
        ),
        (
            {
                "awards": [award(to="organisation", rule="vote")],
                "organisations": {"points": [{"award": "x", "points": "1"}]},
            },
            "organisations.points[0].award: There is no award x.",
        ),
        (
            {"awards": [{**award(rule="threshold", least="1", module="oops")}]},
            "awards[0].module: x looks at module oops, which does not exist.",
        ),
        (
            {"awards": [award(rule="threshold", least="1", module="drill", part="practical")]},
            "awards[0]: x looks at a part, at a module, or at any module: one of them.",
        ),
        (
            {"awards": [award(rule="threshold", least="1", module="drill", any=True)]},
            "awards[0]: x looks at a part, at a module, or at any module: one of them.",
        ),
        ({"awards": [award(to="team", passed=True)]}, FOR_ONE),
        ({"awards": [award(to="team", only={"gender": "male"})]}, FOR_ONE),
        ({"awards": [award(to="team", shift={"group": "g", "points": "1"})]}, FOR_ONE),
        ({"awards": [award(to="team", rule="threshold", least="1", part="practical")]}, FOR_ONE),
        ({"awards": [award(to="team", rule="threshold", least="1", module="drill")]}, FOR_ONE),
        ({"awards": [award(to="team", rule="threshold", least="1", any=True)]}, FOR_ONE),
        (
            {"awards": [award(rule="ratio")]},
            "awards[0].ratio: x needs either a ratio in percent or a fraction such as 1/12.",
        ),
        (
            {"awards": [award(rule="ratio", ratio="10", fraction="1/10")]},
            "awards[0].ratio: x needs either a ratio in percent or a fraction such as 1/12.",
        ),
        (
            {"awards": [award(shift={"group": "g", "points": "1"})], "ranking.by_group": True},
            "awards[0].shift: x shifts a group's share, so groups cannot be ranked apart.",
        ),
        (
            {"awards": [award(unless=["y"])]},
            "awards[0].unless: x is not for those with y, but no award before it is called that.",
        ),
        (
            {"awards": [award(unless=["x"])]},
            "awards[0].unless: x is not for those with x, but no award before it is called that.",
        ),
        (
            {"awards": [award(only={"most_age": 35})]},
            "awards[0].only.on: x asks for an age, so it must say on which day.",
        ),
        (
            {"awards": [award(only={"least_age": 35})]},
            "awards[0].only.on: x asks for an age, so it must say on which day.",
        ),
        (
            {"awards": [award(rule="ratio", fraction="3/5"), award(key="y", rule="ratio", ratio="41")]},
            "awards: The prizes by ratio take 101 percent in all, more than there are: y 41 = 41.",
        ),
    ],
)
def test_ties_teams_and_awards_that_contradict_the_plan(changes, says):
    document = with_teams()
    for path, value in changes.items():
        document = change(document, path, value)
    for one in document.get("awards", []):
        if one["rule"] in ("ratio", "threshold"):
            del one["count"]
    assert says in problems_of(document)


def with_teams():
    aspects = [contests.points_aspect("A1"), {**copy.deepcopy(JUDGEMENT), "key": "A2"}]
    return contests.plan_of([contests.sheet_module(aspects=aspects)], teams={"method": "sum"})


def test_ties_teams_and_awards_on_the_edge_are_good():
    ties = [
        {"by": "attempt", "module": "drill", "key": "A1"},
        {"by": "aspect", "module": "drill", "key": "A2"},
        {"by": "sum", "keys": ["drill"]},
    ]
    awards = [
        award(key="a", rule="ratio", fraction="3/5"),
        award(key="b", rule="ratio", ratio="40"),
        # Its ratio is that of all prizes so far, so it is not added to the others.
        award(key="c", rule="ratio", ratio="100", cumulative=True),
        award(key="d", to="team"),
        award(key="e", rule="top", first=2, last=2, unless=["a"]),
        award(key="f", only={"most_age": 35, "on": "2026-05-01"}),
    ]
    for one in awards:
        if one["rule"] != "count":
            del one["count"]
    document = {
        **with_teams(),
        "ranking": {"ties": ties},
        "awards": awards,
        "organisations": {"points": [{"award": "a", "points": "1"}, {"award": "d", "points": "1"}]},
    }
    assert len(plan_from(document).awards) == 6


def test_the_best_of_a_team_may_be_all_of_it():
    document = change(with_teams(), "teams", {"method": "best", "best": 3, "size": 3})
    assert plan_from(document).teams.best == 3
