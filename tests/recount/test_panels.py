"""Section 2: several judges, one mark."""

import pytest

from tests.recount.sheets import answer, judged, lines, mark, measured, module, of, plan, points


def panel_mark(marks, excused=(), item="m", **panel):
    """The mark of one entrant from one aspect of 100, marked by J1, J2, …"""
    seats = len(marks) + len(excused)
    rows = judged(item, a=marks) + lines("\n".join(f"a m {judge} - - excused" for judge in excused))
    return mark(answer(plan(module("m", points(step="0.5"), panel={"judges": seats} | panel)), rows), "a")


@pytest.mark.parametrize(
    "marks, panel, expected",
    [
        pytest.param((80, 90, 70), {}, "80", id="mean 240 / 3"),
        pytest.param((80, 90, 70), {"method": "sum"}, "240", id="sum"),
        pytest.param((80, 90, 70), {"method": "median"}, "80", id="the middle one"),
        pytest.param((80, 90, 70, 60), {"method": "median"}, "75", id="the mean of the middle two"),
        pytest.param((60, 80, 90, 100), {"drop_high": 1, "drop_low": 1}, "85", id="(80 + 90) / 2"),
        pytest.param((60, 80, 90, 100), {"drop_high": 2}, "70", id="two highest out: (60 + 80) / 2"),
        pytest.param((60, 60, 90), {"drop_low": 1}, "75", id="one of two equal lowest out"),
        pytest.param(
            (60, 80, 100), {"drop_high": 1, "drop_low": 1, "drop_from": 4}, "80", id="too few to drop"
        ),
        pytest.param(
            (60, 80, 95, 100), {"drop_high": 1, "drop_low": 1, "drop_from": 4}, "87.5", id="enough to drop"
        ),
        pytest.param((60, 80), {"drop_high": 1, "drop_low": 1}, None, id="nothing left: stuck"),
        pytest.param((60, 80, 100), {"weights": [1, 2, 1]}, "80", id="(60 + 160 + 100) / 4"),
        pytest.param((60, 80, 100), {"weights": [3, 1, 0]}, "65", id="(180 + 80) / 4"),
        pytest.param((80, 90), {"factor": "0.6"}, "51", id="85 x 0.6"),
        pytest.param(
            (60, 80, 90, 100), {"method": "sum", "drop_high": 1, "drop_low": 1}, "170", id="80 + 90"
        ),
        pytest.param(
            (60, 80, 90, 100), {"method": "median", "drop_high": 1}, "80", id="the middle of 60 80 90"
        ),
    ],
)
def test_a_full_panel_gives(marks, panel, expected):
    assert panel_mark(marks, **panel) == expected


@pytest.mark.parametrize(
    "panel, expected",
    [
        pytest.param({}, "75", id="mean of the other two"),
        pytest.param({"method": "sum"}, "225", id="mean 75 x 3 seats"),
        pytest.param({"method": "sum", "drop_low": 1}, "160", id="80 kept, x (3 - 1)"),
        pytest.param(
            {"method": "sum", "drop_low": 1, "drop_from": 3}, "150", id="2 do not drop; 75 x (3 - 1)"
        ),
        pytest.param(
            {"method": "sum", "drop_low": 1, "drop_from": 4}, "225", id="a full panel drops none: 75 x 3"
        ),
        pytest.param({"method": "median"}, "75", id="median of the other two"),
        pytest.param({"weights": [1, 3, 5]}, "77.5", id="(70 + 3 x 80) / 4"),
    ],
)
def test_a_judge_who_is_struck_out_is_left_out(panel, expected):
    """J1 and J2 gave 70 and 80; J3 is excused."""
    assert panel_mark((70, 80), ("J3",), **panel) == expected


def test_all_judges_struck_out_leave_no_mark():
    assert mark(answer(plan(module("m", points())), "a m J1 - - excused"), "a") is None


def test_marks_of_a_judge_who_is_struck_out_do_not_count():
    rows = judged("m", a=(70, 90)) + lines("a m J2 - - excused")

    assert mark(answer(plan(module("m", points(), panel={"judges": 2})), rows), "a") == "70"


def test_a_module_has_no_mark_until_every_seat_has_handed_in_a_full_sheet():
    document = plan(module("m", points("A1", 50), points("A2", 50), panel={"judges": 2}))
    rows = judged("m.A1", a=(40, 50)) + judged("m.A2", a=(40,))

    assert mark(answer(document, rows), "a") is None
    assert mark(answer(document, rows + judged("m.A2", a=(None, 30))), "a") == "80"  # (80 + 80) / 2


def test_by_aspect_each_aspect_drops_its_own_marks():
    """A1: 10 20 30, A2: 30 20 10. Sheets: 40 each. Highest dropped by aspect: 15 + 15 = 30; by sheet: 40."""
    rows = judged("m.A1", a=(10, 20, 30)) + judged("m.A2", a=(30, 20, 10))
    for level, expected in (("aspect", "30"), ("sheet", "40")):
        panel = {"judges": 3, "level": level, "drop_high": 1}
        document = plan(module("m", points("A1", 50), points("A2", 50), panel=panel))
        assert mark(answer(document, rows), "a") == expected


@pytest.mark.parametrize(
    "marks, method, expected",
    [
        # kept 80 90, m = 85 >= 80, apart 10 <= 10: they stand
        pytest.param((60, 80, 90, 100), "mean", "85", id="within the limit of the first row"),
        # kept 80 91, m = 85.5, apart 11 > 10: all four, (60 + 80 + 91 + 100) / 4
        pytest.param((60, 80, 91, 100), "mean", "82.75", id="too far apart: all that count"),
        # the same as a sum: mean of all 82.75 x 2 kept by a full panel
        pytest.param((60, 80, 91, 100), "sum", "165.5", id="too far apart in a sum"),
        # kept 60 79, m = 69.5: second row, apart 19 <= 20
        pytest.param((10, 60, 79, 100), "mean", "69.5", id="the second row allows more"),
        # kept 10 69, m = 39.5: no row applies
        pytest.param((0, 10, 69, 100), "mean", "39.5", id="no row applies: no limit"),
    ],
)
def test_tolerance(marks, method, expected):
    rows = [{"least": 80, "apart": 10}, {"least": 60, "apart": 20}]

    assert panel_mark(marks, method=method, drop_high=1, drop_low=1, tolerance=rows) == expected


def test_tolerance_looks_at_each_aspect_by_itself():
    """A1 keeps 40 45 (apart 5): 42.5. A2 keeps 20 45 (apart 25 > 10): all, (0 + 20 + 45 + 50) / 4 = 28.75."""
    panel = {
        "judges": 4,
        "level": "aspect",
        "drop_high": 1,
        "drop_low": 1,
        "tolerance": [{"least": 0, "apart": 10}],
    }
    document = plan(module("m", points("A1", 50), points("A2", 50), panel=panel))
    rows = judged("m.A1", a=(0, 40, 45, 50)) + judged("m.A2", a=(0, 20, 45, 50))

    assert mark(answer(document, rows), "a") == "71.25"


def test_spread_shows_a_module_as_odd_and_changes_nothing():
    document = plan(module("m", points(), panel={"judges": 2, "spread": 15}))

    result = answer(document, judged("m", a=(70, 85), b=(70, 86)))

    assert [of(result, e)["modules"]["m"]["odd"] for e in "ab"] == [False, True]
    assert mark(result, "b") == "78"


def test_an_aspect_far_apart_shows_a_module_as_odd_and_changes_nothing():
    timed = measured("A2", 10, places=0, table=[{"upto": 1000, "points": 10}], apart=3)
    document = plan(module("m", points(apart=15), timed, panel={"judges": 2}))
    rows = judged("m.A1", a=(70, 85), b=(70, 86), c=(70, 70), d=(70, 70))
    rows += judged("m.A2", a=(5, 8), b=(5, 5), c=(5, 9), d=(5,))
    rows += lines("d m.A2 J2 - - void")

    result = answer(document, rows)

    assert [of(result, e)["modules"]["m"]["odd"] for e in "abcd"] == [False, True, True, False]
    assert mark(result, "b") == "88"


def test_remark_keeps_a_module_from_being_finished():
    judgement = {"key": "A1", "name": "x", "kind": "judgement", "max": 30}
    document = plan(module("m", judgement, panel={"judges": 3, "remark": True}))

    result = answer(document, judged("m", a=(1, 2, 2), b=(1, 2, 3)))

    assert mark(result, "a") == "16.6667"  # 30 x 5 / 9
    assert mark(result, "b") is None  # 3 and 1 lie two steps apart
    assert [of(result, e)["modules"]["m"]["odd"] for e in "ab"] == [False, True]


def test_the_combined_mark_is_rounded_before_the_factor():
    """(80 + 85 + 85) / 3 = 83.33, x 0.6 = 49.998, which is not rounded again."""
    rounding = {"places": 4, "steps": ["panel"], "own": [{"step": "panel", "places": 2}], "compare": "exact"}
    document = plan(module("m", points(), panel={"judges": 3, "factor": "0.6"}), rounding=rounding)

    assert mark(answer(document, judged("m", a=(80, 85, 85))), "a") == "49.998"


def several_panels():
    entry = module("m", points("A1", 10, step="0.5"), difficulty={"lowest": 1, "highest": 4}, adjust=5)
    del entry["panel"]
    entry["panels"] = [
        {"key": "e", "name": "E", "judges": 3, "method": "sum", "drop_high": 1, "drop_low": 1},
        {"key": "s", "name": "S", "judges": 1, "factor": 2},
    ]
    entry["criteria"] = [
        {"key": "A", "name": "A", "panel": "e", "aspects": [points("A1", 10)]},
        {"key": "B", "name": "B", "panel": "s", "aspects": [points("B1", 5)]},
    ]
    return entry


def test_panels_are_added_and_multiplied_by_the_difficulty():
    """Panel e keeps the 8 of 7 8 9; panel s gives 4 x 2 = 8; (8 + 8) x 2.5 = 40."""
    rows = judged("m.A1", a=(7, 8, 9)) + lines("a m.B1 J9 4\na m.difficulty - 2.5")

    assert mark(answer(plan(several_panels()), rows), "a") == "40"


def test_without_its_difficulty_a_module_has_no_mark():
    rows = judged("m.A1", a=(7, 8, 9)) + lines("a m.B1 J9 4")

    assert mark(answer(plan(several_panels()), rows), "a") is None


def test_the_chief_adjusts_after_the_difficulty():
    rows = judged("m.A1", a=(7, 8, 9)) + lines("a m.B1 J9 4\na m.difficulty - 2.5\na m.adjustment - -1.5")

    assert mark(answer(plan(several_panels()), rows), "a") == "38.5"


def test_the_top_of_several_panels():
    """(10 x 1 kept of three + 5 x 2) x 4 = 80; a mark of 40 is half of it: 50 of 100."""
    document = plan(several_panels() | {"weight": 100}, parts=[{"key": "all", "stage": "final", "name": "x"}])
    rows = judged("m.A1", a=(7, 8, 9)) + lines("a m.B1 J9 4\na m.difficulty - 2.5")

    assert of(answer(document, rows), "a")["parts"]["all"]["mark"] == "50.0000"


def test_a_judge_of_several_panels_is_struck_out_where_he_sits():
    """J9 sits in panel s only; struck out, that panel is empty and the module stuck."""
    rows = judged("m.A1", a=(7, 8, 9)) + lines("a m.B1 J9 4\na m.difficulty - 2.5\na m J9 - - excused")

    assert mark(answer(plan(several_panels()), rows), "a") is None


def test_a_module_with_scores_takes_one_score_for_each_entrant():
    assert mark(answer(plan(module("m")), "a m - 87.1234"), "a") == "87.1234"


def test_seats_without_weight_give_no_mark():
    assert panel_mark((80,), ("J2",), weights=[0, 1]) is None
