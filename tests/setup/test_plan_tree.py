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
