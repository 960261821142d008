"""Plans that contradict themselves are refused with the arithmetic shown."""

import copy

import pytest

from contest.scoring.scheme import PlanError
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests
from tests.scoring.test_marks import ASPECTS


def change(document, path, value):
    """The document with one value changed; path like "modules.0.max"."""
    document = copy.deepcopy(document)
    *way, last = path.split(".")
    here = document
    for step in way:
        here = here[int(step)] if isinstance(here, list) else here.setdefault(step, {})
    if isinstance(here, list):
        last = int(last)
    here[last] = value
    return document


def base():
    first = contests.sheet_module(weight="40", aspects=copy.deepcopy(ASPECTS), judges=5)
    modules = [contests.score_module(), first, contests.score_module("work", "practical", "60")]
    return contests.plan_of(
        modules,
        [contests.part("theory", "30"), contests.part("practical", "70")],
        stages=[{"key": "preliminary", "name": "初赛"}, {"key": "final", "name": "决赛"}],
        teams={"method": "sum"},
        ranking={"ties": [{"by": "part", "key": "practical"}]},
        awards=[
            {"key": "first", "name": "一", "to": "entrant", "rule": "ratio", "ratio": "60"},
            {"key": "second", "name": "二", "to": "entrant", "rule": "ratio", "ratio": "30"},
        ],
    )


A = "modules.1.criteria.0.aspects"


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (
            "parts.0.weight",
            "20",
            "stages[1]: The parts of stage final weigh 90 in all; "
            "they must add up to 100: theory 20 + practical 70 = 90.",
        ),
        (
            "modules.1.weight",
            "40.5",
            "parts[1]: The modules of part practical weigh 100.5 in all; "
            "they must add up to 100: drill 40.5 + work 60 = 100.5.",
        ),
        (
            "modules.1.max",
            "90",
            "modules[1].max: The aspects of module drill add up to 100, but its top mark is 90: "
            "A1 20 + A2 20 + A3 12.5 + A4 20 + A5 15 + A6 12.5 = 100.",
        ),
        (f"{A}.2.max", "12", "The lines of A3 add up to 12.5, but its top mark is 12: 10 + 2.5"),
        ("modules.1.panel.drop_high", 5, "drops 5 + 0 = 5 of 5 marks; at least one must be left"),
        ("modules.0.key", "work", "modules[2].key: The key work is used twice."),
        ("modules.0.key", "final", "The key final is a stage's already"),
        (f"{A}.1.key", "A1", "The key A1 is used twice."),
        ("parts.0.stage", "semi", "Part theory belongs to stage semi, which does not exist."),
        ("modules.0.part", "oral", "Module paper belongs to part oral, which does not exist."),
        ("modules.0.part", "practical", "Part theory has no module."),
        ("modules.0.panel", {"judges": 1}, "Module paper takes scores, so it has no panel"),
        ("modules.1.panel", None, "Module drill is marked on sheets, so it needs a panel"),
        ("stages", [], "A plan needs at least one stage."),
        ("stages.1.advance", 10, "Nobody can go on from stage final"),
        ("stages.0.advance", 10, "Nobody can go on from stage preliminary"),
        ("stages.1.carry_percent", "30", "cannot take over 30 percent"),
        ("stages.0.carry_percent", "30", "cannot take over 30 percent"),
        (f"{A}.0.step", "0.3", "top mark 20 of A1 cannot be reached in steps of 0.3"),
        (f"{A}.1.reasons", [], "A2 needs at least one reason"),
        (f"{A}.3.levels", [{"name": "x"}] * 3, "A4 needs four descriptions, for 0, 1, 2 and 3"),
        (f"{A}.4.lowest", "1800", "The highest value of A5 must be above the lowest, 1800."),
        (f"{A}.4.table", [], "A5 needs one way to turn its value into points"),
        (
            f"{A}.4.formula",
            {"start": "1", "from": "1", "points": "1", "per": "1"},
            "A5 needs one way to turn its value into points",
        ),
        (f"{A}.4.table.1.upto", "300", "must rise from row to row: 300, 300"),
        (f"{A}.4.beyond", "16", "gives 16 points, more than the top mark of 15"),
        ("ranking.ties.0.key", "oral", "broken by part:oral, which does not exist"),
        (
            "ranking.ties",
            [{"by": "aspect", "module": "drill", "key": "B1"}],
            "broken by aspect:drill.B1, which does not exist",
        ),
        ("ranking.ties", [{"by": "untrimmed"}, {"by": "untrimmed"}], "broken by untrimmed twice"),
        ("teams.method", "best", "Say how many of the best members"),
        ("teams.method", "mean", "Say by how many members"),
        (
            "teams",
            {"method": "best", "best": 6, "size": 5},
            "best 6 cannot be taken from a team of 5",
        ),
        ("teams", None, None),
        ("awards.0.ratio", "80", "take 110 percent in all"),
        ("awards.0.to", "organisation", "goes to an organisation, so it is given by vote"),
        (
            "awards.0",
            {"key": "t", "name": "t", "to": "entrant", "rule": "top", "first": 3, "last": 2},
            "from place 3 to place 2",
        ),
        (
            "awards.0",
            {
                "key": "t",
                "name": "t",
                "to": "entrant",
                "rule": "threshold",
                "least": 3,
                "part": "oral",
            },
            "looks at part oral, which does not exist",
        ),
    ],
)
def test_a_contradiction_is_named(path, value, says):
    document = change(base(), path, value)
    if says is None:
        assert plan_from(document).teams is None
        return

    with pytest.raises(PlanError) as refused:
        plan_from(document)

    assert says in str(refused.value)


def test_the_plan_they_start_from_is_good():
    assert plan_from(base()).last_stage.key == "final"


def test_a_team_award_needs_teams():
    document = change(base(), "awards.0.to", "team")
    del document["teams"]

    with pytest.raises(PlanError, match="the plan has no teams"):
        plan_from(document)
