"""What differs between two plans, and what marks forbid."""

from contest.scoring.scheme_reading import plan_document, plan_from
from contest.setup.kept_marks import kept_marks_problems
from contest.setup.plan_changes import changes_between
from contest.setup.presets import find_preset
from tests import factories


def canonical(**changes):
    return plan_document(plan_from(factories.plan_document(**changes)))


def altered(change):
    """The small plan, and the same after `change` was done to its typed document."""
    document = factories.plan_document()
    change(document)
    return plan_from(factories.plan_document()), plan_from(document)


def test_equal_plans_do_not_differ():
    assert changes_between(canonical(), canonical()) == []


def test_a_changed_weight_names_the_module_and_both_values():
    new = canonical()
    new["parts"][0]["weight"], new["parts"][1]["weight"] = "40", "60"

    first, second = changes_between(canonical(), new)

    assert (first.act, first.node, first.path) == ("changed", "parts", ("theory",))
    assert (first.field, first.old, first.new) == ("weight", "30", "40")
    assert second.name_en == "Practical"


def test_added_and_removed_nodes_are_told():
    old, new = canonical(), canonical()
    gone = new["awards"].pop()
    new["awards"].append({**gone, "key": "golden"})

    changes = changes_between(old, new)

    assert [(c.act, c.path) for c in changes] == [
        ("removed", ("first",)), ("added", ("golden",)),
    ]


def test_a_changed_panel_belongs_to_its_module():
    old, new = canonical(), canonical()
    new["modules"][1]["panel"]["judges"] = 3

    (change,) = changes_between(old, new)

    assert (change.node, change.field, change.old, change.new) == ("panel", "judges", 2, 3)
    assert change.name_en == "Risk"


def test_another_order_is_a_move_and_not_a_removal():
    old, new = canonical(), canonical()
    new["parts"].reverse()

    (change,) = changes_between(old, new)

    assert (change.act, change.old, change.new) == (
        "moved", ["theory", "practical"], ["practical", "theory"],
    )


def test_teams_that_are_new_are_added():
    (change,) = changes_between(canonical(), canonical(teams={"method": "sum"}))

    assert (change.act, change.node) == ("added", "teams")


def test_an_award_may_change_its_way_of_rounding():
    ratio = {"key": "first", "name": "一等奖", "to": "entrant", "rule": "ratio", "ratio": 10}
    old, new = canonical(awards=[ratio]), canonical(awards=[{**ratio, "rounding": "up"}])

    (change,) = changes_between(old, new)

    assert (change.node, change.field, change.old, change.new) == (
        "awards", "rounding", "half_up", "up",
    )


def test_a_module_with_marks_cannot_go():
    plan = find_preset("c1_cement").plan
    document = plan_document(plan)
    document["modules"] = [m for m in document["modules"] if m["key"] != "risk"]
    document["modules"][3]["weight"] = "40"
    document["ranking"]["ties"] = [t for t in document["ranking"]["ties"] if t.get("key") != "risk"]
    new = plan_from(document)

    (problem,) = kept_marks_problems(plan, new, {("risk", "A1")})

    assert str(problem) == "modules: Module risk already has marks, so it cannot be removed."
    assert kept_marks_problems(plan, new, {("site", "A1")}) == []


def test_an_aspect_with_marks_cannot_go_or_change_its_kind():
    def swap(document):
        aspects = document["modules"][1]["criteria"][0]["aspects"]
        aspects[0] = {"key": "A3", "name": "新", "kind": "points", "max": 10, "step": 1}
        aspects[1] = {"key": "A2", "name": "过程", "kind": "points", "max": 10, "step": 1}

    old, new = altered(swap)

    problems = kept_marks_problems(old, new, {("risk", "A1"), ("risk", "A2")})

    assert [p.message.split(",")[1].strip() for p in problems] == [
        "so it cannot be removed.", "so its kind of marking cannot change.",
    ]
    assert problems[1].path == "modules[1].criteria[0].aspects[1].kind"


def test_what_was_entered_must_stay_possible():
    def coarser(document):
        document["modules"][1]["criteria"][0]["aspects"][0]["step"] = 1

    def finer(document):
        document["modules"][1]["criteria"][0]["aspects"][0]["step"] = "0.1"

    assert len(kept_marks_problems(*altered(coarser), {("risk", "A1")})) == 1
    assert kept_marks_problems(*altered(finer), {("risk", "A1")}) == []


def test_a_reason_that_was_ticked_cannot_be_ticked_less_often():
    def less(document):
        document["modules"][1]["criteria"][0]["aspects"][1]["reasons"][0]["most"] = 4

    (problem,) = kept_marks_problems(*altered(less), {("risk", "A2")})

    assert "what could be entered must stay possible" in str(problem)


def test_a_panel_that_marks_cannot_shrink():
    def shrink(document):
        document["modules"][1]["panel"]["judges"] = 1

    (problem,) = kept_marks_problems(*altered(shrink), {("risk", "A1")})

    assert problem.path == "modules[1].panel.judges"


def test_scores_keep_their_top_mark_and_their_way_in():
    def lower(document):
        document["modules"][0]["max"] = 50

    (problem,) = kept_marks_problems(*altered(lower), {("paper", "")})

    assert "so its top mark cannot be lower" in str(problem)


def test_another_kind_is_one_change_and_not_many():
    old, new = canonical(), canonical()
    aspect = new["modules"][1]["criteria"][0]["aspects"][0]
    del aspect["step"]
    aspect |= {"kind": "judgement", "levels": [{"name": n} for n in "零一二三"]}

    (change,) = changes_between(old, new)

    assert (change.field, change.old, change.new) == ("kind", "points", "judgement")


def test_what_is_left_out_is_told_as_the_usual_value():
    old, new = canonical(), canonical()
    del new["modules"][1]["blind"]
    new["rounding"]["places"] = 3

    changes = changes_between(old, new)

    assert [(c.node, c.field, c.old, c.new) for c in changes] == [
        ("rounding", "places", 2, 3), ("modules", "blind", True, False),
    ]
