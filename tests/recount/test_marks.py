"""Section 1: what a mark earns, every kind and every field, worked by hand."""

import pytest

from contest.recount import Refused
from tests.recount.sheets import answer, judged, lines, mark, measured, module, plan, points


def earns(aspect, *values, **fields):
    """The module mark of one entrant marked by one judge on one aspect."""
    rows = lines("\n".join(f"a m J1 {value}" for value in values))
    return mark(answer(plan(module("m", aspect, **fields)), rows), "a")


def tries(aspect, *attempts):
    """The module mark of one entrant's attempts; `x` is a void one, None one that is not given."""
    rows = [
        {
            "entrant": "a",
            "item": "m",
            "judge": "J1",
            "value": "" if v == "x" else str(v),
            "attempt": str(n),
            "status": "void" if v == "x" else "",
        }
        for n, v in enumerate(attempts, 1)
        if v is not None
    ]
    return mark(answer(plan(module("m", aspect)), rows), "a")


DEDUCTIONS = {
    "key": "A1",
    "name": "x",
    "kind": "deductions",
    "max": 10,
    "reasons": [
        {"name": "r1", "points": "2.5", "most": 3},
        {"name": "r2", "points": 4},
        {"name": "r3", "points": 1, "loses": True},
    ],
}
CHECKLIST = {
    "key": "A1",
    "name": "x",
    "kind": "checklist",
    "items": [{"name": "i1", "points": 3}, {"name": "i2", "points": "1.5"}, {"name": "i3", "points": 2}],
}
JUDGEMENT = {"key": "A1", "name": "x", "kind": "judgement", "max": 10}
GRADE = {
    "key": "A1",
    "name": "x",
    "kind": "grade",
    "max": 10,
    "grades": [{"key": "good", "name": "g", "points": 8}, {"key": "poor", "name": "p", "points": "2.5"}],
}
TABLE = measured(table=[{"upto": 20, "points": 60}, {"upto": 25, "points": 54}], places=2)
RUN = measured(formula={"start": 60, "from": 30, "points": -1, "per": "0.5"}, places=2)
WHOLE = measured(formula={"start": 40, "from": 240, "points": "-0.5", "per": 6, "whole": True})


@pytest.mark.parametrize(
    "aspect, value, expected",
    [
        pytest.param(points(top=10, step="0.5"), "7.5", "7.5", id="points earn the mark"),
        pytest.param(points(top=10), "0", "0", id="a mark of zero is a mark"),
        pytest.param(DEDUCTIONS, "1:2;2:1", "1", id="10 - 2 x 2.5 - 4 = 1"),
        pytest.param(DEDUCTIONS, "1:3;2:1", "0", id="10 - 7.5 - 4 is below 0, so 0"),
        pytest.param(DEDUCTIONS, "0", "10", id="nothing seen: the whole"),
        pytest.param(DEDUCTIONS, "3:1", "0", id="a reason that loses all"),
        pytest.param(DEDUCTIONS, "3:0", "10", id="a losing reason seen no time"),
        pytest.param(CHECKLIST, "1;0;1", "5", id="3 + 2"),
        pytest.param(CHECKLIST, "0;0;0", "0", id="no yes at all"),
        pytest.param(JUDGEMENT, "2", "6.6667", id="10 x 2 / 3"),
        pytest.param(JUDGEMENT, "3", "10", id="the highest level earns the top"),
        pytest.param(GRADE, "poor", "2.5", id="the points of the grade"),
        pytest.param(TABLE, "20", "60", id="a value on the border of a row belongs to it"),
        pytest.param(TABLE, "20.01", "54", id="the next row"),
        pytest.param(TABLE, "25.01", "0", id="beyond the last row, 0 unless said"),
        pytest.param(TABLE | {"beyond": 7}, "99", "7", id="beyond the last row as said"),
        pytest.param(RUN, "36.25", "47.5", id="60 - (36.25 - 30) / 0.5 = 60 - 12.5"),
        pytest.param(WHOLE, "251", "39.5", id="11 / 6 is one whole step: 40 - 0.5"),
        pytest.param(WHOLE, "229", "40.5", id="-11 / 6 is cut towards zero to -1: 40 + 0.5"),
        pytest.param(measured(itself=True, places=1), "12.5", "12.5", id="the value itself"),
        pytest.param(measured(top=1000, itself=True, clamp=True), "990", "990", id="itself is not clamped"),
        pytest.param(RUN | {"max": 50}, "0", "50", id="60 + 60 = 120 is held at the top"),
        pytest.param(RUN | {"max": 150, "clamp": False}, "0", "120", id="a bonus without clamp"),
        pytest.param(RUN, "100", "0", id="60 - 140 is held at 0"),
    ],
)
def test_a_mark_earns(aspect, value, expected):
    assert earns(aspect, value) == expected


@pytest.mark.parametrize(
    "scale, start, exponent, better, value, expected",
    [
        # 25.4347 x (18 - 11)^1.81 = 861.0...: the hundred metres of the decathlon in 11.00 s
        pytest.param("25.4347", 18, "1.81", "low", "11.00", "861", id="decathlon 100 m in 11.00"),
        # 0.14354 x (700 - 220)^1.4 = 814.2: the long jump of 7.00 m
        pytest.param("0.14354", 220, "1.4", "high", "700", "814", id="decathlon long jump 7.00 m"),
        pytest.param("2", 10, "2", "high", "13", "18", id="2 x 3^2 exactly"),
        pytest.param("3", 0, "0.5", "high", "4", "6", id="3 x root 4 is exactly 6, not 5"),
        pytest.param("3", 0, "0.5", "high", "5", "6", id="3 x root 5 = 6.7 is cut"),
        # 4^1.835 = 2^3.67 = 12.7...
        pytest.param("1", 0, "1.835", "high", "4", "12", id="an exponent of three decimals"),
        pytest.param("0.00000001", 0, "0.125", "high", "1", "0", id="a scale of eight decimals"),
        pytest.param("25.4347", 18, "1.81", "low", "18", "0", id="d = 0 earns 0"),
        pytest.param("25.4347", 18, "1.81", "low", "19", "0", id="d below 0 earns 0"),
    ],
)
def test_power_is_cut_to_whole_points_exactly(scale, start, exponent, better, value, expected):
    rule = {"scale": scale, "from": start, "exponent": exponent, "better": better}

    assert earns(measured(top=2000, places=2, power=rule), value) == expected


def test_without_clamp_a_formula_may_fall_below_zero_until_the_modules_lowest():
    aspect = RUN | {"clamp": False}

    assert earns(aspect, "70", lowest=-100) == "-20"  # 60 - 80
    assert earns(aspect, "70") == "0"  # the module's own lowest is 0


HIGH = points(top=100, attempts=3)
LOW = measured(itself=True, better="low", attempts=3)


@pytest.mark.parametrize(
    "aspect, attempts, expected",
    [
        pytest.param(HIGH, (50, 70, 60), "70", id="best is the default, high the better"),
        pytest.param(LOW, (50, 70, 60), "50", id="best of times is the lowest"),
        pytest.param(HIGH, (50, "x", None), "50", id="one given is enough; void is passed over"),
        pytest.param(HIGH | {"take": "worst"}, (50, "x", 60), "50", id="worst of the valid ones"),
        pytest.param(LOW | {"take": "worst"}, (50, "x", 60), "60", id="worst of times is the highest"),
        pytest.param(HIGH | {"take": "last"}, (50, 60, None), "60", id="last given"),
        pytest.param(HIGH | {"take": "last"}, (50, "x", None), "0", id="last given was void: 0"),
        pytest.param(HIGH | {"take": "sum", "max": 300}, (50, 60, 5), "115", id="sum of all"),
        pytest.param(HIGH | {"take": "sum", "max": 300}, (50, 60, None), None, id="sum needs every attempt"),
        pytest.param(
            HIGH | {"take": "sum", "drop_worst": 1, "max": 200},
            (50, "x", 5),
            "55",
            id="a void is worse than 5 and is dropped",
        ),
        pytest.param(
            HIGH | {"take": "sum", "drop_best": 1, "max": 200}, (50, 60, 5), "55", id="the best is dropped"
        ),
        pytest.param(HIGH | {"take": "mean"}, (50, 60, 5), "38.3333", id="115 / 3"),
        pytest.param(
            LOW | {"take": "mean", "drop_best": 1, "drop_worst": 1},
            (50, 60, 90),
            "60",
            id="the middle of three",
        ),
        pytest.param(
            LOW | {"take": "mean", "drop_best": 1, "drop_worst": 1},
            (50, "x", 90),
            "90",
            id="the void is the worst",
        ),
        pytest.param(
            LOW | {"take": "mean", "drop_worst": 1},
            (50, "x", "x"),
            "0",
            id="a void is kept: the whole is void",
        ),
        pytest.param(HIGH, ("x", "x", "x"), "0", id="all void earns 0"),
        pytest.param(HIGH, (None, None, None), None, id="nothing given is not zero"),
    ],
)
def test_of_several_attempts_stands(aspect, attempts, expected):
    rows_exist = any(v is not None for v in attempts)
    assert (tries(aspect, *attempts) if rows_exist else expected) == expected


def test_a_formula_is_applied_to_what_stands():
    """Best of 40 and 35 seconds is 35: 60 - (35 - 30) / 0.5 = 50."""
    assert tries(RUN | {"attempts": 2, "better": "low"}, 40, 35) == "50"


def test_best_follows_the_better_of_a_power_that_says_low():
    """12.00 and 11.00 seconds: 11.00 is the better, 861 points."""
    rule = {"scale": "25.4347", "from": 18, "exponent": "1.81", "better": "low"}

    assert tries(measured(top=2000, places=2, power=rule, attempts=2), 12, 11) == "861"


def test_a_module_of_void_attempts_is_void():
    rows = lines("a m J1 - 1 void")

    result = answer(plan(module("m", LOW)), rows)

    assert result["entrants"][0]["modules"]["m"]["state"] == "void"


def two_judges(key_item, panel=None):
    safety = CHECKLIST | {"key": "A1", "key_item": key_item}
    rest = points("A2", 10)
    document = plan(module("m", safety, rest, panel={"judges": 2} | (panel or {})))
    rows = "a m.A1 J1 0;0;0 \n a m.A2 J1 8 \n a m.A1 J2 1;1;1 \n a m.A2 J2 8"
    return mark(answer(document, rows), "a")


def test_a_missed_key_item_empties_the_judges_sheet():
    """Sheets 0 (key item missed) and 6.5 + 8 = 14.5: mean 7.25."""
    assert two_judges("sheet") == "7.25"


def test_a_missed_key_item_empties_every_aspect_of_the_sheet_when_aspects_are_combined():
    assert two_judges("sheet", {"level": "aspect"}) == "7.25"


def test_a_key_item_missed_by_half_of_the_judges_does_not_empty_the_module():
    """One of two is not more than half: sheets 8 and 14.5, mean 11.25."""
    assert two_judges("module") == "11.25"


def test_a_key_item_missed_by_more_than_half_empties_the_module_before_the_penalty():
    safety = CHECKLIST | {"key_item": "module"}
    document = plan(module("m", safety, points("A2", 10), panel={"judges": 3}, lowest=-50, adjust=5))
    rows = "".join(
        f"a m.A1 J{n} {ticks}\na m.A2 J{n} 8\n" for n, ticks in ((1, "0;0;0"), (2, "0;0;0"), (3, "1;1;1"))
    )
    rows += "a m.penalty - 2\na m.adjustment - 4"

    assert mark(answer(document, rows), "a") == "-2"  # 0 instead of everything before, then 2 off


def test_a_deductions_aspect_misses_its_key_item_when_it_earns_nothing():
    aspect = DEDUCTIONS | {"key_item": "module"}
    document = plan(module("m", aspect, points("A2", 10)))

    assert mark(answer(document, "a m.A1 J1 3:1\na m.A2 J1 9"), "a") == "0"
    assert mark(answer(document, "a m.A1 J1 2:1\na m.A2 J1 9"), "a") == "15"


def test_a_sheet_is_rounded_at_its_step_only_when_sheets_are_combined():
    """Judgements 2 of 10: 6.6667. Sheets rounded to one decimal are 6.7 each; aspects stay at 20/3."""
    rounding = {"steps": ["sheet"], "places": 4, "own": [{"step": "sheet", "places": 1}], "compare": "exact"}
    for level, expected in (("sheet", "6.7"), ("aspect", "6.6667")):
        document = plan(module("m", JUDGEMENT, panel={"judges": 1, "level": level}), rounding=rounding)
        assert mark(answer(document, "a m J1 2"), "a") == expected


@pytest.mark.parametrize(
    "aspect, value",
    [
        pytest.param(points(top=10), "11", id="above the top"),
        pytest.param(points(top=10), "-1", id="below zero"),
        pytest.param(points(top=10), "2.5", id="off the step"),
        pytest.param(points(top=10), "2,5", id="a comma"),
        pytest.param(points(top=10), "1e1", id="an exponent"),
        pytest.param(DEDUCTIONS, "2:2", id="oftener than the plan allows"),
        pytest.param(DEDUCTIONS, "4:1", id="a reason that is not there"),
        pytest.param(DEDUCTIONS, "1:1;1:1", id="a reason twice"),
        pytest.param(CHECKLIST, "1;0", id="an item is missing"),
        pytest.param(CHECKLIST, "1;0;2", id="neither yes nor no"),
        pytest.param(JUDGEMENT, "4", id="no such level"),
        pytest.param(GRADE, "best", id="no such grade"),
        pytest.param(measured(itself=True), "1001", id="above the highest"),
        pytest.param(points(top=90, attempts=3, take="sum"), "31 1", id="an attempt above its part of a sum"),
        pytest.param(points(), "- - void", id="points with one attempt are never void"),
        pytest.param(measured(itself=True), "1.5", id="more decimals than the plan has"),
        pytest.param({"key": "A1", "name": "x", "kind": "rank"}, "0", id="ranks begin with 1"),
    ],
)
def test_what_is_no_mark_is_refused_with_its_line(aspect, value):
    with pytest.raises(Refused) as refused:
        answer(plan(module("m", aspect)), lines(f"a m J1 {value}"))

    assert (refused.value.where, refused.value.line) == ("marks", 2)


def test_one_attempt_of_a_sum_goes_up_to_its_part_of_the_max():
    """Of three attempts two are kept: each up to 60 / 2 = 30."""
    aspect = points(top=60, attempts=3, take="sum", drop_worst=1)

    assert tries(aspect, 30, 30, 1) == "60"
    with pytest.raises(Refused):
        tries(aspect, 31, 30, 1)


def test_a_measured_aspect_with_one_attempt_may_be_void_and_the_rest_of_the_sheet_is_earned():
    document = plan(module("m", measured("A1", itself=True), points("A2", 10)))

    result = answer(document, "a m.A1 J1 - - void\na m.A2 J1 7")["entrants"][0]["modules"]["m"]

    assert (result["mark"], result["state"], result["done"]) == ("7.0000", "void", True)


def test_a_sheet_that_does_not_count_makes_no_module_void():
    document = plan(module("m", measured(itself=True), panel={"judges": 2}))

    rows = "a m J1 - - void\na m J2 5\na m J1 - - excused\nb m J1 - - void\nb m J2 5"
    states = {row["code"]: row["modules"]["m"]["state"] for row in answer(document, rows)["entrants"]}

    assert states == {"a": "", "b": "void"}


def test_a_key_item_is_missed_as_it_was_marked_before_a_sheet_is_lost():
    """Both judges lose their sheets by A1; A2, the module's key item, was seen: the mark is 0 + 3, not 0."""
    document = plan(
        module(
            "m", points("A1", 10, key_item="sheet"), points("A2", 10, key_item="module"), lowest=-9, adjust=3
        )
    )

    assert mark(answer(document, "a m.A1 J1 0\na m.A2 J1 8\na m.adjustment - 3"), "a") == "3"
    assert mark(answer(document, "a m.A1 J1 8\na m.A2 J1 0\na m.adjustment - 3"), "a") == "0"


def test_a_step_with_its_own_places_rounds_half_up_unless_it_says_otherwise():
    """A sheet of 2.5, to whole points: 3, though the plan rounds down; and 2 where the row says so."""
    def sheet(**own):
        rows = [{"step": "sheet", "places": 0, **own}]
        rounding = {"steps": ["sheet"], "places": 1, "mode": "down", "own": rows}
        document = plan(module("m", points(step="0.5")), rounding=rounding)
        return mark(answer(document, judged("m", a=(2.5,))), "a")

    assert (sheet(), sheet(mode="down")) == ("3", "2")
