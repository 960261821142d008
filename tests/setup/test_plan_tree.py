"""Single nodes of a plan are found, added, renamed, moved and removed."""

import pytest

from contest.errors import Conflict, Invalid, Missing
from contest.scoring.scheme_checks import sense_problems
from contest.scoring.scheme_reading import plan_document, plan_from
from contest.setup import new_nodes, plan_branches, plan_tree
from contest.setup.presets import find_preset
from contest.setup.queries import loose_plan
from tests import factories

A1 = "modules.1.criteria.0.aspects.0"


@pytest.fixture
def document():
    return plan_document(plan_from(factories.plan_document()))


@pytest.mark.parametrize(
    ("address", "kind"),
    [("plan", "plan"), ("teams", "teams"), ("stages.0", "stages"), (A1, "aspects")],
)
def test_an_address_names_its_kind(address, kind):
    assert plan_tree.kind_of(address) == kind


@pytest.mark.parametrize(
    "address", ["", "modules", "modules.x", "stages.0.name", "awards.9", "__class__.0", "parts.-1"]
)
def test_there_is_nothing_at_a_wrong_address(document, address):
    with pytest.raises(Missing):
        plan_tree.get_node(document, address)


def test_a_new_key_is_followed_by_everything_that_names_it(document):
    node = {**document["parts"][1], "key": "hands"}

    new = plan_tree.with_node(document, "parts.1", node)

    assert new["modules"][1]["part"] == "hands"
    assert new["ranking"]["ties"][0]["key"] == "hands"
    assert document["parts"][1]["key"] == "practical"  # the old document is untouched
    assert plan_from(new)


def test_a_key_that_is_used_already_is_refused(document):
    with pytest.raises(Invalid) as refused:
        plan_tree.with_node(document, A1, {**plan_tree.get_node(document, A1), "key": "A2"})

    assert "key" in refused.value.fields


def test_an_aspect_in_a_tie_may_be_renamed(document):
    document["ranking"]["ties"] = [{"by": "aspect", "module": "risk", "key": "A1"}]

    new = plan_tree.with_node(document, A1, {**plan_tree.get_node(document, A1), "key": "A7"})

    assert new["ranking"]["ties"] == [{"by": "aspect", "module": "risk", "key": "A7"}]


@pytest.mark.parametrize(
    ("kind", "parent"),
    [("stages", ""), ("parts", "stages.0"), ("modules", "parts.0"), ("criteria", "modules.1"),
     ("aspects", "modules.1.criteria.0"), ("awards", "")],
)
def test_a_new_node_can_be_read_and_found(document, kind, parent):
    new, address = new_nodes.with_added(document, kind, parent)

    assert plan_tree.kind_of(address) == kind
    assert plan_tree.get_node(new, address)["name_en"].startswith("New ")
    if kind != "criteria":  # a criterion without aspects is whole only with its first
        assert loose_plan(new)


def test_a_new_part_weighs_what_is_left(document):
    document["parts"][1]["weight"] = "45.5"

    new, address = new_nodes.with_added(document, "parts", "stages.0")

    assert plan_tree.get_node(new, address)["weight"] == "24.5"


def test_removing_a_part_takes_its_modules_and_ties_along(document):
    new = plan_tree.without_node(document, "parts.1")

    assert [module["key"] for module in new["modules"]] == ["paper"]
    assert new["ranking"]["ties"] == []
    assert [p.message.split(" ")[0] for p in sense_problems(loose_plan(new))] == ["The"]


def test_the_only_rounding_cannot_be_removed(document):
    with pytest.raises(Conflict):
        plan_tree.without_node(document, "rounding")


def test_a_module_moves_among_those_of_its_part():
    document = plan_document(find_preset("c1_cement").plan)
    keys = [module["key"] for module in document["modules"]]
    first = f"modules.{keys.index('digital')}"

    same, address = plan_tree.with_moved(document, first, -1)
    new, moved = plan_tree.with_moved(document, first, 1)

    assert (same, address) == (document, first)  # the first of its part stays
    assert plan_tree.get_node(new, moved)["key"] == "digital"
    assert [m["key"] for m in new["modules"]][3:5] == ["risk", "digital"]


def test_the_tree_shows_sums_and_where_the_trouble_is(document):
    document["parts"][0]["weight"] = "20"
    plan = loose_plan(document)

    tree = plan_branches.tree_of(plan, sense_problems(plan))

    stage = next(branch for branch in tree if branch.kind == "stages")
    assert (stage.sum, stage.is_off, len(stage.problems)) == ("90", True, 1)
    assert stage.branches[1].figure == "70 %"
    assert not stage.branches[1].is_off
    assert "practical 70 = 90" in str(stage.problems[0])


def test_a_problem_deep_down_is_found_at_its_node(document):
    document["modules"][1]["criteria"][0]["aspects"][0]["step"] = "3"
    plan = loose_plan(document)
    (problem,) = sense_problems(plan)

    tree = plan_branches.tree_of(plan, [problem])

    assert plan_branches.address_of(problem.path) == A1
    assert next(branch for branch in tree if branch.kind == "stages").is_troubled


@pytest.mark.parametrize("address", ["modules.nowhere", "modules.99", "stages.-1", ""])
def test_what_is_no_place_in_a_list_cannot_be_moved(document, address):
    with pytest.raises(Missing):
        plan_tree.with_moved(document, address, 1)


def nested(document):
    """The small plan with a part of points inside the practical one."""
    document["parts"].append({"key": "runs", "within": "practical", "name": "三轮", "combine": "points"})
    document["modules"][1] = {**document["modules"][1], "part": "runs"}
    document["modules"][1].pop("weight")
    document["parts"][2]["weight"] = "100"
    return plan_document(plan_from(document))


def test_a_part_within_another_stands_below_it_and_its_modules_show_points(document):
    tree = plan_branches.tree_of(plan_from(nested(document)), [])

    stage = next(branch for branch in tree if branch.kind == "stages")
    practical = stage.branches[1]
    (runs,) = practical.branches
    assert (runs.key, runs.figure, runs.sum, practical.sum) == ("runs", "100 %", "", "100")
    assert [(b.figure, b.is_points) for b in runs.branches] == [("20", True)]


def test_a_part_that_stands_within_itself_is_still_shown_with_its_trouble(document):
    document["parts"][0] |= {"within": "practical", "stage": ""}
    document["parts"][1] |= {"within": "theory", "stage": ""}
    for part in document["parts"]:
        del part["stage"]
    plan = loose_plan(document)

    tree = plan_branches.tree_of(plan, sense_problems(plan))

    assert any(branch.key == "theory" and branch.is_troubled for branch in tree)


def test_a_renamed_part_is_followed_by_parts_within_it_and_its_modules(document):
    document = nested(document)

    new = plan_tree.with_node(document, "parts.1", {**document["parts"][1], "key": "hands"})

    assert (new["parts"][2]["within"], new["ranking"]["ties"][0]["key"]) == ("hands", "hands")
    assert plan_from(new)


def test_a_renamed_module_is_followed_by_sums_and_awards(document):
    document["ranking"]["ties"] = [
        {"by": "sum", "keys": ["risk", "paper"]}, {"by": "attempt", "module": "risk", "key": "A1"},
    ]
    document["awards"].append({"key": "t", "name": "t", "to": "entrant", "rule": "threshold",
                               "least": "3", "module": "risk"})

    new = plan_tree.with_node(document, "modules.1", {**document["modules"][1], "key": "danger"})

    assert new["ranking"]["ties"][0]["keys"] == ["danger", "paper"]
    assert new["ranking"]["ties"][1]["module"] == new["awards"][1]["module"] == "danger"


def test_a_renamed_award_is_followed_by_conditions_and_the_table_of_organisations(document):
    document["awards"].append({**document["awards"][0], "key": "second", "unless": ["first"]})
    document["organisations"] = {"points": [{"award": "first", "points": "7"}]}

    new = plan_tree.with_node(document, "awards.0", {**document["awards"][0], "key": "gold"})
    without = plan_tree.without_node(document, "awards.0")

    assert new["awards"][1]["unless"] == ["gold"]
    assert new["organisations"]["points"][0]["award"] == "gold"
    assert "unless" not in without["awards"][0]
    assert without["organisations"]["points"] == []


def test_removing_a_part_takes_the_parts_within_it_along(document):
    new = plan_tree.without_node(nested(document), "parts.1")

    assert [part["key"] for part in new["parts"]] == ["theory"]
    assert [module["key"] for module in new["modules"]] == ["paper"]


def test_where_points_are_added_up_weights_go_of_themselves(document):
    new = plan_tree.with_node(document, "parts.1", {**document["parts"][1], "combine": "points"})

    assert "weight" not in new["modules"][1]
    assert plan_from(new)
    added, address = new_nodes.with_added(new, "modules", "parts.1")
    assert "weight" not in plan_tree.get_node(added, address)


def test_a_second_panel_gives_the_first_a_key_and_its_criteria(document):
    new, address = new_nodes.with_added(document, "panels", "modules.1")

    module = new["modules"][1]
    assert address == "modules.1.panels.1"
    assert [panel["key"] for panel in module["panels"]] == ["panel_1", "panel_2"]
    assert [criterion["panel"] for criterion in module["criteria"]] == ["panel_1"]
    renamed = plan_tree.with_node(new, "modules.1.panels.0", {**module["panels"][0], "key": "skill"})
    assert renamed["modules"][1]["criteria"][0]["panel"] == "skill"
    assert plan_tree.without_node(new, address)["modules"][1] == document["modules"][1]


def test_scores_have_no_panels(document):
    with pytest.raises(Missing):
        new_nodes.with_added(document, "panels", "modules.0")


@pytest.mark.parametrize("address", ["penalties", "organisations", "prizes", "modules.1.panels.0"])
def test_the_new_places_have_addresses(address):
    assert plan_tree.kind_of(address) == address.split(".")[-2 if "." in address else 0]
