"""From modules to parts to stages, worked by hand."""

from fractions import Fraction

from contest.scoring.limits import scales_of
from contest.scoring.scheme_reading import plan_from
from contest.scoring.score import score
from tests.scoring import contests

EXACT = {"steps": [], "compare": "exact"}


def standings(document, *entrants, stage=None):
    return score(plan_from(document), contests.book_of(document, list(entrants)), stage)


def test_a_part_weighs_its_modules_by_their_share_of_the_top_mark():
    modules = [
        contests.score_module("paper", "theory", "40", top="50"),
        contests.score_module("oral", "theory", "60", top="120"),
    ]
    document = contests.plan_of(modules, rounding=EXACT)

    found = standings(document, contests.entrant({"paper": "40", "oral": "90"}))

    # 40 / 50 x 40 = 32; 90 / 120 x 60 = 45; 77
    assert found.parts["theory"].exact.value(0) == 770_000


def test_a_sum_of_judges_counts_against_the_sum_of_their_top_marks():
    module = contests.sheet_module(
        aspects=[contests.points_aspect(top="10")], judges=3, method="sum"
    )
    document = contests.plan_of([module], rounding=EXACT)
    sheets = {"drill": [{"A1": "8"}, {"A1": "9"}, {"A1": "7"}]}

    found = standings(document, contests.entrant(sheets=sheets))

    # 8 + 9 + 7 = 24 of 30, in a part of one module: 80
    assert found.modules["drill"].exact.value(0) == 240_000
    assert found.total.exact.value(0) == 800_000


def test_parts_are_weighed_and_rounded_at_the_steps_of_the_plan():
    # 81.55 x 30 / 100 = 24.465; 90.05 x 70 / 100 = 63.035; together 87.5, no rounding needed.
    # 81.56 x 0.3 + 90.05 x 0.7 = 24.468 + 63.035 = 87.503 -> 87.5
    document = contests.theory_and_practical()

    found = standings(
        document,
        contests.entrant({"paper": "81.55", "work": "90.05"}),
        contests.entrant({"paper": "81.56", "work": "90.05"}),
    )

    assert found.total.rounded.tolist() == [875_000, 875_000]
    assert found.place.tolist() == [1, 1]


def test_rounding_at_the_module_can_change_a_place():
    # Two judges: (90 + 90.01) / 2 = 90.005. Rounded at the module it is 90.01, exactly it is less.
    aspect = contests.points_aspect(step="0.01")
    sheets = [
        contests.entrant(sheets={"drill": [{"A1": "90"}, {"A1": "90.01"}]}),
        contests.entrant(sheets={"drill": [{"A1": "90.01"}, {"A1": "90.01"}]}),
    ]
    module = contests.sheet_module(aspects=[aspect], judges=2)

    rounded = standings(contests.plan_of([module]), *sheets)
    exact = standings(contests.plan_of([module], rounding=EXACT), *sheets)

    assert rounded.place.tolist() == [1, 1]
    assert exact.place.tolist() == [2, 1]


def two_stages(carry="0", **more):
    modules = [contests.score_module("paper", "theory"), contests.score_module("work", "practical")]
    parts = [contests.part("theory", "100", "first"), contests.part("practical", "100")]
    stages = [
        {"key": "first", "name": "初赛", "advance": 2},
        {"key": "final", "name": "决赛", "carry_percent": carry},
    ]
    return contests.plan_of(modules, parts, stages, **more)


def test_a_stage_takes_over_its_share_of_the_stage_before():
    found = standings(two_stages("30"), contests.entrant({"paper": "90", "work": "80"}))

    # 0.3 x 90 + 0.7 x 80 = 83
    assert found.total.rounded.tolist() == [830_000]


def test_without_carrying_over_the_final_stands_alone():
    found = standings(two_stages(), contests.entrant({"work": "80"}))

    assert found.total.rounded.tolist() == [800_000]
    assert found.complete.tolist() == [True]


def test_with_carrying_over_nobody_is_complete_without_the_first_stage():
    found = standings(two_stages("30"), contests.entrant({"work": "80"}))

    # 0.7 x 80 is what is in so far.
    assert found.total.rounded.tolist() == [560_000]
    assert found.complete.tolist() == [False]


def test_an_earlier_stage_can_be_asked_for():
    rows = [contests.entrant({"paper": "90"}), contests.entrant({"paper": "95", "work": "1"})]

    found = standings(two_stages(), *rows, stage="first")

    assert found.place.tolist() == [2, 1]
    assert set(found.modules) == {"paper"}
    assert set(found.stages) == {"first"}


def test_what_is_not_finished_adds_nothing_yet_and_says_so():
    found = standings(
        contests.theory_and_practical(),
        contests.entrant({"paper": "90"}),
        contests.entrant({"paper": "60", "work": "50"}),
    )

    # 0.3 x 90 = 27 so far; 0.3 x 60 + 0.7 x 50 = 53
    assert found.total.rounded.tolist() == [270_000, 530_000]
    assert found.total.done.tolist() == [False, True]
    assert found.finished.tolist() == [1, 2]
    assert not found.is_final


def test_every_column_stands_over_the_denominator_that_was_checked():
    levels = [{"name": str(level)} for level in range(4)]
    judged = {"key": "A1", "name": "判断", "kind": "judgement", "max": "7", "levels": levels}
    module = contests.sheet_module(aspects=[judged], judges=7, drop_high=1, drop_low=1)
    module["part"] = "practical"
    document = contests.plan_of(
        [contests.score_module(top="97"), module],
        [contests.part("theory", "33.33"), contests.part("practical", "66.67")],
        rounding=EXACT,
        teams={"method": "mean", "size": 3},
    )
    plan = plan_from(document)
    one = contests.entrant({"paper": "33.35"}, {"drill": [{"A1": 2}] * 7}, team="x")

    found = standings(document, one)

    scales = scales_of(plan)
    # (7 x 2 / 3) needs thirds, and one to five marks may be left: lcm(1 … 5) = 60.
    assert found.modules["drill"].exact.denominator == 3 * 60 == (
        scales.modules["drill"].result.denominator
    )
    for key, result in found.parts.items():
        assert result.exact.denominator == scales.parts[key].denominator
    assert found.total.exact.denominator == scales.stages["final"].denominator
    assert found.teams.total.exact.denominator == scales.teams["final"].denominator
    # 33.35 / 97 x 33.33 + 14/3 / 7 x 66.67, and a third of it for a team of three.
    total = Fraction("33.35") / 97 * Fraction("33.33") + Fraction(2, 3) * Fraction("66.67")
    assert found.total.exact.value(0) / 10_000 == total
    assert found.teams.total.exact.value(0) / 10_000 == total / 3
