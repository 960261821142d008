"""A plan document is read whole, or refused with every problem at once."""

import copy
import json
from decimal import Decimal

import pytest

from contest.scoring.scheme import Bracket, PlanError
from contest.scoring.scheme_reading import (
    canonical,
    document_from,
    plan_document,
    plan_from,
    plan_hash,
)
from tests.scoring import contests
from tests.scoring.test_marks import ASPECTS

TOML = """
format = 1
name = "班组长竞赛"
name_en = "Shift leaders"
[rounding]
places = 1
steps = ["stage", "module"]
[ranking]
ties = [
  {by = "part", key = "practical"},
  {by = "aspect", module = "drill", key = "A1", order = "low"},
]
[[stages]]
key = "final"
name = "决赛"
[[parts]]
key = "theory"
stage = "final"
name = "理论"
weight = 30
pass_mark = 60
[[parts]]
key = "practical"
stage = "final"
name = "实操"
weight = 70
[[modules]]
key = "paper"
part = "theory"
name = "笔试"
weight = 100
max = 100
entry = "scores"
[[modules]]
key = "drill"
part = "practical"
name = "应急"
weight = 33.5
max = 10
panel = {judges = 7, drop_high = 1, drop_low = 1, spread = 1.5}
  [[modules.criteria]]
  key = "A"
  name = "用时"
    [[modules.criteria.aspects]]
    key = "A1"
    name = "用时"
    kind = "measured"
    max = 10
    unit = "s"
    highest = 600
    table = [{upto = 300, points = 10}, {upto = 360.5, points = 4.25}]
[[modules]]
key = "work"
part = "practical"
name = "作品"
weight = "66.5"
max = 50
entry = "scores"
[[awards]]
key = "first"
name = "一等奖"
to = "entrant"
rule = "ratio"
ratio = 10
"""


def full_document():
    modules = [contests.sheet_module(aspects=copy.deepcopy(ASPECTS), judges=7, spread="15")]
    return contests.plan_of(
        modules,
        ranking={"shared": False, "ties": [{"by": "untrimmed"}]},
        teams={"method": "best", "best": 3, "size": 5},
        awards=[
            {"key": "first", "name": "一等奖", "to": "entrant", "rule": "count", "count": 3},
            {"key": "org", "name": "组织奖", "to": "organisation", "rule": "vote", "count": 2},
        ],
    )


def problems_of(document):
    with pytest.raises(PlanError) as refused:
        plan_from(document)
    return {problem.path: str(problem) for problem in refused.value.problems}


def test_a_toml_plan_is_read_in_units():
    plan = plan_from(document_from(TOML))

    assert plan.part("practical").weight == 700_000
    assert plan.part("theory").pass_mark == 600_000
    assert plan.module("drill").weight == 335_000
    assert plan.module("drill").panel.spread == 15_000
    assert plan.module("drill").aspect("A1").table == (
        Bracket(3_000_000, 100_000),
        Bracket(3_605_000, 42_500),
    )
    assert plan.rounding.steps == ("module", "stage")
    assert [tie.label for tie in plan.ranking.ties] == ["part:practical", "aspect:drill.A1"]
    assert plan.award("first").of == "competed"
    assert [m.key for m in plan.modules_of("practical")] == ["drill", "work"]


@pytest.mark.parametrize("document", [document_from(TOML), full_document()])
def test_a_plan_written_and_read_again_is_the_same_plan(document):
    plan = plan_from(document)

    again = plan_from(json.loads(json.dumps(plan_document(plan))))

    assert again == plan
    assert plan_hash(again) == plan_hash(plan)


def test_the_same_plan_typed_otherwise_has_the_same_hash():
    typed = contests.theory_and_practical()
    other = copy.deepcopy(typed)
    other["parts"][0]["weight"] = Decimal("30.00")
    other["parts"][1]["weight"] = 70
    other["rounding"] = {"places": 2, "mode": "half_up"}  # the defaults

    assert canonical(typed) == canonical(other)
    assert plan_hash(plan_from(typed)) == plan_hash(plan_from(other))


def test_another_weight_is_another_hash():
    other = contests.theory_and_practical()
    other["parts"][0]["weight"], other["parts"][1]["weight"] = "31", "69"

    assert plan_hash(plan_from(other)) != plan_hash(plan_from(contests.theory_and_practical()))


def test_a_checklist_is_worth_the_sum_of_its_items():
    plan = plan_from(full_document())

    assert plan.module("drill").aspect("A3").max == 125_000


def test_every_problem_of_form_is_named_at_once():
    document = full_document()
    document["oops"] = 1
    del document["name"]
    document["modules"][0]["panel"]["drop_hi"] = 1
    document["modules"][0]["weight"] = "1,5"
    document["modules"][0]["criteria"][0]["aspects"][0]["step"] = float("nan")
    document["modules"][0]["criteria"][0]["aspects"][3]["levels"] = "four"
    document["stages"][0]["key"] = "决赛"
    document["ranking"]["shared"] = "yes"
    document["awards"][0]["rule"] = "lottery"

    found = problems_of(document)

    assert set(found) == {
        "oops",
        "name",
        "modules[0].panel.drop_hi",
        "modules[0].weight",
        "modules[0].criteria[0].aspects[0].step",
        "modules[0].criteria[0].aspects[3].levels",
        "stages[0].key",
        "ranking.shared",
        "awards[0].rule",
    }
    assert found["modules[0].panel.drop_hi"] == (
        "modules[0].panel.drop_hi: The field drop_hi is unknown here; allowed are: "
        "judges, level, method, drop_high, drop_low, drop_from, tolerance, weights, factor, spread, "
        "remark."
    )
    assert "between 0 and 100" in found["modules[0].weight"]


@pytest.mark.parametrize("document", [None, [], "plan", 3])
def test_what_is_no_table_is_no_plan(document):
    with pytest.raises(PlanError, match="must be a table"):
        plan_from(document)


def test_text_that_is_no_toml_is_refused_with_the_line():
    with pytest.raises(PlanError, match="line 2"):
        document_from('name = "x"\nweights 30')


@pytest.mark.parametrize("value", ["-1", "100.5", "0.00001", 30.0, True])
def test_a_weight_is_a_percent_with_at_most_four_decimals(value):
    document = contests.theory_and_practical()
    document["parts"][0]["weight"] = value

    assert list(problems_of(document)) == ["parts[0].weight"]


def test_a_part_without_a_weight_weighs_nothing_in_a_stage_by_weights():
    document = contests.theory_and_practical()
    del document["parts"][0]["weight"]

    assert "theory 0 + practical 70 = 70" in problems_of(document)["stages[0]"]


def test_fields_of_another_kind_are_unknown():
    document = full_document()
    document["modules"][0]["criteria"][0]["aspects"][0]["reasons"] = []

    found = problems_of(document)

    assert "unknown here" in found["modules[0].criteria[0].aspects[0].reasons"]


@pytest.mark.parametrize("kind", [[], {}, 3, True])
def test_a_kind_that_is_no_word_is_refused_like_any_other(kind):
    document = full_document()
    document["awards"][0]["rule"] = kind

    assert "This must be one of: ratio" in problems_of(document)["awards[0].rule"]


def test_only_checklists_and_ranks_need_no_top_mark():
    document = full_document()
    del document["modules"][0]["criteria"][0]["aspects"][0]["max"]

    place = "modules[0].criteria[0].aspects[0].max"
    assert problems_of(document) == {place: f"{place}: This field is missing."}


def test_a_checklist_with_a_bad_line_names_the_line():
    document = full_document()
    document["modules"][0]["criteria"][0]["aspects"][2]["items"][0]["points"] = "many"

    assert list(problems_of(document)) == ["modules[0].criteria[0].aspects[2].items[0].points"]
