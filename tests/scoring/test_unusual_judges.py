"""Figure 10: the unusual judge is found, a clean panel is left in peace, and no mark is ever changed.

Small here; 1,000 panels of each kind in `make soak`.
"""

import numpy as np
import pytest

from contest.db import db
from contest.results import agreement_queries, queries
from contest.scoring.agreement import agreement
from contest.scoring.agreement_findings import findings
from tests.proof.sizes import report, size
from tests.results.scenes import make_scene
from tests.scoring.simulated_panels import UNUSUAL, clean_panel, sheets_of, spoil

PANELS = size(150, 1000)
# What the promise says, and how far a small run may lie from it by chance.
FOUND, FALSE = size(0.9, 0.95), size(0.06, 0.02)
SEED = 20261126


def told(marks):
    return findings(agreement(sheets_of(marks)))


def names(found, judge):
    """Is this judge named, as the one or as the other of two?"""
    return any(judge in (each.judge, each.params.get("other")) for each in found)


@pytest.mark.parametrize("kind", UNUSUAL)
def test_an_unusual_judge_is_named(kind):
    rng = np.random.default_rng([SEED, *kind.encode()])
    named = 0
    for _ in range(PANELS):
        marks, judge = spoil(clean_panel(rng), kind, rng)
        before = marks.copy()

        named += names(told(marks), judge)

        assert (marks == before).all()

    report(10, kind=kind, panels=PANELS, judge_named=named, share=f"{named / PANELS:.1%}")
    assert named >= FOUND * PANELS


def test_a_clean_panel_is_left_in_peace():
    rng = np.random.default_rng(SEED)
    false = sum(bool(told(clean_panel(rng))) for _ in range(PANELS))

    report(10, kind="clean", panels=PANELS, with_any_finding=false, share=f"{false / PANELS:.1%}")
    assert false <= FALSE * PANELS


def test_nothing_is_corrected_by_itself(app):
    """The findings of a contest whose judge marks upside down: no place and no row is another one."""
    scene = make_scene(8).finish([2, 3, 4, 5, 6, 7, 8, 9])
    for entrant in range(8):
        scene.write(entrant, 2, "reopen")
        scene.write(entrant, 2, "resubmit", {"A1": str(9 - entrant), "A2": {}})
        scene.write(entrant, 2, "confirm", {"A1": str(9 - entrant), "A2": {}})
    before, rows = queries.standings(scene.contest.id).rows, every_row()

    [health] = [h for h in agreement_queries.panel_healths(scene.contest.id) if h.module.key == "risk"]

    assert health.findings
    assert every_row() == rows
    assert queries.standings(scene.contest.id).rows == before
    # Everybody 5.5 and 10: the one who marked upside down counts like the other.
    assert {row.modules["risk"].text for row in before} == {"15.50"}


def every_row():
    return {
        table.name: db.session.execute(table.select()).all() for table in db.metadata.sorted_tables
    }
