"""What differs between two plans, and what marks forbid."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings

from contest.scoring.limits import limit_problems
from contest.scoring.scheme_checks import sense_problems
from contest.scoring.scheme_reading import plan_document, plan_from
from contest.setup.kept_marks import kept_marks_problems, touched_aspects
from contest.setup.plan_changes import changes_between
from contest.setup.presets import find_preset
from tests import factories
from tests.setup.plans_by_chance import documents, read


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


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, documents)
def test_two_plans_are_equal_exactly_when_nothing_differs(one, other):
    one, other = (read(document)[0] for document in (one, other))
    documents = plan_document(one), plan_document(other)

    assert changes_between(documents[0], documents[0]) == []
    assert bool(changes_between(*documents)) == (documents[0] != documents[1])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents, documents)
def test_a_draft_that_can_be_read_can_be_checked(one, other):
    """Whatever is typed into a form is checked for its sums and against marks, never with a fault."""
    one, other = (read(document)[0] for document in (one, other))
    marked = {(module.key, aspect.key) for module in one.modules for aspect in module.aspects}

    assert list(sense_problems(one)) or limit_problems(one) is not None
    assert kept_marks_problems(one, other, marked) is not None


def facts(change):
    return change.node, change.inside, change.field, change.old, change.new


def test_an_inline_table_is_compared_field_by_field():
    old, new = canonical(), canonical()
    old["modules"][0]["difficulty"] = {"lowest": "1", "highest": "4"}
    new["modules"][0]["difficulty"] = {"lowest": "1", "highest": "4.5", "places": 2}

    assert [facts(change) for change in changes_between(old, new)] == [
        ("modules", ("difficulty",), "highest", "4", "4.5"),
        ("modules", ("difficulty",), "places", 1, 2),
    ]


def test_a_list_is_compared_row_by_row():
    old, new = canonical(), canonical()
    reasons = new["modules"][1]["criteria"][0]["aspects"][1]["reasons"]
    reasons[0]["points"] = "3"
    reasons.append({"name": "超时", "points": "1"})

    first, second = changes_between(old, new)

    assert facts(first) == ("aspects", ("reasons", 1), "points", "2", "3")
    assert facts(second) == ("aspects", ("reasons", 2), None, None, {"name": "超时", "points": "1"})


def test_an_age_that_was_not_asked_changes_from_nothing():
    old, new = canonical(), canonical()
    old["awards"][0]["only"] = {"gender": "female"}
    new["awards"][0]["only"] = {"gender": "female", "most_age": 35, "on": "2026-05-01"}

    assert [facts(change)[2:] for change in changes_between(old, new)] == [
        ("most_age", None, 35), ("on", None, "2026-05-01"),
    ]


def two_panels(document):
    module = document["modules"][1]
    panel = module.pop("panel")
    module["panels"] = [{"key": "skill", "name": "技术", **panel}, {**panel, "key": "art", "name": "艺"}]
    module["criteria"].append({
        "key": "B", "name": "艺术", "panel": "art",
        "aspects": [{"key": "B1", "name": "表现", "kind": "points", "max": 10}],
    })
    module["criteria"][0]["panel"], module["max"] = "skill", 30
    return document


def forbidden(change, start=two_panels, marked=("risk", "A1")):
    old, new = start(factories.plan_document()), start(factories.plan_document())
    change(new["modules"][1])
    plans = plan_from(old), plan_from(new)
    return [problem.path for problem in kept_marks_problems(*plans, {marked})]


def test_only_the_last_panel_may_grow_once_there_are_marks():
    def more(index):
        return lambda module: module["panels"][index].update(judges=3)

    assert forbidden(more(0)) == ["modules[1].panels"]
    assert forbidden(more(1)) == []
    assert forbidden(lambda module: module["panels"].reverse()) == ["modules[1].panels"]


def test_a_marked_aspect_stays_with_its_panel():
    def swap(module):
        module["criteria"][0]["panel"], module["criteria"][1]["panel"] = "art", "skill"

    assert forbidden(swap) == ["modules[1].criteria[0].panel"]


def test_what_was_brought_and_adjusted_stays_possible():
    def start(document):
        document["modules"][1] |= {"difficulty": {"lowest": 1, "highest": 4}, "adjust": 5}
        return document

    def narrower(module):
        module |= {"difficulty": {"lowest": 1, "highest": 3}, "adjust": 4}

    def wider(module):
        module |= {"difficulty": {"lowest": 1, "highest": 5}, "adjust": 6}

    assert forbidden(narrower, start) == ["modules[1].difficulty", "modules[1].adjust"]
    assert forbidden(wider, start) == []


def test_attempts_may_become_more_but_never_one_or_fewer():
    def start(document):
        document["modules"][1]["criteria"][0]["aspects"][0] |= {"attempts": 3, "step": 1}
        return document

    def attempts(count):
        return lambda module: module["criteria"][0]["aspects"][0].update(attempts=count)

    path = "modules[1].criteria[0].aspects[0]"
    assert [forbidden(attempts(n), start) for n in (1, 2, 3, 4)] == [[path], [path], [], []]


def test_a_grade_that_was_given_stays():
    def start(document):
        grades = [{"key": key, "name": key, "points": points} for key, points in (("A", 10), ("B", 6))]
        document["modules"][1]["criteria"][0]["aspects"][0] = {
            "key": "A1", "name": "等级", "kind": "grade", "max": 10, "grades": grades,
        }
        return document

    def rename(module):
        module["criteria"][0]["aspects"][0]["grades"][1]["key"] = "C"

    assert forbidden(rename, start) == ["modules[1].criteria[0].aspects[0]"]


LINES = {
    "deductions": ("reasons", [{"name": "漏项", "name_en": "Item missed", "points": 1, "most": 5},
                               {"name": "违规", "name_en": "Safety breach", "points": 5, "most": 5}]),
    "checklist": ("items", [{"name": "帽", "points": 5}, {"name": "带", "points": 5}]),
    "judgement": ("levels", [{"name": text, "name_en": text} for text in "零一二三"]),
    "grade": ("grades", [{"key": "A", "name": "优", "points": 10}, {"key": "B", "name": "良", "points": 6}]),
}


@pytest.mark.parametrize("kind", LINES)
def test_what_a_mark_names_keeps_its_place_and_its_name(kind):
    field, lines = LINES[kind]

    def start(document):
        document["modules"][1]["criteria"][0]["aspects"][0] = {
            "key": "A1", "name": "过程", "kind": kind, "max": 10, field: deepcopy(lines),
        }
        if kind == "checklist":
            del document["modules"][1]["criteria"][0]["aspects"][0]["max"]
        return document

    def lines_become(change):
        def to(module):
            change(module["criteria"][0]["aspects"][0][field])
        return to

    def swap_names(rows):
        rows[0]["name"], rows[1]["name"] = rows[1]["name"], rows[0]["name"]

    def translate(rows):
        rows[0].setdefault("name_en", "In English")

    path = "modules[1].criteria[0].aspects[0]"
    assert forbidden(lines_become(swap_names), start) == [path]
    if kind != "grade":  # a grade is named by its key
        assert forbidden(lines_become(list.reverse), start) == [path]
    assert forbidden(lines_become(translate), start) == []


def test_the_second_person_reads_which_given_marks_a_change_touches():
    old = plan_from(factories.plan_document())
    document = factories.plan_document()
    aspect = document["modules"][1]["criteria"][0]["aspects"][1]
    aspect["max"] = int(aspect["max"]) + 10
    document["modules"][1]["max"] += 10
    new = plan_from(document)
    given = {("risk", "A1"), ("risk", "A2")}

    assert [a.key for _, a in touched_aspects(old, new, given)] == ["A2"]
    assert touched_aspects(old, new, {("risk", "A1")}) == []


def test_a_limit_between_judges_may_come_late_and_touches_no_mark():
    document = factories.plan_document()
    document["modules"][1]["criteria"][0]["aspects"][0]["apart"] = "1"
    old, new = plan_from(factories.plan_document()), plan_from(document)
    given = {("risk", "A1"), ("risk", "A2")}

    assert kept_marks_problems(old, new, given) == kept_marks_problems(new, old, given) == []
    assert touched_aspects(old, new, given) == touched_aspects(new, old, given) == []
