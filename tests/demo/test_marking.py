"""Simulated judges type marks that the program takes, for every preset."""

from pathlib import Path

import numpy as np
import pytest

from contest.demo.marking import marks_for
from contest.judging.rules import check_complete, on_seat, points_by_aspect, read_marks
from contest.scoring.marks import read_sheet, sheet_points
from contest.scoring.scheme_reading import document_from, plan_from
from tests.judging.every_rule import every_rule

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


@pytest.mark.parametrize("key", ["jump", "show", "beauty"])
def test_every_kind_of_mark_can_be_simulated(key):
    plan = plan_from(every_rule())
    codes = [f"K{number}" for number in range(9)]

    for seat in range(1, plan.module(key).seats + 1):
        module = on_seat(plan.module(key), seat)
        for code in codes:
            marks = read_marks(module, marks_for(module, code, f"judge{seat}", codes))
            check_complete(module, points_by_aspect(module, marks))


def test_a_simulated_judge_ranks_everybody_once_unless_equal():
    module = plan_from(every_rule()).module("beauty")
    codes = [f"K{number}" for number in range(9)]

    ranks = [marks_for(module, code, "judge1", codes)["R1"] for code in codes]

    assert min(ranks) == 1 and max(ranks) <= 9
    assert len(set(ranks)) > 6


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
