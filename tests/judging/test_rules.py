"""Who may mark a sheet, when it is open, and what a complete sheet is."""

from fractions import Fraction

import pytest

from contest.errors import Conflict, Invalid, NotAllowed
from contest.judging import apart_rules, chief_rules, rules
from contest.pages import say
from contest.scoring.scheme import Rounding
from contest.scoring.scheme_reading import plan_from
from contest.setup.models import Contest
from tests.judging.panels import DRILL, RISK, operation, two_modules


@pytest.fixture(scope="module")
def drill():
    return plan_from(two_modules()).module("drill")


def test_another_judges_sheet_is_refused():
    with pytest.raises(NotAllowed, match="another judge"):
        rules.check_own_sheet(1, 2)


@pytest.mark.parametrize("state", ["submitted", "excused"])
def test_a_closed_sheet_takes_no_marks(state):
    with pytest.raises(rules.Closed):
        rules.check_open(state)


@pytest.mark.parametrize("state", ["setup", "registration", "final", "archived"])
def test_marks_are_taken_only_while_the_contest_is_judged(state):
    with pytest.raises(rules.Closed, match="being judged"):
        rules.check_contest_open(Contest(state=state))


def test_full_width_digits_are_stored_as_plain_ones(drill):
    assert rules.read_marks(drill, {"A1": "９．５"}) == {"A1": "9.5"}


@pytest.mark.parametrize("typed", ["NaN", "1,5", "1e1", "-1", "20.5", "0.25", "一"])
def test_a_mark_that_cannot_be_taken_names_the_allowed_range(drill, typed):
    with pytest.raises(Invalid) as refused:
        rules.read_marks(drill, {"A1": typed})

    sentence = str(refused.value.fields["A1"])
    assert "20" in sentence
    assert typed in sentence


def test_not_marked_is_left_out_and_never_zero(drill):
    marks = rules.read_marks(drill, {"A1": "", "A2": None, "A3": [None, None], "A4": None})

    assert marks == {}
    assert rules.missing_aspects(drill, rules.points_by_aspect(drill, marks)) == (
        "A1", "A2", "A3", "A4", "A5",
    )


def test_nothing_to_deduct_is_a_mark(drill):
    assert rules.points_by_aspect(drill, {"A2": {}}) == {"A2": 200_000}


def test_a_half_filled_checklist_is_kept_but_missing(drill):
    marks = rules.read_marks(drill, {"A3": [True, None]})

    assert marks == {"A3": [True, None]}
    assert "A3" in rules.missing_aspects(drill, rules.points_by_aspect(drill, marks))


def test_the_sum_of_a_sheet_is_exact(drill):
    points = rules.points_by_aspect(drill, DRILL)
    total = rules.sheet_sum(drill, Rounding(), points)

    # 18.5 + (20 − 3 − 2) + 5 + 10 × 2/3 + 25 = 70 1/6
    assert total == Fraction(421, 6) * 10_000
    assert rules.whole_units(total) == 701_667


def test_an_incomplete_sheet_names_what_is_missing(drill):
    with pytest.raises(Invalid) as refused:
        rules.check_complete(drill, rules.points_by_aspect(drill, {"A1": "3"}))

    assert sorted(refused.value.fields) == ["A2", "A3", "A4", "A5"]
    assert "Not yet marked: 4" in str(refused.value)


def test_a_deduction_counted_too_often_names_its_reason_in_the_language_of_the_page(app, drill):
    with pytest.raises(Invalid) as refused:
        rules.read_marks(drill, {"A2": {"0": 9}})
    sentence = refused.value.fields["A2"]
    for language, name in (("en", "Step left out"), ("zh", "漏")):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert f"“{name}”" in say(sentence)


def test_an_aspect_of_another_sheet_is_refused(drill):
    with pytest.raises(Invalid, match="not on this sheet"):
        rules.read_marks(drill, {"Z9": "1"})


def test_the_same_content_has_the_same_fingerprint_and_other_content_another():
    first = operation({"A1": "1", "A2": {}}, op_id="a")
    again = operation({"A2": {}, "A1": "1"}, op_id="b")

    assert rules.fingerprint(1, first) == rules.fingerprint(1, again)
    assert rules.fingerprint(1, first) != rules.fingerprint(2, first)
    assert rules.fingerprint(1, first) != rules.fingerprint(1, operation({"A1": "2", "A2": {}}))


def test_a_reopened_sheet_stays_reopened_until_it_is_handed_in():
    assert rules.next_state("empty", "draft") == "draft"
    assert rules.next_state("reopened", "draft") == "reopened"
    assert rules.next_state("reopened", "submit") == "submitted"


def test_choices_after_a_clash_are_merged_mark_by_mark():
    stored, mine = {"A1": "1", "A2": {}, "A4": 3}, {"A1": "2", "A2": {}, "A5": "9"}
    choices = {"A1": "mine", "A4": "stored", "A5": "stored"}

    assert rules.merge_choices(stored, mine, choices) == {"A1": "2", "A2": {}, "A4": 3}


def test_every_differing_mark_must_be_chosen():
    with pytest.raises(Invalid) as refused:
        rules.merge_choices({"A1": "1"}, {"A1": "2"}, {})

    assert list(refused.value.fields) == ["A1"]


def test_a_panel_is_odd_only_beyond_the_spread():
    assert not apart_rules.is_odd([50_000, 100_000], 50_000)
    assert apart_rules.is_odd([50_000, 100_001], 50_000)
    assert not apart_rules.is_odd([50_000, None], 1)
    assert not apart_rules.is_odd([50_000, 900_000], None)


@pytest.mark.parametrize("typed", ["", "0", "-1", "20.1", "NaN", "1,5", "0.00001"])
def test_a_penalty_lies_above_zero_and_within_the_top_mark(typed):
    with pytest.raises(Invalid) as refused:
        chief_rules.check_penalty(typed, 200_000)

    assert "20" in str(refused.value.fields["points"])


def test_a_penalty_in_full_width_digits_is_understood():
    assert chief_rules.check_penalty("１．５", 200_000) == 15_000


@pytest.mark.parametrize("reason", [None, "", "   ", "x" * 501])
def test_an_act_of_the_chief_needs_a_reason_of_sensible_length(reason):
    with pytest.raises(Invalid) as refused:
        rules.check_reason(reason)

    assert "reason" in refused.value.fields


def test_the_last_sheet_of_a_panel_cannot_be_struck_out():
    with pytest.raises(Conflict, match="nothing would be left"):
        chief_rules.check_can_excuse("submitted", 1, 2)


def test_begun_sheets_keep_their_judges_and_nobody_gets_two():
    assert rules.keep_begun([1, 2, 3], {}) == [1, 2, 3]
    assert rules.keep_begun([1, 2, 3], {1: 2}) == [2, 1, 3]
    assert rules.keep_begun([1, 2, 3], {2: 9}) == [1, 9, 3]


def test_marks_changed_are_told_with_old_and_new():
    assert rules.changed_marks(RISK, {"A1": "9"}) == {"A1": ["8.5", "9"], "A2": [{"0": 1}, None]}
