"""How far judges agree: from seats to judges."""


import numpy as np

from contest.scoring.agreement_sheets import panel_sheets
from contest.scoring.book import ABSENT, MODULE_ABSENT
from contest.scoring.scheme_reading import plan_from
from tests.scoring import contests

# From seats to judges


def from_seats(marks, holders, own=None, aspects=None, absent=(), **panel):
    """PanelSheets of marks by entrant and seat: text for A1, a dict of marks, or None."""
    module = contests.sheet_module(aspects=aspects, judges=len(marks[0]), **panel)
    document = contests.plan_of([module])
    entrants = [
        contests.entrant(
            sheets={"drill": [
                {"values": {} if mark is None else mark if isinstance(mark, dict) else {"A1": mark},
                 "submitted": mark is not None, "excused": False}
                for mark in row
            ]},
            state=ABSENT if number in absent else 0,
            module_state={"drill": MODULE_ABSENT} if -number in absent else {},
        )
        for number, row in enumerate(marks)
    ]
    plan, book = plan_from(document), contests.book_of(document, entrants)
    holders = np.array(holders)
    own = np.zeros((len(marks), holders.max() + 1), dtype=bool) if own is None else np.array(own)
    drill = plan.module("drill")
    return panel_sheets(plan, drill, drill.panel, book, holders, own)


def test_a_reserve_in_a_seat_is_a_judge_of_their_own():
    made = from_seats(
        [["80", "70"], ["60", "50"], ["40", None]], [[0, 1], [0, 1], [0, 2]]
    )

    points = made.totals / made.per_point
    assert points.tolist() == [[80, 70, 0], [60, 50, 0], [40, 0, 0]]
    assert made.counted.tolist() == [[True, True, False], [True, True, False], [True, False, False]]
    assert made.regular.tolist() == [True, True, False]


def test_a_sheet_that_nobody_holds_is_left_out():
    made = from_seats([["80", "70"], ["60", "50"]], [[0, -1], [0, -1]])

    assert made.counted.tolist() == [[True], [True]]
    assert made.regular.tolist() == [True]


def test_who_was_absent_or_has_withdrawn_is_left_out():
    made = from_seats([["80", "70"]] * 4, [[0, 1]] * 4, absent=(1, -2))

    assert made.counted[:, 0].tolist() == [True, False, False, True]


def test_drops_are_counted_where_the_panel_is_complete():
    marks = [["80", "70", "60"], ["80", "70", None], ["50", "90", "90"]]
    made = from_seats(marks, [[0, 1, 2]] * 3, drop_high=1, drop_low=1)

    # The third: 50 is the lowest; of the two 90 one counts.
    assert made.high.tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert made.low.tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
    assert made.chances.tolist() == [[1, 1, 1], [0, 0, 0], [1, 1, 1]]


def test_a_panel_that_drops_nothing_gives_no_chances():
    assert not from_seats([["80", "70"]], [[0, 1]]).chances.any()


def test_a_panel_by_aspects_drops_each_aspect_by_itself():
    aspects = [contests.points_aspect("A1", "50"), contests.points_aspect("A2", "50")]
    marks = [[{"A1": "40", "A2": "10"}, {"A1": "30", "A2": "20"}, {"A1": "20", "A2": "30"}]]
    made = from_seats(marks, [[0, 1, 2]], aspects=aspects, level="aspect", drop_high=1)

    assert made.high.tolist() == [[1, 0, 1]]
    assert made.chances.tolist() == [[2, 2, 2]]
