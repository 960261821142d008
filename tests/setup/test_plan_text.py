"""A plan goes out as TOML and comes back the same."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from contest.scoring.scheme_reading import document_from, plan_document, plan_from
from contest.setup.plan_text import toml_of
from contest.setup.presets import list_presets
from tests.factories import plan_document as small_document
from tests.setup.plans_by_chance import documents, read

EXAMPLES = sorted((Path(__file__).parents[1] / "published").glob("*.toml"))


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.key)
def test_what_is_downloaded_is_the_same_plan(preset):
    assert plan_from(document_from(toml_of(preset.plan))) == preset.plan


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_published_contest_goes_out_and_comes_back(path):
    plan = plan_from(document_from(path.read_text("utf-8")))

    assert plan_from(document_from(toml_of(plan))) == plan


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents)
def test_any_plan_that_can_be_read_goes_out_and_comes_back(document):
    plan, problems = read(document)
    assert problems == []

    again, problems = read(document_from(toml_of(plan)))

    assert problems == []
    assert again == plan


def test_awkward_letters_survive():
    plan = plan_from(small_document(name='“比武” "a\\b"\t\x7f\n第二行'))

    assert plan_from(document_from(toml_of(plan))) == plan


def test_numbers_are_written_as_numbers():
    text = toml_of(plan_from(small_document()))

    assert "weight = 30\n" in text
    assert "step = 0.5" in text


def test_teams_by_the_usual_rules_are_teams():
    plan = plan_from(small_document(teams={"method": "sum"}))

    text = toml_of(plan)

    assert "\n[teams]\n" in text
    assert plan_from(document_from(text)).teams is not None


def test_what_is_long_stands_on_several_lines():
    text = toml_of(next(p for p in list_presets() if p.key == "c1_cement").plan)

    assert max(map(len, text.splitlines())) < 400
    assert "reasons = [\n      {name = " in text


def test_panels_and_adjustment_stand_under_their_own_headings():
    document = small_document()
    module = document["modules"][1]
    panel = module.pop("panel")
    art = {"key": "art", "name": "艺术", "judges": 3}
    module["panels"] = [{"key": "skill", "name": "技术", **panel}, art]
    module["criteria"][0]["panel"] = "skill"
    module["criteria"].append(
        {"key": "B", "name": "艺术", "panel": "art", "aspects": [
            {"key": "B1", "name": "表现", "kind": "points", "max": 5},
        ]}
    )
    module["max"], module["adjustment"] = 25, {"method": "z"}
    plan = plan_from(document)

    text = toml_of(plan)

    assert "  [modules.adjustment]\n" in text
    assert text.count("  [[modules.panels]]\n") == 2
    assert plan_from(document_from(text)) == plan
    assert plan_document(plan)["modules"][1]["adjustment"] == {"method": "z"}
