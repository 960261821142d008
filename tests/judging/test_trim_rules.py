from types import SimpleNamespace

import pytest

from contest.judging.trim_rules import left_out
from contest.scoring.scheme_modules import Panel


def panel(**values):
    return Panel(**{"judges": 5, "drop_high": 1, "drop_low": 1, **values})


@pytest.mark.parametrize(("values", "found"), [
    ([80, 90, 70, 85, 88], {2: "lowest", 1: "highest"}),
    ([80, None, 70, 85, 88], {2: "lowest", 4: "highest"}),
    ([80, 80, 80, 80, 80], {0: "lowest", 4: "highest"}),
    ([80, None, None, None, 70], {}),
])
def test_the_ends_are_left_out(values, found):
    assert left_out(panel(), values) == found


def test_nothing_is_dropped_where_the_plan_drops_nothing():
    assert left_out(panel(drop_high=0, drop_low=0), [1, 2, 3, 4, 5]) == {}
    assert left_out(panel(drop_from=6), [1, 2, 3, 4, 5]) == {}


@pytest.mark.parametrize("value", [{"method": "borda"}, {"weights": (1, 1, 1, 1, 2)},
                                   {"tolerance": (SimpleNamespace(least=0, apart=1),)}])
def test_nothing_is_said_where_more_than_the_order_decides(value):
    assert left_out(panel(**value), [1, 2, 3, 4, 5]) == {}
