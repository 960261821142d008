"""The plan in words, in both languages."""

import pytest

from contest.scoring.scheme_reading import plan_document, plan_from
from contest.setup import sentences
from contest.setup.plan_changes import Change, changes_between
from contest.setup.presets import find_preset
from tests import factories


@pytest.fixture
def english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def said(preset, module, aspect):
    return sentences.aspect_sentence(find_preset(preset).plan.module(module).aspect(aspect))


def test_a_trimmed_panel(english):
    panel = find_preset("c1_cement").plan.module("risk").panel

    assert sentences.panel_sentence(panel) == (
        "7 judges mark each sheet. The 1 highest and the 1 lowest are dropped; of the other 5, "
        "their mean counts. Totals more than 15 points apart are shown to the chief judge."
    )


def test_a_median_of_each_aspect(english):
    panel = find_preset("c3_fire_drill").plan.module("hydrant").panel

    assert "every aspect is combined by itself" in sentences.panel_sentence(panel)
    assert "All count: the middle one counts." in sentences.panel_sentence(panel)


@pytest.mark.parametrize(
    ("preset", "module", "aspect", "words"),
    [
        ("c1_cement", "digital", "A1", "Points from 0 to 15 in steps of 0.5."),
        ("c1_cement", "digital", "B3", "Starts at 15; what is ticked is taken off, never below 0."),
        ("c1_cement", "digital", "A3", "Yes or no for each line; each yes earns its points."),
        ("c1_cement", "digital", "A2",
         "A judgement of 0, 1, 2 or 3; it earns that many thirds of 15 points."),
        ("c1_cement", "digital", "B1", "A value from 0 to 1800 s with 0 decimals."),
        ("c3_fire_drill", "apparatus", "A1",
         "A value from 0 to 300 s with 2 decimals. 60 points up to 30 s; 1 points off for every "
         "0.5 s more; between 0 and 60. Only whole steps count."),
    ],
)
def test_each_kind_of_marking_is_explained(english, preset, module, aspect, words):
    assert said(preset, module, aspect) == words


def test_the_formula_in_words_is_the_formula_that_counts(english):
    import numpy as np

    from contest.scoring.marks import points_of

    aspect = find_preset("c3_fire_drill").plan.module("apparatus").aspect("A1")
    values = np.array([300_000, 305_000, 309_999, 310_000, 900_000])  # 30 s, 30.5 s, ...

    numerators, denominator = points_of(aspect, values)

    # 60 up to 30 s; 1 off for every whole half second more; never below 0.
    assert [int(n) // denominator for n in numerators] == [600_000, 590_000, 590_000, 580_000, 0]


def test_ties_name_what_they_compare(english):
    plan = find_preset("c2_hotline").plan

    assert [sentences.tie_sentence(tie, plan) for tie in plan.ranking.ties] == [
        "“Live contest”, higher first", "“Solving problems”, higher first",
        "the aspect “Working the system · Time taken”, lower first",
        "the total with no judge dropped, higher first",
    ]


def test_awards_in_words(english):
    plan = find_preset("c1_cement").plan

    assert sentences.award_sentence(plan.award("first"), plan) == (
        "Contestant: 10 % of those who competed, rounded: Half up."
    )
    assert sentences.award_sentence(plan.award("pioneer"), plan) == (
        "Contestant: place 1. Every part with a pass mark must be passed."
    )


def test_a_change_is_one_plain_sentence(english):
    old = plan_document(plan_from(factories.plan_document()))
    new = plan_document(plan_from(factories.plan_document()))
    new["modules"][1]["panel"]["method"] = "median"
    new["modules"][1]["weight"] = "100"
    del new["modules"][1]["blind"]
    new["awards"] = []

    assert [sentences.change_sentence(change) for change in changes_between(old, new)] == [
        "Module “Risk”, Judged blind: from yes to no.",
        "Panel “Risk”, Method: from Mean to Median (the middle one).",
        "Award “First prize” is gone.",
    ]


def test_texts_are_quoted_and_numbers_are_not(english):
    weight = Change("changed", "parts", ("a",), "甲", "A", "weight", "30", "40")
    name = Change("changed", "parts", ("a",), "甲", "A", "name", "乙", "甲")

    assert sentences.change_sentence(weight).endswith("Weight in percent: from 30 to 40.")
    assert sentences.change_sentence(name).endswith("Chinese name: from “乙” to “甲”.")


def test_chinese_sentences_are_joined_without_spaces(app):
    with app.test_request_context(headers={"Accept-Language": "zh"}):
        text = sentences.teams_sentence(find_preset("c1_cement").plan.teams)

    assert text == "代表队成绩为队员成绩之和。每队 5 人。"
