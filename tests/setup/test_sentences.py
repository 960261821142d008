"""The plan in words, in both languages."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from contest.scoring.scheme_fields import Choice, Choices, Table, Tables
from contest.scoring.scheme_reading import plan_document, plan_from
from contest.scoring.scheme_tables import PLAN
from contest.setup import plan_words, sentences
from contest.setup.plan_changes import Change, changes_between
from contest.setup.presets import find_preset
from tests import factories
from tests.setup.plans_by_chance import documents, read


@pytest.fixture
def english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def said(preset, module, aspect):
    return sentences.aspect_sentence(find_preset(preset).plan.module(module).aspect(aspect))


def test_a_trimmed_panel(english):
    panel = find_preset("c1_cement").plan.module("risk").panel

    assert sentences.panel_sentence(panel) == (
        "Judges for each contestant: 7. The 1 highest and the 1 lowest are dropped; of the other 5, "
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


def test_how_far_judges_may_lie_apart_is_said_in_what_the_marks_are_in(english):
    document = factories.plan_document()
    document["modules"][1]["criteria"][0]["aspects"][0]["apart"] = "1.5"
    points = plan_from(document).module("risk").aspect("A1")
    timed = replace(find_preset("c1_cement").plan.module("digital").aspect("B1"), apart=20_000)

    said_of_points = "Judges' marks more than 1.5 apart are shown to the chief judge."
    assert said_of_points in sentences.aspect_sentence(points)
    assert "marks more than 2 s apart are shown" in sentences.aspect_sentence(timed)


def test_the_formula_in_words_is_the_formula_that_counts(english):
    import numpy as np

    from contest.scoring.earning import points_of

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


LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=documents, other=documents)
def test_any_change_is_a_sentence_in_both_languages(app, language, one, other):
    one, other = (plan_document(read(document)[0]) for document in (one, other))

    with app.test_request_context(headers={"Accept-Language": language}):
        said = [sentences.change_sentence(change) for change in changes_between(one, other)]

    assert all(text[-1] in ".。" and "%(" not in text for text in said)


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=documents)
def test_any_plan_can_be_said_in_words(app, language, document):
    plan, _ = read(document)

    with app.test_request_context(headers={"Accept-Language": language}):
        said = [
            sentences.ranking_sentence(plan.ranking), sentences.rounding_sentence(plan.rounding),
            sentences.penalties_sentence(plan.penalties), sentences.teams_sentence(plan.teams),
            sentences.organisations_sentence(plan.organisations, plan),
            sentences.prizes_sentence(plan.prizes),
            *map(sentences.stage_sentence, plan.stages), *map(sentences.part_sentence, plan.parts),
            *map(sentences.module_sentence, plan.modules),
            *(sentences.panel_sentence(p) for m in plan.modules for p in m.all_panels),
            *(sentences.aspect_sentence(a) for m in plan.modules for a in m.aspects),
            *(sentences.tie_sentence(tie, plan) for tie in plan.ranking.ties),
            *(sentences.award_sentence(award, plan) for award in plan.awards),
        ]

    assert all("%(" not in text for text in said)


def words_of(table, key, seen):
    """Every field of a table and of those inside it, as (table's key, field)."""
    for fields in (table.fields, *table.variants.values()):
        for each in fields:
            yield key, each
            inner = each.kind.table if isinstance(each.kind, Tables) else each.kind
            if isinstance(inner, Table) and (each.key, id(inner)) not in seen:
                seen.add((each.key, id(inner)))
                yield from words_of(inner, each.key, seen)


def test_every_field_and_every_choice_has_its_words():
    for key, each in words_of(PLAN, "plan", set()):
        if each.key not in plan_words.TABLES:
            assert plan_words.field_name(key, each.key), (key, each.key)
        if isinstance(each.kind, Choice | Choices):
            words = plan_words.choices_of(key, each.key)
            assert set(each.kind.options) <= set(words), (key, each.key)


def test_a_difficulty_and_a_reason_change_in_plain_sentences(english):
    old = plan_document(plan_from(factories.plan_document()))
    new = plan_document(plan_from(factories.plan_document()))
    new["modules"][1]["difficulty"] = {"lowest": "1.2", "highest": "4.8"}
    reasons = new["modules"][1]["criteria"][0]["aspects"][1]["reasons"]
    reasons[0]["most"] = 6
    reasons.append({"name": "超时", "name_en": "Too slow", "points": "1", "loses": True})
    new["ranking"]["ties"].append({"by": "data", "key": "birth_date"})

    assert [sentences.change_sentence(change) for change in changes_between(old, new)] == [
        "Ranking, Ties are broken by: from [part practical, higher first] to "
        "[part practical, higher first, recorded number birth_date, higher first].",
        "Module “Risk”, Degree of difficulty: from nothing to Lowest 1.2, Highest 4.8.",
        "Aspect “Process”, Reasons for deductions, line 1 · At most (times): from 5 to 6.",
        "Aspect “Process”, Reasons for deductions, line 2 is new: "
        "Too slow (Points off 1, All is lost yes).",
    ]
