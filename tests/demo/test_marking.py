"""Simulated judges type marks that the program takes, for every preset."""

from pathlib import Path

import numpy as np
import pytest

from contest.demo.marking import marks_for
from contest.scoring.marks import read_sheet, sheet_points
from contest.scoring.scheme_reading import document_from, plan_from

PRESETS = sorted((Path(__file__).parents[2] / "contest/setup/presets").glob("*.toml"))


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_every_simulated_sheet_is_complete_and_within_the_rules(path):
    plan = plan_from(document_from(path.read_text("utf-8")))

    for module in plan.modules:
        if module.entry != "sheets":
            continue
        for code in ("K7M", "Q2X", "A9Z"):
            marks = marks_for(module, code, "judge01")
            _, given = read_sheet(module, marks)
            assert given.all()
            assert all(
                0 <= points <= aspect.max
                for points, aspect in zip(sheet_points(module, marks), module.aspects, strict=True)
            )


def test_the_same_judge_marks_the_same_work_the_same_and_judges_differ():
    path = next(path for path in PRESETS if path.stem.startswith("c1"))
    plan = plan_from(document_from(path.read_text("utf-8")))
    module = next(module for module in plan.modules if module.entry == "sheets")
    totals = {
        judge: float(np.sum([int(p) for p in sheet_points(module, marks_for(module, "K7M", judge))]))
        for judge in ("judge01", "judge02", "judge03")
    }

    assert marks_for(module, "K7M", "judge01") == marks_for(module, "K7M", "judge01")
    assert len(set(totals.values())) > 1
    assert max(totals.values()) - min(totals.values()) < 0.3 * module.max
