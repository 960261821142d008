import numpy as np
import pytest

from contest.results.agreement_picture import HEIGHT, WIDTH, reach_of, sheets_a_dot, strip_of
from contest.scoring.agreement import PanelSheets, agreement


def judges(rows, own=()):
    totals = np.array(rows, dtype=np.int64) * 10_000
    zero = np.zeros(totals.shape, dtype=np.int64)
    mine = zero.astype(bool)
    for place in own:
        mine[place] = True
    sheets = PanelSheets(
        totals, ~zero.astype(bool), mine, 10_000, zero, zero, zero,
        np.ones(totals.shape[1], dtype=bool), 100.0,
    )
    return agreement(sheets).judges


@pytest.mark.parametrize(
    ("apart", "reach"), [(0, 1), (1, 1), (7, 8), (11, 15), (40, 40), (99, 100)]
)
def test_the_scale_is_the_next_round_number(apart, reach):
    assert reach_of(judges([[50 + apart, 50]])) == pytest.approx(reach)


def test_nobody_to_compare_has_a_scale_and_an_empty_strip():
    [alone] = judges([[80], [70]])

    assert reach_of([alone]) == reach_of([]) == 1
    assert sheets_a_dot([]) == 1
    strip = strip_of(alone, 1)
    assert strip.dots == () and strip.mean is None


def test_dots_stand_where_their_points_are():
    first, second = judges([[80, 70], [60, 60]])

    # +10 and 0 on a scale to 10: the right end less the margin, and the middle.
    assert sorted(dot.x for dot in strip_of(first, 10).dots) == [WIDTH / 2, WIDTH - 10]
    assert strip_of(first, 10).mean == pytest.approx(WIDTH / 2 + 115)
    assert min(dot.x for dot in strip_of(second, 10).dots) == 10


def test_equal_dots_are_stacked_within_the_strip():
    first, _ = judges([[80, 70]] * 50)

    heights = [dot.y for dot in strip_of(first, 10).dots]
    assert len(set(heights)) == 50
    assert min(heights) >= 4 and max(heights) <= HEIGHT - 4


def test_of_very_many_sheets_a_dot_stands_for_several_and_none_far_out_is_lost():
    first, _ = judges([[80, 70]] * 900 + [[50, 70]])

    each = sheets_a_dot([first])
    dots = strip_of(first, 20, each).dots
    assert each == 3
    assert len(dots) == 301
    assert min(dot.x for dot in dots) == 10


def test_an_own_entrant_has_another_shape_unless_it_is_hidden():
    first, _ = judges([[80, 70], [60, 60]], own=[(0, 0)])

    assert [dot.is_own for dot in strip_of(first, 10).dots].count(True) == 1
    assert not any(dot.is_own for dot in strip_of(first, 10, shows_own=False).dots)
