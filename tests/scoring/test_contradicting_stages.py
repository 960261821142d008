"""Stages and parts that contradict each other: each is refused by one sentence at one place."""

import pytest

from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests
from tests.scoring.test_contradictions import problems_of
from tests.scoring.test_scheme_checks import change


def two_stages():
    modules = [contests.score_module("first", "p1"), contests.score_module("second", "p2")]
    return contests.plan_of(
        modules,
        [contests.part("p1", "100", "pre"), contests.part("p2", "100", "final")],
        stages=[{"key": "pre", "name": "初赛"}, {"key": "final", "name": "决赛"}],
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"stages.1.combine": "points"},
            "stages[1]: The points of stage final are added up, so its parts have no weights: p2 100 = 100.",
        ),
        (
            {"parts.1.stage": "pre", "parts.1.weight": "0"},
            "stages[1]: The last stage, final, needs at least one part.",
        ),
        (
            {"stages.0.advance": 1, "stages.0.advance_percent": "50"},
            "stages[0].advance_percent: Stage pre lets on either a number or a percentage, not both.",
        ),
        (
            {"stages.0.advance": 1, "stages.0.advance_line": "key"},
            "stages[0].advance_by: Stage pre needs advance_by exactly where equals "
            "on the line go on by a key.",
        ),
        (
            {"stages.0.advance": 1, "stages.0.advance_by": {"by": "untrimmed"}},
            "stages[0].advance_by: Stage pre needs advance_by exactly where equals "
            "on the line go on by a key.",
        ),
        (
            {
                "stages.0.advance": 1,
                "stages.0.advance_line": "key",
                "stages.0.advance_by": {"by": "part", "key": "p9"},
            },
            "stages[0].advance_by: Ties are to be broken by part:p9, which does not exist.",
        ),
        (
            {"stages.1.advance_percent": "50"},
            "stages[1].advance: Nobody can go on from stage final: it is the last "
            "one, or nothing is marked in it.",
        ),
        ({"parts.0.within": "p2"}, "parts[0]: Part p1 must stand either in a stage or within another part."),
        ({"parts.0.stage": None}, "parts[0]: Part p1 must stand either in a stage or within another part."),
        ({"parts.0.within": "p9"}, "parts[0].within: Part p1 stands within p9, which does not exist."),
        ({"parts.0.within": "p1"}, "parts[0].within: Part p1 stands within itself."),
        ({"parts.0.within": "p2", "parts.1.within": "p1"}, "parts[1].within: Part p2 stands within itself."),
        (
            {"parts.0.to": "team"},
            "parts[0].to: Part p1 counts for teams: the plan needs teams, and the "
            "part a stage and a weight in percent.",
        ),
        (
            {"parts.0.combine": "points"},
            "parts[0]: The points of part p1 are added up, so nothing in it has a weight: first 100 = 100.",
        ),
        (
            {"parts.0.combine": "best", "parts.0.best": 2, "modules.0.weight": "0"},
            "parts[0].best: Part p1 takes the best 2, but has only 1.",
        ),
        (
            {
                "parts.0.combine": "best",
                "modules.0.weight": "0",
                "modules.1.part": "p1",
                "modules.1.weight": "0",
                "modules.1.max": "50",
            },
            "parts[0]: The best of part p1 can be told only where all have one top mark; these are: 50, 100.",
        ),
        (
            {"ranking.order": "low", "parts.0.pass_mark": "60", "stages.1.pass_mark": "50"},
            "ranking.order: Where the lower total is better, nothing has a pass "
            "mark and no part takes the best: final, p1.",
        ),
        (
            {"ranking.order": "low", "parts.0.combine": "best"},
            "ranking.order: Where the lower total is better, nothing has a pass "
            "mark and no part takes the best: p1.",
        ),
        (
            {"stages.1.pass_mark": "100.5"},
            "stages[1].pass_mark: The pass mark 100.5 of final is above its top mark of 100.",
        ),
        (
            {"parts.0.pass_mark": "101"},
            "parts[0].pass_mark: The pass mark 101 of p1 is above its top mark of 100.",
        ),
        (
            {"modules.0.pass_mark": "100.0001"},
            "modules[0].pass_mark: The pass mark 100.0001 of first is above its top mark of 100.",
        ),
        (
            {"modules.0.difficulty": {"lowest": "2", "highest": "1.5"}},
            "modules[0].difficulty.highest: The highest difficulty of first must not be below the lowest, 2.",
        ),
    ],
)
def test_stages_and_parts_that_contradict_each_other(changes, says):
    document = two_stages()
    for path, value in changes.items():
        document = change(document, path, value)
    assert says in problems_of(document)


def test_stages_and_parts_on_the_edge_are_good():
    document = two_stages()
    for path, value in {
        "stages.1.pass_mark": "100",
        "parts.0.pass_mark": "100",
        "modules.0.pass_mark": "100",
        "modules.0.difficulty": {"lowest": "2", "highest": "2"},
        "stages.0.advance_percent": "50",
        "stages.0.advance_line": "key",
        "stages.0.advance_by": {"by": "part", "key": "p1"},
        "stages.1.carry_percent": "50",
        "rounding.own": [{"step": "module", "places": 2}],
    }.items():
        document = change(document, path, value)
    assert plan_from(document).stages[1].pass_mark == 1_000_000


def test_two_stages_may_weigh_their_own_parts():
    """A part of the preliminary stage that lacks weight is no fault of the final."""
    document = change(two_stages(), "parts.0.weight", "90")
    assert problems_of(document) == [
        "stages[0]: The parts of stage pre weigh 90 in all; they must add up to 100: p1 90 = 90."
    ]


def test_what_is_carried_counts_in_the_top_of_a_stage_of_points():
    """100 of its own and half of the 100 of the stage before: 150."""
    document = two_stages()
    for path, value in {
        "stages.1.combine": "points", "stages.1.carry_percent": "50", "parts.1.weight": "0",
        "stages.1.pass_mark": "150",
    }.items():
        document = change(document, path, value)
    assert plan_from(document).stages[1].pass_mark == 1_500_000
    assert problems_of(change(document, "stages.1.pass_mark", "150.1")) == [
        "stages[1].pass_mark: The pass mark 150.1 of final is above its top mark of 150."
    ]
