"""Every ready plan is whole, believable and in two languages."""

import pytest

from contest.scoring.scheme_reading import document_from, plan_document, plan_from
from contest.setup.presets import find_preset, list_presets

KEYS = [preset.key for preset in list_presets()]
KINDS = {"points", "deductions", "checklist", "judgement", "measured"}


def test_there_is_a_preset_for_each_scenario_and_a_blank_one():
    scenarios = {preset.plan.scenario for preset in list_presets()}

    assert scenarios == {"C1", "C2", "C3", "C4", "C5", "C8", "C14", "WS", ""}
    assert [preset.key for preset in list_presets()][-4:] == [
        "c8_five_small", "worldskills", "c14_selection", "blank",
    ]
    assert find_preset("no_such_plan") is None


@pytest.mark.parametrize("key", KEYS)
def test_a_preset_is_a_plan_that_holds_together(key):
    preset = find_preset(key)

    # plan_from refuses sums that do not add up and a worst case beyond 64 bits.
    assert plan_from(document_from(preset.text)) == preset.plan
    assert plan_from(plan_document(preset.plan)) == preset.plan


@pytest.mark.parametrize("key", KEYS)
def test_everything_in_a_preset_has_a_name_in_both_languages(key):
    plan = find_preset(key).plan
    named = [plan, *plan.stages, *plan.parts, *plan.modules, *plan.awards]
    for module in plan.modules:
        for criterion in module.criteria:
            named.append(criterion)
            for aspect in criterion.aspects:
                named += [aspect, *aspect.reasons, *aspect.items, *aspect.levels]

    assert [thing for thing in named if not (thing.name and thing.name_en)] == []
    assert plan.summary and plan.summary_en
    assert [a.key for a in plan.awards if bool(a.note) != bool(a.note_en)] == []


@pytest.mark.parametrize("key", KEYS)
def test_deductions_of_a_preset_can_use_up_the_whole_mark(key):
    aspects = [a for module in find_preset(key).plan.modules for a in module.aspects]
    deductions = [a for a in aspects if a.kind == "deductions"]

    short = [a.key for a in deductions if sum(r.points * r.most for r in a.reasons) < a.max]

    assert short == []


def test_the_cement_contest_is_as_its_organisers_describe_it():
    plan = find_preset("c1_cement").plan
    practical = plan.modules_of("practical")
    aspects = [aspect for module in practical for aspect in module.aspects]

    assert [stage.key for stage in plan.stages] == ["preliminary", "final"]
    assert {m.entry for m in plan.modules_of_stage("preliminary")} == {"scores"}
    assert [part.weight for part in plan.parts_of("final")] == [300_000, 700_000]
    assert len(practical) == 5
    assert {(m.panel.judges, m.panel.drop_high, m.panel.drop_low) for m in practical} == {(7, 1, 1)}
    assert all(6 <= len(module.aspects) <= 10 for module in practical)
    assert {aspect.kind for aspect in aspects} == KINDS
    assert plan.teams.size == 5
    assert [a.ratio for a in plan.awards if a.rule == "ratio"] == [100_000, 200_000, 300_000]
    # Being put forward is no title yet; it must open no service.
    assert not plan.award("pioneer").title and plan.award("pioneer").last == 1
    assert plan.award("organiser_prize").rule == "vote"


def test_the_hotline_contest_gives_twenty_four_and_eight_prizes():
    awards = find_preset("c2_hotline").plan.awards

    assert sum(a.count for a in awards if a.rule == "count" and a.to == "entrant") == 24
    assert sum(a.count for a in awards if a.rule == "count" and a.to == "team") == 8


def test_the_safety_contest_gives_its_prizes_over_three_events():
    plans = [preset.plan for preset in list_presets() if preset.plan.scenario == "C3"]
    awards = [award for plan in plans for award in plan.awards]

    # 10 prizes at first to third, 3 technical experts, 27 excellent individuals, 4 organisers.
    assert len(plans) == 3
    assert sum(a.count for a in awards if a.rule == "count") == 10
    assert len([a for a in awards if a.key == "expert"]) == 3
    assert sum(a.last for a in awards if a.key == "excellent") == 27
    assert sum(a.count for a in awards if a.rule == "vote") == 4


def test_works_are_judged_blind_and_nursing_by_deductions():
    for key in ("c5_embroidery", "c5_silver"):
        assert find_preset(key).plan.module("work").blind
    stations = find_preset("c4_nursing").plan.modules_of("practice")
    assert all("deductions" in {a.kind for a in module.aspects} for module in stations)


def test_the_innovation_contest_carries_its_results_up():
    stages = find_preset("c8_five_small").plan.stages

    assert [stage.carry_percent for stage in stages] == [0, 300_000, 400_000]


def test_the_contest_in_the_manner_of_worldskills_has_measurement_and_judgement():
    plan = find_preset("worldskills").plan
    panels = {panel.key: panel for module in plan.modules for panel in module.panels}

    assert sum(module.max for module in plan.modules) == 100 * 10_000
    assert plan.stages[0].scale == "robust"
    # Three judge apart, and again when they lie more than a step apart; one value is measured.
    assert (panels["judged"].judges, panels["judged"].remark, panels["measured"].judges) == (3, True, 1)
    for module in plan.modules:
        for criterion in module.criteria:
            kinds = {aspect.kind for aspect in criterion.aspects}
            assert kinds <= ({"judgement"} if criterion.panel == "judged" else {"measured", "checklist"})
            assert all(len(a.levels) == 4 for a in criterion.aspects if a.kind == "judgement")
