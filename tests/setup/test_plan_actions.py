"""The draft of a plan, and how it comes into force: alone, or with a second person."""

import pytest
from sqlalchemy import select

from contest import clock, signals
from contest.audit.models import TrailRow
from contest.db import db
from contest.errors import Conflict, Invalid, Missing, NotAllowed
from contest.setup import plan_actions, plan_tree, plan_words, queries, rules
from contest.setup.draft_queries import draft_problems
from contest.setup.plan_text import toml_of
from contest.setup.presets import find_preset
from tests import factories
from tests.setup.test_node_forms import form_of


@pytest.fixture(autouse=True)
def no_other_areas(monkeypatch):
    monkeypatch.setattr(queries, "MARKED_KEYS", [])


@pytest.fixture
def wang(app):
    return factories.make_official("Wang", "organiser")


@pytest.fixture
def li(app):
    user = factories.make_user("Li")
    return factories.proven(user)


@pytest.fixture
def contest(app):
    return factories.make_contest()


@pytest.fixture
def heard():
    told = []

    def hear(did, contest_id):
        told.append((did, contest_id))

    signals.marks_changed.connect(hear)
    yield told
    signals.marks_changed.disconnect(hear)


def freeze(contest):
    queries.get_version(contest.id, 1).frozen_at = clock.now()
    db.session.commit()


def type_into(actor, contest, address, rev=None, **texts):
    """Send the form of a node with some boxes changed."""
    draft = queries.get_draft(contest.id)
    form = form_of(draft.document, address) | {k: [v] for k, v in texts.items()}
    plan_actions.change_node(actor, contest.id, address, form, draft.rev if rev is None else rev)


def rev_of(contest):
    return queries.get_draft(contest.id).rev


def rename_and_propose(actor, contest, name="新名", reason="A word was wrong."):
    type_into(actor, contest, "modules.1", name=name)
    plan_actions.propose_plan(actor, contest.id, reason, rev_of(contest))


def trail():
    return db.session.scalars(select(TrailRow).order_by(TrailRow.id)).all()


def test_what_is_typed_goes_into_the_draft_and_not_into_force(wang, contest):
    type_into(wang, contest, "parts.0", weight="40")

    assert queries.get_draft(contest.id).plan.part("theory").weight == 400_000
    assert queries.plan_in_force(contest.id).plan.part("theory").weight == 300_000
    row = trail()[-1]
    assert (row.did, row.subject) == ("plan.write", "parts.0")
    assert (row.facts["old"], row.facts["new"]) == ({"weight": "30"}, {"weight": "40"})


def test_a_refused_field_changes_nothing(wang, contest):
    with pytest.raises(Invalid):
        type_into(wang, contest, "parts.0", weight="forty")

    assert rev_of(contest) == 0
    assert trail() == []


def test_two_windows_do_not_overwrite_each_other(wang, li, contest):
    type_into(wang, contest, "parts.0", name="甲")

    with pytest.raises(Conflict):
        type_into(li, contest, "parts.0", rev=0, name="乙")

    assert queries.get_draft(contest.id).plan.part("theory").name == "甲"


def test_before_the_first_sheet_the_organiser_puts_a_plan_in_force_alone(wang, contest, heard):
    type_into(wang, contest, "parts.0", weight="40")
    type_into(wang, contest, "parts.1", weight="60")
    before = contest.marks_version

    plan_actions.put_in_force(wang, contest.id, "", rev_of(contest))

    current = queries.plan_in_force(contest.id)
    assert current.number == 2
    assert current.plan.part("theory").weight == 400_000
    assert not queries.has_draft(contest.id)
    assert queries.get_contest(contest.id).marks_version == before + 1
    assert heard == [("plan.in_force", contest.id)]
    assert (trail()[-1].facts["old"], trail()[-1].facts["new"]) == (1, 2)


def test_weights_that_do_not_add_up_stay_a_draft(wang, contest, heard):
    type_into(wang, contest, "parts.0", weight="40")

    with pytest.raises(rules.BadPlan) as refused:
        plan_actions.put_in_force(wang, contest.id, "", rev_of(contest))

    (problem,) = refused.value.problems
    assert "theory 40 + practical 70 = 110" in str(problem)
    assert queries.plan_in_force(contest.id).number == 1
    assert queries.get_draft(contest.id).plan.part("theory").weight == 400_000
    assert heard == []


def test_a_plan_that_could_overflow_is_refused_with_its_arithmetic(wang, contest):
    type_into(wang, contest, "modules.1", **{"panel-judges": "99"})

    with pytest.raises(rules.BadPlan) as refused:
        plan_actions.put_in_force(wang, contest.id, "", rev_of(contest))

    assert "can be counted exactly" in str(refused.value.problems[0])
    assert queries.plan_in_force(contest.id).number == 1


def test_a_draft_that_changes_nothing_does_not_come_into_force(wang, contest):
    type_into(wang, contest, "parts.0", weight="30")

    with pytest.raises(Invalid):
        plan_actions.put_in_force(wang, contest.id, "", rev_of(contest))


def test_after_the_first_sheet_one_person_is_not_enough(wang, contest):
    freeze(contest)
    type_into(wang, contest, "modules.1", name="新名")

    with pytest.raises(Conflict):
        plan_actions.put_in_force(wang, contest.id, "why", rev_of(contest))

    assert queries.plan_in_force(contest.id).number == 1


def test_a_second_person_approves_and_marks_are_counted_anew(wang, li, contest, heard):
    freeze(contest)
    rename_and_propose(wang, contest)
    assert queries.plan_in_force(contest.id).number == 1

    plan_actions.approve_plan(li, contest.id, 2, contest.marks_version)

    version = queries.get_version(contest.id, 2)
    assert queries.plan_in_force(contest.id).number == 2
    assert (version.proposed_by_id, version.approved_by_id) == (wang.user_id, li.user_id)
    assert version.reason == "A word was wrong."
    assert version.frozen_at is not None  # so that the next change needs two persons as well
    assert heard == [("plan.approve", contest.id)]
    assert [row.did for row in trail()][-2:] == ["plan.propose", "plan.approve"]


def test_whoever_proposed_cannot_approve(wang, contest):
    freeze(contest)
    rename_and_propose(wang, contest)

    with pytest.raises(NotAllowed):
        plan_actions.approve_plan(wang, contest.id, 2, contest.marks_version)

    assert queries.plan_in_force(contest.id).number == 1


def test_a_proposal_needs_a_reason(wang, contest):
    freeze(contest)

    with pytest.raises(Invalid) as refused:
        rename_and_propose(wang, contest, reason="  ")

    assert "reason" in refused.value.fields
    assert queries.find_proposal(contest.id) is None


def test_a_declined_version_never_comes_into_force(wang, li, contest):
    freeze(contest)
    rename_and_propose(wang, contest)

    plan_actions.decline_plan(li, contest.id, 2, "Not during the contest.")

    assert [v.state for v in queries.list_versions(contest.id)] == ["declined", "in_force"]
    with pytest.raises(Conflict):
        plan_actions.approve_plan(li, contest.id, 2, contest.marks_version)


def test_one_proposal_at_a_time(wang, contest):
    freeze(contest)
    rename_and_propose(wang, contest)

    with pytest.raises(Conflict):
        rename_and_propose(wang, contest, name="又一名")


def test_marks_that_came_in_meanwhile_hold_an_approval_back(wang, li, contest, monkeypatch):
    freeze(contest)
    plan_actions.change_kind(wang, contest.id, "modules.1.criteria.0.aspects.0", "judgement", 0)
    plan_actions.propose_plan(wang, contest.id, "A better way.", rev_of(contest))
    monkeypatch.setattr(queries, "MARKED_KEYS", [lambda contest_id: {("risk", "A1")}])

    with pytest.raises(rules.BadPlan) as refused:
        plan_actions.approve_plan(li, contest.id, 2, contest.marks_version)

    assert "its kind of marking cannot change" in str(refused.value.problems[0])
    assert queries.plan_in_force(contest.id).number == 1


def test_after_the_final_results_nothing_can_be_written(wang, contest):
    contest.state = "final"
    db.session.commit()

    with pytest.raises(Conflict):
        type_into(wang, contest, "parts.0", name="晚了")


# A rank is alone on its sheet, and its panel goes by the judges' orders.
@pytest.mark.parametrize("kind", [kind for kind in plan_words.CHOICES["kind"] if kind != "rank"])
def test_an_aspect_may_take_any_kind_and_still_be_whole(wang, contest, kind):
    address = "modules.1.criteria.0.aspects.0"

    plan_actions.change_kind(wang, contest.id, address, kind, 0)

    draft = queries.get_draft(contest.id)
    assert plan_tree.get_node(draft.document, address)["kind"] == kind
    assert draft_problems(contest.id, draft.plan) == []


@pytest.mark.parametrize("rule", list(plan_words.CHOICES["rule"]))
def test_an_award_may_take_any_rule_and_still_be_whole(wang, contest, rule):
    plan_actions.change_kind(wang, contest.id, "awards.0", rule, 0)

    draft = queries.get_draft(contest.id)
    assert draft.plan.award("first").rule == rule
    assert draft_problems(contest.id, draft.plan) == []


def test_an_unknown_kind_is_missing(wang, contest):
    with pytest.raises(Missing):
        plan_actions.change_kind(wang, contest.id, "awards.0", "luck", 0)


def test_nodes_are_added_moved_and_removed(wang, contest):
    address = plan_actions.add_node(wang, contest.id, "modules", "parts.1", 0)
    moved = plan_actions.move_node(wang, contest.id, address, -1, rev_of(contest))
    assert (address, moved) == ("modules.2", "modules.1")

    plan_actions.remove_node(wang, contest.id, moved, rev_of(contest))

    draft = queries.get_draft(contest.id)
    assert draft.plan == queries.plan_in_force(contest.id).plan
    assert [row.did for row in trail()] == ["plan.add", "plan.move", "plan.remove"]


def test_a_file_becomes_the_draft(wang, contest):
    plan_actions.load_text(wang, contest.id, toml_of(find_preset("c3_quiz").plan))

    assert queries.get_draft(contest.id).plan == find_preset("c3_quiz").plan
    assert queries.plan_in_force(contest.id).number == 1


def test_a_new_plan_without_the_held_stage_holds_its_first(wang, contest):
    plan_actions.load_text(wang, contest.id, toml_of(find_preset("c3_quiz").plan))

    plan_actions.put_in_force(wang, contest.id, "", rev_of(contest))

    assert queries.get_contest(contest.id).stage == "event"


def test_an_earlier_version_may_be_taken_up_again(wang, contest):
    type_into(wang, contest, "modules.1", name="新名")
    plan_actions.put_in_force(wang, contest.id, "", rev_of(contest))

    plan_actions.load_version(wang, contest.id, 1)

    assert queries.get_draft(contest.id).plan.module("risk").name == "风险辨识"


def test_a_draft_can_be_thrown_away(wang, contest):
    type_into(wang, contest, "modules.1", name="新名")

    plan_actions.discard_draft(wang, contest.id, rev_of(contest))

    assert rev_of(contest) == 0
    assert trail()[-1].facts["old"]["modules"][1]["name"] == "新名"
