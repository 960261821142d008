"""Ready plans that an organiser can start from, read from the files in presets/."""

import functools
from dataclasses import dataclass
from pathlib import Path

from contest.scoring.scheme import Plan
from contest.scoring.scheme_reading import document_from, plan_from

FOLDER = Path(__file__).parent / "presets"


@dataclass(frozen=True)
class Preset:
    """A ready plan with the word that names it in addresses."""

    key: str
    plan: Plan
    text: str


@functools.cache
def list_presets():
    """Every preset in the order of the scenarios; the blank plan is the last."""
    presets = []
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        presets.append(Preset(path.stem, plan_from(document_from(text)), text))
    return tuple(sorted(presets, key=_in_order))


def _in_order(preset):
    scenario = preset.plan.scenario
    return scenario == "", len(scenario), preset.key  # C2 before C14


def find_preset(key):
    """The preset called `key`, or None."""
    return next((preset for preset in list_presets() if preset.key == key), None)
