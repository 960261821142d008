"""One small contest for each rule, and the lines of its receipt that a chief judge would read out."""

import pytest

from contest.scoring.medals import awards
from contest.scoring.receipt import receipt
from contest.scoring.words import in_english
from tests.scoring.contests import plan_of, points_aspect, score_module, sheet_module
from tests.scoring.ledger_book import scored


def marks(text):
    """Lines of MARKS.csv: "entrant item judge value [attempt] [status]", a dash for empty."""
    rows = []
    for line in text.strip().splitlines():
        cells = [("" if cell == "-" else cell) for cell in line.split()]
        cells += [""] * (6 - len(cells))
        names = ("entrant", "item", "judge", "value", "attempt", "status")
        rows.append(dict(zip(names, cells, strict=True)))
    return rows


def entrants(codes, **columns):
    """Lines of ENTRANTS.csv; columns: one value for each."""
    return [
        {"code": code, **{name: values[i] for name, values in columns.items()}}
        for i, code in enumerate(codes.split())
    ]


def said(steps):
    return [(in_english(step.label, step.params), step.sum) for step in steps]


def lines(document, text, people="a", index=0, with_awards=False):
    """The receipt of one entrant as (sentence, sum)."""
    people = entrants(people) if isinstance(people, str) else people
    plan, book, standings = scored(document, marks(text), people)
    given = awards(plan, standings, None, book)[0] if with_awards else ()
    return said(receipt(plan, book, standings, index, given))


def judged(*aspects, rounding=None, **panel):
    """A plan of one module whose sheets are not rounded at the end."""
    aspects = aspects or (points_aspect(top="10"),)
    return plan_of(
        [sheet_module(key="m", aspects=list(aspects), **panel)],
        rounding=rounding or {"places": 2, "steps": []},
    )


def measured(**way):
    return {"key": "A1", "name": "用时", "kind": "measured", "max": "10", "highest": "30", "places": 1, **way}


@pytest.mark.parametrize(
    ("aspect", "value", "says"),
    [
        ({"kind": "grade", "max": "9", "grades": [
            {"key": "A", "name": "优", "points": "9"}, {"key": "B", "name": "良", "points": "7.5"}]},
         "B", "A1 7.5 = 7.5"),
        (measured(formula={"start": "5", "from": "10", "points": "1", "per": "2"}), "13",
         "A1 (5 + 1 × (13 − 10) ÷ 2 → 6.5) = 6.5"),
        (measured(formula={"start": "5", "from": "10", "points": "1", "per": "2"}), "30",
         "A1 (5 + 1 × (30 − 10) ÷ 2 = 15 → 10) = 10"),
        (measured(formula={"start": "5", "from": "10", "points": "1", "per": "2"}, clamp=False), "30",
         "A1 (5 + 1 × (30 − 10) ÷ 2 → 15) = 15"),
        (measured(formula={"start": "5", "from": "0", "points": "-1", "per": "10", "whole": True}), "29",
         "A1 (5 − 1 × 2 → 3) = 3"),
        (measured(table=[{"upto": "12", "points": "8"}], beyond="1"), "12.5", "A1 (12.5 → 1) = 1"),
        (measured(max="900", power={"scale": "25.4347", "from": "18", "exponent": "1.81", "better": "low"}),
         "11", "A1 (25.4347 × (18 − 11) ^ 1.81 → 861) = 861"),
        (measured(max="30", itself=True), "12.5", "A1 12.5 = 12.5"),
    ],
)
def test_what_a_mark_earns_is_written_out(aspect, value, says):
    document = judged({"key": "A1", "name": "评分", **aspect})

    assert lines(document, f"a m j {value}")[0] == ("Sheet of judge 1.", says)


@pytest.mark.parametrize(
    ("take", "says"),
    [
        ({"take": "best"}, ("Judge 1, attempts: the best counts.", "8, ×, 6 → 8")),
        ({"take": "worst"}, ("Judge 1, attempts: the worst counts.", "8, ×, 6 → 6")),
        ({"take": "last"}, ("Judge 1, attempts: the last one taken counts.", "8, ×, 6 → 6")),
        ({"take": "mean", "drop_worst": 1},
         ("Judge 1, attempts: the mean counts; dropped: ×.", "(6 + 8) ÷ 2 = 7")),
        ({"take": "mean"}, ("Judge 1, attempts: the mean counts.", "× + 6 + 8 → ×")),
    ],
)
def test_attempts_say_which_counted_and_which_failed(take, says):
    document = judged({**points_aspect(top="10"), "attempts": 3, **take})

    found = lines(document, "a m j 8 1\n a m j - 2 void\n a m j 6 3")

    assert found[0] == says
    void = ("Judge 1: no valid attempt, so this is void and earns 0.", "")
    assert (void in found) == (take == {"take": "mean"})


def test_what_loses_an_aspect_a_sheet_or_the_module_is_said():
    reasons = [{"name": "r", "points": "1"}, {"name": "危险", "points": "1", "loses": True}]
    lost = {"key": "A1", "name": "安全", "kind": "deductions", "max": "5", "reasons": reasons}
    document = judged({**lost, "key_item": "sheet"}, {**points_aspect("A2", "10"), "key_item": "module"},
                      judges=3)

    found = lines(document, """
        a m.A1 j 2:1
        a m.A2 j 4
        a m.A1 k 0
        a m.A2 k 0
        a m.A1 l 0
        a m.A2 l 0
    """)

    assert found[:3] == [
        ("Judge 1: a reason that loses everything, or deductions up to the top mark.", ""),
        ("Sheet of judge 1.", "A1 (5 − 5 → 0) + A2 4 = 4"),
        ("Judge 1: this key item earned nothing, so the whole sheet is 0.", "4 → 0"),
    ]
    assert ("Key item of the module: 2 of 3 judges gave nothing, more than half, so the module is 0.",
            "3.333333… → 0") in found


FIVE = "a m j1 4\na m j2 5\na m j3 5\na m j4 7\na m j5 10"


def test_marks_too_far_apart_bring_the_dropped_ones_back():
    tolerance = [{"least": "6", "apart": "2"}, {"least": "0", "apart": "1"}]
    document = judged(judges=5, drop_high=1, drop_low=1, tolerance=tolerance)

    found = lines(document, FIVE)

    assert found[5:7] == [
        ("With a mean of 5.666666… the marks may lie only 1 apart: the dropped ones count too.",
         "7 − 5 = 2 > 1"),
        ("Mean of the marks that count (5).", "(4 + 5 + 5 + 7 + 10) ÷ 5 = 6.2"),
    ]


def test_marks_close_enough_stay_dropped():
    document = judged(judges=5, drop_high=1, drop_low=1, method="sum",
                      tolerance=[{"least": "0", "apart": "2"}])

    assert lines(document, FIVE)[5:7] == [
        ("With a mean of 5.666666… the marks may lie 2 apart; they do.", "7 − 5 = 2 ≤ 2"),
        ("Sum of the marks that count (3); dropped: 4, 10.", "5 + 5 + 7 = 17"),
    ]


def test_too_few_marks_to_drop_any():
    document = judged(judges=5, drop_high=1, drop_low=1, drop_from=5)

    found = lines(document, FIVE + "\na m j5 - - excused")

    assert ("Only 4 marks count, and marks are dropped from 5 up: none is.", "") in found
    assert ("Mean of the marks that count (4).", "(4 + 5 + 5 + 7) ÷ 4 = 5.25") in found


def test_weights_and_the_factor_of_a_panel():
    document = judged(judges=2, weights=["2", "1"], factor="0.6", rounding={"places": 1, "steps": ["panel"]})

    assert lines(document, "a m j1 8\na m j2 9")[2:5] == [
        ("Each judge's mark × weight, added up, ÷ all weights.", "(2 × 8 + 1 × 9) ÷ (2 + 1) = 8.333333…"),
        ("Rounded to 1 decimals.", "8.333333… → 8.3"),
        ("× the factor of the panel.", "8.3 × 0.6 = 4.98"),
    ]


def test_a_sum_with_a_judge_struck_out_takes_the_mean_of_the_others():
    document = judged(judges=5, method="sum")

    found = lines(document, FIVE + "\na m j5 - - excused")

    assert ("Sum of the marks that count (4).", "(4 + 5 + 5 + 7) ÷ 4 × 5 = 26.25") in found


def test_several_panels_are_added_up_and_each_line_names_its_panel():
    criteria = [
        {"key": key, "name": key, "panel": panel, "aspects": [points_aspect(f"{key}1", "10")]}
        for key, panel in (("A", "execution"), ("B", "artistry"))
    ]
    panels = [{"key": key, "name": key, "judges": 1} for key in ("execution", "artistry")]
    module = {"key": "m", "part": "practical", "name": "m", "weight": "100", "max": "20",
              "panels": panels, "criteria": criteria}
    plan, book, standings = scored(plan_of([module]), marks("a m.A1 j 8\na m.B1 k 6"), entrants("a"))

    steps = receipt(plan, book, standings, 0)

    assert [step.about.key for step in steps[:5]] == ["execution", "execution", "artistry", "artistry", "m"]
    assert said(steps)[4] == ("The panels added up.", "8 + 6 = 14")


def by_order(method, kind="rank"):
    aspect = {"key": "A1", "name": "名次", "kind": kind} if kind == "rank" else points_aspect(top="10")
    module = {"key": "m", "part": "p", "name": "m", "weight": "100", "max": "50",
              "panel": {"judges": 3, "method": method},
              "criteria": [{"key": "A", "name": "A", "aspects": [aspect]}]}
    return plan_of([module])


RANKS = """
    a m j1 1
    a m j2 2
    a m j3 3
    b m j1 2
    b m j2 3
    b m j3 1
    c m j1 3
    c m j2 1
    c m j3 2
    d m j1 4
    d m j2 4
    d m j3 4
"""


def test_a_place_by_majority_shows_its_columns():
    assert lines(by_order("majority"), RANKS, "a b c d")[:9] == [
        ("Rank by judge 1.", "1"),
        ("Rank by judge 2.", "2"),
        ("Rank by judge 3.", "3"),
        ("Its ranks from the judges; a majority of 3 judges is 2.", "1, 2, 3"),
        ("Ranked 1 or better by 1 judges: no majority yet.", ""),
        ("Ranked 2 or better by 2 judges: a majority; with it there: 2.", ""),
        ("Up to 2 it has 2 ranks with the sum 3; ahead of it: 0; still equal: 2.", ""),
        ("Up to 3 it has 3 ranks with the sum 6; ahead of it: 0; still equal: 2.", ""),
        ("Up to 4 it has 3 ranks with the sum 6; ahead of it: 0; still equal: 2.", ""),
    ]
    assert ("Place 1 by majority of 4; its mark is how many are placed below.", "4 − 0 − 3 = 1") in lines(
        by_order("majority"), RANKS, "a b c d"
    )


def test_borda_gives_points_from_each_judge():
    text = "a m j1 8\na m j2 6\na m j3 7\nb m j1 8\nb m j2 5\nb m j3 9"

    assert lines(by_order("borda", "points"), text, "a b")[3:7] == [
        ("Judge 1 puts 0 below it and 1 equal to it.", "0 + 1 ÷ 2 = 0.5"),
        ("Judge 2 puts 1 below it and 0 equal to it.", "1 + 0 ÷ 2 = 1"),
        ("Judge 3 puts 0 below it and 0 equal to it.", "0 + 0 ÷ 2 = 0"),
        ("The points from all judges added up.", "0.5 + 1 + 0 = 1.5"),
    ]


def test_who_lacks_the_degree_of_difficulty_is_not_put_in_order():
    document = by_order("borda", "points")
    document["modules"][0]["difficulty"] = {"lowest": "1", "highest": "2"}
    sheets = "\n".join(f"{code} m {judge} {mark}" for code, mark in (("a", 8), ("b", 6), ("c", 7))
                       for judge in ("j1", "j2", "j3"))

    found = lines(document, sheets + "\na m.difficulty - 1\nb m.difficulty - 2", "a b c")

    assert ("The points from all judges added up.", "1 + 1 + 1 = 3") in found


def test_difficulty_and_the_chiefs_adjustment():
    document = judged()
    document["modules"][0] |= {"difficulty": {"lowest": "1", "highest": "3.5"}, "adjust": "1"}

    found = lines(document, "a m j 8\na m.difficulty - 2.5\na m.adjustment - -0.5")

    assert found[2:4] == [
        ("× the degree of difficulty.", "8 × 2.5 = 20"),
        ("The chief judge's adjustment.", "20 − 0.5 = 19.5"),
    ]
    assert ("Not finished: the degree of difficulty is missing.", "") in lines(document, "a m j 8")


def test_judgements_too_far_apart_are_given_again():
    levels = [{"name": str(n)} for n in range(4)]
    document = judged({"key": "A1", "name": "判断", "kind": "judgement", "max": "6", "levels": levels},
                      judges=2, remark=True)

    found = lines(document, "a m j1 1\na m j2 3")

    assert ("Not finished: the judgements lie more than one step apart and are given again.",
            "1, 3") in found


def runs(**part):
    """Two runs of one part, with something around them."""
    modules = [score_module(key, "runs", weight=None) for key in ("r1", "r2")]
    for module in modules:
        del module["weight"]
    parts = [{"key": "runs", "name": "runs", "stage": "final", "weight": "100", **part}]
    return plan_of(modules, parts, rounding={"places": 2, "mode": "down", "steps": ["part"]})


@pytest.mark.parametrize(
    ("combine", "says"),
    [
        ({"combine": "points"}, ("The finished marks in it added up.", "60 + 80.5 = 140.5")),
        ({"combine": "best"},
         ("The best 1 of the finished marks added up; left out: 60.", "80.5 = 80.5")),
    ],
)
def test_parts_by_points_and_by_the_best(combine, says):
    assert says in lines(runs(**combine), "a r1 - 60\na r2 - 80.5")


def test_a_part_within_a_part_is_weighed_by_its_top():
    modules = [score_module("m1", "inner"), score_module("m2", "outer", weight="40", top="50")]
    parts = [{"key": "outer", "name": "o", "stage": "final", "weight": "100"},
             {"key": "inner", "name": "i", "within": "outer", "weight": "60"}]

    assert ("Mark × weight ÷ top mark of everything in it that is finished, added up.",
            "25 × 40 ÷ 50 + 90 × 60 ÷ 100 = 74") in lines(plan_of(modules, parts), "a m1 - 90\na m2 - 25")


@pytest.mark.parametrize(
    ("penalties", "says"),
    [
        ({}, [("No more than the cap counts.", "140 → 120"),
              ("Penalty taken off; nothing goes below -5.", "120 − 30 → 90")]),
        ({"order": "penalty_first"}, [("Penalty taken off; nothing goes below -5.", "140 − 30 → 110")]),
        ({"percent": True}, [
            ("No more than the cap counts.", "140 → 120"),
            ("Penalty of 30 percent taken off what is above 0.", "120 − 120 × 30 ÷ 100 = 84")]),
    ],
)
def test_caps_and_penalties_in_either_order(penalties, says):
    document = runs(combine="points", cap="120", lowest="-5") | {"penalties": penalties}

    found = lines(document, "a r1 - 60\na r2 - 80\na runs.penalty - 20\na runs.penalty - 10")

    assert found[3 : 3 + len(says)] == says


def test_the_base_and_a_step_with_places_and_a_mode_of_its_own():
    document = runs(combine="points")
    document["stages"] = [{"key": "final", "name": "f", "base": "100", "combine": "points"}]
    del document["parts"][0]["weight"]
    document["rounding"] |= {"own": [{"step": "part", "places": 1, "mode": "half_even"}]}

    found = lines(document, "a r1 - 60.25\na r2 - 80")

    assert ("Rounded to 1 decimals, halves to the even digit.", "140.25 → 140.2") in found
    assert ("The points with which everybody starts.", "140.2 + 100 = 240.2") in found


ROOMS = "a m - 80\nb m - 91\nc m - 60\nd m - 75"


@pytest.mark.parametrize(
    ("method", "says"),
    [
        ("group_mean", (
            "Rooms made comparable: × mean of all 4 (76.5) ÷ mean of the 2 in its room (85.5).",
            "80 × 76.5 ÷ 85.5 = 71.578947… → 71.58")),
        ("z", (
            "Rooms made comparable: mean 85.5 and standard deviation 5.5 of the 2 in its room, "
            "mean 76.5 and standard deviation 11.1467 of all 4.",
            "76.5 + 11.1467 × (80 − 85.5) ÷ 5.5 → 65.35")),
        ("robust", (
            "On the 700 scale of its room: median 85.5 and median distance 5.5 of 2.",
            "700 + 30 × (80 − 85.5) ÷ (1.4826 × 5.5) → 680")),
    ],
)
def test_rooms_made_comparable(method, says):
    module = {**score_module("m"), "adjustment": {"method": method, "least": 2}}
    people = entrants("a b c d", room=["1", "1", "2", "2"])

    assert says in lines(plan_of([module]), ROOMS, people)


def test_a_room_too_small_is_said():
    module = {**score_module("m"), "adjustment": {"method": "z", "least": 2}}
    people = entrants("a b c", room=["1", "1", "2"])

    assert (
        "Not finished: every room needs 2 finished entrants before marks are adjusted; the smallest has 1.",
        "",
    ) in lines(plan_of([module]), "a m - 80\nb m - 91\nc m - 60", people)
