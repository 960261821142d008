"""From which figure on each warning is given."""

import random

import numpy as np
import pytest

from contest.scoring.agreement import (
    Agreement,
)
from contest.scoring.agreement_findings import findings
from contest.scoring.agreement_measures import (
    Concordance,
    Reliability,
)
from contest.scoring.agreement_sheets import panel_sheets
from contest.scoring.sheets import read_sheets
from tests.scoring.agreement_scene import POINT, agreed, one_judge
from tests.scoring.ledger_book import scored
from tests.scoring.plans import random_contest

# The limits themselves




def told_of(*others, judges=3, between=10.0, top=50.0, w=None, icc=None, **figures):
    """(judge, first words without the name) of each finding about judge 0 with these figures."""
    quiet = [one_judge(number) for number in range(len(others) + 1, judges)]
    rest = [one_judge(number, **each) for number, each in enumerate(others, start=1)]
    found = Agreement(
        6, between, top,
        None if w is None else Concordance(w, 0.0, 5, 6, judges),
        None if icc is None else Reliability(0.9, icc, 6, judges),
        (one_judge(**figures), *rest, *quiet),
    )
    return [(each.judge, each.params) for each in findings(found)]


@pytest.mark.parametrize(
    ("inside", "outside", "params"),
    [
        # Half of 10 points, and more than twice the error.
        pytest.param({"offset": 4.99}, {"offset": 5.0}, {"points": 5.0}, id="offset of 5"),
        pytest.param({"offset": -4.99}, {"offset": -5.0}, {"points": 5.0}, id="offset of −5"),
        pytest.param(
            {"offset": 6.0, "error": 3.0}, {"offset": 6.0, "error": 2.99}, {"points": 6.0},
            id="offset and its error",
        ),
        pytest.param(
            {"offset": 6.0, "sheets": 5}, {"offset": 6.0, "sheets": 6}, {"points": 6.0},
            id="six sheets",
        ),
        pytest.param(
            {"offset": 6.0, "between": 12.01}, {"offset": 6.0, "between": 12.0}, {"points": 6.0},
            id="offset beside what is between the entrants",
        ),
        # A twentieth of 100 points; the judge's own error taken off.
        pytest.param(
            {"offset": 6.0, "error": 1.01, "top": 100.0}, {"offset": 6.0, "error": 1.0, "top": 100.0},
            {"points": 6.0}, id="offset beside the sheet's points",
        ),
        pytest.param(
            {"offset": 4.0, "between": 4.01, "top": 100.0}, {"offset": 4.0, "between": 4.0, "top": 100.0},
            {"points": 4.0}, id="offset as large as what is between the entrants",
        ),
        # ln 1.51 = .412 and twice √((1 − r²) ÷ 5): r = .887 gives .4130, r = .889 .4096.
        pytest.param(
            {"spread_ratio": 1.51, "correlation": 0.887}, {"spread_ratio": 1.51, "correlation": 0.889},
            {"ratio": 1.51}, id="wide by chance, and not",
        ),
        pytest.param({"spread_ratio": 1.5}, {"spread_ratio": 1.51}, {"ratio": 1.51}, id="wide"),
        pytest.param({"spread_ratio": 1 / 1.5}, {"spread_ratio": 0.66}, {"ratio": 0.66}, id="narrow"),
        pytest.param(
            {"correlation": 0.3}, {"correlation": 0.29}, {"correlation": 0.29}, id="correlation"
        ),
        pytest.param(
            {"high": 5, "chances": 7}, {"high": 6, "chances": 7}, {"times": 6, "count": 7},
            id="more than three of four are the highest",
        ),
        pytest.param(
            {"high": 4, "chances": 5}, {"high": 6, "chances": 8}, {"times": 6, "count": 8},
            id="just three of four are the highest",
        ),
        pytest.param(
            {"low": 4, "chances": 5}, {"low": 6, "chances": 8}, {"times": 6, "count": 8},
            id="just three of four are the lowest",
        ),
    ],
)
def test_a_warning_comes_from_its_limit_on(inside, outside, params):
    assert told_of(**inside) == []
    assert told_of(**outside) == [(0, params)]


@pytest.mark.parametrize(
    ("inside", "outside", "params"),
    [
        pytest.param({"w": 0.5}, {"w": 0.49}, {"w": 0.49, "limit": 0.5}, id="Kendall's W"),
        pytest.param({"icc": 0.5}, {"icc": 0.49}, {"icc": 0.49, "limit": 0.5}, id="ICC"),
        pytest.param({"icc": 0.5}, {"icc": -0.1}, {"icc": -0.1, "limit": 0.5}, id="negative ICC"),
    ],
)
def test_a_warning_about_the_panel_comes_from_its_limit_on(inside, outside, params):
    assert told_of(**inside) == []
    assert told_of(**outside) == [(None, params)]


@pytest.mark.parametrize("sheets", [5, 6])
def test_two_judges_are_compared_from_six_sheets_on(sheets):
    told = told_of({"offset": -6.0, "sheets": sheets}, judges=2, offset=6.0, sheets=sheets)

    assert told == ([(None, {"points": 6.0})] if sheets == 6 else [])


def test_an_offset_is_a_shadow_of_one_that_is_half_as_large_again_the_other_way():
    def judges_told(mine, theirs, **more):
        other = {"offset": theirs, "error": 0.1}
        return {judge for judge, _ in told_of(other, offset=mine, error=0.1, **more)}

    assert judges_told(6.0, -9.0) == {1}
    assert judges_told(6.0, -8.99) == {0, 1}
    assert judges_told(6.0, 9.0) == {0, 1}
    assert judges_told(-6.0, 9.0) == {1}
    assert judges_told(0.5, 0.9, between=0.1) == {0, 1}


def test_an_unknown_offset_casts_no_shadow():
    told = told_of({"offset": None, "sheets": 0}, judges=4, offset=6.0)

    assert [judge for judge, _ in told] == [0]


@pytest.mark.parametrize(("correlation", "sheets", "inverted"), [
    (-0.3, 6, True), (-0.29, 6, False), (-0.3, 5, False), (None, 6, False),
])
def test_contrary_begins_at_its_limit(correlation, sheets, inverted):
    assert one_judge(correlation=correlation, sheets=sheets).is_inverted is inverted


@pytest.mark.parametrize(("leniency", "error", "count"), [
    (2.0, 1.0, 1), (2.01, 1.0, 2), (-3.0, 1.0, 1), (3.0, None, 1), (0.5, 0.0, 2), (0.0, 0.0, 1),
])
def test_leniency_is_told_beyond_twice_its_error(leniency, error, count):
    assert len(told_of(own=(2, 2, 4, leniency, error))) == count


@pytest.mark.parametrize(("value", "name"), [
    (0.49, "poor"), (0.5, "moderate"), (0.74, "moderate"), (0.75, "good"), (0.9, "excellent"),
])
def test_the_bands_of_the_icc(value, name):
    assert Reliability(value, value, 6, 3).mean_band == name


@pytest.mark.parametrize(("value", "name"), [
    (0.49, "weak"), (0.5, "moderate"), (0.69, "moderate"), (0.7, "strong"),
])
def test_the_bands_of_w(value, name):
    assert Concordance(value, 0.0, 5, 6, 3).band == name


@pytest.mark.parametrize(("count", "is_constant"), [(2, False), (3, True)])
def test_constant_is_told_of_three_sheets(count, is_constant):
    assert agreed([[80, mark] for mark in range(count)]).judges[0].is_constant is is_constant


def test_of_several_panels_each_is_looked_at_by_itself():
    seen = 0
    for seed in range(20):
        plan, book, _ = scored(*random_contest(random.Random(seed), "panels"))
        for module in plan.modules:
            for panel in module.panels:
                own = np.zeros((book.count, panel.judges), dtype=bool)
                holders = np.tile(np.arange(panel.judges), (book.count, 1))
                made = panel_sheets(plan, module, panel, book, holders, own)
                sheets, start = read_sheets(plan, module, book), module.seats_of(panel).start
                for judge in range(panel.judges):
                    counted = made.counted[:, judge]
                    mine = sheets.totals.numerators[:, start + judge]
                    assert (made.totals[counted, judge] == mine[counted]).all()
                top = sum(module.aspects[i].max for i in module.aspect_indexes(panel))
                assert made.top == top / POINT
                seen += made.counted.any()
    assert seen > 5
