"""A plan goes out as TOML and comes back the same."""

import pytest

from contest.scoring.scheme_reading import document_from, plan_from
from contest.setup.plan_text import toml_of
from contest.setup.presets import list_presets
from tests.factories import plan_document


@pytest.mark.parametrize("preset", list_presets(), ids=lambda preset: preset.key)
def test_what_is_downloaded_is_the_same_plan(preset):
    assert plan_from(document_from(toml_of(preset.plan))) == preset.plan


def test_awkward_letters_survive():
    plan = plan_from(plan_document(name='“比武” "a\\b"\t\x7f\n第二行'))

    assert plan_from(document_from(toml_of(plan))) == plan


def test_numbers_are_written_as_numbers():
    text = toml_of(plan_from(plan_document()))

    assert "weight = 30\n" in text
    assert "step = 0.5" in text
