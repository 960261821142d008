"""What is wrong in a plan is told with names."""

import pytest

from contest.scoring.scheme_checks import sense_problems
from contest.scoring.scheme_reading import plan_document
from contest.setup.presets import find_preset
from contest.setup.problem_words import with_names
from contest.setup.queries import loose_plan


def cement(change):
    document = plan_document(find_preset("c1_cement").plan)
    change(document)
    return loose_plan(document)


@pytest.mark.parametrize(("language", "sentence"), [
    ("zh", "parts of stage 决赛 weigh 110 in all; they must add up to 100: "
           "理论知识 40 + 技能操作 70 = 110."),
    ("en", "parts of stage Final weigh 110 in all; they must add up to 100: "
           "Theory 40 + Practical 70 = 110."),
])
def test_the_parts_of_a_stage_are_named(language, sentence):
    plan = cement(lambda document: document["parts"][1].update(weight="40"))

    [problem] = sense_problems(plan)

    assert sentence in str(with_names(problem, plan, language))


def test_the_modules_of_a_part_are_named():
    plan = cement(lambda document: document["modules"][0].update(weight="99.5"))

    [problem] = sense_problems(plan)

    told = with_names(problem, plan, "zh").params
    assert told["part"] == plan.part(problem.params["part"]).name
    assert f"{plan.modules[0].name} 99.5 + " in told["terms"]


def test_aspects_keep_their_keys():
    plan = cement(lambda document: document["modules"][1].update(max="1"))

    found = {one.message: one for one in sense_problems(plan)}

    for problem in found.values():
        assert with_names(problem, plan, "zh").params.get("terms") == problem.params.get("terms")
